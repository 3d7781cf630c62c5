"""`hemiface person`: the rights of somebody who calls or writes instead of logging in."""

from pathlib import Path
from typing import TYPE_CHECKING

import click
from rich.console import Console
from rich.table import Table

from hemiface.errors import ConventionError, OutputError
from hemiface_clinic.cli.site import PATH, data_option, open_site

if TYPE_CHECKING:
    from hemiface_clinic.people.personal import Person, ReceiptLine


@click.group()
def person() -> None:
    """Hand over or erase everything about a patient or asker.

    For somebody without an account. First make sure that the address is theirs: let them answer
    from it, or call the number they gave.
    """


@person.command()
@click.argument("email")
@click.option("--to", type=PATH, required=True, help="New file for it, as their-data.zip.")
@data_option
def export(email: str, to: Path, data: Path) -> None:
    """Write everything that is kept under this E-MAIL address into one ZIP file."""
    open_site(data)
    from hemiface_clinic.audit.actions import SYSTEM
    from hemiface_clinic.people.personal import note_export, pack_everything_about

    found = _find(email)
    part = to.with_name(f"{to.name}.part")
    try:
        with part.open("xb") as file:
            pack_everything_about(found, file)
        to.hardlink_to(part)  # unlike a move, it never replaces a file
    except OSError as problem:
        raise OutputError(
            f"{to} must be a new file in a folder that can be written; it is not: "
            f"{problem.strerror}. Name another with --to."
        ) from problem
    finally:
        part.unlink(missing_ok=True)
    note_export(found, by=SYSTEM)
    click.echo(f"{to} holds everything about them, readable: delete it once they have it.")


@person.command()
@click.argument("email")
@click.option("--yes", is_flag=True, help="Do not ask whether you are sure.")
@data_option
def erase(email: str, *, yes: bool, data: Path) -> None:
    """Erase everything that is kept under this E-MAIL address, and print the receipt."""
    open_site(data)
    from hemiface_clinic.audit.actions import SYSTEM
    from hemiface_clinic.people import personal

    found = _find(email)
    if not yes:
        click.confirm(f"Erase everything about {email}? It cannot be undone.", abort=True)
    _show_receipt(personal.erase(found, by=SYSTEM))


def _find(email: str) -> "Person":
    from hemiface_clinic.people.personal import is_known, person_with

    found = person_with(email)
    if not is_known(found):
        raise ConventionError(
            f"EMAIL must be the address of a patient or of somebody who asked; nothing is kept "
            f"under {email!r}. Ask them for the address they used."
        )
    return found


def _show_receipt(lines: "list[ReceiptLine]") -> None:
    table = Table("Kept as", "Found", "Left", "Why it stays", title="Receipt")
    for line in lines:
        table.add_row(line.name, str(line.found), str(line.left), line.why if line.left else "")
    Console().print(table)
