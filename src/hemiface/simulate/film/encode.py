"""Write frames as H.264 at their own times, or leave nothing behind."""

from collections.abc import Callable, Iterable, Iterator
from datetime import UTC, datetime
from fractions import Fraction
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from hemiface.errors import ConventionError
from hemiface.whole import written_whole

Image = NDArray[np.uint8]
Frame = tuple[float, Image]
"""Time in seconds from the recording's start, and an RGB image."""

Progress = Callable[[float], None]
"""Told after each frame how many are written, and of how many."""

CONTAINERS = (".mp4", ".mov", ".mkv")
_TICKS_PER_S = 90_000  # fine enough for any recorded frame time


def write_video(
    path: Path,
    frames: Iterable[Frame],
    *,
    rate_hz: float,
    crf: int,
    rotation_deg: int = 0,
    filmed_at: datetime | None = None,
) -> tuple[int, int, int]:
    """Encode frames to H.264; return their number, and width and height of the upright picture.

    Parameters
    ----------
    path : Path
        Where to; .mp4, .mov or .mkv. It appears only when it is whole.
    frames : iterable of (time_s, image)
        RGB images of one size, with their times from the recording's start.
    rate_hz : float
        Nominal rate, for players; the times rule.
    crf : int
        Quality of x264: 18 is nearly lossless to the eye, 23 ordinary.
    rotation_deg : 0, 90, 180 or 270
        Frames are stored turned by so much clockwise, as a phone held sideways does, and the file
        says how to turn them back.
    filmed_at : datetime, optional
        When the camera began, as phones write it into their files; by default nothing is written.

    Raises
    ------
    ConventionError
        If the name does not end as a container that holds H.264.
    OutputError
        If the file cannot be written.
    """
    if path.suffix.lower() not in CONTAINERS:
        raise ConventionError(
            f"A simulated video must end in {', '.join(CONTAINERS)}; got {path.name}. Rename it."
        )
    with written_whole(path) as part:
        return _encode(part, frames, rate_hz, crf, rotation_deg, filmed_at)


def _encode(
    path: Path,
    frames: Iterable[Frame],
    rate_hz: float,
    crf: int,
    rotation_deg: int,
    filmed_at: datetime | None,
) -> tuple[int, int, int]:
    import av

    n, shape = 0, (0, 0)
    with av.open(str(path), "w") as container:
        stream = container.add_stream("libx264", rate=Fraction(rate_hz).limit_denominator(1001))
        if filmed_at is not None:
            container.metadata["creation_time"] = filmed_at.astimezone(UTC).isoformat()
        # Same frames, same file: threads cut slices by the number of processors, and x264's
        # macroblock tree differs from run to run.
        stream.options = {"crf": str(crf), "preset": "veryfast", "threads": "1"}
        stream.options["x264-params"] = "mbtree=0"
        if rotation_deg:
            stream.set_display_rotation(rotation_deg)
        for time_s, upright in frames:
            image = np.rot90(upright, -rotation_deg // 90)
            if n == 0:
                shape = upright.shape[:2]
                stream.height, stream.width = image.shape[:2]
                # 4:2:0 halves the colour planes, which an odd size does not allow.
                stream.pix_fmt = "yuv444p" if shape[0] % 2 or shape[1] % 2 else "yuv420p"
                stream.codec_context.time_base = Fraction(1, _TICKS_PER_S)
            frame = av.VideoFrame.from_ndarray(np.ascontiguousarray(image), format="rgb24")
            frame.pts = round(time_s * _TICKS_PER_S)
            frame.time_base = Fraction(1, _TICKS_PER_S)
            container.mux(stream.encode(frame))
            n += 1
        if n:
            container.mux(stream.encode(None))
    return n, shape[1], shape[0]


def counted(frames: Iterable[Frame], total: int, progress: Progress | None) -> Iterator[Frame]:
    """Yield the frames, telling `progress` after each."""
    for index, frame in enumerate(frames):
        yield frame
        if progress is not None:
            progress((index + 1) / total)
