"""The files in a zip, read in memory; a bomb is refused before it goes off."""

import zipfile
import zlib
from collections.abc import Iterator
from pathlib import Path

from hemiface.errors import SourceError

MAX_RATIO = 200
"""How much a file may grow; pictures of MR grow two- to tenfold, empty ones some hundredfold."""
_SMALL_BYTES = 1024**2  # below which growth does no harm


def zip_members(path: Path, max_files: int, max_bytes: int) -> Iterator[bytes]:
    """Yield the content of each file; names in the zip are neither used nor told.

    Raises
    ------
    SourceError
        If it is no zip, is locked or damaged, or is larger than the limits.
    """
    try:
        with zipfile.ZipFile(path) as archive:
            infos = [info for info in archive.infolist() if not info.is_dir()]
            _check(infos, max_files, max_bytes)
            for info in infos:
                yield _content(archive, info)
    except (zipfile.BadZipFile, zlib.error, EOFError, ValueError, NotImplementedError) as problem:
        raise _damaged() from problem
    except RuntimeError as problem:  # what zipfile raises where a password is asked for
        raise SourceError(
            "The zip must open without a password; it is locked. Unpack it and give the folder."
        ) from problem


def _check(infos: list[zipfile.ZipInfo], max_files: int, max_bytes: int) -> None:
    if len(infos) > max_files:
        raise SourceError(
            f"A zip must hold at most {max_files} files; it holds {len(infos)}. Zip one study only."
        )
    if sum(info.file_size for info in infos) > max_bytes:
        raise SourceError(
            f"A zip must unpack to at most {max_bytes // 1024**3} GiB; it claims more. "
            "Zip one study only."
        )
    for info in infos:
        if info.file_size > max(_SMALL_BYTES, MAX_RATIO * info.compress_size):
            raise SourceError(
                f"A file in a zip must grow at most {MAX_RATIO}-fold; one grows more, "
                "as a bomb does. Zip the pictures anew."
            )


def _content(archive: zipfile.ZipFile, info: zipfile.ZipInfo) -> bytes:
    """Read no more than the zip claimed, for its claim may lie."""
    with archive.open(info) as file:
        content = file.read(info.file_size + 1)
    if len(content) != info.file_size:
        raise _damaged()
    return content


def _damaged() -> SourceError:
    return SourceError(
        "The zip must be whole; it is damaged or packed in an unknown way. Zip the pictures anew."
    )
