"""Change against a person's own noise: what two takes of the same differ by is no change."""

from dataclasses import dataclass
from datetime import date, timedelta
from itertools import pairwise

import numpy as np

from hemiface.records import Course, Measured
from hemiface.types import Side

_NEAR_D, _SOON_D = 3, 21
_MIN_PAIRS = 3
_REACH = 1.959964


@dataclass(frozen=True)
class Change:
    """How a measure changed between two days.

    Attributes
    ----------
    name, unit : str
    side : "left", "right" or None
    before, after : float
        Means of the takes within three days of each; NaN where there are none.
    difference : float
    least : float
        Minimal detectable change at 95 %: 1.96 times the square root of 2 times the standard
        deviation between takes, for means of so many takes; NaN where too few were repeated.
    exceeds : bool or None
        Whether the difference is larger; None where that cannot be told.
    n_pairs : int
        Repeated takes that the noise is known from.
    reason : str
        Why it cannot be told, or what makes it doubtful; empty otherwise.
    """

    name: str
    unit: str
    side: Side | None
    before: float
    after: float
    difference: float
    least: float
    exceeds: bool | None
    n_pairs: int
    reason: str


def measure_change(
    course: Course, name: str, side: Side | None, before: date, after: date
) -> Change | None:
    """Return the change of a measure between two days; None where it was never measured.

    The noise is the standard deviation between takes of one day, or, where there are too few, of
    takes within three weeks without a new treatment between them.
    """
    takes = [one for one in course.measured if (one.name, one.side) == (name, side)]
    takes = [one for one in takes if np.isfinite(one.value)]
    if not takes:
        return None
    first, last = (_near(takes, day) for day in (before, after))
    squares = _squared_differences(course, takes)
    spread = float(np.sqrt(np.mean(squares) / 2.0)) if len(squares) >= _MIN_PAIRS else np.nan
    n_first, n_last = max(len(first), 1), max(len(last), 1)
    least = _REACH * spread * float(np.sqrt(1 / n_first + 1 / n_last))
    mean_first, mean_last = _mean(first), _mean(last)
    difference = mean_last - mean_first
    exceeds = bool(abs(difference) > least) if np.isfinite(difference + least) else None
    return Change(
        name, takes[0].unit, side, mean_first, mean_last, difference, least, exceeds, len(squares),
        _reason(first, last, len(squares), name),
    )  # fmt: skip


def _mean(takes: list[Measured]) -> float:
    return float(np.mean([one.value for one in takes])) if takes else float("nan")


def _near(takes: list[Measured], day: date) -> list[Measured]:
    return [one for one in takes if abs((one.on - day).days) <= _NEAR_D]


def _squared_differences(course: Course, takes: list[Measured]) -> list[float]:
    """Return those of takes of one day; where these are few, of takes soon after each other."""
    ordered = sorted(takes, key=lambda one: one.on)
    pairs = list(pairwise(ordered))
    same_day = [(a.value - b.value) ** 2 for a, b in pairs if a.on == b.on]
    if len(same_day) >= _MIN_PAIRS:
        return same_day
    given = [one.on for one in course.treatments]
    return [
        (a.value - b.value) ** 2
        for a, b in pairs
        if b.on - a.on <= timedelta(days=_SOON_D) and not any(a.on <= day < b.on for day in given)
    ]


def _reason(first: list[Measured], last: list[Measured], n_pairs: int, name: str) -> str:
    if not first or not last:
        return "It was not measured within three days of both."
    if n_pairs < _MIN_PAIRS:
        return f"At least {_MIN_PAIRS} repeated takes are needed; there are {n_pairs}."
    rates = {round(one.fps) for one in (*first, *last) if np.isfinite(one.fps)}
    if len(rates) > 1 and name in ("clonic_rate", "spasm_rate", "synchrony"):
        told = " and ".join(str(rate) for rate in sorted(rates))
        return f"Filmed at {told} frames a second: short spasms are seen better at more."
    return ""
