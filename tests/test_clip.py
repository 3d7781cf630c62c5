"""The film of the strongest spasm: that spasm, a second on either side, and no more."""

import math
from pathlib import Path

import av
import numpy as np
import pytest

from hemiface.errors import SourceError
from hemiface.report.clip import strongest, write_clip
from hemiface.report.preview import write_part
from hemiface.source.points import write_points
from hemiface.types import Spasm
from test_points import still_face
from test_report_preview import frame_times, make_video


def spasm(onset_s: float, amplitude_mm: float, duration_s: float = 0.5) -> Spasm:
    return Spasm(onset_s, duration_s, onset_s + 0.1, "left", "clonic", amplitude_mm, ("cheek",))


def test_the_strongest_moves_the_face_most() -> None:
    one, two, unknown = spasm(1.0, 2.0), spasm(5.0, 3.0), spasm(7.0, math.nan)
    assert strongest([one, two, unknown]) is two
    assert strongest([unknown, one]) is one
    assert strongest([unknown]) is unknown
    assert strongest([]) is None


@pytest.mark.parametrize("codec", ["libx264", "mpeg4"])
def test_a_film_shows_the_spasm_and_a_second_around(tmp_path: Path, codec: str) -> None:
    film = make_video(tmp_path / "film.mp4", times_ms=range(0, 10_000, 40), codec=codec)
    write_clip(film, spasm(4.0, 2.0), tmp_path / "clip.mp4")
    times = frame_times(tmp_path / "clip.mp4")
    assert times[0] == pytest.approx(0.0, abs=0.001)
    assert times[-1] == pytest.approx(2.46, abs=0.03)
    assert len(times) == 63


def test_at_the_edges_it_is_shorter_and_a_long_one_is_cut(tmp_path: Path) -> None:
    film = make_video(tmp_path / "film.mp4", times_ms=range(0, 20_000, 40))
    write_clip(film, spasm(0.2, 2.0), tmp_path / "early.mp4")
    assert frame_times(tmp_path / "early.mp4")[-1] == pytest.approx(1.68, abs=0.03)
    write_clip(film, spasm(5.0, 2.0, 12.0), tmp_path / "long.mp4")
    assert frame_times(tmp_path / "long.mp4")[-1] == pytest.approx(7.96, abs=0.03)


def test_landmarks_give_lines(tmp_path: Path) -> None:
    write_points(tmp_path / "face.points", still_face(300), mirrored=False)
    write_clip(tmp_path / "face.points", spasm(4.0, 2.0), tmp_path / "clip.mp4")
    times = frame_times(tmp_path / "clip.mp4")
    assert times[-1] == pytest.approx(2.5, abs=0.05)
    with av.open(str(tmp_path / "clip.mp4")) as film:
        picture = next(film.decode(video=0)).to_ndarray(format="rgb24")
    assert np.median(picture) > 200


def test_where_there_is_no_picture_nothing_is_written(tmp_path: Path) -> None:
    film = make_video(tmp_path / "film.mp4")
    with pytest.raises(SourceError, match="no picture"):
        write_part(film, tmp_path / "clip.mp4", 50.0, 60.0)
    assert not (tmp_path / "clip.mp4").exists()
