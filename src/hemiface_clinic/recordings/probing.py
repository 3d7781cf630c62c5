"""Looking at a file a stranger sent: is it a video, and is it one that can be measured?

Runs in the child only, and knows no Django.
"""

from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any

from hemiface.errors import SourceError
from hemiface_clinic.recordings.bounds import MAX_FRAMES, MAX_PIXELS, MAX_S, MAX_SIDE_PX

if TYPE_CHECKING:
    from av.container import InputContainer
    from av.packet import Packet
    from av.video.frame import VideoFrame
    from av.video.stream import VideoStream

_CONTAINERS = "mov,matroska,avi"  # FFmpeg's names: mov is MP4 too, matroska is WebM too
_OPEN_S = 10.0
_GZIP = b"\x1f\x8b"
POINTS_TYPE = "application/x-hemiface-points"


class ProbeError(Exception):
    """The video cannot be taken; the code says why."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


def probe(file: Path) -> dict[str, Any]:
    """Return what a file is: its packets are counted, its first picture decoded, nothing more.

    Returns
    -------
    dict
        `media_type`, `width` and `height` in pixels, `duration_s`, `n_frames`.
    """
    import av

    with file.open("rb") as opened:
        if opened.read(2) == _GZIP:
            return _look_at_points(file)
    options = {"protocol_whitelist": "file", "format_whitelist": _CONTAINERS}
    try:
        with av.open(
            f"file:{file}", options=options, metadata_errors="replace", timeout=_OPEN_S
        ) as container:
            return _look(container)
    except (av.FFmpegError, OSError, ValueError) as problem:
        raise ProbeError("not_a_video") from problem


def _look_at_points(file: Path) -> dict[str, Any]:
    from hemiface.pipeline import read_points

    try:
        recording = read_points(file).recording
    except SourceError as problem:
        raise ProbeError("not_a_video") from problem
    _check_length(recording.n_frames, recording.duration_s)
    return {
        "media_type": POINTS_TYPE,
        "width": recording.width,
        "height": recording.height,
        "duration_s": recording.duration_s,
        "n_frames": recording.n_frames,
    }


def _look(container: "InputContainer") -> dict[str, Any]:
    stream = _moving(container)
    context = stream.codec_context
    _check_size(context.width, context.height)
    context.thread_count = 1
    context.options = {"max_pixels": str(MAX_PIXELS)}
    picture, n_frames, first_s, last_s = None, 0, float("inf"), float("-inf")
    for packet in _packets(container, stream):
        picture = picture or _first_picture(packet)
        if stamp_s := _stamps_s(packet):
            n_frames, first_s, last_s = n_frames + 1, min(first_s, *stamp_s), max(last_s, *stamp_s)
        _check_length(n_frames, last_s - first_s)
    if picture is None:
        raise ProbeError("not_a_video")
    return {
        "media_type": _media_type(container, stream),
        "width": picture.width,
        "height": picture.height,
        "duration_s": last_s - first_s,
        "n_frames": n_frames,
    }


def _moving(container: "InputContainer") -> "VideoStream":
    from av.stream import Disposition

    for stream in container.streams.video:
        is_cover = stream.disposition & Disposition.attached_pic
        if stream.codec_context is not None and not is_cover:
            return stream
    raise ProbeError("not_a_video")


def _packets(container: "InputContainer", stream: "VideoStream") -> "Iterator[Packet[VideoStream]]":
    """Yield packets to the end, or to where the file breaks off: what is there can be measured."""
    import av

    with suppress(av.FFmpegError, OSError):
        yield from container.demux(stream)


def _first_picture(packet: "Packet[VideoStream]") -> "VideoFrame | None":
    import av

    with suppress(av.FFmpegError, ValueError):
        for picture in packet.decode():
            _check_size(picture.width, picture.height)  # the container may have said otherwise
            return picture
    return None


def _stamps_s(packet: "Packet[VideoStream]") -> tuple[float, ...]:
    stamp = packet.pts if packet.pts is not None else packet.dts
    if packet.size == 0 or stamp is None or packet.time_base is None:
        return ()
    return (float(stamp * packet.time_base),)


def _check_size(width: int, height: int) -> None:
    if max(width, height) > MAX_SIDE_PX or width * height > MAX_PIXELS:
        raise ProbeError("too_large")


def _check_length(n_frames: int, duration_s: float) -> None:
    if duration_s > MAX_S:
        raise ProbeError("too_long")
    if n_frames > MAX_FRAMES:
        raise ProbeError("too_many_frames")


def _media_type(container: "InputContainer", stream: "VideoStream") -> str:
    names = container.format.name.split(",")
    if "avi" in names:
        return "video/x-msvideo"
    if "matroska" in names:
        in_webm = stream.codec_context.name.startswith(("vp8", "vp9", "av1", "libvpx", "libdav1d"))
        return "video/webm" if in_webm else "video/x-matroska"
    is_quicktime = container.metadata.get("major_brand", "qt").startswith("qt")
    return "video/quicktime" if is_quicktime else "video/mp4"
