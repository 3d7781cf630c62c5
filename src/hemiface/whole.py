"""Files that are written whole or not at all."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from hemiface.errors import OutputError


@contextmanager
def written_whole(path: Path) -> Iterator[Path]:
    """Give a place to write to, which becomes `path` when the block ends well.

    Otherwise nothing of it stays, and a file that stood at `path` is as it was.

    Raises
    ------
    OutputError
        If it cannot be written.
    """
    part = path.with_name(f".{path.stem}.part{path.suffix.lower()}")
    try:
        yield part
        part.replace(path)
    except OSError as problem:
        raise OutputError(
            f"{path} cannot be written: {problem.strerror or problem}. Choose another place."
        ) from problem
    finally:
        part.unlink(missing_ok=True)
