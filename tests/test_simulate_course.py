"""Treatments do over the days what was published; a course is the same for the same seed."""

import csv
import json
from collections import Counter
from pathlib import Path

import numpy as np
import pytest
from click.testing import CliRunner, Result
from hypothesis import given, settings
from hypothesis import strategies as st

from hemiface.cli import Program
from hemiface.cli.simulate_course import course as course_command
from hemiface.errors import ConventionError, OutputError
from hemiface.simulate.course.files import course_json, write_course
from hemiface.simulate.course.responses import draw_responses
from hemiface.simulate.course.simulate import Course, simulate_course
from hemiface.simulate.course.treatments import (
    Effect,
    Medicine,
    Surgery,
    Toxin,
    Untreated,
    combine,
)
from hemiface.simulate.people.patient import draw_patient

N = 2000


def within_chance(count: int, share: float, n: int = N) -> bool:
    return abs(count - n * share) <= 3.9 * np.sqrt(n * share * (1.0 - share)) + 1.0


# Botulinum toxin


@pytest.mark.parametrize(
    ("day", "block"), [(0, 0.0), (10, 0.47), (24, 0.78), (84, 0.47), (141, 0.20)]
)
def test_the_mean_curve_of_toxin(day: float, block: float) -> None:
    assert Toxin(34.5).block(day) == pytest.approx(block, abs=0.01)
    assert Toxin(34.5, 100.0).block(100.0 + day) == Toxin(34.5).block(day)


def test_toxin_is_felt_on_day_5_peaks_on_day_24_and_is_half_gone_on_day_97() -> None:
    days = np.arange(0.0, 200.0, 0.5)
    block = np.array([Toxin(34.5).block(day) for day in days])
    peak = block.max()
    assert days[block >= 0.2 * peak][0] == pytest.approx(5.0, abs=0.6)
    assert days[block.argmax()] == pytest.approx(24.0, abs=1.0)
    assert days[block >= 0.5 * peak][-1] == pytest.approx(97.0, abs=1.0)


@pytest.mark.parametrize(("units", "most"), [(10, 0.43), (20, 0.67), (34.5, 0.80), (50, 0.86)])
def test_more_toxin_blocks_more(units: float, most: float) -> None:
    flat = Toxin(units, t50_d=1e9)
    assert flat.block(100.0) == pytest.approx(most, abs=0.01)


@given(st.floats(-50, 1000), st.floats(1, 200), st.floats(1, 60), st.floats(10, 400))
def test_a_block_is_a_share(day: float, units: float, tau_d: float, t50_d: float) -> None:
    assert 0.0 <= Toxin(units, 0.0, tau_d, t50_d).block(day) < 0.95


def sessions() -> list[Toxin]:
    drawn = [draw_responses(seed, [Toxin(34.5)])[1] for seed in range(N)]
    return [one for one in drawn if isinstance(one, Toxin)]


def test_toxin_differs_between_patients_as_published() -> None:
    drawn = sessions()
    assert within_chance(sum(not one.responds for one in drawn), 0.05)
    assert within_chance(sum(one.harm != "none" for one in drawn), 0.17)
    assert within_chance(sum(one.harm == "ptosis" for one in drawn), 0.12)
    t50 = np.array([one.t50_d for one in drawn])
    assert t50.mean() == pytest.approx(95.0, rel=0.04)
    assert t50.std() == pytest.approx(45.0, rel=0.15)
    onset = 5.4 * np.array([one.tau_d for one in drawn]) / Toxin(1).tau_d
    assert onset.mean() == pytest.approx(5.4, rel=0.08)
    assert onset.std() == pytest.approx(5.0, rel=0.3)


def test_side_effects_are_worst_in_weeks_2_to_4_and_gone_by_week_6() -> None:
    ptosis = Toxin(34.5, harm="ptosis", harm_size=1.0)
    assert ptosis.effect(2.0).ptosis_mm == 0.0
    assert ptosis.effect(14.0).ptosis_mm == ptosis.effect(28.0).ptosis_mm == 3.0
    assert ptosis.effect(42.0).ptosis_mm == 0.0
    assert Toxin(34.5, harm="droop", harm_size=1.0).effect(20.0).droop_mm == 3.0
    assert Toxin(34.5, harm="lagophthalmos", harm_size=1.0).effect(20.0).palsy > 0.0


def test_a_patient_responds_alike_in_every_session_and_more_sessions_change_none() -> None:
    one, two = draw_responses(3, [Toxin(34.5)]), draw_responses(3, [Toxin(34.5), Toxin(34.5, 98)])
    first, second = two[1:]
    assert one == two[:2]
    assert isinstance(first, Toxin)
    assert isinstance(second, Toxin)
    assert (first.tau_d, first.t50_d) == (second.tau_d, second.t50_d)


# Surgery


def operations() -> list[Surgery]:
    drawn = [draw_responses(seed, [Surgery(30.0)])[1] for seed in range(N)]
    return [one for one in drawn if isinstance(one, Surgery)]


def test_surgery_ends_as_published() -> None:
    drawn = operations()
    outcomes = Counter(one.outcome for one in drawn)
    assert within_chance(outcomes["immediate"], 0.718)
    assert within_chance(outcomes["delayed"], 0.254)
    assert within_chance(outcomes["failed"], 0.028)
    assert within_chance(sum(one.palsy > 0.0 for one in drawn), 0.095)
    recurring = sum(np.isfinite(one.recurs_d) for one in drawn)
    assert 0.02 <= recurring / N <= 0.06


def test_delayed_relief_follows_the_published_curve() -> None:
    days = np.array([one.free_d for one in operations() if one.outcome == "delayed"])
    assert days.min() >= 7.0
    for day, free in ((30.0, 0.51), (91.0, 0.73), (182.0, 0.87), (365.0, 0.97)):
        late = (free - 0.35) / 0.65
        assert within_chance(int(np.sum(days <= day)), late, len(days))


def test_surgery_acts_from_its_day_on() -> None:
    assert Surgery(30.0).effect(29.9) == Effect()
    assert Surgery(30.0).effect(30.0).rate_factor == 0.0
    delayed = Surgery(0.0, "delayed", free_d=100.0)
    factors = [delayed.effect(day).rate_factor for day in (0.0, 50.0, 100.0, 300.0)]
    assert factors == [0.6, 0.3, 0.0, 0.0]
    assert Surgery(0.0, recurs_d=200.0, left=0.7).effect(200.0).rate_factor == 0.7
    assert Surgery(0.0, "failed", left=0.9).effect(10.0).rate_factor == 0.9


def test_transient_palsy_goes_away() -> None:
    palsied = Surgery(0.0, palsy=0.5, palsy_d=40.0)
    assert palsied.effect(0.0).palsy == 0.5
    assert palsied.effect(20.0).palsy == 0.25
    assert palsied.effect(40.0).palsy == 0.0


# Medicine, nothing, and several together


def test_a_medicine_helps_modestly_and_fades() -> None:
    medicine = Medicine(10.0, best=0.25)
    assert medicine.effect(10.0).rate_factor == 1.0
    assert 0.75 < medicine.effect(40.0).rate_factor < 0.85
    assert medicine.effect(700.0).rate_factor > 0.99


def test_untreated_disease_mostly_stays() -> None:
    trends = [draw_responses(seed, [])[0] for seed in range(N)]
    years = Counter(one.per_year for one in trends if isinstance(one, Untreated))
    assert within_chance(years[1.3], 0.106)
    assert within_chance(years[0.7], 0.096)
    assert within_chance(years[0.0], 0.024)
    assert Untreated(1.3).effect(365.0).rate_factor == pytest.approx(1.3)
    assert Untreated(0.0, 50.0).effect(50.0).rate_factor == 1.0
    assert Untreated(0.0, 50.0).effect(80.0).rate_factor == 0.0


def test_effects_multiply_what_is_left_and_add_what_hangs() -> None:
    both = combine([Effect(0.5, 0.5, 1.0, 0.0, 0.5), Effect(0.5, 1.0, 1.0, 2.0, 0.5)])
    assert both == Effect(0.25, 0.5, 2.0, 2.0, 0.75)
    assert combine([]) == Effect()


# The course


@pytest.fixture(scope="module")
def treated() -> Course:
    return simulate_course(5, treatments=(Toxin(34.5, 0.0), Toxin(34.5, 98.0)))


def test_same_seed_same_bytes(treated: Course, tmp_path: Path) -> None:
    again = simulate_course(5, treatments=(Toxin(34.5, 0.0), Toxin(34.5, 98.0)))
    for name, one in (("a", treated), ("b", again)):
        write_course(one, tmp_path / name)
    for file in ("visits.csv", "diary.csv", "truth.json"):
        assert (tmp_path / "a" / file).read_bytes() == (tmp_path / "b" / file).read_bytes()
    assert course_json(treated) != course_json(simulate_course(6))


def test_a_longer_course_begins_as_a_shorter_one_does() -> None:
    short, long = simulate_course(2, days=60), simulate_course(2, days=200)
    assert repr(long.visits[: len(short.visits)]) == repr(short.visits)
    assert long.diary[: len(short.diary)] == short.diary


def test_visits_come_every_fortnight_and_the_diary_daily(treated: Course) -> None:
    assert [visit.day for visit in treated.visits] == [14.0 * i for i in range(27)]
    assert [entry.day for entry in treated.diary] == list(range(366))
    assert [entry.day for entry in treated.diary if entry.toxin_u] == [0, 98]


@settings(deadline=None, max_examples=20)
@given(seed=st.integers(0, 10_000))
def test_the_numbers_of_a_visit_agree(seed: int) -> None:
    for visit in simulate_course(seed, days=60).visits:
        assert visit.rate_per_min * visit.observed_s / 60.0 == pytest.approx(visit.n_spasms)
        assert 0.0 <= visit.burden_percent <= 62.0
        assert np.isnan(visit.amplitude_mm) == (visit.n_spasms == 0)
        assert 0.0 < visit.lid_left_mm <= visit.rest_left_mm
        assert 0.0 < visit.lid_right_mm <= visit.rest_right_mm


def test_counts_scatter_around_what_is_expected() -> None:
    visits = [visit for seed in range(60) for visit in simulate_course(seed, days=120).visits]
    mild = [visit for visit in visits if visit.expected_burden_percent < 15.0]
    seen = sum(visit.rate_per_min for visit in mild)
    assert seen == pytest.approx(sum(visit.expected_rate_per_min for visit in mild), rel=0.06)
    burden = sum(visit.burden_percent for visit in mild)
    assert burden == pytest.approx(sum(v.expected_burden_percent for v in mild), rel=0.08)


def test_surgery_that_works_ends_the_spasms_and_opens_the_eye() -> None:
    seed = next(s for s in range(50) if _relieved(s))
    course = simulate_course(
        seed, patient=draw_patient(1, severity="severe", side="left"), treatments=(Surgery(28.0),)
    )
    assert all(visit.n_spasms > 0 for visit in course.visits[:2])
    assert all(visit.n_spasms == 0 for visit in course.visits[2:])
    last = course.visits[-1]
    assert last.lid_left_mm == last.rest_left_mm
    assert course.diary[-1].burden == 0
    assert course.diary[-1].sites == ""


def _relieved(seed: int) -> bool:
    one = draw_responses(seed, [Surgery(28.0)])[1]
    return isinstance(one, Surgery) and one.outcome == "immediate" and np.isinf(one.recurs_d)


def test_toxin_shows_in_the_visits_of_a_group() -> None:
    def mean_rate(day: int) -> float:
        return float(np.mean([course.visits[day // 14].expected_rate_per_min for course in group]))

    group = [
        simulate_course(
            seed, patient=draw_patient(seed, severity="moderate"), treatments=(Toxin(34.5),),
            days=28,
        )
        for seed in range(60)
    ]  # fmt: skip
    assert 0.2 < mean_rate(28) / mean_rate(0) < 0.45


def test_the_healthy_have_visits_without_spasms() -> None:
    course = simulate_course(1, patient=draw_patient(1, condition="healthy"), days=30)
    assert all(visit.n_spasms == 0 and visit.expected_rate_per_min == 0 for visit in course.visits)
    assert {entry.side for entry in course.diary} == {"none"}
    assert {entry.burden for entry in course.diary} == {0}


def test_the_tables_hold_what_the_truth_holds(treated: Course, tmp_path: Path) -> None:
    write_course(treated, tmp_path / "new" / "folder")
    folder = tmp_path / "new" / "folder"
    truth = json.loads((folder / "truth.json").read_text())
    with (folder / "visits.csv").open() as file:
        rows = list(csv.DictReader(file))
    assert [int(row["n_spasms"]) for row in rows] == [one["n_spasms"] for one in truth["visits"]]
    assert rows[0]["tasks"] == "rest;eye_closure;smile;read;speak"
    assert [one["kind"] for one in truth["treatments"]] == ["untreated", "toxin", "toxin"]
    assert sorted(path.name for path in folder.iterdir()) == [
        "diary.csv", "truth.json", "visits.csv"
    ]  # fmt: skip


def test_a_folder_that_is_a_file_is_refused(treated: Course, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("mine")
    with pytest.raises(OutputError, match="cannot be written"):
        write_course(treated, tmp_path / "file")
    assert (tmp_path / "file").read_text() == "mine"


@pytest.mark.parametrize(
    ("options", "sentence"),
    [
        ({"days": 0}, "days must be from 1 to 3650; got 0"),
        ({"every_days": 0.0}, "every_days must be from 0.5"),
        ({"minutes": float("nan")}, "minutes must be from"),
        ({"treatments": (Toxin(0.0),)}, "dose must be above 0"),
        ({"treatments": (Surgery(400.0),)}, "day must be from 0 to 365, .* got 400"),
    ],
)
def test_what_cannot_be_is_refused(options: dict[str, object], sentence: str) -> None:
    with pytest.raises(ConventionError, match=sentence):
        simulate_course(1, **options)  # type: ignore[arg-type]


# The command


def run(*arguments: object) -> Result:
    program = Program("hemiface", commands={"course": course_command})
    return CliRunner().invoke(program, ["course", *map(str, arguments)])


def test_the_command_writes_what_it_says(tmp_path: Path) -> None:
    result = run(
        tmp_path / "c", "--seed", 3, "--severity", "mild", "--side", "left", "--days", 56,
        "--every", 7, "--treatment", "toxin:34.5@0", "--treatment", "medicine@7",
        "--treatment", "none",
    )  # fmt: skip
    assert result.exit_code == 0
    assert result.stdout.startswith("mild on the left, stage ")
    assert "9 visits in 56 days" in result.stdout
    truth = json.loads((tmp_path / "c" / "truth.json").read_text())
    kinds = [(one["kind"], one.get("day")) for one in truth["treatments"]]
    assert kinds == [("untreated", None), ("toxin", 0.0), ("medicine", 7.0)]


@pytest.mark.parametrize("spec", ["botox", "toxin@3", "toxin:-1@0", "surgery:2@3", "toxin:3@0 "])
def test_a_treatment_that_is_none_is_a_wrong_command(spec: str, tmp_path: Path) -> None:
    result = run(tmp_path / "c", "--seed", 3, "--treatment", spec)
    assert result.exit_code == 2
    assert "toxin:34.5@0; got" in result.stderr
    assert not (tmp_path / "c").exists()


def test_a_course_too_short_for_its_treatment_ends_in_one_sentence(tmp_path: Path) -> None:
    result = run(tmp_path / "c", "--seed", 3, "--days", 20, "--treatment", "surgery@30")
    assert result.exit_code == 1
    assert result.stderr == (
        "Error: A treatment's day must be from 0 to 20, the course's last; got 30. "
        "Move it, or make the course longer.\n"
    )
    assert not (tmp_path / "c").exists()
