"""Files at rest: sealed with the key ring, opened as a stream.

Their names are ours. The name is part of the seal, so a file that takes another's place does not
open.
"""

import os
import secrets
from collections.abc import Iterable, Iterator
from functools import partial
from pathlib import Path

from django.conf import settings

from hemiface.errors import SourceError
from hemiface_clinic.vault.seal import BrokenSealError, key_name, ring
from hemiface_clinic.vault.stream import CHUNK, MARK, MAX_NAME, SealReader, SealWriter

ENDING = ".sealed"


def read_chunks(path: Path) -> Iterator[bytes]:
    """Yield the bytes of a plain file, a chunk at a time."""
    with path.open("rb") as file:
        yield from iter(partial(file.read, CHUNK), b"")


def write_sealed(path: Path, chunks: Iterable[bytes]) -> None:
    """Seal bytes into a file, whole or not at all; memory does not grow with them."""
    part = path.with_name(f"{path.name}.{secrets.token_hex(4)}.part")
    try:
        with os.fdopen(os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
            with SealWriter(file, ring(), _purpose(path)) as sealed:
                for chunk in chunks:
                    sealed.write(chunk)
            file.flush()
            os.fsync(file.fileno())
        part.replace(path)
    finally:
        part.unlink(missing_ok=True)


def read_sealed(path: Path) -> Iterator[bytes]:
    """Yield the opened bytes of a sealed file.

    Raises
    ------
    hemiface_clinic.vault.seal.BrokenSealError
        If the file was changed, cut off, or is not the one sealed under this name. What was yielded
        before is as it was sealed.
    """
    with path.open("rb") as file:
        try:
            reader = SealReader(file, ring(), _purpose(path))
        except SourceError as problem:
            raise BrokenSealError(str(problem)) from problem
        yield from iter(partial(reader.read, CHUNK), b"")


class SealedFiles:
    """Every sealed file, as a store whose keys can be changed."""

    def seal_again(self) -> int:
        """Seal again what an older key sealed; who reads a file meanwhile is not disturbed."""
        current = ring().current
        return sum(_seal_again(path) for path in _sealed_files() if _key_name(path) != current)

    def key_names(self) -> set[str]:
        """Return the names of the keys in use."""
        return {_key_name(path) for path in _sealed_files()} - {""}


def _seal_again(path: Path) -> bool:
    try:
        write_sealed(path, read_sealed(path))
    except FileNotFoundError:  # its recording was deleted meanwhile
        return False
    return True


def _sealed_files() -> list[Path]:
    return sorted(Path(settings.MEDIA_ROOT).rglob(f"*{ENDING}"))


def _key_name(path: Path) -> str:
    try:
        with path.open("rb") as file:
            header = file.read(len(MARK) + MAX_NAME + 1)
    except FileNotFoundError:
        return ""
    return key_name(header.removeprefix(MARK))


def _purpose(path: Path) -> str:
    return f"hemiface.recording.{path.name}"
