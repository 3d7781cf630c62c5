"""The styles, scripts and pictures of the pages: collected under names that change with them."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from django.conf import settings
from django.core.management import call_command

from hemiface.errors import OutputError

READABLE_BY_ALL = 0o022


def collect_assets() -> None:
    """Collect them where that was not done, or something changed since, as in a source tree.

    Raises
    ------
    hemiface.errors.OutputError
        If there are none and they cannot be written.
    """
    manifest = Path(settings.STATIC_ROOT) / "staticfiles.json"
    if manifest.exists() and manifest.stat().st_mtime >= _newest_source():
        return
    try:
        with _umask(READABLE_BY_ALL):  # they belong to the program, which others may run, too
            call_command("collectstatic", interactive=False, verbosity=0)
    except OSError as problem:
        if manifest.exists():  # installed whole, for reading only
            return
        raise OutputError(
            f"{manifest.parent} must hold the styles and scripts of the pages; it cannot be "
            f"written: {problem.strerror}. Start once from an account that can write it."
        ) from problem


def _newest_source() -> float:
    files = (path for folder in settings.STATICFILES_DIRS for path in Path(folder).rglob("*"))
    return max((path.stat().st_mtime for path in files), default=0.0)


@contextmanager
def _umask(mask: int) -> Iterator[None]:
    before = os.umask(mask)
    try:
        yield
    finally:
        os.umask(before)
