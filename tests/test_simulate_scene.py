"""Scenes and habits: each adds what it says, where it says, and the truth knows of it."""

from pathlib import Path

import av
import numpy as np
import pytest
from click.testing import CliRunner
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

from hemiface.cli import main
from hemiface.errors import ConventionError
from hemiface.simulate import SCENES, Scene, parse_scene, simulate_portrait
from hemiface.simulate.face.face import EYE_LOWER, EYE_UPPER
from hemiface.simulate.face.gaze import look
from hemiface.simulate.face.glasses import fit_glasses
from hemiface.simulate.face.head import turn_head
from hemiface.simulate.face.mouth import drop_jaw, jaw_motion
from hemiface.simulate.face.portrait import Portrait, read_portrait
from hemiface.simulate.face.skin import crease
from hemiface.simulate.face.warp import Box, pixel_uv
from hemiface.simulate.film.camera import draw_camera
from hemiface.simulate.film.clock import draw_frame_times
from hemiface.simulate.film.rest import settle
from hemiface.simulate.film.shake import draw_shake, shake
from hemiface.simulate.people.habits import MANNERS, Habits, Task, draw_habits
from hemiface.simulate.people.schedule import row
from hemiface.track.landmarks import FaceLandmarker
from hemiface.types import SIDES, Channel, Measurement, Side, other_side

Image = NDArray[np.uint8]
CORNER: dict[Side, int] = {"left": 291, "right": 61}


@pytest.fixture(scope="module")
def still(landmarker: FaceLandmarker) -> Portrait:
    return read_portrait(None, landmarker.detect, 320)


def make(path: Path, landmarker: FaceLandmarker, scene: str, **options: object) -> Measurement:
    asked = {"seed": 3, "side": "left", "severity": "severe", "task": "rest", "duration_s": 1.0}
    asked |= {"fps": 15.0, "size": 200, "scene": parse_scene(scene)} | options
    return simulate_portrait(path, landmarks=landmarker.detect, **asked)  # type: ignore[arg-type]


def read(path: Path) -> list[tuple[float, Image, int]]:
    with av.open(str(path)) as container:
        return [
            (float(frame.time or 0.0), frame.to_ndarray(format="rgb24"), frame.rotation)
            for frame in container.decode(video=0)
        ]


@pytest.mark.parametrize("name", SCENES)
def test_a_scene_reads_as_it_is_written(name: str) -> None:
    assert parse_scene(name) == SCENES[name]
    assert parse_scene(str(SCENES[name])) == SCENES[name]


def test_later_settings_rule() -> None:
    scene = parse_scene("turned, palsy, yaw_deg=-5, uneven_side=right, glasses=yes")
    assert scene == Scene(
        yaw_deg=-5.0, opening_percent=15.0, droop_mm=3.0, weakness=0.6, uneven_side="right",
        glasses=True,
    )  # fmt: skip
    assert parse_scene("") == Scene()
    assert str(Scene()) == "plain"


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("fog", "A scene must be made of plain, .*; got 'fog'"),
        ("fog=1", "A setting of a scene must be one of light_drift, .*; got 'fog'"),
        ("yaw_deg=far", "yaw_deg of a scene must be a number; got 'far'"),
        ("glasses=maybe", "glasses of a scene must be yes or no; got 'maybe'"),
        ("crf=2.5", "crf of a scene must be a whole number"),
        ("yaw_deg=45", "yaw_deg of a scene must be from -20 to 20; got 45"),
        ("low_light=nan", "low_light of a scene must be from 0 to 1; got nan"),
        ("rotation_deg=45", "rotation_deg of a scene must be one of 0, 90, 180, 270; got 45"),
        ("uneven_side=up", "uneven_side of a scene must be one of left, right; got 'up'"),
        ("width=640", "must give both width and height or neither; got 640 and 0"),
    ],
)
def test_a_scene_that_cannot_be_is_refused_in_one_sentence(text: str, sentence: str) -> None:
    with pytest.raises(ConventionError, match=sentence):
        parse_scene(text)


def test_the_command_line_takes_scenes(tmp_path: Path) -> None:
    out = str(tmp_path / "x.mp4")
    bad = CliRunner().invoke(main, ["simulate", "video", out, "--seed", "1", "--scene", "fog"])
    assert bad.exit_code != 0
    assert "got 'fog'" in bad.output
    asked = ["--duration", "1", "--fps", "5", "--size", "160", "--task", "chew"]
    told = ["simulate", "video", out, "--seed", "1", "--scene", "palsy,yaw_deg=5", *asked]
    assert CliRunner().invoke(main, told).exit_code == 0
    truth = (tmp_path / "x.truth.json").read_text("utf-8")
    assert "yaw_deg=5,opening" not in truth
    assert str(parse_scene("palsy,yaw_deg=5")) in truth


@given(
    seed=st.integers(0, 1000),
    jitter=st.floats(0.0, 0.45),
    dropped=st.floats(0.0, 0.5),
    fps=st.sampled_from([24.0, 25.0, 30.0, 50.0, 60.0, 120.0]),
)
def test_frame_times_begin_at_zero_and_only_grow(
    seed: int, jitter: float, dropped: float, fps: float
) -> None:
    scene = Scene(jitter=jitter, dropped=dropped)
    times = draw_frame_times(seed, scene, duration_s=4.0, fps=fps)
    assert times[0] == 0.0
    assert (np.diff(times) > 0.0).all()
    assert times[-1] < 4.0
    assert np.abs(times * fps - np.rint(times * fps)).max() <= jitter + 1e-3
    assert (len(times) == 4.0 * fps) == (dropped == 0.0) or dropped > 0.0


@pytest.mark.parametrize("fps", [24.0, 25.0, 30.0, 50.0, 60.0, 120.0])
def test_a_steady_beat_is_even(fps: float) -> None:
    times = draw_frame_times(1, Scene(), duration_s=2.0, fps=fps)
    np.testing.assert_array_equal(times, np.arange(2 * fps) / fps)


def test_irregular_times_and_the_turned_picture_are_in_the_file(
    landmarker: FaceLandmarker, tmp_path: Path
) -> None:
    path = tmp_path / "v.mp4"
    truth = make(path, landmarker, "variable,sideways,width=320,height=240", duration_s=3.0)
    frames = read(path)
    assert truth.signals is not None
    assert len(frames) == truth.recording.n_frames < 45
    np.testing.assert_allclose([t for t, _, _ in frames], truth.signals.times_s, atol=1e-4)
    assert truth.recording.duration_s == pytest.approx(3.0)
    assert (truth.recording.width, truth.recording.height) == (320, 240)
    _, stored, turn = frames[0]
    assert stored.shape == (320, 240, 3)
    assert turn == 90
    upright = np.ascontiguousarray(np.rot90(stored, 1))
    points = landmarker.detect(upright)
    assert points is not None
    assert points[10, 1] < points[152, 1]  # the forehead is above the chin
    assert points[33, 0] < points[263, 0]  # and the picture is not mirrored


def test_the_same_scene_gives_the_same_file(landmarker: FaceLandmarker, tmp_path: Path) -> None:
    everything = "phone,glasses,palsy,turned,light_drift,light_step,width=300,height=240,crf=30"
    first = make(tmp_path / "a.mp4", landmarker, everything, task="chew")
    again = make(tmp_path / "b.mp4", landmarker, everything, task="chew")
    plain = make(tmp_path / "c.mp4", landmarker, "plain", task="chew")
    assert (tmp_path / "a.mp4").read_bytes() == (tmp_path / "b.mp4").read_bytes()
    assert first.software["settings"] == again.software["settings"]
    assert first.software["settings"]["scene"] == str(parse_scene(everything))
    assert plain.software["settings"]["scene"] == "plain"
    assert [e.onset_s for e in first.spasms] == [e.onset_s for e in plain.spasms]


def test_a_frame_is_larger_than_the_portrait(landmarker: FaceLandmarker, still: Portrait) -> None:
    wide = read_portrait(None, landmarker.detect, 320, (800, 450))
    assert wide.image.shape == (450, 800, 3)
    assert wide.face.px_per_mm == pytest.approx(still.face.px_per_mm, rel=0.03)
    np.testing.assert_allclose(wide.face.origin - still.face.origin, (240, 65), atol=4.0)
    with pytest.raises(ConventionError, match="must hold the portrait of 320 px; got 300x400"):
        read_portrait(None, landmarker.detect, 320, (300, 400))


@pytest.mark.parametrize("side", SIDES)
def test_a_resting_face_is_uneven_on_one_side_only(still: Portrait, side: Side) -> None:
    scene = Scene(uneven_side=side, opening_percent=20.0, droop_mm=3.0)
    uneven = settle(still, scene)
    wider = uneven.face.opening_mm(side) / still.face.opening_mm(side)
    assert wider == pytest.approx(1.2, abs=0.03)
    moved = uneven.face.uv - still.face.uv
    assert moved[CORNER[side], 1] == pytest.approx(-3.0, abs=0.01)
    height, width = still.image.shape[:2]
    uv = pixel_uv(still.face, Box(0, 0, width, height))
    away = (uv[..., 0] - still.face.midline(uv[..., 1])) * (1 if side == "left" else -1)
    np.testing.assert_array_equal(uneven.image[away < 0], still.image[away < 0])
    other = other_side(side)
    rows = [CORNER[other], *EYE_UPPER[other], *EYE_LOWER[other]]
    np.testing.assert_array_equal(moved[rows], 0.0)


@pytest.mark.parametrize(
    ("scene", "lost_mm"), [(Scene(ptosis_mm=2.0), 2.0), (Scene(opening_percent=-20.0), None)]
)
def test_a_lid_hangs_by_what_was_asked(
    landmarker: FaceLandmarker, still: Portrait, scene: Scene, lost_mm: float | None
) -> None:
    before = still.face.opening_mm("left")
    hanging = settle(still, scene)
    assert before - hanging.face.opening_mm("left") == pytest.approx(
        lost_mm or 0.2 * before, rel=0.1
    )
    changed = (hanging.image != still.image).any(axis=2)
    assert 0 < changed.mean() < 0.05


def test_the_plain_scene_leaves_the_portrait_as_it_is(still: Portrait) -> None:
    same = settle(still, Scene())
    np.testing.assert_array_equal(same.image, still.image)
    np.testing.assert_array_equal(same.face.uv, still.face.uv)


def test_weakness_takes_voluntary_movement_and_blinks_from_one_side(
    landmarker: FaceLandmarker, tmp_path: Path
) -> None:
    asked = {"task": "speak", "side": "none", "duration_s": 6.0, "fps": 5.0, "size": 160}
    truth = make(tmp_path / "w.mp4", landmarker, "weakness=1,uneven_side=right", **asked)
    assert truth.signals is not None
    risorius = {side: truth.signals.row("risorius", side) for side in SIDES}
    assert np.ptp(risorius["left"]) > 2 * np.ptp(risorius["right"])  # the jaw moves both
    assert truth.blinks
    assert all(one.right_closure < 0.6 * one.left_closure for one in truth.blinks)


def test_light(still: Portrait) -> None:
    times = np.arange(300) / 30

    def brightness(scene: Scene) -> NDArray[np.float64]:
        return draw_camera(1, (32, 32), times, scene).light.mean(axis=0)

    plain = brightness(Scene())
    assert brightness(Scene(low_light=1.0)) == pytest.approx(0.25 * plain)
    drift = brightness(Scene(light_drift=0.3)) / plain
    assert drift.min() == pytest.approx(0.7, abs=0.01)
    assert np.abs(np.diff(drift)).max() < 0.02
    step = brightness(Scene(light_step=-0.4)) / plain
    assert set(np.round(step, 6)) == {1.0, 0.6}
    noisy, calm = (draw_camera(1, (32, 32), times, Scene(low_light=x)).noise for x in (1.0, 0.0))
    assert (noisy > 3 * calm).all()


def test_a_hand_shakes_the_picture_but_a_tripod_does_not(still: Portrait) -> None:
    times = np.arange(600) / 30
    moves = draw_shake(1, Scene(shake_mm=2.0), times)
    assert moves[:2].std() == pytest.approx(2.0, rel=0.4)
    assert not draw_shake(1, Scene(), times).any()
    one_px = np.array([1.0, 0.0, 0.0])
    moved = shake(still.image, one_px, 5.0)
    np.testing.assert_array_equal(moved[:, 5:], still.image[:, :-5])


def test_glasses_are_worn_before_the_eyes_and_the_face_is_still_found(
    landmarker: FaceLandmarker, still: Portrait
) -> None:
    worn = fit_glasses(still.image, still.face).put_on(still.image)
    changed = (worn != still.image).any(axis=2)
    rows = np.flatnonzero(changed.any(axis=1))
    eyes_y, mouth_y = still.face.to_px(still.face.uv[[168, 13]])[:, 1]
    assert rows[0] < eyes_y < rows[-1] < mouth_y
    points = landmarker.detect(worn)
    assert points is not None
    expected = still.face.to_px(still.face.uv)
    assert np.abs(points[CORNER["left"], :2] - expected[CORNER["left"]]).max() < 6.0


@pytest.mark.parametrize("to_left_mm", [-2.0, 2.0])
def test_the_iris_moves_and_the_lids_stay(
    landmarker: FaceLandmarker, still: Portrait, to_left_mm: float
) -> None:
    looking = look(still.image, still.face, np.array([to_left_mm, 0.0]))
    points = landmarker.detect(looking)
    assert points is not None
    moved = still.face.to_uv(points[:, :2].astype(float)) - still.face.uv
    irises = moved[[473, 468], 0] - moved[[33, 133, 263, 362], 0].mean()
    assert (np.sign(irises) == np.sign(to_left_mm)).all()
    assert np.abs(irises).min() > 0.4  # the tracker sees less than there is
    eyes = still.face.uv[[*EYE_UPPER["left"], *EYE_LOWER["left"]]]
    height, width = still.image.shape[:2]
    uv = pixel_uv(still.face, Box(0, 0, width, height))
    outside = (uv[..., 1] > eyes[:, 1].max() + 1.0) | (uv[..., 1] < eyes[:, 1].min() - 2.0)
    np.testing.assert_array_equal(looking[outside], still.image[outside])
    np.testing.assert_array_equal(look(still.image, still.face, np.zeros(2)), still.image)


@pytest.mark.parametrize("side", SIDES)
def test_creases_deepen_with_contraction_and_on_one_side(still: Portrait, side: Side) -> None:
    def darkness(mm: float) -> float:
        made = crease(
            still.image, still.face, {Channel("orbicularis_oculi_lower", side): mm}, {side: 1.0}
        )
        difference = still.image.astype(int) - made
        height, width = still.image.shape[:2]
        u = pixel_uv(still.face, Box(0, 0, width, height))[..., 0]
        assert not difference[u * (1 if side == "left" else -1) < 0].any()
        return float(np.clip(difference, 0, None).sum())

    assert 0.0 < darkness(0.5) < darkness(2.0)
    assert darkness(2.0) == darkness(9.0)
    assert crease(still.image, still.face, {}, {side: 1.0}) is still.image


def habits_of(task: Task, minutes: float = 10.0, seed: int = 1) -> Habits:
    return draw_habits(seed, task=task, duration_s=60.0 * minutes)


def test_blinks_come_as_often_as_published() -> None:
    """Bentivoglio 1997, Mov Disord: 17 a minute at rest, 26 speaking, 4.5 reading."""
    published: dict[Task, float] = {"rest": 17.0, "speak": 26.0, "read": 4.5}
    for task, per_min in published.items():
        assert len(habits_of(task, 20.0).blinks) / 20.0 == pytest.approx(per_min, rel=0.2)


def test_chewing_goes_round_at_its_own_rhythm_with_the_lips_shut(still: Portrait) -> None:
    habits = habits_of("chew", 2.0)
    jaw = habits.jaw(np.arange(0.0, 120.0, 0.01))
    spectrum = np.abs(np.fft.rfft(jaw - jaw.mean()))
    peak_hz = np.fft.rfftfreq(len(jaw), 0.01)[np.argmax(spectrum * (np.arange(len(spectrum)) > 60))]
    assert 0.9 < peak_hz < 1.7
    assert habits.parted == 0.0
    lip, chin = still.face.uv[[17, 152]] - (0.0, 0.5)
    assert jaw_motion(still.face, chin, parted=0.0) > 0.8
    assert jaw_motion(still.face, lip, parted=0.0) < 0.5 * jaw_motion(still.face, lip)
    shut = drop_jaw(still.image, still.face, 4.0, parted=0.0)
    parted = drop_jaw(still.image, still.face, 4.0)
    inner = np.rint(still.face.to_px(still.face.uv[14] - (0.0, 1.5))).astype(int)
    assert parted[inner[1], inner[0]].sum() < 0.7 * shut[inner[1], inner[0]].sum()


def test_a_sneeze_shuts_both_eyes_long_nods_and_is_no_blink() -> None:
    habits = habits_of("sneeze", 3.0)
    assert 5 <= len(habits.sneezes) <= 20
    blinks = {one.onset_s for one in habits.blinks}
    for sneeze in habits.sneezes:
        shape = sneeze.envelope
        assert round(shape.onset_s, 4) not in blinks
        assert 0.5 < shape.offset_s - shape.onset_s < 1.2
        closing = habits.closing(np.array([shape.peak_s]))
        assert all(closing[side][0] > 0.99 for side in SIDES)
        pitch = habits.head.at(np.linspace(shape.onset_s, shape.offset_s, 50))[0][1]
        assert pitch.max() - pitch.min() > 4.0
    assert not habits_of("rest", 3.0).sneezes


def test_reading_eyes_run_along_lines_and_look_down() -> None:
    gaze = habits_of("read", 1.0).gaze(np.arange(0.0, 60.0, 0.01))
    assert gaze[1].max() < -0.5
    assert gaze[0].max() > 1.5
    assert gaze[0].min() < -1.5
    assert np.median(np.diff(gaze[0, ::25])) < 0.0  # text runs from the reader's left to the right


@pytest.mark.parametrize("task", MANNERS)
def test_every_task_stays_within_what_a_face_can_do(task: Task) -> None:
    habits = habits_of(task, 2.0)
    times = np.arange(0.0, 120.0, 1 / 30)
    assert habits.jaw(times).min() >= 0.0
    assert habits.jaw(times).max() < 16.0
    assert np.abs(habits.gaze(times)).max() < 3.0
    assert all(shut.min() >= 0.0 and shut.max() <= 1.0 for shut in habits.closing(times).values())
    lids = habits.drives(times)[row("orbicularis_oculi_upper", "left")]
    assert not lids.any()  # lids are moved by closing, not as skin


def test_a_head_that_does_not_turn_leaves_the_picture(still: Portrait) -> None:
    same = turn_head(still.image, still.head, np.zeros(3), np.zeros(3))
    np.testing.assert_array_equal(same, still.image)
