"""Which files to read: paths checked, folders searched."""

import os
import stat
from collections.abc import Iterable, Iterator
from pathlib import Path

from hemiface.errors import SourceError

EXTENSIONS = tuple(
    f".{name}"
    for name in (
        *("3g2", "3gp", "asf", "avi", "flv", "m2ts", "m4v", "mjpg", "mkv", "mov", "mp4", "mpeg"),
        *("mpg", "mts", "mxf", "nut", "ogv", "ts", "webm", "wmv"),
    )
)
"""What a video is called inside a folder; a file named outright may be called anything."""


def find_videos(paths: Iterable[Path]) -> list[Path]:
    """Return the videos that paths name: files as they are, folders searched to the bottom.

    Parameters
    ----------
    paths : iterable of Path
        Files of any name, and folders. In folders, files are known by their extension; hidden ones
        are passed over, and links are followed, a folder being entered only once.

    Returns
    -------
    list of Path
        In the order given, each folder's sorted; no file twice.

    Raises
    ------
    SourceError
        If a path does not exist or cannot be read, or a folder holds no video.
    """
    found: dict[Path, Path] = {}
    for path in paths:
        for video in _videos_at(path):
            found.setdefault(_resolve(video), video)
    return list(found.values())


def check_file(path: Path) -> None:
    """Refuse what is not a readable regular file.

    Raises
    ------
    SourceError
        If the path is missing, is a folder or a device, is empty or may not be read.
    """
    info = _stat(path)
    if stat.S_ISDIR(info.st_mode):
        raise SourceError(f"{path} must be a video, but is a folder; name a file in it.")
    if not stat.S_ISREG(info.st_mode):  # a pipe would wait for ever
        raise SourceError(f"{path} must be a video file, but is a pipe or a device; save it first.")
    if info.st_size == 0:
        raise SourceError(f"{path} must be a video, but is empty; copy it again.")
    try:
        path.open("rb").close()
    except OSError as problem:
        raise _unreadable(path, problem) from problem


def _videos_at(path: Path) -> list[Path]:
    if not stat.S_ISDIR(_stat(path).st_mode):
        return [path]
    videos = sorted(_search(path))
    if not videos:
        raise SourceError(
            f"{path} must hold videos, but none was found in it or below "
            f"({', '.join(EXTENSIONS)}); name the file itself if it is called differently."
        )
    return videos


def _search(folder: Path) -> Iterator[Path]:
    entered: set[tuple[int, int]] = set()
    for root, folders, names in os.walk(folder, onerror=_refuse_folder, followlinks=True):
        info = Path(root).stat()
        if (info.st_dev, info.st_ino) in entered:  # a link back up, or a second way here
            folders.clear()
            continue
        entered.add((info.st_dev, info.st_ino))
        folders[:] = sorted(name for name in folders if not name.startswith("."))
        yield from (path for name in names if _is_video(path := Path(root, name)))


def _is_video(path: Path) -> bool:
    # Hidden files are mostly what other systems leave beside a video, such as "._clip.mp4".
    hidden = path.name.startswith(".")
    return path.suffix.lower() in EXTENSIONS and not hidden and path.is_file()


def _refuse_folder(problem: OSError) -> None:
    raise _unreadable(Path(str(problem.filename)), problem) from problem


def _stat(path: Path) -> os.stat_result:
    try:
        return path.stat()
    except FileNotFoundError:
        raise SourceError(f"{path} does not exist; check the name.") from None
    except (OSError, ValueError) as problem:
        raise _unreadable(path, problem) from problem


def _resolve(path: Path) -> Path:
    try:
        return path.resolve()
    except (OSError, RuntimeError):
        return path.absolute()


def _unreadable(path: Path, problem: Exception) -> SourceError:
    reason = getattr(problem, "strerror", None) or problem
    return SourceError(f"{path} cannot be read: {reason}. Check its name and permissions.")
