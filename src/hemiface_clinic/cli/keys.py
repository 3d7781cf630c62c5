"""`hemiface keys`: new keys, and old ones that nothing needs."""

from pathlib import Path

import click

from hemiface_clinic.cli.site import data_option, open_site


@click.group()
def keys() -> None:
    """Change the keys that seal the data."""


@keys.command()
@data_option
def rotate(data: Path) -> None:
    """Make a new key and seal everything again with it; the site may go on running."""
    folder = open_site(data)
    from hemiface_clinic.audit.actions import SYSTEM, record
    from hemiface_clinic.vault.rotation import add_key, seal_everything_again

    name = add_key().current
    click.echo(f"{name} is the new key. Sealing everything again ...")
    n_sealed = seal_everything_again()
    record("keys.rotate", "keys", by=SYSTEM, key=name, sealed=n_sealed)
    click.echo(f"{n_sealed} values and files are sealed with {name}.")
    click.echo(
        f"Copy {folder / 'keys'} to where you keep it; `hemiface keys prune` drops old keys."
    )


@keys.command()
@data_option
def prune(data: Path) -> None:
    """Drop the keys that nothing in the clinic needs; older backups still need them."""
    folder = open_site(data)
    from hemiface_clinic.audit.actions import SYSTEM, record
    from hemiface_clinic.vault.rotation import drop_unused_keys

    dropped = drop_unused_keys()
    if not dropped:
        click.echo("Every key is in use; none was dropped.")
        return
    record("keys.prune", "keys", by=SYSTEM, keys=dropped)
    click.echo(f"Dropped {', '.join(dropped)}.")
    click.echo(
        f"Backups made before need them: keep your older copy of {folder / 'keys'} with those, "
        "or delete both."
    )
