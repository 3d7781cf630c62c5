"""`hemiface serve` and `hemiface demo`."""

from collections.abc import Iterable
from contextlib import ExitStack
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

import click
from rich.console import Console
from rich.table import Table

from hemiface.errors import ConventionError
from hemiface_clinic.cli.site import PATH, data_option, name_site

if TYPE_CHECKING:
    from hemiface_clinic.demo import Account

host_option = click.option(
    "--host", default="127.0.0.1", show_default=True, help="Network address to listen on."
)
port_option = click.option(
    "--port", type=click.IntRange(1, 65535), default=8000, show_default=True, help="Port."
)


@click.command()
@data_option
@host_option
@port_option
@click.option("--certificate", type=PATH, help="Certificate in PEM, for TLS.")
@click.option("--key", type=PATH, help="Key of the certificate, in PEM.")
def serve(data: Path, host: str, port: int, certificate: Path | None, key: Path | None) -> None:
    """Run the clinic's website.

    Without a certificate it is for this machine alone, or stands behind a proxy that is named in
    HEMIFACE_PROXIES. People reach it at HEMIFACE_PUBLIC_URL.
    """
    folder = name_site(data)
    from hemiface_clinic.serve.address import Address
    from hemiface_clinic.serve.start import start_site

    start_site(folder, Address(host, port, certificate, key), say=click.echo)


@click.command()
@click.option("--data", type=PATH, help="A new folder to keep.  [default: one that is removed]")
@host_option
@port_option
@click.option("--quick", is_flag=True, help="Open sooner: the two years without their six videos.")
def demo(data: Path | None, host: str, port: int, *, quick: bool) -> None:
    """Run the website with virtual patients, and show how to log in."""
    with ExitStack() as stack:
        if data is None:
            data = Path(stack.enter_context(TemporaryDirectory(prefix="hemiface-demo-")))
        elif data.exists() and any(data.iterdir()):
            raise ConventionError(
                f"{data} must be a new folder for the demonstration; there is something in it. "
                "Name another with --data."
            )
        folder = name_site(data)
        from hemiface_clinic.serve.address import Address
        from hemiface_clinic.serve.start import start_site

        start_site(
            folder, Address(host, port), say=click.echo, fill=lambda: _fill(folder, quick=quick)
        )


def _fill(folder: Path, *, quick: bool) -> None:
    from hemiface_clinic.demo import fill

    click.echo("Making virtual patients ...")
    show_accounts(fill(folder, click.echo, quick=quick))


def show_accounts(accounts: Iterable["Account"]) -> None:
    """Print accounts, with what is needed to log in."""
    table = Table(title="Accounts of this demo")
    for name in ("Role", "E-mail", "Password"):
        table.add_column(name, no_wrap=True)
    table.add_column("One-time codes")
    for account in accounts:
        codes = " ".join(account.codes) or "none needed"
        table.add_row(account.role, account.email, account.password, codes)
    Console().print(table)
