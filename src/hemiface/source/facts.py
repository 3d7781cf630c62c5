"""What a file says about itself: which stream, how fast, how long, when."""

import hashlib
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from hemiface.errors import SourceError

if TYPE_CHECKING:
    from av.container import InputContainer
    from av.video.frame import VideoFrame
    from av.video.stream import VideoStream

_DEFAULT_RATE_HZ = 30.0


def choose_stream(path: Path, container: "InputContainer") -> "VideoStream":
    """Return the default stream of moving pictures, else the first; never a cover picture."""
    from av.stream import Disposition

    moving = [
        stream
        for stream in container.streams.video
        if not stream.disposition & Disposition.attached_pic and stream.codec_context is not None
    ]
    if not moving:
        raise SourceError(
            f"{path} must hold video, but holds no moving pictures that can be decoded; convert it "
            "to MP4 with H.264."
        )
    moving.sort(key=lambda stream: not stream.disposition & Disposition.default)  # stable
    return moving[0]


def nominal_s(stream: "VideoStream") -> float:
    """Return the stated interval between frames; 1/30 s where it is absent or absurd."""
    rate = float(stream.average_rate or stream.guessed_rate or _DEFAULT_RATE_HZ)
    return 1.0 / (rate if 1.0 <= rate <= 1000.0 else _DEFAULT_RATE_HZ)


def stated_duration_s(container: "InputContainer", stream: "VideoStream") -> float:
    """Return how long the file says that the pictures last; NaN where it does not."""
    if stream.duration and stream.time_base:
        return float(stream.duration * stream.time_base)
    start_s = float((stream.start_time or 0) * (stream.time_base or 0))
    if tag := stream.metadata.get("DURATION"):  # Matroska counts from zero, not from its start
        return _read_clock_s(tag) - start_s
    # The length of the file may be that of its sound.
    alone = len(container.streams) == 1
    return container.duration / 1e6 - start_s if container.duration and alone else float("nan")


def stamp_s(picture: "VideoFrame") -> float | None:
    """Return the time that the file gives a picture, if it does."""
    stamp = picture.pts if picture.pts is not None else picture.dts
    return None if stamp is None or not picture.time_base else float(stamp * picture.time_base)


def started_at(metadata: dict[str, str]) -> str | None:
    """Return when the camera began, as ISO 8601; Apple's own field knows the time zone."""
    for name in ("com.apple.quicktime.creationdate", "creation_time"):
        try:
            start = datetime.fromisoformat(metadata[name].strip())
        except (KeyError, ValueError):
            continue
        if start.year > 1970:  # 1904 and 1970 are what a clock says that was never set
            return start.isoformat()
    return None


def sha256(path: Path) -> str:
    """Return the digest of a file's bytes, in hexadecimal; the file is streamed.

    Raises
    ------
    SourceError
        If it can no longer be read.
    """
    try:
        with path.open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()
    except OSError as problem:
        raise SourceError(
            f"{path} can no longer be read: {problem.strerror}. Put it back and measure it again."
        ) from problem


def _read_clock_s(text: str) -> float:
    try:
        hours, minutes, seconds = (float(part) for part in text.split(":"))
    except ValueError:
        return float("nan")
    return 3600.0 * hours + 60.0 * minutes + seconds
