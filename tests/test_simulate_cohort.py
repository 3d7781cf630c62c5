"""Cohorts that do not depend on their size, and the power of trials drawn from them."""

import csv
import json
from pathlib import Path

import numpy as np
import pytest
from click.testing import CliRunner, Result
from hypothesis import given, settings
from hypothesis import strategies as st
from statsmodels.stats.power import TTestIndPower, TTestPower
from statsmodels.stats.proportion import proportion_confint

from hemiface.cli.cohort import cohort as cohort_command
from hemiface.cli.cohort import power as power_command
from hemiface.errors import ConventionError, OutputError, TooLittleError
from hemiface.simulate.course.cohort import (
    FILES,
    Asked,
    patient_seed,
    patients_table,
    simulate_cohort,
    visits_table,
    write_cohort,
)
from hemiface.simulate.course.power import (
    DESIGNS,
    RANK_EFFICIENCY,
    PowerCurve,
    Trial,
    days_needed,
    formula_patients,
    plan_trials,
    require,
)
from hemiface.simulate.course.power_counts import LEAST_PER_MIN, Counts, draw_counts
from hemiface.simulate.course.power_plot import plot_power
from hemiface.simulate.course.simulate import Course, simulate_course
from hemiface.simulate.course.treatments import Toxin
from hemiface.simulate.people.patient import draw_patient
from hemiface.types import Floats

SHORT = Asked(3, days=56)
TWO_ARM, BEFORE_AFTER = Trial("two_arm", 1), Trial("before_after", 1)


def told(courses: list[Course]) -> list[str]:
    """As text, because a visit without spasms has an amplitude of NaN, which equals nothing."""
    return [repr(one) for one in courses]


def steady(rate: float, share: float, n_visits: int = 4, seed: int = 0, sd: float = 0.4) -> Counts:
    """Counts large enough to be log-normal, of patients who all have the same rate."""
    rng = np.random.default_rng(seed)
    size = (4000, n_visits)
    untreated, treated = (f * rate * np.exp(rng.normal(0.0, sd, size)) for f in (1.0, share))
    return Counts(untreated, treated, np.full(size, rate))


# A cohort


def test_a_patient_is_the_same_in_a_small_and_a_large_cohort() -> None:
    small, large = simulate_cohort(3, SHORT), simulate_cohort(12, SHORT)
    assert told(small) == told(large[:3])
    assert len({one.seed for one in large}) == 12


def test_the_number_of_processes_changes_nothing() -> None:
    assert told(simulate_cohort(11, SHORT, workers=2)) == told(simulate_cohort(11, SHORT))


def test_another_seed_has_other_patients() -> None:
    assert told(simulate_cohort(2, SHORT)) != told(simulate_cohort(2, Asked(4, days=56)))


def test_each_course_is_that_of_its_patient() -> None:
    one = simulate_cohort(2, SHORT)[1]
    seed = patient_seed(3, 1)
    patient = draw_patient(seed, condition="hfs")
    assert repr(one) == repr(simulate_course(seed, patient=patient, days=56))


def test_everyone_has_what_was_asked() -> None:
    asked = Asked(1, severity="severe", side="right", treatments=(Toxin(30.0, 7.0),), days=28)
    for one in simulate_cohort(5, asked):
        assert (one.patient.severity, one.patient.side) == ("severe", "right")
        assert [t.dose_u for t in one.treatments if isinstance(t, Toxin)] == [30.0]
        assert [visit.day for visit in one.visits] == [0.0, 14.0, 28.0]


def test_toxin_lowers_the_rate_of_a_cohort() -> None:
    visits = visits_table(
        simulate_cohort(30, Asked(1, severity="moderate", treatments=(Toxin(34.5, 1.0),), days=28))
    )
    mean = visits.groupby("day")["expected_rate_per_min"].mean()
    assert mean[28.0] < 0.5 * mean[0.0]


@settings(max_examples=50, deadline=None)
@given(st.integers(0, 2**63 - 1), st.integers(0, 10**6))
def test_patient_seeds_are_exact_in_json_and_differ_by_purpose(seed: int, number: int) -> None:
    drawn = patient_seed(seed, number)
    assert 0 <= drawn < 2**53
    assert drawn == int(float(drawn))
    assert drawn != patient_seed(seed, number, 1)


def test_progress_ends_at_one() -> None:
    shares: list[float] = []
    simulate_cohort(25, Asked(1, days=14), progress=shares.append)
    assert shares == sorted(shares)
    assert shares[-1] == 1.0


@pytest.mark.parametrize(("n", "workers"), [(0, 1), (-5, 1), (10**6, 1), (3, 0)])
def test_a_cohort_that_cannot_be_is_refused(n: int, workers: int) -> None:
    with pytest.raises(ConventionError):
        simulate_cohort(n, SHORT, workers=workers)


# Its tables


def test_tables_have_a_row_for_each_patient_and_each_visit(tmp_path: Path) -> None:
    courses = simulate_cohort(4, SHORT)
    write_cohort(courses, SHORT, tmp_path / "out")
    with (tmp_path / "out" / "patients.csv").open() as file:
        patients = list(csv.DictReader(file))
    with (tmp_path / "out" / "visits.csv").open() as file:
        visits = list(csv.DictReader(file))
    assert [row["severity"] for row in patients] == [one.patient.severity for one in courses]
    assert not [name for row in patients for name in row.values() if "(" in name or "{" in name]
    assert len(visits) == sum(len(one.visits) for one in courses) == 4 * 5
    assert [int(row["n_spasms"]) for row in visits[:5]] == [v.n_spasms for v in courses[0].visits]


def test_the_json_is_strict_and_says_that_it_is_simulated(tmp_path: Path) -> None:
    asked = Asked(1, treatments=(Toxin(20.0, 3.0),), days=14)
    write_cohort(simulate_cohort(2, asked), asked, tmp_path)

    def refuse(constant: str) -> None:
        raise AssertionError(constant)

    read = json.loads((tmp_path / "cohort.json").read_text(), parse_constant=refuse)
    assert read["simulated"] is True
    assert read["asked"]["treatments"][0]["kind"] == "toxin"
    assert [one["patient"] for one in read["patients"]] == [0, 1]


def test_the_same_cohort_makes_the_same_files(tmp_path: Path) -> None:
    for name in ("a", "b"):
        write_cohort(simulate_cohort(2, SHORT), SHORT, tmp_path / name)
    for name in FILES:
        assert (tmp_path / "a" / name).read_bytes() == (tmp_path / "b" / name).read_bytes()


def test_nothing_is_left_of_tables_that_cannot_be_written(tmp_path: Path) -> None:
    courses = simulate_cohort(1, SHORT)
    (tmp_path / "file").write_text("")
    with pytest.raises(OutputError, match="file"):
        write_cohort(courses, SHORT, tmp_path / "file")
    (tmp_path / "taken" / "cohort.json").mkdir(parents=True)
    with pytest.raises(OutputError, match="taken"):
        write_cohort(courses, SHORT, tmp_path / "taken")
    assert not list((tmp_path / "taken").glob(".*"))


def test_tables_can_be_joined() -> None:
    courses = simulate_cohort(3, SHORT)
    joined = visits_table(courses).merge(patients_table(courses), on="patient")
    assert len(joined) == 15


# Counts


def test_counts_are_those_of_the_courses_and_fall_under_treatment() -> None:
    asked = Asked(2, severity="mild", days=126)
    counts = draw_counts(30, asked, drop_percent=50.0)
    courses = simulate_cohort(30, asked)
    seen = [[visit.n_spasms for visit in one.visits] for one in courses]
    np.testing.assert_array_equal(counts.untreated, seen)
    assert counts.treated.sum() / counts.untreated.sum() == pytest.approx(0.5, abs=0.05)


def test_changes_are_logs_of_windows() -> None:
    untreated = np.array([[1.0, 3.0, 5.0, 7.0]])
    treated = np.array([[0.0, 0.0, 2.0, 4.0]])
    counts = Counts(untreated, treated, np.full((1, 4), 5.0))
    half = np.array([1.5, 3.5, 5.5, 7.5])
    np.testing.assert_allclose(counts.changes(1, treated=False), np.log(half[1:] / half[:-1]))
    np.testing.assert_allclose(counts.changes(2, treated=True), [np.log(6.5 / 4.5)])


def test_whoever_has_too_few_spasms_before_is_not_enrolled() -> None:
    rates = np.array([[2.0, 0.0], [0.2, 2.0], [LEAST_PER_MIN, 2.0]])
    assert len(Counts(rates, rates, rates).changes(1, treated=False)) == 2
    none = Counts(rates, rates, np.zeros((3, 2)))
    with pytest.raises(TooLittleError, match="a spasm a minute"):
        plan_trials(none, [BEFORE_AFTER], seed=1)


# Power


@pytest.mark.parametrize("trial", [TWO_ARM, BEFORE_AFTER])
def test_without_an_effect_one_trial_in_twenty_is_significant(trial: Trial) -> None:
    counts = steady(100.0, share=1.0)
    curve = plan_trials(counts, [trial], seed=1, n_trials=2000)[0]
    large = curve.power[curve.patients >= 20]
    assert len(large) > 5
    assert np.all(np.abs(large - 0.05) < 0.02)


@pytest.mark.parametrize("target", [0.8, 0.9])
def test_sizes_agree_with_the_power_of_the_t_test(target: float) -> None:
    sd, change = 0.4 * np.sqrt(2.0), np.log(0.7)
    expected = {
        "two_arm": TTestIndPower().solve_power(abs(change) / sd, alpha=0.05, power=target),
        "before_after": TTestPower().solve_power(abs(change) / sd, alpha=0.05, power=target),
    }
    curves = plan_trials(steady(1000.0, share=0.7), [TWO_ARM, BEFORE_AFTER], seed=1)
    for curve in curves:
        asked = expected[curve.trial.design] / RANK_EFFICIENCY
        found = curve.smallest(target)
        assert found is not None
        assert found == pytest.approx(asked, rel=0.08, abs=1.5)


def test_the_formula_is_that_of_statsmodels() -> None:
    rng = np.random.default_rng(0)
    arms: list[Floats] = [rng.normal(mean, 1.0, 400_000) for mean in (0.5, 0.0)]
    solved = TTestIndPower().solve_power(0.5, alpha=0.05, power=0.8)
    assert formula_patients(arms, 0.8) == pytest.approx(solved / RANK_EFFICIENCY, abs=3)


def test_a_few_remissions_do_not_spoil_a_trial() -> None:
    """Two patients in a hundred, of either arm, who lose all spasms by themselves."""
    usual = steady(100.0, share=0.6)
    gone = np.where(np.arange(4000) % 50 == 0, 0.0, 1.0)[:, None] * np.ones((1, 4))
    gone[:, 0] = 1.0
    some = Counts(usual.untreated * gone, usual.treated * gone, usual.expected_per_min)
    without, with_some = (
        plan_trials(one, [TWO_ARM], seed=1)[0].smallest(0.8) for one in (usual, some)
    )
    assert without is not None
    assert with_some is not None
    assert with_some <= 1.25 * without


def test_more_visits_and_larger_drops_need_fewer_patients() -> None:
    counts = {drop: draw_counts(30, Asked(1, days=140), drop_percent=drop) for drop in (30.0, 60.0)}
    trials = [Trial(design, visits) for design in DESIGNS for visits in (1, 4)]
    sizes = {
        (one.trial, drop): one.patients
        for drop, drawn in counts.items()
        for one in require(plan_trials(drawn, trials, seed=1, n_trials=500), (0.8,))
    }
    assert None not in sizes.values()
    found = {key: size for key, size in sizes.items() if size is not None}
    for design in DESIGNS:
        few, many = Trial(design, 1), Trial(design, 4)
        assert found[many, 30.0] < found[few, 30.0]
        assert found[few, 60.0] < found[few, 30.0]


def test_trials_of_one_seed_are_the_same() -> None:
    counts = steady(50.0, share=0.7)
    one, same = (plan_trials(counts, [TWO_ARM], seed=9, n_trials=500)[0] for _ in range(2))
    np.testing.assert_array_equal(one.found, same.found)


def test_the_smallest_size_is_next_to_one_that_is_too_small() -> None:
    curve = plan_trials(steady(100.0, share=0.7), [TWO_ARM], seed=2, n_trials=2000)[0]
    for target in (0.8, 0.9):
        size = curve.smallest(target)
        assert size is not None
        at = int(np.searchsorted(curve.patients, size))
        assert curve.patients[at - 1] == size - 1
        assert curve.power[at] >= target > curve.power[at - 1]


@settings(max_examples=30, deadline=None)
@given(st.integers(1, 2000), st.data())
def test_the_interval_is_wilsons(n_trials: int, data: st.DataObject) -> None:
    found = data.draw(st.integers(0, n_trials))
    curve = PowerCurve(TWO_ARM, np.array([10]), np.array([found]), n_trials)
    wilson = proportion_confint(found, n_trials, method="wilson")
    np.testing.assert_allclose(curve.interval(0), wilson, atol=1e-9)


def test_an_effect_too_small_to_find_says_so() -> None:
    needed = require(plan_trials(steady(100.0, share=0.995), [TWO_ARM], seed=1, n_trials=200))
    assert [one.patients for one in needed] == [None, None]


def test_courses_must_hold_the_visits_of_a_trial() -> None:
    with pytest.raises(ConventionError, match="from 1 to 2"):
        plan_trials(steady(50.0, 0.7), [Trial("two_arm", 3)], seed=1)
    assert days_needed(8, 14.0) == 365
    assert days_needed(20, 14.0) == 560


# Commands


def run_power(*arguments: str) -> Result:
    return CliRunner().invoke(power_command, [*arguments, "--patients", "20", "--workers", "1"])


def test_the_command_tells_how_many_patients_and_draws_them(tmp_path: Path) -> None:
    out = tmp_path / "power.png"
    done = run_power("--drop", "50", "--visits", "1", "2", "--out", str(out))
    assert done.exit_code == 0, done.output
    rows = [line.split() for line in done.output.splitlines() if "+" in line and "│" in line]
    assert len(rows) == 2 * 2 * 2  # designs, visits, targets
    assert "A drop of 50 %" in done.output
    assert out.read_bytes().startswith(b"\x89PNG")
    assert [path.name for path in tmp_path.iterdir()] == ["power.png"]


@pytest.mark.parametrize(
    ("wrong", "named"),
    [
        (["--drop", "100"], "drop"),
        (["--visits", "0"], "visits"),
        (["--visits", "1", "99"], "visits"),
        (["--minutes", "0"], "minutes"),
        (["--out", "power.txt"], "power.txt"),
    ],
)
def test_the_command_refuses_what_cannot_be(wrong: list[str], named: str) -> None:
    done = run_power(*wrong)
    assert isinstance(done.exception, ConventionError)
    assert named in str(done.exception)


def test_a_plot_that_cannot_be_written_is_told(tmp_path: Path) -> None:
    curves = plan_trials(steady(50.0, 0.5), [TWO_ARM], seed=1, n_trials=100)
    with pytest.raises(OutputError, match="missing"):
        plot_power(curves, tmp_path / "missing" / "a.png", drop_percent=50.0, minutes=3.0)


def test_the_cohort_command_writes_tables(tmp_path: Path) -> None:
    arguments = ["-n", "3", "--seed", "1", "--days", "28", "--toxin", "30", "--toxin-day", "2"]
    done = CliRunner().invoke(cohort_command, [str(tmp_path / "out"), *arguments, "--workers", "1"])
    assert done.exit_code == 0, done.output
    assert "3 patients, 9 visits" in done.output
    assert sorted(path.name for path in (tmp_path / "out").iterdir()) == sorted(FILES)
