"""The styles, scripts and pictures of the pages: collected once, with names that never change."""

from pathlib import Path

from django.conf import settings
from django.core.management import call_command

from hemiface.errors import OutputError


def collect_assets() -> None:
    """Collect them where an installation from the source did not do it yet.

    Raises
    ------
    hemiface.errors.OutputError
        If they cannot be written.
    """
    folder = Path(settings.STATIC_ROOT)
    if (folder / "staticfiles.json").exists():
        return
    try:
        call_command("collectstatic", interactive=False, verbosity=0)
    except OSError as problem:
        raise OutputError(
            f"{folder} must hold the styles and scripts of the pages; it cannot be written: "
            f"{problem.strerror}. Install hemiface from an account that can write it, or whole."
        ) from problem
