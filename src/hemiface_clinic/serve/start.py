"""`hemiface serve`: everything is checked, brought up to date, and started."""

import os
import socket
from collections.abc import Callable
from pathlib import Path

from hemiface_clinic.serve.address import Address, public_url
from hemiface_clinic.serve.backup import configuration_of
from hemiface_clinic.serve.folder import prepare_folder
from hemiface_clinic.serve.lock import only_server
from hemiface_clinic.serve.preflight import check_before_start
from hemiface_clinic.serve.supervisor import Child, supervise

Say = Callable[[str], None]


def start_site(
    data: Path, address: Address, *, say: Say, fill: Callable[[], None] | None = None
) -> None:
    """Run the site until a signal stops it.

    Parameters
    ----------
    data : pathlib.Path
        The data folder; it is made if it is not there.
    address : Address
        Where to listen.
    say : callable
        Is told what the person who started it should know.
    fill : callable, optional
        Fills the new database before the site starts.

    Raises
    ------
    hemiface.errors.HemifaceError
        If the site must not or cannot start.
    """
    prepare_folder(data)
    with only_server(data):
        os.environ["HEMIFACE_PUBLIC_URL"] = public_url(address, os.environ)
        check_before_start(address, configuration_of(data))
        _make_ready(data, say)
        if fill is not None:
            fill()
        supervise(_children(address), _Greeting(data, address, say))


def _make_ready(data: Path, say: Say) -> None:
    import django

    django.setup()
    from hemiface_clinic.serve.assets import collect_assets
    from hemiface_clinic.serve.database import migrate

    if backup := migrate(data):
        say(f"The database was brought up to date; as it was before, it is in {backup}.")
    collect_assets()


def _children(address: Address) -> list[Child]:
    return [
        Child("web", ["hemiface_clinic.serve.web", *address.arguments()]),
        Child("worker", ["hemiface_clinic.serve.worker"]),
    ]


class _Greeting:
    """Says once where the site is, as soon as it answers."""

    def __init__(self, data: Path, address: Address, say: Say) -> None:
        self._data, self._address, self._say, self._is_said = data, address, say, False

    def __call__(self) -> None:
        if self._is_said or not self._answers():
            return
        self._is_said = True
        self._say(f"Open {os.environ['HEMIFACE_PUBLIC_URL']}")
        self._say(f"The clinic's data is in {self._data}. Stop with Ctrl-C.")

    def _answers(self) -> bool:
        family, where = self._address.socket_address
        with socket.socket(family, socket.SOCK_STREAM) as probe:
            return probe.connect_ex(where) == 0
