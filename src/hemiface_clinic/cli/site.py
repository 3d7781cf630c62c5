"""What every command of the clinic needs: the data folder, and Django set up for it."""

import os
from pathlib import Path

import click

from hemiface.errors import ConventionError, MissingExtraError
from hemiface_clinic import DEFAULT_DATA

SETTINGS = "hemiface_clinic.settings"
PATH = click.Path(path_type=Path)
data_option = click.option(
    "--data",
    type=PATH,
    envvar="HEMIFACE_DATA",
    default=DEFAULT_DATA,
    show_default=True,
    help="Folder of the clinic's data; HEMIFACE_DATA names it, too.",
)


def name_site(data: Path) -> Path:
    """Let this process, and those it starts, know the data folder; return its full path.

    Raises
    ------
    hemiface.errors.MissingExtraError
        If Django is not installed.
    """
    try:
        import django  # noqa: F401
        import environ  # noqa: F401
        import granian  # noqa: F401
    except ImportError as problem:
        raise MissingExtraError(
            f"The clinic needs packages that are not installed ({problem.name} is missing). "
            "Install them with: pip install 'hemiface[clinic]'"
        ) from problem
    os.umask(0o077)
    os.environ["HEMIFACE_DATA"] = str(data.resolve())
    os.environ["DJANGO_SETTINGS_MODULE"] = SETTINGS
    return data.resolve()


def open_site(data: Path) -> Path:
    """Set Django up for a clinic that is there and up to date; return the full path of its folder.

    Raises
    ------
    hemiface.errors.HemifaceError
        If there is no clinic in the folder, or its database does not answer or is not up to date.
    """
    folder = name_site(data)
    from hemiface_clinic.serve.database import check_is_current

    _set_up(folder)
    check_is_current(folder)
    return folder


def open_or_make_site(data: Path) -> Path:
    """Set Django up for a clinic, which is made if there is none; return the path of its folder."""
    folder = name_site(data)
    from hemiface_clinic.serve.database import migrate
    from hemiface_clinic.serve.folder import prepare_folder

    prepare_folder(folder)
    _set_up(folder)
    migrate(folder)
    return folder


def open_empty_site(data: Path) -> Path:
    """Set Django up for a folder that has keys, whether or not it has a database.

    Raises
    ------
    hemiface.errors.HemifaceError
        If it has no keys, or its database does not answer.
    """
    folder = name_site(data)
    from hemiface_clinic.serve.folder import prepare_folder
    from hemiface_clinic.vault.ring import RING

    if not (folder / "keys" / RING).exists():
        raise ConventionError(
            f"{folder / 'keys'} must hold the keys that sealed the backup; it holds none. "
            "Copy the folder there from where you keep it."
        )
    prepare_folder(folder)
    _set_up(folder)
    return folder


def _set_up(folder: Path) -> None:
    import django

    from hemiface_clinic.serve.backup import configuration_of
    from hemiface_clinic.serve.preflight import check_database

    check_database(configuration_of(folder))
    django.setup()
