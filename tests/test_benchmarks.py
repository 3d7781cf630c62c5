"""The baselines' rules, and the scores, on signals small enough to know the answer."""

from dataclasses import replace

import numpy as np
import pytest
from benchmarks.baselines import (
    blink_mask,
    find_by_eye_rule,
    find_by_shapes,
    runs,
    shape_asymmetry,
    tune,
)
from benchmarks.clips import DATA, Plan
from benchmarks.faces import SHAPES, SUBSET, BlendShapes, FaceTraces, eye_apertures
from benchmarks.leak import respond
from benchmarks.plans import FULL, spasm_plans, still_plans
from benchmarks.real import Acted, Seen, read_events, score_real
from benchmarks.results import Row, Table, Target, write_results
from benchmarks.scores import pool, pool_small

from hemiface.types import Blink, Measurement, Quality, Recording, Span, Spasm

RATE_HZ, LENGTH_S = 60.0, 60.0
TIMES_S = np.arange(int(RATE_HZ * LENGTH_S)) / RATE_HZ


def traces(*, left=0.0, right=0.0, apertures=None):
    """Two eyes that blink apart by what is given; the other shapes rest."""
    none = np.zeros((2, len(TIMES_S)))
    blink = none + np.stack([left + none[0], right + none[1]])
    shapes = {name: none.copy() for name in SHAPES} | {"eyeBlink": blink}
    return FaceTraces(TIMES_S, shapes, none + 0.3 if apertures is None else apertures)


def closures(onsets_s, duration_s, depth):
    drive = np.zeros(len(TIMES_S))
    for onset_s in onsets_s:
        drive[(onset_s <= TIMES_S) & (onset_s + duration_s > TIMES_S)] = depth
    return drive


def noisy_eyes(seed):
    return 0.3 + 0.005 * np.random.default_rng(seed).standard_normal((2, len(TIMES_S)))


def test_the_eye_rule_finds_spasms_of_one_eye_and_their_side():
    onsets_s = np.arange(2.0, 58.0, 3.5)
    eyes = noisy_eyes(1)
    eyes[1] *= 1 - closures(onsets_s, 0.3, 0.8)
    found = find_by_eye_rule(traces(apertures=eyes))
    assert {event.side for event in found} == {"right"}
    for onset_s in onsets_s:
        assert any(abs(event.onset_s - onset_s) < 0.05 for event in found)


@pytest.mark.parametrize("seed", range(3))
def test_the_eye_rule_finds_false_spasms_in_noise(seed):
    """Its threshold falls with its signal: published behaviour, 20 to 105 a minute."""
    noise = np.random.default_rng(seed).standard_normal((2, len(TIMES_S)))
    slow = np.stack([np.convolve(row, np.ones(5) / 5, mode="same") for row in noise])
    found = find_by_eye_rule(traces(apertures=0.3 + 0.01 * slow))
    assert 15 < len(found) / (LENGTH_S / 60) < 200


def test_the_eye_rule_sets_blinks_aside():
    eyes = noisy_eyes(2)
    eyes *= 1 - closures(np.arange(1.0, 59.0, 4.0), 0.15, 0.9)
    eyes[0] *= 1 - closures([30.5], 0.4, 0.6)
    assert blink_mask(eyes[1]).sum() == pytest.approx(15 * 9, abs=15)
    strongest = max(find_by_eye_rule(traces(apertures=eyes)), key=lambda event: event.duration_s)
    assert strongest.side == "left"
    assert strongest.onset_s == pytest.approx(30.5, abs=0.05)


def test_a_long_closure_is_no_blink():
    eye = 0.3 * (1 - closures([10.0], 1.0, 0.9))
    assert not blink_mask(eye).any()


def test_shapes_give_the_side_by_sign():
    found = find_by_shapes(
        traces(left=closures([5.0], 0.5, 0.6), right=closures([20.0, 40.0], 0.3, 0.4)), 0.2
    )
    assert [event.side for event in found] == ["left", "right", "right"]
    assert [event.onset_s for event in found] == pytest.approx([5.0, 20.0, 40.0], abs=0.05)


def test_shapes_forgive_a_face_that_is_crooked_at_rest():
    assert find_by_shapes(traces(left=0.5), 0.1) == ()


def test_shapes_pass_over_both_eyes_closing():
    both = closures([5.0, 10.0], 0.3, 0.8)
    assert find_by_shapes(traces(left=both, right=both), 0.02) == ()


def test_a_frame_without_a_face_is_no_event():
    seen = traces(left=closures([5.0], 0.5, 0.6))
    seen.shapes["eyeBlink"][:, 600:660] = np.nan
    assert np.isnan(shape_asymmetry(seen)[600:660]).all()
    assert len(find_by_shapes(seen, 0.2)) == 1


def test_tuning_takes_the_threshold_that_scores_best():
    seen = [traces(left=closures([5.0], 0.5, 0.5) + closures([20.0], 0.5, 0.15))]
    best = tune(seen, lambda found: 1.0 if len(found[0]) == 1 else 0.0)
    assert best.f1 == 1.0
    assert 0.14 <= best.threshold <= 0.5


def test_runs_are_half_open():
    assert runs(np.array([True, True, False, True])) == [(0, 2), (3, 4)]
    assert runs(np.zeros(3, bool)) == []


def test_an_open_eye_has_the_aspect_of_its_height_over_its_width():
    points = np.zeros((478, 3), np.float32)
    eye = [(0, 0), (10, 5), (20, 5), (30, 0), (20, -5), (10, -5)]
    points[[33, 160, 158, 133, 153, 144], :2] = eye
    points[[362, 385, 387, 263, 373, 380], :2] = 2 * np.array(eye)
    assert eye_apertures(points) == pytest.approx((1 / 3, 1 / 3))


def test_the_network_reads_each_landmark_once():
    assert len(SUBSET) == len(set(SUBSET)) == 146
    assert max(SUBSET) == 477


def test_blend_shapes_are_mediapipes_own():
    stored = sorted((DATA / "real" / "landmarks" / "dev").glob("*.npz"))
    if not stored:
        pytest.skip("the stored landmarks are not here")
    network = BlendShapes()
    for path in stored[::6]:
        with np.load(path) as kept:
            points, shapes = kept["landmarks_px32"][:20], kept["blendshapes"][:20]
        found = np.array([network.read(face / np.float32(32)) for face in points])
        # The landmarks were stored to 1/32 px, the shapes in half precision.
        assert np.abs(found - shapes).max() < 0.01


def spasm(onset_s, duration_s=0.3, *, side="left", amplitude_mm=2.0):
    return Spasm(onset_s, duration_s, onset_s, side, "clonic", amplitude_mm, ())


def measurement(*spasms, blinks=(), observed_s=60.0):
    recording = Recording("r", "video", "r.mp4", "", 30.0, 60.0, 1800, 640, 640, None, "rest")
    quality = Quality(observed_s, 200.0)
    return Measurement(recording, "none", spasms, blinks, (), quality, {})


def test_pooling_counts_events_not_clips():
    truths = [measurement(spasm(1.0), spasm(5.0), spasm(9.0)), measurement()]
    found = [measurement(spasm(1.1), spasm(5.0), spasm(30.0, amplitude_mm=0.6)), measurement()]
    pooled = pool(found, truths)
    assert (pooled.n_truth, pooled.n_found, pooled.n_matched) == (3, 3, 2)
    assert pooled.f1 == pytest.approx(2 / 3)
    assert pooled.false_per_min == pytest.approx(0.5)
    assert pooled.onset_error_frames == pytest.approx(1.5)


def test_pooling_asks_nothing_of_small_spasms():
    pooled = pool([measurement(spasm(1.0))], [measurement(spasm(1.0, amplitude_mm=0.7))])
    assert (pooled.n_truth, pooled.n_found) == (0, 0)
    assert (
        pool_small([measurement(spasm(1.0))], [measurement(spasm(1.0, amplitude_mm=0.7))])[1] == 1
    )


def test_the_wrong_side_is_told():
    pooled = pool([measurement(spasm(1.0, side="right"))], [measurement(spasm(1.0))])
    assert pooled.side_right == 0.0
    assert pooled.f1 == 0.0


def test_leak_is_the_still_sides_share():
    moving = 2.0 * closures([10.0], 0.5, 1.0)
    response = respond(TIMES_S, moving[None], 0.1 * moving[None], spasm(10.0, 0.5))
    assert response.moving == pytest.approx(2.0, rel=0.01)
    assert response.together / response.moving == pytest.approx(0.1, rel=0.01)
    assert response.largest == pytest.approx(response.together, rel=0.01)


def test_acted_movements_are_set_apart():
    seen = Seen(acted=(Acted("left", Span(5.0, 5.5)), Acted("right", Span(20.0, 20.5))))
    found = measurement(spasm(5.1), spasm(20.1, side="left"), spasm(40.0))
    score = score_real([found], [seen])
    assert score.n_false == 1
    assert (score.n_acted_found, score.n_acted) == (1, 2)


def test_unclear_closures_are_neither_rewarded_nor_punished():
    blink, other, false = (Blink(at_s, 0.2, 1.0, 1.0) for at_s in (1.0, 5.0, 9.0))
    seen = Seen(blinks=(blink,), unclear=(Span(4.9, 5.3),))
    assert score_real([measurement(blinks=(blink, other))], [seen]).blinks_f1 == 1.0
    assert score_real([measurement(blinks=(blink, false))], [seen]).blinks_f1 < 1.0


def test_events_are_read_by_clip(tmp_path):
    table = tmp_path / "events.csv"
    table.write_text(
        "split,clip,event,side_subject,t_start_s,t_end_s\n"
        "dev,a,blink,both,1.0,1.2\n"
        "dev,a,wink_grimace,left,2.0,2.5\n"
        "dev,a,artefact,left,3.0,3.0\n"
        "dev,b,talk,both,0,9\n"
    )
    seen = read_events(table)
    assert len(seen["a"].blinks) == len(seen["a"].acted) == 1
    assert len(seen["a"].unclear) == 2
    assert seen["b"] == Seen()
    assert read_events(tmp_path / "none.csv") == {}


def test_results_say_what_is_missed(tmp_path):
    rows = (
        Row("found", 0.9, Target(0.8), (0.5, float("nan")), "10"),
        Row("false", 3.0, Target(1.0, at_least=False), (30.0,)),
        Row("unknown", float("nan"), Target(1.0)),
    )
    path = tmp_path / "RESULTS.md"
    write_results([Table("Spasms", "A note.", ("one", "two"), rows)], ["A remark."], path)
    found, false, unknown = path.read_text().split("| --- |\n")[1].splitlines()[:3]
    assert "reached" in found
    assert "+0.40" in found
    assert "**missed**" in false
    assert "+27.00" in false
    assert "not known" in unknown


def test_plans_differ_in_name_whenever_a_setting_does():
    one = Plan(9001, "left")
    names = {
        one.name,
        *(
            replace(one, **change).name
            for change in ({"seed": 9002}, {"side": "right"}, {"fps": 60.0}, {"task": "speak"})
        ),
    }
    assert len(names) == 5
    assert all(plan.seed >= 9000 for plan in spasm_plans(FULL, 30.0) + still_plans(FULL))
