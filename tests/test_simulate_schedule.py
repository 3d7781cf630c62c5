"""The plan of a virtual patient: seeded, in the stated ranges, and told truly."""

import itertools
from collections import Counter
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hemiface.errors import ConventionError
from hemiface.simulate.face.fields import CHANNELS
from hemiface.simulate.people.envelopes import EDGE_FRACTION, draw_train
from hemiface.simulate.people.habits import draw_habits
from hemiface.simulate.people.patient import Patient, draw_patient
from hemiface.simulate.people.plan import plan_spasms
from hemiface.simulate.people.process import GAP_S, amplitudes_mm, draw_marks
from hemiface.simulate.people.schedule import Build, Schedule, row
from hemiface.simulate.people.severity import STAGES, Severity
from hemiface.simulate.people.state import State
from hemiface.simulate.people.triggers import DELAY_S, Movement
from hemiface.types import Side, Span, Spasm

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


def of(patient: Patient, seed: int, state: State | None = None, **more: object) -> Schedule:
    return plan_spasms(
        seed, side=patient.side, severity=patient.severity, duration_s=60.0, build=BUILD,
        patient=patient, state=state, **more,  # type: ignore[arg-type]
    )  # fmt: skip


def group(state: State, severity: Severity = "moderate", n: int = 60) -> list[Spasm]:
    schedules = [of(draw_patient(seed, severity=severity), seed, state) for seed in range(n)]
    return [event for schedule in schedules for event in schedule.events]


@settings(deadline=None, max_examples=60)
@given(
    seed=st.integers(0, 10_000),
    severity=st.sampled_from(["mild", "moderate", "severe"]),
    ends=st.lists(st.floats(0.0, 60.0), min_size=2, max_size=6, unique=True),
    factor=st.floats(0.0, 4.0),
)
def test_spasms_of_any_patient_and_state_keep_the_rules(
    seed: int, severity: Severity, ends: list[float], factor: float
) -> None:
    edges = sorted(ends)[: len(ends) // 2 * 2]
    spans = tuple(Span(a, b) for a, b in zip(edges[::2], edges[1::2], strict=True))
    patient = draw_patient(seed, severity=severity)
    events = of(patient, seed, State(rate_factor=factor), observed=spans).events
    assert all(event.side == patient.side for event in events)
    assert all(any(s.start_s <= e.onset_s and e.end_s <= s.end_s for s in spans) for e in events)
    assert all(
        b.onset_s - a.end_s >= GAP_S - 0.02 for a, b in itertools.pairwise(events)
        if any(s.start_s <= a.onset_s and b.end_s <= s.end_s for s in spans)
    )  # fmt: skip


def test_without_a_state_there_is_at_least_one_spasm() -> None:
    for seed in range(40):
        assert len(plan(seed, "mild", duration_s=2.0).events) >= 1
    spans = (Span(0.0, 0.3), Span(1.0, 3.0))
    schedule = plan_spasms(
        1, side="left", severity="mild", duration_s=3.0, build=BUILD, observed=spans
    )
    assert all(event.onset_s >= 1.0 for event in schedule.events)
    assert schedule.events


def test_nothing_seen_nothing_planned() -> None:
    schedule = plan_spasms(
        1, side="left", severity="mild", duration_s=3.0, build=BUILD, observed=()
    )
    assert schedule.events == ()


def test_the_rate_follows_its_factor() -> None:
    whole, half = len(group(State())), len(group(State(rate_factor=0.5)))
    assert half / whole == pytest.approx(0.5, abs=0.08)
    assert group(State(rate_factor=0.0)) == []


def test_sleep_leaves_a_third_of_the_spasms_and_never_none() -> None:
    assert len(group(State(asleep=True))) / len(group(State())) == pytest.approx(0.3, abs=0.06)


def test_a_trigger_works_on_whom_it_works() -> None:
    calm = draw_patient(1, severity="mild")
    tense = replace(calm, sensitivity=calm.sensitivity | {"stress": 3.0})
    steady = replace(calm, sensitivity=calm.sensitivity | {"stress": 1.0})
    stressed = State(stress=1.0)
    counts = {
        name: sum(len(of(one, seed, stressed).events) for seed in range(60))
        for name, one in (("tense", tense), ("steady", steady))
    }
    assert counts["tense"] / counts["steady"] == pytest.approx(3.0, rel=0.25)


def test_the_amplitude_follows_its_factor_and_the_times_do_not() -> None:
    patient = draw_patient(2, severity="severe")
    whole, third = of(patient, 2, State()), of(patient, 2, State(amplitude_factor=1 / 3))
    for one, weak in zip(whole.events, third.events, strict=True):
        assert weak.amplitude_mm == pytest.approx(one.amplitude_mm / 3, abs=1e-3)
        assert (weak.onset_s, weak.duration_s) == (one.onset_s, one.duration_s)


def test_a_spasm_spreads_from_the_lower_lid_on() -> None:
    order = [muscle for stage in STAGES for muscle in stage] + ["frontalis"]
    patient = replace(draw_patient(3, severity="severe"), atypical=False)
    for event in of(patient, 3).events:
        ranks = [order.index(muscle) for muscle in event.muscles]
        assert ranks == sorted(ranks)
        assert ranks[0] == 0


def test_an_atypical_face_spares_the_eye() -> None:
    patient = replace(draw_patient(3, severity="moderate"), atypical=True)
    muscles = {muscle for event in of(patient, 3).events for muscle in event.muscles}
    assert muscles
    assert not any(muscle.startswith("orbicularis_oculi") for muscle in muscles)


def test_the_brow_lifts_only_with_a_closing_eye_of_those_who_have_the_sign() -> None:
    lifted = 0
    for seed in range(40):
        patient = draw_patient(seed, severity="moderate")
        for event in of(patient, seed).events:
            if "frontalis" in event.muscles:
                lifted += 1
                assert patient.other_babinski
                assert "orbicularis_oculi_upper" in event.muscles
    assert lifted > 20


def test_grouped_spasms_come_in_clusters_and_isolated_ones_do_not() -> None:
    def dispersion(cluster: float) -> float:
        patient = replace(draw_patient(1, severity="mild", side="left"), cluster=cluster)
        counts = [len(of(patient, seed, State()).events) for seed in range(150)]
        return float(np.var(counts) / np.mean(counts))

    assert 0.6 < dispersion(1.0) < 1.4
    assert dispersion(5.0) > 3.0


def test_closing_the_eyes_provokes_a_spasm_at_once_in_the_sensitive() -> None:
    closures = tuple(Movement("eye_closure", 10.0 * i, 1.0) for i in range(6))
    patient = draw_patient(1, severity="mild", side="left")
    provoked = Counter[float]()
    for factor in (1.0, 2.5):
        own = replace(patient, sensitivity=patient.sensitivity | {"eye_closure": factor})
        for seed in range(40):
            events = of(own, seed, State(), movements=closures).events
            provoked[factor] += sum(
                any(0.0 <= e.onset_s - c.onset_s - DELAY_S[0] <= 1.0 for e in events)
                for c in closures
            )
    assert provoked[2.5] > 0.5 * 240
    assert provoked[1.0] < 0.25 * 240


def test_visits_and_videos_draw_from_the_same_process() -> None:
    drawn: list[tuple[float, float]] = []
    for seed in range(40):
        patient = draw_patient(seed, severity="moderate", side="left")
        rng = np.random.default_rng([seed, 1])
        marks = draw_marks(rng, patient, State(), Span(0.0, 60.0))
        sizes, events = (
            amplitudes_mm(marks, patient, State(), 10.0),
            of(patient, seed, State()).events,
        )
        assert len(marks) == len(events)
        drawn.append((float(sizes.sum()), sum(event.amplitude_mm for event in events)))
    counted, planned = np.sum(drawn, axis=0)
    assert counted == pytest.approx(planned, rel=0.03)


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


def test_a_run_jerks_5_to_20_times_a_second() -> None:
    from scipy.signal import find_peaks

    for seed in range(30):
        shape = draw_train(np.random.default_rng(seed), 1.0)
        peaks = find_peaks(shape.values, prominence=0.03)[0]
        assert len(peaks) <= 21
        assert np.diff(peaks).max(initial=0.0) <= 500
