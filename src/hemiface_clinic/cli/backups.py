"""`hemiface backup` and `hemiface restore`."""

from pathlib import Path
from typing import TYPE_CHECKING

import click

from hemiface_clinic.cli.site import PATH, data_option, open_empty_site, open_site

if TYPE_CHECKING:
    from hemiface_clinic.serve.restore import Restored


@click.command()
@data_option
@click.option("--to", type=PATH, help="Folder for the backup.  [default: backups in --data]")
def backup(data: Path, to: Path | None) -> None:
    """Write the database and the recordings to one sealed file; the site may go on running."""
    folder = open_site(data)
    from hemiface_clinic.audit.actions import SYSTEM, record
    from hemiface_clinic.serve.backup import write_backup

    path = write_backup(folder, to or folder / "backups")
    record("backup.write", "clinic", by=SYSTEM, file=path.name)
    click.echo(f"{path} holds the database and the recordings, sealed.")
    click.echo(
        f"It opens only with the keys, which are not in it: keep a copy of {folder / 'keys'} "
        "in another place."
    )


@click.command()
@click.argument("file", type=PATH)
@data_option
@click.option("--replace", is_flag=True, help="Replace what is there, after a backup of it.")
def restore(file: Path, *, data: Path, replace: bool) -> None:
    """Put back what a backup FILE holds, whole or not at all. The site must be stopped."""
    folder = open_empty_site(data)
    from hemiface_clinic.serve.restore import restore_backup

    restored = restore_backup(file, folder, replace=replace)
    _say_what(restored)
    for fault in restored.faults:
        click.echo(f"Audit: {fault}", err=True)
    if restored.faults:
        raise click.exceptions.Exit(1)


def _say_what(restored: "Restored") -> None:
    note = restored.note
    click.echo(
        f"Restored the clinic as it was at {note.made_at} (hemiface {note.version}). "
        f"Events of the audit: {restored.n_events}. Files of recordings: {restored.n_files}."
    )
    if restored.kept:
        click.echo(f"What was there before is in {restored.kept}.")
        click.echo(f"People erased since, and now erased again: {restored.n_erased}.")
    else:
        click.echo(
            "Who was erased since is in it again: erase them with `hemiface person erase E-MAIL`."
        )
    click.echo("Everybody must log in again, and ask for a new link to their question.")
