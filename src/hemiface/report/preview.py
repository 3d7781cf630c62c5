"""A copy of the recording that every browser plays, small enough to be part of a page.

Where the file is H.264 as browsers want it, its pictures are copied as they are, without loss;
else they are encoded again, smaller. Frame times stay as recorded, counted from the first frame.
Sound is left out: the face is the matter, a voice is one more thing to protect. Frames are
streamed, so memory does not grow with length.
"""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from typing import TYPE_CHECKING, Any

from hemiface.errors import OutputError, SourceError

if TYPE_CHECKING:
    from av.container import InputContainer, OutputContainer
    from av.packet import Packet
    from av.video.frame import VideoFrame
    from av.video.stream import VideoStream

    _Timed = tuple[Fraction, VideoFrame]

MAX_BYTES = 23 * 2**20
"""Firefox refuses data URIs of more than 32 MB; base64 makes three bytes four."""

LONG_SIDE_PX = 640
"""Long side of pictures that are encoded again."""

CLOCK = Fraction(1, 90_000)
"""Time base of pictures encoded again: fine enough for 240 frames a second, as in MPEG."""

_SMALL_PX = 320
_FULL_RATE = 2_500_000
_POOR_RATE = 250_000
_COPIED_FROM = {"mov", "mp4", "matroska"}
_OPTIONS = {"movflags": "faststart"}


@dataclass(frozen=True)
class _Plan:
    """What a look at the packets, without decoding, says about a video."""

    copy: bool
    first_pts: int
    duration_s: float


def write_preview(video: Path, out: Path, *, max_bytes: int = MAX_BYTES) -> bool:
    """Write a browser-playable MP4 of a recording.

    Parameters
    ----------
    video : Path
        The recording, anything PyAV decodes.
    out : Path
        The MP4 to write.
    max_bytes : int
        Largest size.

    Returns
    -------
    bool
        False, and no file, if the recording is too long to be shown in `max_bytes`.

    Raises
    ------
    SourceError
        If the recording cannot be read.
    OutputError
        If the MP4 cannot be written.
    """
    import av

    try:
        plan = _plan(video, max_bytes)
        with _open(video) as source, _target(out) as target:
            if plan.copy:
                _copy_packets(source, target, plan)
            else:
                rate = min(_FULL_RATE, int(0.9 * 8 * max_bytes / plan.duration_s))
                _encode_again(_timed(source), target, rate)
    except av.FFmpegError as problem:
        reason = problem.strerror or problem
        raise SourceError(f"{video} cannot be shown in the page: {reason}.") from problem
    if out.stat().st_size <= max_bytes:
        return True
    out.unlink()
    return False


def write_part(video: Path, out: Path, start_s: float, end_s: float) -> None:
    """Write a browser-playable MP4 of a part of a recording.

    Parameters
    ----------
    video : Path
        The recording, anything PyAV decodes.
    out : Path
        The MP4 to write.
    start_s, end_s : float
        Half-open, seconds from the first frame.

    Raises
    ------
    SourceError
        If the recording cannot be read, or holds no picture then.
    OutputError
        If the MP4 cannot be written.
    """
    import av

    try:
        with _open(video) as source, _target(out) as target:
            _encode_again(_between(_timed(source), start_s, end_s), target, _FULL_RATE)
    except av.FFmpegError as problem:
        reason = problem.strerror or problem
        raise SourceError(f"{video} cannot be shown: {reason}.") from problem


@contextmanager
def _target(out: Path) -> "Iterator[_Mp4]":
    """An MP4 while it is written; what fails here is the fault of the place, not of the video."""
    import av

    with _writing(out):
        container = av.open(str(out), "w", format="mp4", options=_OPTIONS)
    try:
        yield _Mp4(container, out)
    except BaseException:
        with suppress(av.FFmpegError):
            container.close()
        out.unlink(missing_ok=True)
        raise
    with _writing(out):
        container.close()


@contextmanager
def _writing(out: Path) -> Iterator[None]:
    import av

    try:
        yield
    except av.FFmpegError as problem:
        out.unlink(missing_ok=True)
        reason = problem.strerror or problem
        raise OutputError(f"{out} cannot be written: {reason}.") from problem


@dataclass(frozen=True)
class _Mp4:
    """The MP4 being written."""

    container: "OutputContainer"
    path: Path

    def mux(self, packets: "Packet[Any] | list[Packet[Any]]") -> None:
        with _writing(self.path):
            self.container.mux(packets)


def _open(video: Path) -> "InputContainer":
    """Open a film that was measured before; what it names elsewhere is not fetched."""
    import av

    return av.open(f"file:{video}", options={"protocol_whitelist": "file"})


def _plan(video: Path, max_bytes: int) -> _Plan:
    with _open(video) as source:
        if not source.streams.video:
            raise SourceError(f"{video} cannot be shown in the page: it holds no pictures.")
        stream = source.streams.video[0]
        copy = _is_playable(source, stream) and video.stat().st_size <= max_bytes
        first, last, whole = _scan(source.demux(stream))
        time_base = stream.time_base or CLOCK
        duration_s = float((last - first) * time_base) + 1.0
    copy = copy and whole and not _is_rotated(video)
    return _Plan(copy, first, duration_s)


def _is_playable(source: "InputContainer", stream: "VideoStream") -> bool:
    context = stream.codec_context
    container = bool(_COPIED_FROM & set(source.format.name.split(",")))
    return container and context.name == "h264" and context.pix_fmt in ("yuv420p", "yuvj420p")


def _is_rotated(video: Path) -> bool:
    with _open(video) as source:
        frame = next(source.decode(video=0), None)
        return frame is None or frame.rotation != 0


def _scan(packets: "Iterator[Packet[Any]]") -> tuple[int, int, bool]:
    """First and last time of the pictures, and whether each has one and none is to be dropped."""
    whole = True
    first = last = None
    for packet in packets:
        if packet.size == 0:  # the end of the file
            continue
        if packet.pts is None or packet.dts is None or packet.is_discard or packet.is_corrupt:
            whole = False
        if packet.pts is not None:
            first = packet.pts if first is None else min(first, packet.pts)
            last = packet.pts if last is None else max(last, packet.pts)
    return first or 0, last or 0, whole


def _copy_packets(source: "InputContainer", target: _Mp4, plan: _Plan) -> None:
    stream = source.streams.video[0]
    copied = target.container.add_stream_from_template(stream)
    for packet in source.demux(stream):
        if packet.size == 0 or packet.pts is None or packet.dts is None:
            continue
        packet.pts -= plan.first_pts
        packet.dts -= plan.first_pts  # negative before reordered pictures; the MP4 allows for it
        packet.stream = copied
        target.mux(packet)


def _encode_again(frames: "Iterable[_Timed]", target: _Mp4, rate: int) -> None:
    encoder: VideoStream | None = None
    last_tick = -1
    for time_s, frame in frames:
        tick = max(round(time_s / CLOCK), last_tick + 1)
        encoder = encoder or _add_encoder(target, frame, rate)
        target.mux(encoder.encode(_picture(frame, encoder, tick)))
        last_tick = tick
    if encoder is None:
        raise SourceError("The recording cannot be shown in the page: no picture can be decoded.")
    target.mux(encoder.encode(None))


def _timed(source: "InputContainer") -> "Iterator[_Timed]":
    """Frames with their time from the first one, in seconds."""
    first_s: Fraction | None = None
    for frame in _decode(source):
        if frame.pts is None or frame.time_base is None:
            continue
        time_s = frame.pts * frame.time_base
        first_s = time_s if first_s is None else first_s
        yield time_s - first_s, frame


def _between(frames: "Iterable[_Timed]", start_s: float, end_s: float) -> "Iterator[_Timed]":
    for time_s, frame in frames:
        if time_s >= end_s:
            return
        if time_s >= start_s:
            yield time_s - Fraction(start_s), frame


def _decode(source: "InputContainer") -> "Iterator[VideoFrame]":
    """Decode to the end, or to where the file is damaged: what is there is shown."""
    import av

    source.streams.video[0].thread_type = "AUTO"
    try:
        yield from source.decode(video=0)
    except av.InvalidDataError:
        return


def _add_encoder(target: _Mp4, frame: "VideoFrame", rate: int) -> "VideoStream":
    encoder = target.container.add_stream("libx264", rate=30)
    encoder.width, encoder.height = _size(frame, _SMALL_PX if rate < _POOR_RATE else LONG_SIDE_PX)
    encoder.pix_fmt = "yuv420p"
    encoder.codec_context.time_base = CLOCK
    # A key picture at least every 60 frames keeps jumping to a spasm quick.
    limits = f"keyint=60:vbv-maxrate={rate // 1000}:vbv-bufsize={rate // 500}"
    encoder.codec_context.options = {"preset": "superfast", "crf": "23", "x264-params": limits}
    return encoder


def _size(frame: "VideoFrame", long_side_px: int) -> tuple[int, int]:
    """Width and height upright and even, never larger than recorded."""
    upright = frame.rotation % 180 == 0
    width, height = (frame.width, frame.height) if upright else (frame.height, frame.width)
    scale = min(1.0, long_side_px / max(width, height))
    even = [max(2, round(side * scale / 2) * 2) for side in (width, height)]
    return even[0], even[1]


def _picture(frame: "VideoFrame", encoder: "VideoStream", tick: int) -> "VideoFrame":
    picture = _upright(frame, encoder)
    picture.pts, picture.time_base = tick, CLOCK
    picture.pict_type = 0  # the encoder chooses; the source's choice would blow up the size
    return picture


def _upright(frame: "VideoFrame", encoder: "VideoStream") -> "VideoFrame":
    import numpy as np
    from av.video.frame import VideoFrame

    quarter_turns = round(frame.rotation / 90) % 4
    width, height = encoder.width, encoder.height
    if quarter_turns % 2:
        width, height = height, width
    if quarter_turns == 0:
        return frame.reformat(width, height, "yuv420p")
    small = frame.reformat(width, height, "rgb24").to_ndarray().astype(np.uint8, copy=False)
    turned = np.ascontiguousarray(np.rot90(small, quarter_turns))
    return VideoFrame.from_ndarray(turned, format="rgb24").reformat(format="yuv420p")
