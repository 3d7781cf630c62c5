"""The plan of a virtual patient: seeded, in the stated ranges, and told truly."""

import itertools

import numpy as np
import pytest

from hemiface.errors import ConventionError
from hemiface.simulate.envelopes import EDGE_FRACTION
from hemiface.simulate.fields import CHANNELS
from hemiface.simulate.habits import draw_habits
from hemiface.simulate.plan import GAP_S, plan_spasms
from hemiface.simulate.schedule import Build, Schedule, row
from hemiface.simulate.severity import Severity
from hemiface.types import Side, Span

BUILD = Build({"left": 10.0, "right": 10.0}, np.eye(len(CHANNELS)))


def plan(
    seed: int, severity: Severity = "moderate", side: Side | None = "left", duration_s: float = 60.0
) -> Schedule:
    return plan_spasms(seed, side=side, severity=severity, duration_s=duration_s, build=BUILD)


def test_same_seed_same_spasms_and_another_seed_others() -> None:
    assert plan(7).events == plan(7).events
    assert plan(7).events != plan(8).events


def test_no_side_no_spasms() -> None:
    times = np.linspace(0, 60, 1801)
    assert plan(1, side=None).events == ()
    assert not plan(1, side=None).drives(times).any()


def test_other_side_mirrors_the_plan() -> None:
    left, right = plan(3, side="left"), plan(3, side="right")
    times = np.linspace(0, 60, 3601)
    half = len(CHANNELS) // 2
    assert [e.onset_s for e in left.events] == [e.onset_s for e in right.events]
    assert {e.side for e in right.events} == {"right"}
    np.testing.assert_array_equal(left.drives(times)[:half], right.drives(times)[half:])
    assert not left.drives(times)[half:].any()


@pytest.mark.parametrize(
    ("severity", "rate", "burden"),
    [
        ("mild", (2, 10), (0.002, 0.03)),
        ("moderate", (10, 60), (0.05, 0.20)),
        ("severe", (10, 40), (0.20, 0.60)),
    ],
)
def test_rates_and_burdens_lie_in_the_stated_ranges(
    severity: Severity, rate: tuple[float, float], burden: tuple[float, float]
) -> None:
    minutes, patients = 3, [plan(seed, severity, duration_s=180.0).events for seed in range(25)]
    rates = [len(events) / minutes for events in patients]
    burdens = [sum(e.duration_s for e in events) / (60 * minutes) for events in patients]
    assert rate[0] <= np.mean(rates) <= rate[1]
    assert burden[0] <= np.mean(burdens) <= burden[1]
    assert np.quantile(rates, 0.9) <= 1.1 * rate[1]


def test_severe_is_tonic_and_clonic_and_mild_only_clonic() -> None:
    kinds = {event.kind for seed in range(10) for event in plan(seed, "severe").events}
    assert kinds == {"clonic", "tonic"}
    assert all(e.duration_s < 0.5 for seed in range(10) for e in plan(seed, "mild").events)


def test_hard_events_below_one_millimetre_are_among_them() -> None:
    sizes = [e.amplitude_mm for seed in range(20) for e in plan(seed).events]
    assert min(sizes) >= 0.4
    assert 0.1 < np.mean(np.array(sizes) < 1.0) < 0.5


def test_spasms_rest_between_each_other() -> None:
    for seed in range(10):
        events = plan(seed, "severe").events
        rests = [b.onset_s - a.end_s for a, b in itertools.pairwise(events)]
        assert min(rests, default=1.0) >= GAP_S - 0.02


def test_truth_is_where_the_drive_crosses_the_edge_fraction() -> None:
    schedule = plan(5, "severe")
    times = np.arange(0, 60, 0.001)
    for one, event in zip(schedule.contractions, schedule.events, strict=True):
        first = row(one.muscles[0], "left")
        drive = one.drives(times)[first]
        above = times[drive >= EDGE_FRACTION * drive.max()]
        assert event.onset_s == pytest.approx(above[0], abs=0.002)
        assert event.end_s == pytest.approx(above[-1], abs=1 / 60 + 0.002)
        assert event.amplitude_mm == pytest.approx(max(one.drive_mm), rel=1e-3)
        assert event.muscles == one.muscles
        assert max(one.lag_s) <= 1 / 60
        assert list(one.lag_s) == sorted(one.lag_s)


def test_half_the_frames_same_seconds() -> None:
    schedule = plan(2)
    fine = schedule.drives(np.arange(0, 60, 1 / 60))
    np.testing.assert_allclose(fine[:, ::2], schedule.drives(np.arange(0, 60, 1 / 30)), atol=1e-9)


def test_spasms_stay_where_a_face_is_seen() -> None:
    observed = (Span(0.0, 4.0), Span(9.0, 20.0))
    schedule = plan_spasms(
        1, side="left", severity="severe", duration_s=20.0, build=BUILD, observed=observed
    )
    assert all(
        any(s.start_s <= e.onset_s and e.end_s <= s.end_s for s in observed)
        for e in schedule.events
    )
    assert not schedule.drives(np.linspace(4.0, 8.99, 500)).any()


def test_unknown_severity_is_refused_in_one_sentence() -> None:
    with pytest.raises(ConventionError, match="severity must be one of mild, moderate, severe"):
        plan(1, severity="awful")  # type: ignore[arg-type]


def test_blinks_close_both_eyes_at_the_stated_rate() -> None:
    habits = [draw_habits(seed, task="rest", duration_s=60.0) for seed in range(20)]
    rates = [len(one.blinks) for one in habits]
    assert 13 <= np.mean(rates) <= 21
    gaps = [abs(b.left_closure - b.right_closure) for one in habits for b in one.blinks]
    assert max(gaps) < 0.25


def test_habits_are_the_same_on_both_sides_but_for_a_natural_lean() -> None:
    drives = draw_habits(4, task="speak", duration_s=30.0).drives(np.arange(0, 30, 0.02))
    left, right = np.split(np.abs(drives).sum(axis=1), 2)
    moving = left > 0
    assert moving.any()
    assert np.all(np.abs(left[moving] / right[moving] - 1) < 0.6)


def test_a_resting_face_does_not_speak() -> None:
    habits = draw_habits(4, task="rest", duration_s=30.0)
    assert not habits.jaw(np.arange(0, 30, 0.02)).any()
