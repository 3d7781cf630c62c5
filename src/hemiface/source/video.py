"""Frames of any video that FFmpeg decodes, streamed: memory does not grow with length."""

from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from threading import Lock
from types import TracebackType
from typing import TYPE_CHECKING, Self

import numpy as np
from numpy.typing import NDArray

from hemiface.errors import ConventionError, SourceError
from hemiface.source.clock import MAX_GAP_S, BrokenClockError, Clock
from hemiface.source.facts import (
    choose_stream,
    nominal_s,
    sha256,
    stamp_s,
    started_at,
    stated_duration_s,
)
from hemiface.source.files import check_file
from hemiface.source.picture import MAX_LONG_SIDE_PX, MAX_PIXELS, Painter
from hemiface.types import Notice, Recording

if TYPE_CHECKING:
    from av.container import InputContainer
    from av.packet import Packet
    from av.video.frame import VideoFrame
    from av.video.stream import VideoStream

_CONTAINERS = (
    "3gp,apng,asf,avi,av1,dv,flv,gif,h264,hevc,ivf,m4v,matroska,mjpeg,mov,mp4,mpeg,mpegts,"
    "mpegvideo,mxf,nut,obu,ogg,rm,webm,wtv,yuv4mpegpipe"
)
"""What may be read. FFmpeg would show any text as film of a terminal, and playlists fetch files."""

_OPEN_S = 60.0


@dataclass(frozen=True, eq=False)
class Frame:
    """One frame, upright.

    Attributes
    ----------
    index : int
        Its place among the frames, from 0.
    time_s : float
        Seconds from the first frame, as recorded.
    image : ndarray of uint8, shape (height, width, 3)
        RGB, contiguous; the long side at most 1280 px.
    scale : float
        Original pixels per image pixel.
    """

    index: int
    time_s: float
    image: NDArray[np.uint8]
    scale: float


def open_video(path: Path) -> "Video":
    """Open a video; use it as a context manager.

    Parameters
    ----------
    path : Path
        MP4, MOV, MKV, WebM, AVI or anything else that FFmpeg reads; sound is ignored.

    Raises
    ------
    SourceError
        If it is missing, is a folder, may not be read, is not a video or holds no pictures.
    """
    import av

    check_file(path)
    try:
        container = av.open(
            f"file:{path}",
            mode="r",
            options={"protocol_whitelist": "file", "format_whitelist": _CONTAINERS},
            metadata_errors="replace",
            timeout=_OPEN_S,
        )
    except (av.FFmpegError, OSError, ValueError) as problem:
        raise _not_a_video(path) from problem
    try:
        return Video(path, container, choose_stream(path, container))
    except BaseException:
        container.close()
        raise


class Video:
    """An open video: its frames, then what they add up to. Made by `open_video`.

    Attributes
    ----------
    path : Path
        Where it is.
    stated_duration_s : float
        How long the file says it is, for showing progress; NaN where it does not say.
    """

    def __init__(self, path: Path, container: "InputContainer", stream: "VideoStream") -> None:
        self.path = path
        self.stated_duration_s = stated_duration_s(container, stream)
        self._container, self._stream = container, stream
        self._clock = Clock(nominal_s(stream), float(stream.time_base or Fraction(1, 1000)))
        self._painter: Painter | None = None
        self._lock = Lock()
        self._state = "new"
        self._n_damaged = self._n_misfits = 0
        self._stopped: Notice | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def close(self) -> None:
        """Close the file; iteration that still goes on in another thread ends."""
        with self._lock:
            self._state = "closed" if self._state != "read" else "read"
            self._container.close()

    def frames(self) -> Iterator[Frame]:
        """Yield every frame, once; `prefetch` does so ahead of need.

        Times are strictly increasing, the first 0. A frame that repeats the time of the last, or
        that is damaged, is left out and told in `notices`. A truncated file gives what is there.

        Raises
        ------
        SourceError
            If not one frame can be decoded.
        """
        if self._state != "new":
            raise ConventionError("A video is read once; open it again to read it again.")
        self._state = "reading"
        steps = self._read()
        while True:
            # Closing the file while another thread decodes from it would crash the interpreter.
            with self._lock:
                frame = next(steps, None) if self._state == "reading" else None
            if frame is None:
                return
            yield frame

    @property
    def notices(self) -> tuple[Notice, ...]:
        """What the user should know about the file; complete once all frames were read."""
        return (*self._file_notices(), *self._clock.notices()) if self._painter else ()

    def recording(self, *, task: str, mirrored: bool | None) -> Recording:
        """Return what the recording is, once all frames were read.

        Parameters
        ----------
        task : str
            What the person was asked to do.
        mirrored : bool or None
            Whether the picture is mirrored, as of a front camera; None where unknown.

        Raises
        ------
        ConventionError
            If frames are still to be read.
        SourceError
            If the file can no longer be read.
        """
        if self._state != "read" or self._painter is None:
            raise ConventionError(
                "A recording is known once all frames were read; exhaust `frames()` first."
            )
        digest = sha256(self.path)
        return Recording(
            id=digest[:12],
            kind="video",
            source=self.path.name,
            sha256=digest,
            rate_hz=self._clock.rate_hz,
            duration_s=self._clock.duration_s,
            n_frames=len(self._clock.times_s),
            width=self._painter.width,
            height=self._painter.height,
            mirrored=mirrored,
            task=task,
            started_at=self._started_at,
        )

    def _read(self) -> Iterator[Frame]:
        # Metadata must be asked for while the file is open.
        self._started_at = started_at({**self._stream.metadata, **self._container.metadata})
        for index, (time_s, picture, painter) in enumerate(self._timed()):
            yield Frame(index, time_s, painter.paint(picture), painter.scale)
        if self._painter is None:
            raise SourceError(
                f"{self.path} must hold video frames, but none could be decoded; it is damaged or "
                "was not finished. Copy or record it again."
            )
        self._state = "read"

    def _timed(self) -> Iterator[tuple[float, "VideoFrame", Painter]]:
        """Yield the pictures that are sound, each with its time, until the clock breaks."""
        for picture in self._sound():
            painter = self._painter or self._first(picture)
            if not painter.fits(picture):
                self._n_misfits += 1
                continue
            try:
                time_s = self._clock.time(stamp_s(picture))
            except BrokenClockError:
                self._stopped = Notice("broken_times", _BROKEN.format(self._clock.duration_s))
                return
            if time_s is not None:
                yield time_s, picture, painter

    def _first(self, picture: "VideoFrame") -> Painter:
        self._painter = Painter(picture, float(self._stream.sample_aspect_ratio or 1))
        return self._painter

    def _sound(self) -> Iterator["VideoFrame"]:
        import av

        context = self._stream.codec_context
        # Small pictures are decoded faster than they are measured, and cost less on one thread.
        wide = max(context.width, context.height) > MAX_LONG_SIDE_PX
        context.thread_type, context.thread_count = "AUTO", 2 if wide else 1
        context.options = {"max_pixels": str(MAX_PIXELS)}
        for packet in self._packets():
            try:
                pictures = packet.decode() if packet else self._stream.decode(None)
            except (av.FFmpegError, ValueError):
                self._n_damaged += 1
                continue
            for picture in pictures:
                self._n_damaged += picture.is_corrupt
                if not picture.is_corrupt:
                    yield picture

    def _packets(self) -> Iterator["Packet[VideoStream] | None"]:
        """Yield packets to the end or to where the file breaks; then None, to flush the decoder."""
        import av

        try:
            yield from self._container.demux(self._stream)
        except (av.FFmpegError, OSError):
            self._stopped = Notice("truncated", _CUT)
            yield None

    def _file_notices(self) -> Iterator[Notice]:
        measured_s, stated_s = self._clock.duration_s, self.stated_duration_s
        if self._stopped:
            yield self._stopped
        elif measured_s < stated_s - max(0.5, 0.02 * stated_s):  # NaN: nothing stated
            yield Notice("truncated", _SHORT.format(stated=stated_s, measured=measured_s))
        if self._n_damaged:
            yield Notice("damaged", _DAMAGED.format(n=self._n_damaged))
        if self._n_misfits:
            yield Notice("size_changed", _MISFITS.format(n=self._n_misfits))


def _not_a_video(path: Path) -> SourceError:
    return SourceError(
        f"{path} must be a video (MP4, MOV, MKV, WebM, AVI), but cannot be read as one; it is "
        "something else, damaged, or was cut before its end was written."
    )


_CUT = "The file breaks off or is damaged; what comes before was measured."
_SHORT = "The file says {stated:.1f} s but holds {measured:.1f} s; what is there was measured."
_BROKEN = (
    f"Frame times jump by more than {MAX_GAP_S:.0f} s after {{:.1f}} s; only that was measured."
)
_DAMAGED = "{n} parts of the video are damaged and could not be seen."
_MISFITS = "{n} frames have another shape than the first and were left out."
