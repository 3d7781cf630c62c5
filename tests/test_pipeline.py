"""A film in, a measurement out: what must hold whatever the parts do."""

from collections.abc import Callable
from pathlib import Path

import jsonschema
import numpy as np
import pytest
from numpy.typing import NDArray

import hemiface
from film import Film
from hemiface import pipeline
from hemiface.agreement import compare
from hemiface.errors import NoFaceError, TooLittleError
from hemiface.report.document import read_schema, to_document
from hemiface.signals import measure_contraction
from hemiface.simulate.face.portrait import Portrait
from hemiface.spasms import detect_spasms
from hemiface.types import Measurement, other_side

Image = NDArray[np.uint8]
WriteFilm = Callable[[Path, list[Image], float], Path]


@pytest.fixture(scope="module")
def whole(severe_left: Film) -> Measurement:
    """The patient at 60 frames a second."""
    return hemiface.measure(severe_left.path)


@pytest.fixture(scope="module")
def halved_film(
    severe_left: Film, write_film: WriteFilm, tmp_path_factory: pytest.TempPathFactory
) -> Path:
    path = tmp_path_factory.mktemp("halved") / "halved.mp4"
    return write_film(path, list(severe_left.pictures())[::2], 30.0)


@pytest.fixture(scope="module")
def halved(halved_film: Path) -> Measurement:
    """The same film with every other frame left out."""
    return hemiface.measure(halved_film)


@pytest.mark.slow
class TestSeverePatient:
    def test_is_affected_on_the_left(self, whole: Measurement, severe_left: Film) -> None:
        assert severe_left.truth.affected_side == "left"
        assert whole.affected_side == "left"
        assert {spasm.side for spasm in whole.spasms} == {"left"}

    def test_has_the_spasms_that_were_simulated(
        self, whole: Measurement, severe_left: Film
    ) -> None:
        agreement = compare(whole, severe_left.truth)

        assert agreement.bands[-1].f1 >= 0.8
        assert agreement.onset_error_median_s <= 1.5 / 60
        assert agreement.side_agreement == 1.0

    def test_says_what_was_measured(self, whole: Measurement, severe_left: Film) -> None:
        recording = whole.recording

        assert recording.source == severe_left.path.name
        assert (recording.width, recording.height) == (360, 360)
        assert recording.n_frames == 600
        assert recording.duration_s == pytest.approx(10.0, abs=1 / 60)
        assert recording.rate_hz == pytest.approx(60.0)
        assert whole.software["version"] == hemiface.__version__
        assert set(whole.software["settings"]) >= {"threshold", "iris_model_sha256"}
        assert whole.signals is not None
        assert whole.signals.values.shape[1] == 600

    def test_fits_the_published_schema(self, whole: Measurement) -> None:
        jsonschema.validate(to_document(whole), read_schema())

    def test_has_its_spasms_within_what_was_observed(self, whole: Measurement) -> None:
        assert 0 < whole.quality.observed_s <= whole.recording.duration_s + 1e-6
        for spasm in whole.spasms:
            assert 0 <= spasm.onset_s <= spasm.peak_s <= spasm.end_s
            assert spasm.end_s <= whole.recording.duration_s

    def test_at_half_the_frame_rate_has_the_same_seconds(
        self, whole: Measurement, halved: Measurement
    ) -> None:
        """Spasms that both see begin and end within one frame of the slower film."""
        pairs = [
            (a, b)
            for a in whole.spasms
            for b in halved.spasms
            if min(a.end_s, b.end_s) - max(a.onset_s, b.onset_s) > 0
        ]
        assert len(pairs) >= 0.7 * len(whole.spasms)
        assert len(pairs) >= 0.7 * len(halved.spasms)
        assert np.median([abs(a.onset_s - b.onset_s) for a, b in pairs]) <= 1 / 30
        assert np.median([abs(a.end_s - b.end_s) for a, b in pairs]) <= 1 / 30
        assert halved.recording.duration_s == pytest.approx(10.0, abs=1 / 30)
        assert halved.affected_side == "left"

    def test_in_a_mirror_is_affected_on_the_other_side(
        self, halved_film: Path, halved: Measurement
    ) -> None:
        mirror = hemiface.measure(halved_film, mirrored=True)

        assert mirror.affected_side == "right"
        assert mirror.recording.mirrored is True
        assert halved.recording.mirrored is None
        assert {spasm.side for spasm in mirror.spasms} == {
            other_side(spasm.side) for spasm in halved.spasms
        }

    def test_measured_again_is_the_same(self, halved_film: Path, halved: Measurement) -> None:
        again = hemiface.measure(halved_film)

        assert to_document(again) == to_document(halved)
        assert again.signals is not None
        assert halved.signals is not None
        np.testing.assert_array_equal(again.signals.values, halved.signals.values)


def test_the_stages_one_by_one_give_what_the_pipeline_gives(
    face: Portrait, write_film: WriteFilm, tmp_path: Path
) -> None:
    path = write_film(tmp_path / "still.mp4", [face.image] * 40, 30.0)
    told: list[float] = []

    track, notices = pipeline.track_video(path, task="speak", mirrored=False)
    signals = measure_contraction(track)
    joined = pipeline.assemble(track, signals, detect_spasms(signals), notices)
    whole = hemiface.measure(path, task="speak", mirrored=False, progress=told.append)

    assert to_document(joined) == to_document(whole)
    assert whole.recording.task == "speak"
    assert whole.recording.mirrored is False
    assert told == sorted(told)
    assert told[-1] == pytest.approx(1.0, abs=0.05)


def test_a_still_picture_has_no_spasm(
    face: Portrait, write_film: WriteFilm, tmp_path: Path
) -> None:
    """Six seconds of sensor noise and nothing else."""
    rng = np.random.default_rng(0)
    pictures = [
        np.clip(face.image + rng.normal(0, 4, face.image.shape), 0, 255).astype(np.uint8)
        for _ in range(180)
    ]
    found = hemiface.measure(write_film(tmp_path / "noise.mp4", pictures, 30.0))

    assert found.spasms == ()
    assert found.blinks == ()
    assert found.affected_side == "none"
    assert found.quality.observed_s == pytest.approx(6.0, abs=0.1)


def test_a_face_that_goes_and_comes_back_leaves_a_gap(
    face: Portrait, write_film: WriteFilm, tmp_path: Path
) -> None:
    empty = np.full_like(face.image, 128)
    pictures = [face.image] * 60 + [empty] * 45 + [face.image] * 60
    found = hemiface.measure(write_film(tmp_path / "gap.mp4", pictures, 30.0))

    assert found.quality.observed_s == pytest.approx(4.0, abs=0.2)
    assert "face_lost" in {notice.code for notice in found.quality.warnings}
    assert found.spasms == ()


def test_a_face_that_comes_late_makes_no_stray_warning(
    face: Portrait, write_film: WriteFilm, tmp_path: Path
) -> None:
    empty = np.full_like(face.image, 128)
    pictures = [empty] * 120 + [face.image] * 60
    found = hemiface.measure(write_film(tmp_path / "late.mp4", pictures, 30.0))

    assert found.quality.observed_s == pytest.approx(2.0, abs=0.2)
    assert found.affected_side == "undetermined"


def test_no_face_is_refused(write_film: WriteFilm, tmp_path: Path) -> None:
    path = write_film(tmp_path / "wall.mp4", [np.full((240, 320, 3), 128, np.uint8)] * 35, 30.0)

    with pytest.raises(NoFaceError, match="A face must be visible; none was found in any frame"):
        hemiface.measure(path)


@pytest.mark.parametrize(
    ("n_frames", "sentence"),
    [(35, "at least 60 px apart"), (12, "must last at least 1 s")],
    ids=["small face", "short"],
)
def test_too_little_is_refused(
    n_frames: int, sentence: str, face: Portrait, write_film: WriteFilm, tmp_path: Path
) -> None:
    small = np.zeros((240, 240, 3), np.uint8)
    small[50:190, 50:190] = _shrunk(face.image, 140)
    picture = small if n_frames == 35 else face.image
    path = write_film(tmp_path / "little.mp4", [picture] * n_frames, 30.0)

    with pytest.raises(TooLittleError, match=sentence):
        hemiface.measure(path)


def _shrunk(image: Image, size: int) -> Image:
    import cv2

    return np.asarray(cv2.resize(image, (size, size), interpolation=cv2.INTER_AREA), np.uint8)


def test_importing_measure_from_the_front_door_is_the_pipelines() -> None:
    assert hemiface.measure is pipeline.measure
    with pytest.raises(AttributeError, match="no attribute 'measures_'"):
        hemiface.measures_  # noqa: B018
