"""Landmarks without a picture: written, read, measured; and files that are not what they say."""

import gzip
import json
from pathlib import Path

import numpy as np
import pytest
from click.testing import CliRunner
from hypothesis import given, settings
from hypothesis import strategies as st

import hemiface
from hemiface.cli import main
from hemiface.errors import NoFaceError, SourceError
from hemiface.muscles import MUSCLE
from hemiface.pipeline import find_points, simulate_video
from hemiface.report.document import read_measurement
from hemiface.source.points import ENDING, MAX_FRAMES, is_points, read_points, write_points
from hemiface.track.model import canonical_face
from hemiface.track.points import track_points
from hemiface.types import Points, TaskSpan

RATE_HZ, N = 30.0, 90


def still_face(n_frames: int = N) -> Points:
    """Return a face that looks ahead and does not move, 20 px a cm."""
    face = np.zeros((478, 3), np.float32)
    face[:468] = canonical_face() * [20, -20, -20]
    for iris in ((474, 476), (469, 471)):
        face[list(iris), 0] = (-11.7, 11.7)
    face[:, :2] += (640, 360)
    places = np.repeat(face[None], n_frames, axis=0)
    return Points(np.arange(n_frames) / RATE_HZ, places, np.full(n_frames, 120.0), 1280, 720)


@pytest.fixture(scope="module")
def film(tmp_path_factory) -> Path:
    """A virtual patient with strong spasms on the left."""
    path = tmp_path_factory.mktemp("film") / "film.mp4"
    simulate_video(path, seed=7, severity="severe", side="left", duration_s=12.0, fps=30, size=540)
    return path


class TestFile:
    def test_what_is_written_is_read(self, tmp_path: Path) -> None:
        points, path = still_face(), tmp_path / f"a{ENDING}"
        points.places_px[5] = np.nan
        points.brightness[5] = np.nan
        tasks = (TaskSpan("rest", 0.0, 2.0), TaskSpan("smile", 2.0, 3.0))
        write_points(path, points, mirrored=False, started_at="2026-11-23T10:00", tasks=tasks)
        assert is_points(path)
        found = read_points(path)
        assert found.tasks == tasks
        assert (found.recording.kind, found.recording.n_frames) == ("points", N)
        assert found.recording.rate_hz == pytest.approx(RATE_HZ, rel=1e-4)
        assert found.recording.duration_s == pytest.approx(3.0, rel=1e-4)
        assert np.allclose(found.points.places_px, points.places_px, equal_nan=True)
        assert np.isnan(found.points.brightness[5])

    @pytest.mark.parametrize(
        ("header", "frames"),
        [
            ({"n_frames": 3}, b"short"),
            ({"n_frames": 1}, b"\0" * 10_000),
            ({"n_frames": MAX_FRAMES + 1}, b""),
            ({"n_frames": -1}, b""),
            ({"n_frames": "many"}, b""),
            ({"n_frames": 1, "width": 0}, b"\0" * 5744),
            ({"n_frames": 1, "width": 10**9}, b"\0" * 5744),
            ({"n_frames": 2}, b"\0" * 2 * 5744),  # two frames at one time
            ({"n_frames": 1}, np.full(1436, 1e30, "<f4").tobytes()),
            ({"n_frames": 1, "schema": "hemiface.points/9"}, b"\0" * 5744),
        ],
    )
    def test_a_header_that_does_not_fit_is_not_believed(
        self, tmp_path: Path, header: dict[str, object], frames: bytes
    ) -> None:
        whole = {"schema": "hemiface.points/1", "width": 640, "height": 480, **header}
        path = tmp_path / "a.points"
        path.write_bytes(gzip.compress(json.dumps(whole).encode() + b"\n" + frames))
        with pytest.raises(SourceError, match="must be a whole file of landmarks"):
            read_points(path)

    @settings(max_examples=60, deadline=None)
    @given(st.binary(min_size=1, max_size=400))
    def test_any_bytes_are_told_apart_and_never_crash(self, tmp_path_factory, data: bytes) -> None:
        path = tmp_path_factory.mktemp("any") / "a.points"
        for content in (data, gzip.compress(b'{"schema": "hemiface.points/1"' + data)):
            path.write_bytes(content)
            with pytest.raises(SourceError):
                (read_points if is_points(path) else hemiface.measure)(path)

    def test_a_bomb_is_not_unpacked(self, tmp_path: Path) -> None:
        path = tmp_path / "a.points"
        header = {"schema": "hemiface.points/1", "n_frames": 10, "width": 640, "height": 480}
        with gzip.open(path, "wb") as file:
            file.write(json.dumps(header).encode() + b"\n")
            for _ in range(50):
                file.write(b"\0" * 10_000_000)
        with pytest.raises(SourceError):
            read_points(path)


class TestTrack:
    def test_a_still_face_does_not_move(self, tmp_path: Path) -> None:
        path = tmp_path / "a.points"
        write_points(path, still_face())
        track = track_points(still_face(), read_points(path).recording)
        assert np.nanmax(np.abs(track.displacement_mm)) < 0.02
        assert np.nanmax(np.abs(track.pose_deg)) < 1.0
        found = hemiface.measure(path)
        assert found.affected_side == "undetermined"  # three seconds are too little
        assert found.spasms == ()

    def test_no_face_at_all_is_told(self, tmp_path: Path) -> None:
        points, path = still_face(), tmp_path / "a.points"
        points.places_px[:] = np.nan
        write_points(path, points)
        with pytest.raises(NoFaceError):
            hemiface.measure(path)

    def test_what_one_corner_of_the_mouth_does_is_that_sides(self, tmp_path: Path) -> None:
        points = still_face()
        places = list(MUSCLE["zygomaticus"].left)
        points.places_px[40:50, places, 1] -= 10.0  # up
        points.places_px[40:50, places, 0] += 10.0  # and out, to the right in the picture
        write_points(tmp_path / "a.points", points)
        track = track_points(points, read_points(tmp_path / "a.points").recording)
        moved = dict(
            zip(
                [(one.muscle, one.side) for one in track.channels],
                np.nanmax(track.displacement_mm, axis=1),
                strict=True,
            )
        )
        assert moved["zygomaticus", "left"] > 0.5
        assert moved["zygomaticus", "right"] < 0.05


class TestMeasured:
    def test_spasms_are_found_in_the_landmarks_of_a_video(self, film: Path, tmp_path: Path) -> None:
        result = CliRunner().invoke(main, ["points", str(film), str(tmp_path / "a.points")])
        assert result.exit_code == 0, result.output
        found = hemiface.measure(tmp_path / "a.points")
        truth = read_measurement(film.with_suffix(".truth.json"))
        assert found.recording.kind == "points"
        assert found.affected_side == truth.affected_side == "left"
        strong = [one for one in truth.spasms if one.amplitude_mm >= 2.0]
        met = [
            any(one.onset_s < e.end_s and e.onset_s < one.end_s for e in found.spasms)
            for one in strong
        ]
        assert sum(met) >= 0.7 * len(met)

    def test_each_task_is_measured_too(self, film: Path, tmp_path: Path) -> None:
        tasks = (TaskSpan("rest", 0.0, 6.0), TaskSpan("smile", 6.0, 12.0))
        write_points(tmp_path / "a.points", find_points(film), tasks=tasks)
        found = hemiface.measure(tmp_path / "a.points")
        rates = {
            one.task: one for one in found.measures
            if (one.name, one.side) == ("spasm_rate", "left")
        }  # fmt: skip
        assert list(rates) == ["guided", "rest", "smile"]
        assert rates["guided"].n == rates["rest"].n + rates["smile"].n == len(found.spasms)
        assert rates["rest"].observed_s == pytest.approx(6.0, abs=0.3)

    def test_the_command_measures_landmarks_as_it_does_videos(
        self, film: Path, tmp_path: Path
    ) -> None:
        write_points(tmp_path / "a.points", find_points(film))
        out = tmp_path / "out"
        result = CliRunner().invoke(
            main, ["measure", str(tmp_path / "a.points"), "--out", str(out)]
        )
        assert result.exit_code == 0, result.output
        assert (out / "a.html").exists()
