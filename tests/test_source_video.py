"""Every kind of video: what comes out is upright, at its own times, and says what it is."""

import hashlib
import os
import resource
import subprocess
import sys
from contextlib import closing
from fractions import Fraction
from pathlib import Path

import av
import numpy as np
import pytest

from hemiface.errors import ConventionError, SourceError
from hemiface.source import Frame, Video, open_video, prefetch
from hemiface.types import Recording
from make_video import CLOCK, Recipe, evenly, grey, make_video

KINDS = [
    ("h264.mp4", "libx264", "yuv420p"),
    ("h264.mov", "libx264", "yuv420p"),
    ("h264.mkv", "libx264", "yuv420p"),
    ("h264.avi", "libx264", "yuv420p"),
    ("hevc.mp4", "libx265", "yuv420p"),
    ("hevc10.mov", "libx265", "yuv420p10le"),
    ("vp9.webm", "libvpx-vp9", "yuv420p"),
    ("vp9.mp4", "libvpx-vp9", "yuv420p"),
    ("av1.mp4", "libsvtav1", "yuv420p"),
    ("av1.webm", "libsvtav1", "yuv420p"),
    ("mpeg4.avi", "mpeg4", "yuv420p"),
    ("motion-jpeg.avi", "mjpeg", "yuvj420p"),
    ("prores.mov", "prores_ks", "yuv422p10le"),
    ("ffv1.mkv", "ffv1", "gray16le"),
    ("alpha.mov", "png", "rgba"),
    ("alpha.webm", "libvpx-vp9", "yuva420p"),
]


def read(path: Path) -> tuple[list[Frame], Recording, Video]:
    with open_video(path) as video:
        frames = list(video.frames())
    return frames, video.recording(task="rest", mirrored=None), video


def codes(video: Video) -> list[str]:
    return [notice.code for notice in video.notices]


def centre(frame: Frame) -> float:
    height, width = frame.image.shape[:2]
    return float(frame.image[height // 2, width // 2].mean())


def bright_corner(frame: Frame) -> str:
    means = {
        "top left": frame.image[2, 2].mean(),
        "top right": frame.image[2, -3].mean(),
        "bottom left": frame.image[-3, 2].mean(),
        "bottom right": frame.image[-3, -3].mean(),
    }
    return max(means, key=lambda name: float(means[name]))


@pytest.mark.parametrize(("name", "codec", "pix_fmt"), KINDS)
def test_every_format_gives_every_frame_at_its_time(
    tmp_path: Path, name: str, codec: str, pix_fmt: str
) -> None:
    frames, recording, video = read(
        make_video(tmp_path / name, Recipe(codec=codec, pix_fmt=pix_fmt))
    )

    assert [frame.index for frame in frames] == list(range(30))
    assert [frame.time_s for frame in frames] == pytest.approx(evenly(30, 30), abs=1e-3)
    assert [centre(frame) for frame in frames] == pytest.approx([grey(i) for i in range(30)], abs=4)
    assert bright_corner(frames[0]) == "top left"
    assert frames[0].image.shape == (48, 64, 3)
    assert frames[0].image.dtype == np.uint8
    assert recording.rate_hz == pytest.approx(30, rel=1e-3)
    assert recording.duration_s == pytest.approx(1.0, abs=2e-3)
    assert codes(video) == []


def test_a_recording_says_what_the_file_is(tmp_path: Path) -> None:
    made = Recipe(audio=True, metadata={"creation_time": "2024-05-01T10:00:00.000000Z"})
    path = make_video(tmp_path / "clip.mp4", made)

    _, recording, _ = read(path)

    digest = hashlib.sha256(path.read_bytes()).hexdigest()
    assert recording == Recording(
        id=digest[:12],
        kind="video",
        source="clip.mp4",
        sha256=digest,
        rate_hz=pytest.approx(30),
        duration_s=pytest.approx(1.0),
        n_frames=30,
        width=64,
        height=48,
        mirrored=None,
        task="rest",
        started_at="2024-05-01T10:00:00+00:00",
    )


@pytest.mark.parametrize("suffix", ["mp4", "mov", "mkv"])
@pytest.mark.parametrize(
    ("rotation_deg", "mirrored", "corner"),
    [
        (90, False, "bottom left"),
        (180, False, "bottom right"),
        (-90, False, "top right"),
        (0, True, "top right"),
        (90, True, "bottom right"),
        (-90, True, "top left"),
    ],
)
def test_pictures_are_set_upright(
    tmp_path: Path, suffix: str, rotation_deg: float, mirrored: bool, corner: str
) -> None:
    path = tmp_path / f"clip.{suffix}"
    make_video(path, Recipe(rotation_deg=rotation_deg, mirrored=mirrored))

    frames, recording, _ = read(path)

    upright = (48, 64) if rotation_deg % 180 else (64, 48)
    assert (recording.width, recording.height) == upright
    assert frames[0].image.shape == (upright[1], upright[0], 3)
    assert frames[0].image.flags.c_contiguous
    assert bright_corner(frames[0]) == corner


@pytest.mark.parametrize("size", [(63, 47), (65, 48), (64, 49)])
def test_odd_sizes(tmp_path: Path, size: tuple[int, int]) -> None:
    frames, recording, _ = read(
        make_video(tmp_path / "odd.mp4", Recipe(size=size, pix_fmt="yuv444p"))
    )

    assert frames[0].image.shape == (size[1], size[0], 3)
    assert (recording.width, recording.height) == size


def test_wide_pixels_become_square(tmp_path: Path) -> None:
    made = Recipe(size=(72, 48), stretch=Fraction(4, 3))

    frames, recording, _ = read(make_video(tmp_path / "wide.mp4", made))

    assert frames[0].image.shape == (48, 96, 3)
    assert (recording.width, recording.height) == (96, 48)


@pytest.mark.parametrize("rate_hz", [24, 25, 30000 / 1001, 60, 120, 240])
def test_rates(tmp_path: Path, rate_hz: float) -> None:
    frames, recording, video = read(
        make_video(tmp_path / "clip.mp4", Recipe(times_s=evenly(40, rate_hz)))
    )

    assert len(frames) == 40
    assert recording.rate_hz == pytest.approx(rate_hz, rel=2e-3)
    assert codes(video) == []


def test_five_frames_a_second_are_told(tmp_path: Path) -> None:
    _, recording, video = read(make_video(tmp_path / "slow.mp4", Recipe(times_s=evenly(10, 5))))

    assert recording.rate_hz == pytest.approx(5)
    assert codes(video) == ["low_rate"]


@pytest.mark.parametrize("name", ["vary.mp4", "vary.mkv"])
def test_times_are_those_recorded(tmp_path: Path, name: str) -> None:
    times_s = (0.0, 0.03, 0.08, 0.1, 0.17, 0.2, 0.26, 0.28, 0.35)

    frames, recording, video = read(make_video(tmp_path / name, Recipe(times_s=times_s)))

    assert [frame.time_s for frame in frames] == pytest.approx(times_s, abs=1e-3)
    assert recording.n_frames == 9
    assert codes(video) == ["variable_rate"]


def test_the_first_frame_is_at_zero_and_a_gap_is_told(tmp_path: Path) -> None:
    times_s = tuple(time_s + (2 if time_s > 0.5 else 1) for time_s in evenly(30, 30))

    frames, recording, video = read(make_video(tmp_path / "gap.mkv", Recipe(times_s=times_s)))

    assert frames[0].time_s == 0
    assert recording.duration_s == pytest.approx(2.0, abs=2e-3)
    assert codes(video) == ["gap"]


def test_large_pictures_are_scaled_down(tmp_path: Path) -> None:
    made = Recipe(size=(2560, 1440), times_s=evenly(2, 30))

    frames, recording, _ = read(make_video(tmp_path / "large.mp4", made))

    assert frames[0].image.shape == (720, 1280, 3)
    assert frames[0].scale == 2
    assert (recording.width, recording.height) == (2560, 1440)


@pytest.mark.slow
def test_8k_is_read_in_bounded_memory(tmp_path: Path) -> None:
    made = Recipe(size=(7680, 4320), times_s=evenly(12, 30))
    path = make_video(tmp_path / "8k.mp4", made)
    script = (
        "import re, sys; from pathlib import Path; from hemiface.source import open_video\n"
        "with open_video(Path(sys.argv[1])) as video:\n"
        "    print(sum(frame.image.shape == (720, 1280, 3) for frame in video.frames()))\n"
        "print(re.search(r'VmHWM:\\s+(\\d+)', Path('/proc/self/status').read_text())[1])"
    )

    read_apart = subprocess.run(
        [sys.executable, "-c", script, path], capture_output=True, text=True, check=True
    )

    n_frames, peak_kb = map(int, read_apart.stdout.split())
    assert n_frames == 12
    assert peak_kb < 1_000_000


def test_hlg_is_left_and_pq_is_brought_to_an_ordinary_screen(tmp_path: Path) -> None:
    greys = {}
    for name, curve in (("hlg", 18), ("pq", 16)):
        color = {"color_trc": curve, "color_primaries": 9, "colorspace": 9}
        made = Recipe(codec="libx265", pix_fmt="yuv420p10le", color=color)
        frames, _, _ = read(make_video(tmp_path / f"{name}.mp4", made))
        greys[name] = [centre(frame) for frame in frames]

    assert greys["hlg"] == pytest.approx([grey(i) for i in range(30)], abs=4)
    # 58 % of the PQ code range is the white of 203 cd/m².
    assert max(greys["pq"]) == 255
    assert np.all(np.diff(greys["pq"]) >= 0)


def test_the_default_stream_is_read_and_a_cover_is_not(tmp_path: Path) -> None:
    path = tmp_path / "two.mkv"
    with av.open(str(path), "w") as out:
        streams = [_add_stream(out, size) for size in (16, 32, 64)]
        streams[0].disposition = av.stream.Disposition.attached_pic
        streams[1].disposition = av.stream.Disposition(0)
        streams[2].disposition = av.stream.Disposition.default
        for stream in streams:
            _fill(out, stream, n=5)

    frames, recording, _ = read(path)

    assert recording.width == 64
    assert len(frames) == 5


def _add_stream(out: av.container.OutputContainer, size: int) -> av.VideoStream:
    stream = out.add_stream("mpeg4", rate=25)
    stream.width = stream.height = size
    stream.pix_fmt = "yuv420p"
    return stream


def _fill(out: av.container.OutputContainer, stream: av.VideoStream, *, n: int) -> None:
    for index in range(n):
        frame = av.VideoFrame(stream.width, stream.height, "yuv420p")
        frame.pts, frame.time_base = index, Fraction(1, 25)
        out.mux(stream.encode(frame))
    out.mux(stream.encode(None))


def test_a_change_of_shape_is_left_out_and_told(tmp_path: Path) -> None:
    path = tmp_path / "shapes.ts"
    parts = []
    for size, times_s in (((64, 48), evenly(10, 30)), ((48, 64), evenly(10, 30))):
        made = Recipe(size=size, times_s=tuple(t + len(parts) * 0.5 for t in times_s))
        parts.append(make_video(path, made).read_bytes())
    path.write_bytes(b"".join(parts))

    frames, _, video = read(path)

    assert {frame.image.shape for frame in frames} == {(48, 64, 3)}
    assert "size_changed" in codes(video)


def test_a_truncated_video_gives_what_is_there(tmp_path: Path) -> None:
    made = Recipe(times_s=evenly(120, 30), format_options={"movflags": "faststart"})
    path = make_video(tmp_path / "cut.mp4", made)
    path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])

    frames, recording, video = read(path)

    assert 20 < len(frames) < 110
    assert recording.duration_s == pytest.approx(len(frames) / 30, abs=0.05)
    assert "truncated" in codes(video)


def test_a_video_cut_before_its_index_says_so(tmp_path: Path) -> None:
    path = make_video(tmp_path / "cut.mp4")
    path.write_bytes(path.read_bytes()[:-200])

    with pytest.raises(SourceError, match=r"cut\.mp4 must be a video .* cut before its end"):
        open_video(path)


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("notes.txt", b"Film of a terminal, as FFmpeg would have it.\n" * 50),
        ("list.m3u8", b"#EXTM3U\n#EXTINF:1,\nhttp://127.0.0.1:9/secret.ts\n"),
        ("list.ffconcat", b"ffconcat version 1.0\nfile other.mp4\n"),
        ("noise.mp4", bytes(range(256)) * 40),
        ("page.html", b"<!doctype html><title>Not found</title>"),
    ],
)
def test_what_is_not_a_video_is_refused(tmp_path: Path, name: str, content: bytes) -> None:
    path = tmp_path / name
    path.write_bytes(content)

    with pytest.raises(SourceError, match="must be a video"):
        read(path)


def test_a_picture_is_not_a_video(tmp_path: Path) -> None:
    path = tmp_path / "photo.png"
    av.VideoFrame(64, 48, "rgb24").save(path)

    with pytest.raises(SourceError, match="must be a video"):
        open_video(path)


def test_sound_alone_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "voice.mp4"
    with av.open(str(path), "w") as out:
        sound = out.add_stream("aac", rate=48_000)
        frame = av.AudioFrame.from_ndarray(np.zeros((2, 1024), np.float32), "fltp", "stereo")
        frame.sample_rate, frame.pts = 48_000, 0
        out.mux(sound.encode(frame))
        out.mux(sound.encode(None))

    with pytest.raises(SourceError, match="holds no moving pictures"):
        open_video(path)


def test_zero_frames_are_refused(tmp_path: Path) -> None:
    path = tmp_path / "none.mkv"
    with av.open(str(path), "w") as out:
        _add_stream(out, 32)
        out.start_encoding()

    with pytest.raises(SourceError, match=r"none\.mkv must"):
        read(path)


def test_a_name_is_never_an_address(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    path = make_video(tmp_path / "clip.mp4").rename(tmp_path / "concat:a|b%03d.mp4")

    frames, _, _ = read(Path(path.name))

    assert len(frames) == 30


def test_a_video_is_read_once_and_known_afterwards(tmp_path: Path) -> None:
    with open_video(make_video(tmp_path / "clip.mp4")) as video:
        with pytest.raises(ConventionError, match="once all frames were read"):
            video.recording(task="rest", mirrored=None)
        next(video.frames())
        with pytest.raises(ConventionError, match="read once"):
            next(video.frames())


def test_closing_while_another_thread_reads_ends_the_iteration(tmp_path: Path) -> None:
    path = make_video(tmp_path / "clip.mp4", Recipe(times_s=evenly(200, 30)))
    with closing(prefetch(open_video(path).frames(), 4)) as frames:
        next(frames)
    video = open_video(path)
    ahead = prefetch(video.frames(), 4)
    next(ahead)

    video.close()

    assert len(list(ahead)) <= 4


def test_a_jump_of_the_clock_ends_the_recording(tmp_path: Path) -> None:
    times_s = tuple(
        time_s + (7200 if index >= 20 else 0) for index, time_s in enumerate(evenly(30, 30))
    )

    frames, _, video = read(make_video(tmp_path / "jump.mkv", Recipe(times_s=times_s)))

    assert len(frames) == 20
    assert "broken_times" in codes(video)


def test_memory_does_not_grow_with_length(tmp_path: Path) -> None:
    made = Recipe(size=(640, 480), times_s=evenly(300, 30))
    with open_video(make_video(tmp_path / "long.mp4", made)) as video:
        frames = video.frames()
        for _ in range(30):
            next(frames)
        before_kb = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
        n = sum(1 for _ in frames)
        after_kb = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss

    assert n == 270
    assert after_kb - before_kb < 20_000  # all frames would be 249 MB


@pytest.mark.skipif(os.geteuid() == 0, reason="root may read everything")
def test_a_file_that_may_not_be_read(tmp_path: Path) -> None:
    path = make_video(tmp_path / "clip.mp4")
    path.chmod(0)

    with pytest.raises(SourceError, match="cannot be read: Permission denied"):
        open_video(path)


def test_the_clock_of_the_test_videos_is_fine_enough() -> None:
    assert Fraction(1, 240) / CLOCK == 375
