"""Virtual patients as a group have the published shares; each is the same for the same seed."""

import json
from collections import Counter
from dataclasses import asdict

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hemiface.errors import ConventionError
from hemiface.simulate.people.epidemiology import CONDITIONS, Condition
from hemiface.simulate.people.patient import Patient, draw_patient
from hemiface.simulate.people.severity import PROFILES, Severity
from hemiface.simulate.people.state import SLEEP_FACTOR, State
from hemiface.simulate.people.triggers import (
    TRIGGER_OF_TASK,
    Movement,
    draw_sensitivity,
    provocation,
    rate_factor,
)

N = 3000


@pytest.fixture(scope="module")
def many() -> list[Patient]:
    return [draw_patient(seed) for seed in range(N)]


def within_chance(count: int, share: float, n: int = N) -> bool:
    """Say whether a count lies where a binomial one does 9 999 times of 10 000."""
    return abs(count - n * share) <= 3.9 * np.sqrt(n * share * (1.0 - share)) + 1.0


def test_same_seed_same_patient_and_another_seed_another() -> None:
    assert json.dumps(asdict(draw_patient(7))) == json.dumps(asdict(draw_patient(7)))
    assert draw_patient(7) != draw_patient(8)


def test_stages_of_spread_come_as_in_lee_2012(many: list[Patient]) -> None:
    stages = Counter(one.stage for one in many)
    for stage, share in {1: 0.21, 2: 0.41, 3: 0.28, 4: 0.10}.items():
        assert within_chance(stages[stage], share)


def test_patterns_come_as_in_polymyography(many: list[Patient]) -> None:
    patterns = Counter(one.pattern for one in many)
    shares = {"isolated": 28 / 124, "grouped": 42 / 124, "mixed": 53 / 124, "tonic": 1 / 124}
    for pattern, share in shares.items():
        assert within_chance(patterns[pattern], share)


def test_sides_and_sexes_come_as_published(many: list[Patient]) -> None:
    assert within_chance(sum(one.side == "left" for one in many), 0.55)
    assert within_chance(sum(one.sex == "female" for one in many), 0.60)


def test_the_other_babinski_sign_comes_as_published(many: list[Patient]) -> None:
    assert within_chance(sum(one.other_babinski for one in many), 0.68)
    after_palsy = [draw_patient(seed, condition="synkinesis") for seed in range(N)]
    assert within_chance(sum(one.other_babinski for one in after_palsy), 0.235)
    for condition in ("blepharospasm", "functional", "tic", "myokymia", "healthy"):
        some = [draw_patient(seed, condition=condition) for seed in range(40)]
        assert not any(one.other_babinski for one in some)


def test_stress_is_a_trigger_for_45_percent_by_half_to_threefold(many: list[Patient]) -> None:
    factors = [one.sensitivity["stress"] for one in many]
    assert within_chance(sum(factor > 1.0 for factor in factors), 0.45)
    assert all(factor == 1.0 or 1.5 <= factor <= 3.0 for factor in factors)


def test_causes_and_sites_come_as_published(many: list[Patient]) -> None:
    causes = Counter(one.cause for one in many)
    assert within_chance(causes["primary"], 62 / 83)
    assert within_chance(causes["after_palsy"], 11 / 83)
    primary = [one for one in many if one.cause == "primary" and not one.atypical]
    periocular = sum(one.onset_site == "lower_lid" for one in primary)
    assert periocular / len(primary) == pytest.approx(0.65, abs=0.04)
    assert sum(one.atypical for one in many) / N == pytest.approx(0.03, abs=0.012)


def test_ages_are_those_of_the_disease(many: list[Patient]) -> None:
    onsets = np.array([one.age_at_onset_years for one in many])
    assert np.mean(onsets) == pytest.approx(50.0, abs=1.5)
    assert onsets.min() >= 15.0
    assert onsets.max() <= 87.0
    assert all(one.years >= 0.0 for one in many)
    early = np.median([one.years for one in many if one.stage == 1])
    assert early < np.median([one.years for one in many if one.stage == 4])
    isolated = np.median([one.years for one in many if one.pattern == "isolated"])
    assert isolated < np.median([one.years for one in many if one.pattern == "mixed"])


def test_severity_agrees_with_the_stage_whether_drawn_or_given(many: list[Patient]) -> None:
    allowed = {"mild": {1, 2}, "moderate": {2}, "severe": {3, 4}}
    severities: tuple[Severity, ...] = ("mild", "moderate", "severe")
    given = [draw_patient(seed, severity=one) for seed in range(60) for one in severities]
    assert all(one.stage in allowed[one.severity] for one in [*many, *given])
    assert {one.severity for one in given} == set(severities)


def test_grade_one_stays_at_the_eye(many: list[Patient]) -> None:
    assert all(sum(one.depths[2:]) == 0.0 for one in many if one.stage == 1)
    assert all(sum(one.depths) == pytest.approx(1.0) for one in many)


@settings(deadline=None)
@given(seed=st.integers(0, 2**40))
def test_rates_and_durations_lie_in_the_profile(seed: int) -> None:
    patient = draw_patient(seed)
    profile, rates = PROFILES[patient.severity], patient.rates
    low, high = profile.clonic_per_min
    assert patient.pattern == "tonic" or low <= rates.clonic_per_min <= high
    assert profile.clonic_s[0] == rates.clonic_s[0] < rates.clonic_s[1] <= profile.clonic_s[1]
    if rates.tonic_per_min:
        assert profile.tonic_per_min[0] <= rates.tonic_per_min <= profile.tonic_per_min[1]
        assert profile.tonic_s[0] <= rates.tonic_s <= profile.tonic_s[1]
    assert patient.cluster >= 1.0


def test_the_affected_eye_is_narrower(many: list[Patient]) -> None:
    ratios = [
        one.opening_mm[one.side] / one.opening_mm["right" if one.side == "left" else "left"]
        for one in many
        if one.side is not None and one.ptosis_mm == 0.0
    ]
    assert np.mean(ratios) == pytest.approx(0.9, abs=0.01)


@pytest.mark.parametrize("condition", CONDITIONS)
def test_only_spasm_has_rates_stages_and_patterns(condition: Condition) -> None:
    patient = draw_patient(4, condition=condition)
    spasm = condition == "hfs"
    assert (patient.rates.clonic_per_min > 0.0) == spasm
    assert (patient.stage > 0) == (patient.pattern != "none") == spasm
    assert (patient.side is None) == (condition in ("blepharospasm", "healthy"))


@pytest.mark.parametrize(
    ("options", "sentence"),
    [
        ({"condition": "cold"}, "condition must be one of hfs"),
        ({"severity": "awful"}, "severity must be one of mild"),
        ({"side": "top"}, "side must be one of left"),
    ],
)
def test_what_does_not_exist_is_refused(options: dict[str, str], sentence: str) -> None:
    with pytest.raises(ConventionError, match=sentence):
        draw_patient(1, **options)  # type: ignore[arg-type]


def test_a_negative_seed_is_refused() -> None:
    with pytest.raises(ConventionError, match="seed must be 0 or more"):
        draw_patient(-1)


SENSITIVE = draw_sensitivity(np.random.default_rng(0)) | {"stress": 2.0, "speech": 1.5}


def test_states_scale_the_rate() -> None:
    assert rate_factor(SENSITIVE, State()) == 1.0
    assert rate_factor(SENSITIVE, State(stress=1.0)) == 2.0
    assert rate_factor(SENSITIVE, State(stress=0.5)) == 1.5
    assert rate_factor(SENSITIVE, State("speak")) == 1.5
    assert rate_factor(SENSITIVE, State("speak", stress=1.0, rate_factor=0.5)) == 1.5
    assert rate_factor(SENSITIVE, State(asleep=True)) == SLEEP_FACTOR == 0.3


def test_every_task_is_known_and_no_other() -> None:
    assert all(rate_factor(SENSITIVE, State(task)) >= 1.0 for task in TRIGGER_OF_TASK)
    with pytest.raises(ConventionError, match="task must be one of rest"):
        rate_factor(SENSITIVE, State("dance"))


def test_a_trigger_that_doubles_provokes_every_other_time_and_a_blink_never() -> None:
    sensitivity = SENSITIVE | {"eye_closure": 2.0}
    assert provocation(sensitivity, Movement("eye_closure", 1.0, 0.5)) == 0.5
    assert provocation(sensitivity, Movement("blink", 1.0, 0.2)) == 0.0
