"""A recording's files: ``<uuid>.sealed``, the video, and ``<uuid>.report.sealed``, its page."""

import time
from collections.abc import Container
from pathlib import Path
from uuid import UUID

from django.conf import settings

from hemiface_clinic.vault.files import ENDING


def video_path(pk: UUID) -> Path:
    """Return where a recording's video lies."""
    return _path(pk)


def report_path(pk: UUID) -> Path:
    """Return where the page made of a recording lies."""
    return _path(pk, ".report")


def signals_path(pk: UUID) -> Path:
    """Return where the signals lie that a recording was measured in."""
    return _path(pk, ".signals")


def player_path(pk: UUID) -> Path:
    """Return where what the player shows lies."""
    return _path(pk, ".player")


def film_path(pk: UUID) -> Path:
    """Return where the film lies that its page shows, smaller than the video."""
    return _path(pk, ".film")


def clip_path(pk: UUID) -> Path:
    """Return where the film of the strongest spasm lies."""
    return _path(pk, ".clip")


def still_path(pk: UUID) -> Path:
    """Return where the small picture lies."""
    return _path(pk, ".still")


def faceless_path(pk: UUID) -> Path:
    """Return where the film of lines lies that was drawn to be given away."""
    return _path(pk, ".faceless")


def remove_pictures(pk: UUID) -> None:
    """Remove every file in which the person can be seen; the signals and the numbers stay."""
    for path_of in (video_path, report_path, film_path, clip_path, still_path, faceless_path):
        path_of(pk).unlink(missing_ok=True)


def remove_files(pk: UUID) -> None:
    """Remove a recording's files.

    Looks again until there is none: a file that is being sealed anew at this moment is a part
    first, and takes its name later.
    """
    while found := list(Path(settings.MEDIA_ROOT).glob(f"{pk}.*")):
        for path in found:
            path.unlink(missing_ok=True)


def remove_strays(known: Container[str], *, older_than_s: float) -> int:
    """Remove files of recordings that are not known, as a crash leaves them; return how many.

    Parameters
    ----------
    known : container of str
        Keys of the recordings there are.
    older_than_s : float
        Younger files stay: the row of one may be about to be written.
    """
    before = time.time() - older_than_s
    strays = [
        path
        for path in Path(settings.MEDIA_ROOT).glob(f"*{ENDING}*")
        if path.name.partition(".")[0] not in known and path.stat().st_mtime < before
    ]
    for path in strays:
        path.unlink(missing_ok=True)
    return len(strays)


def _path(pk: UUID, what: str = "") -> Path:
    return Path(settings.MEDIA_ROOT) / f"{pk}{what}{ENDING}"
