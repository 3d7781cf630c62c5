"""Opening a backup into an empty folder: nothing of it is used before all of it was checked."""

import json
import tarfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import NoReturn

from hemiface.errors import HemifaceError, SourceError
from hemiface_clinic.audit.anchor import NAME as ANCHOR
from hemiface_clinic.serve.backup import CARD, MEDIA, NOTE, PURPOSE
from hemiface_clinic.serve.snapshot import POSTGRESQL, SQLITE
from hemiface_clinic.vault.ring import read_ring
from hemiface_clinic.vault.seal import BrokenSealError
from hemiface_clinic.vault.stream import SealReader

DRAIN = 1 << 16


@dataclass(frozen=True)
class Note:
    """What a backup says of itself: when it was made, by which version, of which database."""

    made_at: str
    version: str
    database: str


def unpack(file: Path, folder: Path, keys: Path) -> Note:
    """Open a backup into an empty folder, and check all of it.

    Raises
    ------
    hemiface.errors.SourceError
        If it is not a backup, or cannot be read.
    hemiface_clinic.vault.seal.BrokenSealError
        If it was changed or cut off.
    """
    with _explained(file), file.open("rb") as source:
        sealed = SealReader(source, read_ring(keys), PURPOSE)
        with tarfile.open(fileobj=sealed, mode="r|") as archive:  # type: ignore[call-overload]
            for entry in archive:
                _check_name(entry)
                archive.extract(entry, folder, filter="data")
        while sealed.read(DRAIN):  # to the end: only there it shows whether a part is missing
            pass
    note: dict[str, str] = json.loads((folder / NOTE).read_text())
    return Note(note["made_at"], note["version"], note["database"])


def _check_name(entry: tarfile.TarInfo) -> None:
    known = (NOTE, CARD, ANCHOR, SQLITE, POSTGRESQL)
    if not entry.isfile() or (entry.name not in known and not entry.name.startswith(f"{MEDIA}/")):
        raise SourceError(f"The file must hold a clinic and nothing else; it holds {entry.name!r}.")


@contextmanager
def _explained(file: Path) -> Iterator[None]:
    try:
        yield
    except BrokenSealError as problem:
        raise BrokenSealError(f"{file}: {problem}") from problem
    except HemifaceError as problem:
        raise SourceError(f"{file}: {problem}") from problem
    except tarfile.TarError as problem:
        _refuse(file, problem)
    except OSError as problem:
        raise SourceError(
            f"{file} must be readable; {problem.strerror}. Choose another."
        ) from problem


def _refuse(file: Path, problem: Exception) -> NoReturn:
    raise SourceError(f"{file} must be a backup of hemiface; it is not: {problem}.") from problem
