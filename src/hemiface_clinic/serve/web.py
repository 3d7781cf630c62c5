"""The web server: Granian, with workers that are forked from a process that has loaded the site.

Started by the supervisor as ``python -m hemiface_clinic.serve.web``.
"""

import sys
from typing import Any

from granian import Granian
from granian.constants import Interfaces, SSLProtocols
from granian.log import LogLevels

from hemiface_clinic.serve.address import Address, read_address
from hemiface_clinic.serve.lifeline import take_lifeline, watch

WORKERS, THREADS = 2, 16
DRAIN_S = 10


def run_web(address: Address, lifeline: int) -> None:
    """Serve the site until told to stop; requests in hand are answered first."""
    _load_site()
    server = Granian(
        "hemiface_clinic.wsgi:application",
        address.number,
        address.port,
        interface=Interfaces.WSGI,
        workers=WORKERS,
        blocking_threads=THREADS,
        websockets=False,
        log_level=LogLevels.error,  # it warns of every thread beyond twice the processors
        ssl_cert=address.certificate,
        ssl_key=address.key,
        ssl_protocol_min=SSLProtocols.tls12,
        respawn_failed_workers=True,
        workers_kill_timeout=DRAIN_S,
    )

    def load() -> Any:
        watch(lifeline)  # threads do not come along with a fork
        return _load_site()

    watch(lifeline)
    server.serve(target_loader=load, wrap_loader=False)


def _load_site() -> Any:
    """Load the site and its addresses, so that the first visitor does not wait for it."""
    from hemiface_clinic.wsgi import application
    from django.urls import get_resolver  # isort: skip  # needs the settings that wsgi sets

    assert get_resolver().url_patterns
    return application


if __name__ == "__main__":
    run_web(read_address(sys.argv[1:]), take_lifeline())
