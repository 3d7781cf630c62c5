"""Files of a study at rest: sealed as recordings are, in their own folder, gone with the row."""

import time
from collections.abc import Container, Iterator
from pathlib import Path
from uuid import UUID

from django.conf import settings

from hemiface_clinic.mri.child import EVERYTHING, HEADERS, MASKS, NERVES, PAGE, T2, TOF, VESSELS
from hemiface_clinic.vault.files import ENDING, read_sealed

PICTURES = (T2, TOF, HEADERS)
MADE = (MASKS, NERVES, VESSELS, PAGE, EVERYTHING)


def sealed_path(pk: UUID, name: str) -> Path:
    """Return where a file of a study lies."""
    return folder() / f"{pk}.{name}{ENDING}"


def folder() -> Path:
    """Return the folder of all studies; nobody else may look in."""
    found = Path(settings.MEDIA_ROOT) / "mri"
    found.mkdir(mode=0o700, exist_ok=True)
    return found


def read_whole(pk: UUID, name: str) -> bytes:
    """Return the opened bytes of one file."""
    return b"".join(read_sealed(sealed_path(pk, name)))


def files_of(pk: UUID) -> Iterator[tuple[str, Path]]:
    """Yield name and path of the files that are there."""
    for name in (*PICTURES, *MADE):
        path = sealed_path(pk, name)
        if path.exists():
            yield name, path


def remove_files(pk: UUID) -> None:
    """Remove a study's files, and those being sealed anew at this moment."""
    while found := list(folder().glob(f"{pk}.*")):
        for path in found:
            path.unlink(missing_ok=True)


def remove_strays(known: Container[str], *, older_than_s: float) -> int:
    """Remove files of studies that are not known, as a crash leaves them; return how many."""
    before = time.time() - older_than_s
    strays = [
        path
        for path in folder().glob(f"*{ENDING}*")
        if path.name.partition(".")[0] not in known and path.stat().st_mtime < before
    ]
    for path in strays:
        path.unlink(missing_ok=True)
    return len(strays)
