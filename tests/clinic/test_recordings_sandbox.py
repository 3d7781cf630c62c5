"""What a stranger sent is read in a child that can do little, and refused kindly if it must be."""

import time

import av
import numpy as np
import pytest

from clinic.recordings_story import write_clip
from hemiface_clinic.recordings import bounds, probing, runner
from hemiface_clinic.recordings.checks import RecordingRefusedError, check_size, probe_video
from hemiface_clinic.recordings.runner import BrokenChildError, RefusedError, run_child, workspace

SOON_S = 20.0  # on a busy computer; benchmarks/bombs.py says how soon on a quiet one
HLS = "#EXTM3U\n#EXT-X-TARGETDURATION:9\n#EXTINF:9,\nfile:///etc/passwd\n#EXT-X-ENDLIST\n"
FFCONCAT = "ffconcat version 1.0\nfile /etc/passwd\n"


@pytest.fixture(autouse=True)
def media(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path / "media"
    return settings.MEDIA_ROOT


@pytest.fixture
def folder(media):
    with workspace() as folder:
        yield folder


def text(path):
    path.write_text("This is not a video. " * 100)


def playlist(path):
    path.write_text(HLS)


def concat(path):
    path.write_text(FFCONCAT)


def page(path):
    path.write_text("<!doctype html><script>alert(1)</script>")


def truncated(path):
    write_clip(path)
    path.write_bytes(path.read_bytes()[:-500])  # its index stands at the end


def picture(path):
    with av.open(str(path), "w", format="gif") as out:
        stream = out.add_stream("gif", rate=10)
        stream.width, stream.height, stream.pix_fmt = 32, 32, "rgb8"
        for _ in range(3):
            frame = av.VideoFrame.from_ndarray(np.zeros((32, 32, 3), np.uint8), format="rgb24")
            out.mux(stream.encode(frame.reformat(format="rgb8")))
        out.mux(stream.encode(None))


def sound(path):
    with av.open(str(path), "w") as out:
        stream = out.add_stream("aac", rate=44100)
        frame = av.AudioFrame.from_ndarray(np.zeros((1, 1024), np.float32), "fltp", "mono")
        frame.rate = 44100
        out.mux(stream.encode(frame))
        out.mux(stream.encode(None))


def bomb(path):
    write_clip(path, size=(12288, 8192), times_s=[0.0])
    assert path.stat().st_size < 1_000_000


def too_long(path):
    write_clip(path, times_s=[0.0, 1.0, 21 * 60.0])


STRANGE = {
    text: "not_a_video",
    playlist: "not_a_video",
    concat: "not_a_video",
    page: "not_a_video",
    truncated: "not_a_video",
    picture: "not_a_video",
    sound: "not_a_video",
    bomb: "too_large",
    too_long: "too_long",
}


@pytest.mark.parametrize("make", STRANGE)
def test_what_is_no_video_or_too_much_of_one_is_refused_kindly_and_soon(make, tmp_path, folder):
    file = tmp_path / "holiday.mp4"
    make(file)
    started = time.monotonic()
    with pytest.raises(RecordingRefusedError) as refused:
        probe_video(file, folder)
    assert time.monotonic() - started < SOON_S
    assert refused.value.code == STRANGE[make]
    assert str(refused.value).count(".") >= 2  # what it must be, and what to do


@pytest.mark.parametrize(("size", "code"), [(0, "empty"), (200_000_001, "too_big")])
def test_empty_and_huge_files_are_refused(size, code):
    with pytest.raises(RecordingRefusedError) as refused:
        check_size(size)
    assert refused.value.code == code


def test_a_size_of_200_mb_is_taken():
    check_size(200_000_000)


KINDS = {
    "mp4": ("libx264", "video/mp4"),
    "mov": ("libx264", "video/quicktime"),
    "webm": ("libvpx", "video/webm"),
    "mkv": ("libx264", "video/x-matroska"),
    "avi": ("mpeg4", "video/x-msvideo"),
}


@pytest.mark.parametrize("ending", KINDS)
def test_a_video_is_known_by_its_content(ending, tmp_path, folder):
    codec, media_type = KINDS[ending]
    file = write_clip(tmp_path / f"clip.{ending}", codec=codec).rename(tmp_path / "clip.txt")
    found = probe_video(file, folder)
    assert (found["media_type"], found["width"], found["height"]) == (media_type, 64, 48)
    assert found["n_frames"] == 60
    assert found["duration_s"] == pytest.approx(59 / 30, abs=0.04)  # within a frame


def test_a_film_cut_after_its_index_is_taken(tmp_path, folder):
    whole = write_clip(tmp_path / "clip.mkv").read_bytes()
    (tmp_path / "cut").write_bytes(whole[: len(whole) * 2 // 3])
    assert probe_video(tmp_path / "cut", folder)["n_frames"] < 60


def test_too_many_pictures_are_refused(tmp_path, monkeypatch):
    monkeypatch.setattr(probing, "MAX_FRAMES", 59)
    with pytest.raises(probing.ProbeError, match="too_many_frames"):
        probing.probe(write_clip(tmp_path / "clip.mp4"))


def test_a_child_that_takes_too_long_is_killed(tmp_path, folder, monkeypatch):
    short = bounds.Bounds(1 << 30, 20, 1 << 20, 64, wall_s=0.05)
    monkeypatch.setitem(bounds.BOUNDS, "probe", short)
    with pytest.raises(RefusedError, match="too_slow"):
        run_child("probe", write_clip(tmp_path / "clip.mp4"), folder)


def test_a_child_that_breaks_is_told_from_one_that_refuses(tmp_path, folder, monkeypatch):
    monkeypatch.setattr(runner, "_CHILD", "hemiface_clinic.recordings.no_such_module")
    file = write_clip(tmp_path / "clip.mp4")
    with pytest.raises(BrokenChildError):
        run_child("probe", file, folder)
    with pytest.raises(RecordingRefusedError, match="must be a video"):
        probe_video(file, folder)


def test_a_child_that_talks_nonsense_is_not_believed(tmp_path, folder, monkeypatch):
    monkeypatch.setattr(runner, "_CHILD", "this")  # prints the Zen of Python
    with pytest.raises(BrokenChildError):
        run_child("probe", tmp_path / "any", folder)


def test_the_folder_of_a_child_goes_and_is_nobody_elses(media):
    with workspace() as folder:
        (folder / "plain").write_bytes(b"face")
        assert folder.parent == media / "work"
        assert folder.stat().st_mode & 0o077 == 0
        assert folder.parent.stat().st_mode & 0o077 == 0
    assert list((media / "work").iterdir()) == []


def test_what_a_killed_server_left_is_removed_a_day_later(media, monkeypatch):
    left = media / "work" / "left"
    left.mkdir(parents=True)
    with workspace():
        assert left.exists()
    monkeypatch.setattr(runner, "_STALE_S", -1.0)
    with workspace():
        assert not left.exists()
