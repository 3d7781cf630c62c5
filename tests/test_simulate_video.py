"""Virtual patients on video: what is rendered is what the truth says, and nothing else moves."""

from collections.abc import Callable, Iterator
from pathlib import Path

import av
import numpy as np
import pytest
from numpy.typing import NDArray

from hemiface.errors import ConventionError, NoFaceError, OutputError, SourceError
from hemiface.simulate import State, simulate_onto, simulate_portrait
from hemiface.simulate.emg.recording import unseen_build
from hemiface.simulate.face.face import make_faces
from hemiface.simulate.face.fields import CHANNELS, side_weight
from hemiface.simulate.face.portrait import Portrait, read_portrait
from hemiface.simulate.face.warp import Box, contract, pixel_uv
from hemiface.simulate.film.encode import write_video
from hemiface.simulate.film.onto import plant
from hemiface.simulate.people.habits import draw_habits
from hemiface.simulate.people.mimics import plan_mimic
from hemiface.simulate.people.patient import draw_patient
from hemiface.simulate.people.plan import plan_spasms
from hemiface.simulate.people.schedule import make_build
from hemiface.track.landmarks import FaceLandmarker
from hemiface.types import SIDES, Channel, Side, Span, other_side

Image = NDArray[np.uint8]


@pytest.fixture(scope="module")
def landmarker() -> FaceLandmarker:
    return FaceLandmarker()


@pytest.fixture(scope="module")
def still(landmarker: FaceLandmarker) -> Portrait:
    return read_portrait(None, landmarker.detect, 320)


@pytest.fixture(scope="module")
def points(landmarker: FaceLandmarker, still: Portrait) -> NDArray[np.float32]:
    found = landmarker.detect(still.image)
    assert found is not None
    return found


def half_of(still: Portrait, side: Side) -> NDArray[np.bool_]:
    """Pixels on the far side of the midline from `side`."""
    height, width = still.image.shape[:2]
    uv = pixel_uv(still.face, Box(0, 0, width, height))
    return np.asarray(side_weight(still.face, side, uv) == 0.0)


@pytest.mark.parametrize("side", SIDES)
def test_the_other_half_is_untouched_bit_for_bit(still: Portrait, side: Side) -> None:
    skin = {channel: 3.0 for channel in CHANNELS if channel.side == side}
    moved = contract(still.image, still.face, skin, {side: 1.0})
    far = half_of(still, side)
    np.testing.assert_array_equal(moved[far], still.image[far])
    assert np.abs(moved[~far].astype(int) - still.image[~far]).max() > 50


def test_a_planted_zero_changes_nothing(still: Portrait) -> None:
    same = contract(still.image, still.face, {}, {"left": 0.0, "right": 0.0})
    np.testing.assert_array_equal(same, still.image)


@pytest.mark.parametrize("side", SIDES)
def test_the_tracker_sees_the_mouth_corner_move_on_the_right_side(
    landmarker: FaceLandmarker, still: Portrait, points: NDArray[np.float32], side: Side
) -> None:
    skin = {Channel("zygomaticus", side): 4.0, Channel("risorius", side): 3.0}
    found = landmarker.detect(contract(still.image, still.face, skin, {}))
    assert found is not None
    shift = found[:, :2] - points[:, :2]
    corner = {"left": 291, "right": 61}
    near, far = shift[corner[side]], shift[corner[other_side(side)]]
    assert np.linalg.norm(near) > 2 * np.linalg.norm(far)
    assert near[0] * (1 if side == "left" else -1) > 0


@pytest.mark.parametrize("side", SIDES)
def test_the_tracker_sees_that_eye_close(
    landmarker: FaceLandmarker, still: Portrait, side: Side
) -> None:
    found = landmarker.detect(contract(still.image, still.face, {}, {side: 0.9}))
    assert found is not None
    face = make_faces([found], np.zeros(1))[0]
    assert face is not None
    assert face.opening_mm(side) < 0.7 * face.opening_mm(other_side(side))


def test_planting_leaves_frames_without_a_spasm_as_they_are(
    still: Portrait, points: NDArray[np.float32]
) -> None:
    times = np.arange(60) / 30
    faces = make_faces([points] * 60, times)
    seen = [face for face in faces if face is not None]
    schedule = plan_spasms(1, side="right", severity="mild", duration_s=2.0, build=make_build(seen))
    active = schedule.drives(times).any(axis=0)
    planted = list(plant(((t, still.image) for t in times), faces, schedule))
    same = np.array([np.array_equal(image, still.image) for _, image in planted])
    assert active.any()
    assert not active.all()
    assert same[~active].all()
    far = half_of(still, "right")
    assert all(np.array_equal(image[far], still.image[far]) for _, image in planted)
    assert [time for time, _ in planted] == times.tolist()


def read(path: Path) -> list[tuple[float, Image]]:
    with av.open(str(path)) as container:
        return [
            (float(frame.time or 0.0), frame.to_ndarray(format="rgb24"))
            for frame in container.decode(video=0)
        ]


def test_a_portrait_comes_alive_reproducibly(landmarker: FaceLandmarker, tmp_path: Path) -> None:
    def make(name: str, side: str = "left") -> bytes:
        truth = simulate_portrait(
            tmp_path / name, seed=3, landmarks=landmarker.detect, side=side,  # type: ignore[arg-type]
            severity="severe", duration_s=2.0, fps=15.0, size=240,
        )  # fmt: skip
        assert truth.recording.n_frames == 30
        assert truth.recording.duration_s == pytest.approx(2.0)
        assert truth.affected_side == side
        assert truth.software["settings"]["simulated"] is True
        return (tmp_path / name).read_bytes()

    assert make("a.mp4") == make("b.mp4")
    assert make("c.mp4", "none") != make("d.mp4")
    frames = read(tmp_path / "a.mp4")
    assert len(frames) == 30
    assert frames[0][1].shape == (240, 240, 3)
    assert frames[1][0] == pytest.approx(1 / 15, abs=1e-4)


def test_truth_signals_and_measures_agree_with_the_spasms(
    landmarker: FaceLandmarker, tmp_path: Path
) -> None:
    told: list[float] = []
    truth = simulate_portrait(
        tmp_path / "p.mp4", seed=5, landmarks=landmarker.detect, side="right", severity="severe",
        task="rest", duration_s=4.0, fps=12.0, size=200, progress=told.append,
    )  # fmt: skip
    assert told == pytest.approx([n / 48 for n in range(1, 49)])
    by_name = {measure.name: measure for measure in truth.measures}
    assert by_name["spasm_rate"].value == pytest.approx(len(truth.spasms) * 15)
    busy_s = sum(spasm.duration_s for spasm in truth.spasms)
    assert by_name["burden"].value == pytest.approx(100 * busy_s / 4.0)
    assert by_name["burden"].side == "right"
    assert truth.signals is not None
    times = truth.signals.times_s
    for spasm in truth.spasms:
        inside = (times >= spasm.onset_s) & (times < spasm.end_s)
        assert inside.any()
        assert truth.signals.row(spasm.muscles[0], "right")[inside].max() > 0.1


@pytest.fixture
def clip(still: Portrait) -> Callable[[], Iterator[tuple[float, Image]]]:
    """A still clip of irregular frame times and odd size, its face hidden for a while."""
    times = np.cumsum(np.where(np.arange(75) % 3 == 0, 0.05, 0.03))

    def frames() -> Iterator[tuple[float, Image]]:
        for index, time_s in enumerate(times - times[0]):
            hidden = 30 <= index < 40
            image = np.zeros_like(still.image) if hidden else still.image
            yield float(time_s), np.ascontiguousarray(image[:-1, :-3])

    return frames


def test_planting_keeps_times_and_size_and_avoids_the_gap(
    landmarker: FaceLandmarker, clip: Callable[[], Iterator[tuple[float, Image]]], tmp_path: Path
) -> None:
    truth = simulate_onto(
        tmp_path / "o.mp4", seed=2, landmarks=landmarker.detect, frames=clip, source="clip.mp4",
        side="left", severity="severe",
    )  # fmt: skip
    frames = read(tmp_path / "o.mp4")
    asked = [time for time, _ in clip()]
    np.testing.assert_allclose([time for time, _ in frames], asked, atol=1e-4)
    assert frames[0][1].shape == (319, 317, 3)
    assert truth.blinks == ()
    assert truth.signals is not None
    assert np.isnan(truth.signals.values[:, 30:40]).all()
    assert truth.quality.observed_s < truth.recording.duration_s
    gap = (asked[30], asked[40])
    assert all(e.end_s <= gap[0] or e.onset_s >= gap[1] for e in truth.spasms)


def test_a_clip_without_a_face_is_refused(tmp_path: Path) -> None:
    def dark() -> Iterator[tuple[float, Image]]:
        yield 0.0, np.zeros((64, 64, 3), np.uint8)

    with pytest.raises(NoFaceError, match=r"must show a face; none was found in dark\.mp4"):
        simulate_onto(
            tmp_path / "o.mp4", seed=1, landmarks=lambda _: None, frames=dark, source="dark.mp4"
        )
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize(
    ("options", "sentence"),
    [
        ({"side": "up"}, "side must be one of left, right, none; got 'up'"),
        ({"severity": "awful"}, "severity must be one of"),
        ({"task": "sleep"}, "task must be one of"),
        ({"fps": 0.0}, "fps must be from 5 to 240 frames/s; got 0"),
        ({"duration_s": float("nan")}, "duration must be from 1 to"),
        ({"size": 7}, "size must be from 160 to 2160 px; got 7"),
        ({"seed": -1}, "seed must be from 0"),
    ],
)
def test_options_out_of_range_are_refused_in_one_sentence(
    options: dict[str, object], sentence: str, tmp_path: Path
) -> None:
    asked: dict[str, object] = {"seed": 1, "landmarks": lambda _: None, **options}
    with pytest.raises(ConventionError, match=sentence):
        simulate_portrait(tmp_path / "x.mp4", **asked)  # type: ignore[arg-type]


def test_bad_portraits_are_refused(tmp_path: Path) -> None:
    (tmp_path / "no.jpg").write_bytes(b"not an image")
    with pytest.raises(SourceError, match="must be a JPEG, PNG or TIFF image"):
        read_portrait(tmp_path / "no.jpg", lambda _: None, 320)
    with pytest.raises(SourceError, match="cannot be read"):
        read_portrait(tmp_path / "absent.jpg", lambda _: None, 320)
    with pytest.raises(NoFaceError, match="must show one face"):
        read_portrait(None, lambda _: None, 320)


def test_nothing_half_written_stays(tmp_path: Path) -> None:
    def breaks() -> Iterator[tuple[float, Image]]:
        yield 0.0, np.zeros((64, 64, 3), np.uint8)
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        write_video(tmp_path / "x.mp4", breaks(), rate_hz=30, crf=23)
    assert not list(tmp_path.iterdir())
    with pytest.raises(OutputError, match="cannot be written"):
        write_video(tmp_path / "absent" / "x.mp4", iter(()), rate_hz=30, crf=23)
    with pytest.raises(ConventionError, match="must end in"):
        write_video(tmp_path / "x.avi", iter(()), rate_hz=30, crf=23)


def test_a_mimic_moves_and_has_no_spasm_in_its_truth(
    landmarker: FaceLandmarker, tmp_path: Path
) -> None:
    truth = simulate_portrait(
        tmp_path / "both.mp4", seed=6, landmarks=landmarker.detect, condition="blepharospasm",
        side="left", task="rest", duration_s=4.0, fps=10.0, size=240,
    )  # fmt: skip
    assert truth.software["settings"]["condition"] == "blepharospasm"
    assert (truth.spasms, truth.affected_side) == ((), "none")
    assert truth.signals is not None
    shut = [truth.signals.row("orbicularis_oculi", side) for side in SIDES]
    assert np.minimum(*shut).max() > 0.4


def test_the_eye_follows_each_smile_after_a_palsy() -> None:
    habits = draw_habits(3, task="smile", duration_s=60.0)
    smiles = [movement for movement in habits.movements if movement.kind == "smile"]
    assert len(habits.movements) > len(smiles) > 3
    patient = draw_patient(3, condition="synkinesis", side="right")
    followed = plan_mimic(
        3, patient, build=unseen_build(), observed=(Span(0.0, 60.0),), movements=habits.movements
    )
    assert followed.events == ()
    onsets = np.array([one.envelope.onset_s for one in followed.contractions])
    for smile in smiles:
        assert np.abs(onsets - smile.onset_s).min() < 0.06


def test_treatment_leaves_fewer_spasms(landmarker: FaceLandmarker, tmp_path: Path) -> None:
    def count(state: State | None) -> int:
        truth = simulate_portrait(
            tmp_path / "treated.mp4", seed=7, landmarks=landmarker.detect, severity="severe",
            task="rest", duration_s=20.0, fps=5.0, size=160, state=state,
        )  # fmt: skip
        return len(truth.spasms)

    assert count(State(rate_factor=0.0)) == 0 < count(State())
