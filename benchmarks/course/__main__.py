"""`python -m benchmarks.course [--quick]` writes benchmarks/COURSE.md."""

import argparse
import time
from pathlib import Path

import numpy as np
from rich.progress import track as show_progress

from benchmarks.course.diaries import PLANTED, is_tellable, make_diary
from benchmarks.course.years import Session, fit_year, judge_year, say_counts
from benchmarks.results import Row, Table, Target, write_course_results
from hemiface.course import Estimate, trigger_effects

PATH = Path(__file__).parents[1] / "COURSE.md"
# Nobody develops on seeds from 9000.
FIRST_SEED, N_PEOPLE, N_QUICK = 9000, 200, 8


def main() -> None:
    """Simulate and fit the years of many people; write the tables."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.course", description=__doc__)
    parser.add_argument("--quick", action="store_true", help="a few people, to see that it runs")
    parser.add_argument("--out", type=Path, default=PATH)
    asked = parser.parse_args()
    seeds = range(FIRST_SEED, FIRST_SEED + (N_QUICK if asked.quick else N_PEOPLE))
    tables = [toxin_table(seeds), surgery_table(seeds), trigger_table(seeds)]
    remarks = ["Made with `--quick`: too little to conclude from."] if asked.quick else []
    write_course_results(tables, remarks, asked.out)
    print(f"Results: {asked.out}")


def toxin_table(seeds: range) -> Table:
    """Return how well the sessions' courses are told."""
    began = time.perf_counter()
    sessions = [one for seed in show_progress(seeds, "Injections") for one in fit_year(seed)]
    each_s = (time.perf_counter() - began) / len(seeds)
    worked = [one for one in sessions if one.truth is not None]
    idle = [one.found.seen for one in sessions if one.truth is None]
    n = f"{len(worked)} sessions that worked, of {len(seeds)} people"
    called = f"{idle.count(False)} called without effect, {idle.count(None)} left open"
    rows = (
        _within("onset within 3 days, %", worked, 0, 3.0, n),
        _within("end (half of its peak) within 14 days, %", worked, 2, 14.0, n),
        *(_covers(name, worked, index) for index, name in enumerate(("onset", "peak", "end"))),
        Row("sessions that worked and were seen, %",
            _percent([one.found.seen is True for one in worked]), n=n),
        Row("sessions without effect taken for one, %", _percent([one is True for one in idle]),
            n=f"{len(idle)} sessions; {called}"),
        Row("time to simulate and fit a year, s", each_s, n="on this machine"),
    )  # fmt: skip
    note = (
        "A year of weekly three-minute videos, signals only, three injections; mild to severe "
        "patients with their own onset, duration, trend, whim and failures. Sessions that were not "
        "seen count as missed."
    )
    return Table("Botulinum toxin, fitted per injection", note, (), rows)


def surgery_table(seeds: range) -> Table:
    """Return how often the outcome of an operation is told right after a year."""
    pairs = [judge_year(seed) for seed in show_progress(seeds, "Operations")]
    right = _percent([true == found for true, found in pairs])
    row = Row("outcome right at 12 months, %", right, Target(95.0), n=say_counts(pairs))
    note = (
        "Weekly videos, four months before and a year after; free, improved, unchanged, recurred."
    )
    return Table("After surgery", note, (), (row,))


def trigger_table(seeds: range) -> Table:
    """Return how often a planted trigger is found, and others are."""
    rows = []
    for weeks in (8, 12):
        found, false = _triggers(seeds, 7 * weeks)
        most = _percent([is_tellable(seed, ratio=2.0, n_days=7 * weeks) for seed in seeds])
        asked = (Target(80.0), Target(5.0, at_least=False)) if weeks == 8 else (None, None)
        rows.append(
            Row(
                f"planted trigger found, {weeks} weeks, %",
                _percent(found),
                asked[0],
                n=f"{len(found)} people, rate ratio 2; ceiling {most:.0f} %",
            )
        )
        rows.append(Row(f"triggers that do nothing found, {weeks} weeks, %", _percent(false),
                        asked[1], n=f"{len(false)} asked about, four a person"))  # fmt: skip
    note = (
        "Daily diaries with about five spasms noted a day; one trigger of five doubles them, on a "
        "fifth to a half of the days, in runs; days are alike, counts scatter, a treatment waxes "
        "and wanes. Sizes are our choice. The ceiling knows that treatment and asks about the "
        "planted trigger alone, at a fifth of the level."
    )
    return Table("Triggers from a diary", note, (), tuple(rows))


def _triggers(seeds: range, n_days: int) -> tuple[list[bool], list[bool]]:
    found: list[bool] = []
    false: list[bool] = []
    for seed in show_progress(seeds, "Diaries"):
        for one in trigger_effects(make_diary(seed, ratio=2.0, n_days=n_days)):
            (found if one.trigger == PLANTED else false).append(one.found)
    return found, false


def _within(what: str, sessions: list[Session], index: int, most: float, n: str) -> Row:
    near = [
        (one := _estimate(session, index)) is not None
        and session.truth is not None
        and abs(one.value - session.truth[index]) <= most
        for session in sessions
    ]
    return Row(what, _percent(near), Target(80.0), n=n)


def _covers(name: str, sessions: list[Session], index: int) -> Row:
    inside = [
        one.low <= session.truth[index] <= one.high
        for session in sessions
        if session.truth is not None and (one := _estimate(session, index)) is not None
    ]
    share = _percent(inside)
    verdict = "" if 85.0 <= share <= 95.0 else "; asked 85 to 95"
    what = f"90 % interval of the {name} holds the truth, %"
    return Row(what, share, Target(85.0), n=f"{len(inside)} sessions{verdict}")


def _estimate(session: Session, index: int) -> Estimate | None:
    found = session.found
    return (found.onset_d, found.peak_share, found.end_d)[index]


def _percent(these: list[bool]) -> float:
    return 100.0 * float(np.mean(these)) if these else float("nan")


if __name__ == "__main__":
    main()
