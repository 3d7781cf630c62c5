"""Small videos whose content is known: every frame carries its own number as grey levels.

The picture is dark with a bright block in its top left corner and, in its centre, a block whose
grey says which frame it is; so a test can tell how the picture is turned and which frame it got.
"""

from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, field
from fractions import Fraction
from multiprocessing import get_context
from pathlib import Path

import av
import numpy as np
import pytest

CLOCK = Fraction(1, 90_000)

# Encoders, fastest settings; x265 and SVT-AV1 are told to keep quiet.
OPTIONS = {
    "libx264": {"preset": "ultrafast", "crf": "10"},
    "libx265": {"preset": "ultrafast", "crf": "10", "x265-params": "log-level=none"},
    "libvpx-vp9": {"deadline": "realtime", "cpu-used": "8", "crf": "10", "b": "0"},
    "libsvtav1": {"preset": "12", "crf": "20"},
    "mpeg4": {"b": "5000000"},
    "libaom-av1": {"cpu-used": "8", "crf": "20"},
}


@dataclass(frozen=True)
class Recipe:
    """How to make a video."""

    codec: str = "libx264"
    size: tuple[int, int] = (64, 48)
    times_s: tuple[float, ...] = tuple(i / 30 for i in range(30))
    pix_fmt: str = "yuv420p"
    rotation_deg: float = 0.0  # counter-clockwise, as FFmpeg counts
    mirrored: bool = False
    stretch: Fraction = Fraction(1)
    audio: bool = False
    metadata: dict[str, str] = field(default_factory=dict)
    color: dict[str, int] = field(default_factory=dict)
    format_options: dict[str, str] = field(default_factory=dict)
    options: dict[str, str] = field(default_factory=dict)


def evenly(n: int, rate_hz: float) -> tuple[float, ...]:
    return tuple(i / rate_hz for i in range(n))


def grey(index: int) -> int:
    """Return the grey level of the centre of a frame."""
    return 40 + 5 * (index % 40)


def paint(index: int, size: tuple[int, int]) -> np.ndarray:
    width, height = size
    image = np.full((height, width, 3), 16, np.uint8)
    image[: height // 4, : width // 4] = 240
    image[height // 3 : 2 * height // 3, width // 3 : 2 * width // 3] = grey(index)
    return image


def make_video(path: Path, recipe: Recipe | None = None) -> Path:
    """Write a video, or skip the test where FFmpeg has no such encoder."""
    recipe = recipe or Recipe()
    need_encoder(recipe.codec)
    if recipe.codec == "libsvtav1":
        # SVT-AV1 run as root gives its whole process real-time priority, and starves the machine.
        with ProcessPoolExecutor(1, mp_context=get_context("spawn")) as apart:
            return apart.submit(_write, path, recipe).result()
    return _write(path, recipe)


def _write(path: Path, recipe: Recipe) -> Path:
    with av.open(str(path), "w", options=recipe.format_options) as out:
        out.metadata.update(recipe.metadata)
        stream = _add_stream(out, recipe)
        sound = (
            out.add_stream("aac" if path.suffix != ".webm" else "libopus", rate=48_000)
            if (recipe.audio)
            else None
        )
        for picture in _pictures(recipe):
            out.mux(stream.encode(picture))
        out.mux(stream.encode(None))
        if sound is not None:
            _add_silence(out, sound, recipe.times_s[-1])
    return path


def need_encoder(codec: str) -> None:
    try:
        av.Codec(codec, "w")
    except av.codec.codec.UnknownCodecError:
        pytest.skip(f"FFmpeg was built without the encoder {codec}")


def _add_stream(out: av.container.OutputContainer, recipe: Recipe) -> av.VideoStream:
    rate = 30
    if len(recipe.times_s) > 1:
        rate = Fraction(1 / float(np.median(np.diff(recipe.times_s)))).limit_denominator(1001)
    stream = out.add_stream(recipe.codec, rate=rate)
    stream.width, stream.height = recipe.size
    stream.pix_fmt = recipe.pix_fmt
    stream.options = {**OPTIONS.get(recipe.codec, {}), **recipe.options}
    if out.format.name != "avi":  # AVI knows only a fixed rate
        stream.codec_context.time_base = CLOCK
    if recipe.stretch != 1:
        stream.codec_context.sample_aspect_ratio = recipe.stretch
        stream.sample_aspect_ratio = recipe.stretch
    if recipe.rotation_deg or recipe.mirrored:
        stream.set_display_rotation(recipe.rotation_deg, hflip=recipe.mirrored)
    for name, value in recipe.color.items():
        setattr(stream.codec_context, name, value)
    return stream


def _pictures(recipe: Recipe) -> Iterator[av.VideoFrame]:
    for index, time_s in enumerate(recipe.times_s):
        picture = av.VideoFrame.from_ndarray(paint(index, recipe.size), format="rgb24")
        picture = picture.reformat(format=recipe.pix_fmt)
        for name, value in recipe.color.items():
            setattr(picture, name, value)
        picture.pts, picture.time_base = round(time_s / CLOCK), CLOCK
        yield picture


def _add_silence(out: av.container.OutputContainer, sound: av.AudioStream, until_s: float) -> None:
    for start in range(0, int(48_000 * until_s), 960):
        frame = av.AudioFrame.from_ndarray(np.zeros((2, 960), np.float32), "fltp", "stereo")
        frame.sample_rate, frame.pts = 48_000, start
        out.mux(sound.encode(frame))
    out.mux(sound.encode(None))
