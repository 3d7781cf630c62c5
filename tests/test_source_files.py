"""Files and folders: which are read, which are refused, in words."""

import os
from pathlib import Path

import pytest

from hemiface.errors import SourceError
from hemiface.source import find_videos
from hemiface.source.files import check_file


def touch(path: Path) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(b"x")
    return path


def test_folders_are_searched_to_the_bottom_in_order(tmp_path: Path) -> None:
    names = ["a.MP4", "b/c.mov", "b/d/e.webm", "z.avi"]
    made = [touch(tmp_path / name) for name in names]
    for other in ("notes.txt", "._a.mp4", ".hidden/f.mp4"):
        touch(tmp_path / other)

    assert find_videos([tmp_path]) == sorted(made)


def test_a_file_is_taken_whatever_it_is_called_and_only_once(tmp_path: Path) -> None:
    odd, clip = touch(tmp_path / "odd.dat"), touch(tmp_path / "clip.mp4")
    link = tmp_path / "link.mp4"
    link.symlink_to(clip)

    assert find_videos([odd, clip, tmp_path]) == [odd, clip]


def test_links_that_go_round_are_safe(tmp_path: Path) -> None:
    clip = touch(tmp_path / "a" / "clip.mp4")
    (tmp_path / "a" / "up").symlink_to(tmp_path)
    (tmp_path / "a" / "gone.mp4").symlink_to(tmp_path / "nowhere.mp4")

    assert find_videos([tmp_path]) == [clip]


def test_a_link_to_itself_is_refused(tmp_path: Path) -> None:
    loop = tmp_path / "loop.mp4"
    loop.symlink_to(loop)

    with pytest.raises(SourceError, match=r"loop\.mp4 cannot be read: Too many levels"):
        find_videos([loop])


def test_a_folder_without_videos_is_refused(tmp_path: Path) -> None:
    touch(tmp_path / "notes.txt")

    with pytest.raises(SourceError, match="must hold videos, but none was found"):
        find_videos([tmp_path])


def test_a_missing_path_is_refused(tmp_path: Path) -> None:
    with pytest.raises(SourceError, match=r"gone\.mp4 does not exist"):
        find_videos([tmp_path / "gone.mp4"])


def test_what_is_no_file_is_refused(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe.mp4")
    (tmp_path / "empty.mp4").touch()

    with pytest.raises(SourceError, match="is a folder"):
        check_file(tmp_path)
    with pytest.raises(SourceError, match="is a pipe or a device"):
        check_file(tmp_path / "pipe.mp4")
    with pytest.raises(SourceError, match="is empty"):
        check_file(tmp_path / "empty.mp4")
    with pytest.raises(SourceError, match="cannot be read"):
        check_file(tmp_path / ("long" * 100))
