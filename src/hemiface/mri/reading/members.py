"""What to read: the files of a folder or zip that are pictures, told by their first bytes."""

import gzip
import zlib
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path
from typing import Literal

from hemiface.errors import SourceError
from hemiface.mri.reading.zipped import zip_members

MAX_FILES = 20_000
MAX_BYTES = 2 * 1024**3
"""Of all files together, and of one picture unpacked; a study of the head has a tenth of that."""

Format = Literal["nifti", "dicom", "zip", "other"]
_HEAD_BYTES = 1024
_DICOM_DIRECTORY = b"1.2.840.10008.1.3.10"


def read_members(path: Path) -> Iterator[tuple[Format, bytes]]:
    """Yield the format and the bytes of each picture in a file, folder or zip.

    Raises
    ------
    SourceError
        If it cannot be read, or is larger than the limits.
    """
    try:
        if path.is_dir():
            yield from _of_folder(path)
        else:
            yield from _of_file(path)
    except OSError as problem:
        raise SourceError(
            f"{path} cannot be read: {problem.strerror or 'the disk failed'}. Check it."
        ) from problem


def _of_file(path: Path) -> Iterator[tuple[Format, bytes]]:
    with path.open("rb") as file:
        form = format_of(file.read(_HEAD_BYTES))
    if form == "zip":
        for content in zip_members(path, MAX_FILES, MAX_BYTES):
            yield from _picture(content)
    elif form != "other":
        _check_total(path.stat().st_size)
        yield form, path.read_bytes()


def _picture(content: bytes) -> Iterator[tuple[Format, bytes]]:
    form = format_of(content[:_HEAD_BYTES])
    if form == "zip":
        raise SourceError("A zip must hold pictures; it holds another zip. Unpack that first.")
    if form != "other":
        yield form, content


def _of_folder(folder: Path) -> Iterator[tuple[Format, bytes]]:
    total = 0
    for count, path in enumerate(sorted(one for one in folder.rglob("*") if one.is_file())):
        if count >= MAX_FILES:
            raise SourceError(
                f"A folder must hold at most {MAX_FILES} files; it holds more. "
                "Give the folder of one study."
            )
        with path.open("rb") as file:
            form = format_of(file.read(_HEAD_BYTES))
        if form in ("nifti", "dicom"):
            total += path.stat().st_size
            _check_total(total)
            yield form, path.read_bytes()


def _check_total(size: int) -> None:
    if size > MAX_BYTES:
        raise SourceError(
            f"The pictures must have at most {MAX_BYTES // 1024**3} GiB together; they have more. "
            "Give one study only."
        )


def format_of(head: bytes) -> Format:
    """Return what a file is, from its first 1024 bytes; names are not looked at."""
    if head[:4] in (b"PK\x03\x04", b"PK\x05\x06"):
        return "zip"
    if head[:2] == b"\x1f\x8b":
        return "nifti" if _is_nifti(_inflated_head(head)) else "other"
    if _is_nifti(head):
        return "nifti"
    if head[128:132] == b"DICM" or head[:4] in (b"\x08\x00\x05\x00", b"\x08\x00\x08\x00"):
        return "other" if _DICOM_DIRECTORY in head else "dicom"
    return "other"


def _is_nifti(head: bytes) -> bool:
    return head[344:347] in (b"n+1", b"ni1") or head[4:7] in (b"n+2", b"ni2")


def _inflated_head(head: bytes) -> bytes:
    try:
        return gzip.GzipFile(fileobj=BytesIO(head)).read1(_HEAD_BYTES)
    except (OSError, EOFError, zlib.error):
        return b""
