"""Damaged files end in frames or in one sentence: never a traceback, never without end."""

import resource
import tempfile
import time
from functools import cache
from itertools import pairwise
from pathlib import Path

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from hemiface.errors import HemifaceError
from hemiface.source import open_video
from make_video import Recipe, make_video

N_FRAMES = 12
SEEDS = {
    "a.mp4": Recipe(times_s=tuple(i / 30 for i in range(N_FRAMES)), audio=True, rotation_deg=90),
    "b.mov": Recipe(times_s=tuple(i / 30 for i in range(N_FRAMES)), codec="libx265"),
    "c.mkv": Recipe(times_s=tuple(i / 30 for i in range(N_FRAMES))),
    "d.webm": Recipe(times_s=tuple(i / 30 for i in range(N_FRAMES)), codec="libvpx-vp9"),
    "e.avi": Recipe(times_s=tuple(i / 30 for i in range(N_FRAMES)), codec="mpeg4"),
    "f.avi": Recipe(
        times_s=tuple(i / 30 for i in range(N_FRAMES)), codec="mjpeg", pix_fmt="yuvj420p"
    ),
    "g.ts": Recipe(times_s=tuple(i / 30 for i in range(N_FRAMES))),
}
LONGEST_S = 20.0
MOST_KB = 1_000_000

edits = st.lists(
    st.tuples(
        st.sampled_from(["flip", "cut", "splice", "erase"]),
        st.floats(0, 1, exclude_max=True),  # where
        st.floats(0, 1, exclude_max=True),  # from where
        st.binary(min_size=1, max_size=8),
    ),
    min_size=1,
    max_size=12,
)


@cache
def seed(name: str) -> bytes:
    with tempfile.TemporaryDirectory() as folder:
        return make_video(Path(folder, name), SEEDS[name]).read_bytes()


def damage(data: bytes, how: str, where: float, whence: float, salt: bytes) -> bytes:
    at, start = int(where * len(data)), int(whence * len(data))
    if how == "flip":
        return data[:at] + salt + data[at + len(salt) :]
    if how == "cut":
        return data[:at]
    if how == "splice":
        return data[:at] + data[start : start + 64 * len(salt)] + data[at:]
    return data[:at] + data[at + len(salt) :]


@settings(
    max_examples=150,
    deadline=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)
@given(name=st.sampled_from(sorted(SEEDS)), edits=edits)
def test_damaged_videos_end_in_frames_or_a_sentence(
    name: str, edits: list[tuple[str, float, float, bytes]]
) -> None:
    data = seed(name)
    for edit in edits:
        data = damage(data, *edit)
    # Other tests of the same process may have used more memory before.
    began, before_kb = time.monotonic(), resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, name)
        path.write_bytes(data)
        check(path)

    assert time.monotonic() - began < LONGEST_S
    grown_kb = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before_kb
    assert grown_kb < MOST_KB


@settings(max_examples=50, deadline=None, derandomize=True)
@given(st.binary(max_size=4096))
def test_noise_is_not_a_video(data: bytes) -> None:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "noise.mp4")
        path.write_bytes(data)
        check(path)


def check(path: Path) -> None:
    try:
        with open_video(path) as video:
            times_s = [frame.time_s for frame in video.frames()]
        recording = video.recording(task="rest", mirrored=None)
    except HemifaceError as problem:
        text = str(problem)
        assert str(path) in text
        assert "\n" not in text
        return
    assert recording.n_frames == len(times_s) > 0
    assert times_s[0] == 0
    assert all(a < b for a, b in pairwise(times_s))
    assert 0 < recording.rate_hz <= 1000
    assert all(notice.text for notice in video.notices)
