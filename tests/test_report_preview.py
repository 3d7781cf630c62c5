from fractions import Fraction
from pathlib import Path

import av
import numpy as np
import pytest

from hemiface.errors import OutputError, SourceError
from hemiface.report.preview import write_preview

UNEVEN_MS = (100, 133, 171, 200, 260, 290, 400, 433, 466, 500)
"""Frame times of a phone that does not keep step, not beginning at zero."""


def make_video(
    path: Path,
    times_ms=UNEVEN_MS,
    codec="libx264",
    pix_fmt="yuv420p",
    size=(128, 96),
    options=None,
) -> Path:
    """A grey card whose left half is white."""
    with av.open(str(path), "w") as out:
        stream = out.add_stream(codec, rate=30, options=options or {})
        stream.width, stream.height, stream.pix_fmt = *size, pix_fmt
        stream.codec_context.time_base = Fraction(1, 1000)
        picture = np.full((size[1], size[0], 3), 60, np.uint8)
        picture[:, : size[0] // 2] = 250
        for time_ms in times_ms:
            frame = av.VideoFrame.from_ndarray(picture, format="rgb24").reformat(format=pix_fmt)
            frame.pts, frame.time_base = time_ms, Fraction(1, 1000)
            out.mux(stream.encode(frame))
        out.mux(stream.encode(None))
    return path


def frame_times(path: Path) -> list[float]:
    with av.open(str(path)) as video:
        return [float(frame.pts * frame.time_base) for frame in video.decode(video=0)]


def packets(path: Path) -> list[bytes]:
    with av.open(str(path)) as video:
        return [bytes(packet) for packet in video.demux(video=0) if packet.size]


def expected_s() -> list[float]:
    return [(t - UNEVEN_MS[0]) / 1000 for t in UNEVEN_MS]


def test_h264_is_copied_without_loss_and_keeps_its_times(tmp_path):
    source = make_video(tmp_path / "a.mp4")
    assert write_preview(source, tmp_path / "p.mp4")
    assert packets(tmp_path / "p.mp4") == packets(source)
    np.testing.assert_allclose(frame_times(tmp_path / "p.mp4"), expected_s(), atol=1e-4)


@pytest.mark.parametrize(
    ("name", "codec", "pix_fmt"),
    [
        ("a.webm", "libvpx-vp9", "yuv420p"),
        ("a.mkv", "libx264", "yuv444p"),
        ("a.mkv", "libx264", "yuv420p10le"),
        ("a.mp4", "mpeg4", "yuv420p"),
    ],
)
def test_others_are_encoded_again_and_keep_their_times(name, codec, pix_fmt, tmp_path):
    source = make_video(tmp_path / name, codec=codec, pix_fmt=pix_fmt)
    assert write_preview(source, tmp_path / "p.mp4")
    with av.open(str(tmp_path / "p.mp4")) as video:
        context = video.streams.video[0].codec_context
        assert (context.name, context.pix_fmt) == ("h264", "yuv420p")
    np.testing.assert_allclose(frame_times(tmp_path / "p.mp4"), expected_s(), atol=1.5e-3)


def test_large_pictures_become_640_wide(tmp_path):
    source = make_video(tmp_path / "a.webm", codec="libvpx-vp9", size=(1280, 724))
    write_preview(source, tmp_path / "p.mp4")
    with av.open(str(tmp_path / "p.mp4")) as video:
        stream = video.streams.video[0]
        assert (stream.width, stream.height) == (640, 362)


def test_a_turned_picture_is_shown_upright(tmp_path):
    """Turned a quarter counterclockwise on showing, the white left half comes to lie below."""
    source = tmp_path / "a.mp4"
    plain = make_video(tmp_path / "plain.mp4", size=(128, 96))
    data = turn_header(plain.read_bytes(), 90)
    source.write_bytes(data)
    with av.open(str(source)) as video:
        assert next(video.decode(video=0)).rotation == 90
    write_preview(source, tmp_path / "p.mp4")
    with av.open(str(tmp_path / "p.mp4")) as video:
        frame = next(video.decode(video=0))
        picture = frame.to_ndarray(format="gray")
    assert frame.rotation == 0
    assert picture.shape == (128, 96)
    assert picture[100:].mean() > 200 > 100 > picture[:28].mean()


def turn_header(mp4: bytes, degrees: int) -> bytes:
    """Writes a rotation into the track header's matrix, as phones do."""
    matrices = {90: (0, -1, 1, 0)}
    a, b, c, d = (value * 65536 for value in matrices[degrees])
    matrix = b"".join(v.to_bytes(4, "big", signed=True) for v in (a, b, 0, c, d, 0, 0, 0, 1 << 30))
    plain = b"".join(v.to_bytes(4, "big") for v in (65536, 0, 0, 0, 65536, 0, 0, 0, 1 << 30))
    start = mp4.index(plain, mp4.index(b"tkhd"))
    return mp4[:start] + matrix + mp4[start + 36 :]


def test_sound_is_left_out(tmp_path):
    path = tmp_path / "a.mp4"
    with av.open(str(path), "w") as out:
        video = out.add_stream("libx264", rate=30)
        video.width, video.height, video.pix_fmt = 64, 64, "yuv420p"
        sound = out.add_stream("aac", rate=44100)
        for _ in range(5):
            out.mux(video.encode(av.VideoFrame(64, 64, "yuv420p")))
        silence = np.zeros((1, 44100), np.float32)
        frame = av.AudioFrame.from_ndarray(silence, format="fltp", layout="mono")
        frame.rate = 44100
        for stream in (sound, video):
            out.mux(stream.encode(frame if stream is sound else None))
        out.mux(sound.encode(None))
    write_preview(path, tmp_path / "p.mp4")
    with av.open(str(tmp_path / "p.mp4")) as made:
        assert [stream.type for stream in made.streams] == ["video"]


def test_what_does_not_fit_is_left_out(tmp_path):
    source = make_video(tmp_path / "a.mp4")
    assert not write_preview(source, tmp_path / "p.mp4", max_bytes=300)
    assert not (tmp_path / "p.mp4").exists()


def test_a_large_file_is_encoded_within_the_limit(tmp_path):
    rng = np.random.default_rng(0)
    source = tmp_path / "a.mp4"
    with av.open(str(source), "w") as out:
        stream = out.add_stream("libx264", rate=30, options={"crf": "5"})
        stream.width, stream.height, stream.pix_fmt = 320, 240, "yuv420p"
        for _ in range(60):
            noise = rng.integers(0, 255, (240, 320, 3), np.uint8)
            out.mux(stream.encode(av.VideoFrame.from_ndarray(noise, format="rgb24")))
        out.mux(stream.encode(None))
    limit = 400_000
    assert source.stat().st_size > limit
    if write_preview(source, tmp_path / "p.mp4", max_bytes=limit):
        assert (tmp_path / "p.mp4").stat().st_size <= limit


@pytest.mark.parametrize("content", [b"", b"not a video at all", b"\x00" * 5000])
def test_not_a_video_is_said_in_words(content, tmp_path):
    path = tmp_path / "a.mp4"
    path.write_bytes(content)
    with pytest.raises(SourceError, match=r"a\.mp4 cannot be shown"):
        write_preview(path, tmp_path / "p.mp4")


def test_a_truncated_video_is_shown_as_far_as_it_goes(tmp_path):
    source = make_video(
        tmp_path / "a.mkv", times_ms=range(0, 4000, 33), codec="libvpx-vp9", size=(320, 240)
    )
    data = source.read_bytes()
    source.write_bytes(data[: len(data) * 2 // 3])
    assert write_preview(source, tmp_path / "p.mp4")
    assert len(frame_times(tmp_path / "p.mp4")) > 20


def test_no_place_to_write(tmp_path):
    source = make_video(tmp_path / "a.mp4")
    with pytest.raises(OutputError, match="cannot be written"):
        write_preview(source, tmp_path / "missing" / "p.mp4")
