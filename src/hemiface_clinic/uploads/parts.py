"""The parts of a file on its way, each sealed as it comes; memory does not grow with them."""

import secrets
from collections.abc import Container, Iterable, Iterator
from pathlib import Path
from uuid import UUID

from django.conf import settings

from hemiface_clinic.vault.files import ENDING, read_sealed, write_sealed


def folder() -> Path:
    """Return the folder of all parts; nobody else may look in."""
    found = Path(settings.MEDIA_ROOT) / "uploads"
    found.mkdir(mode=0o700, parents=True, exist_ok=True)
    return found


def part_path(name: str) -> Path:
    """Return where a part lies."""
    return folder() / name


def write_part(pk: UUID, offset: int, chunks: Iterable[bytes]) -> str:
    """Seal what comes into a part of its own; another try at the same place has another name."""
    name = f"{pk}.{offset:014d}.{secrets.token_hex(4)}{ENDING}"
    write_sealed(part_path(name), chunks)
    return name


def read_parts(names: Iterable[str]) -> Iterator[bytes]:
    """Yield the opened bytes of parts, one after the other."""
    for name in names:
        yield from read_sealed(part_path(name))


def remove_parts(pk: UUID) -> None:
    """Remove every part of an upload, and those being written at this moment."""
    while found := list(folder().glob(f"{pk}.*")):
        for path in found:
            path.unlink(missing_ok=True)


def remove_strays(known: Container[str]) -> int:
    """Remove parts of uploads that are not known; return how many."""
    strays = [path for path in folder().iterdir() if path.name.partition(".")[0] not in known]
    for path in strays:
        path.unlink(missing_ok=True)
    return len(strays)
