"""The course after an operation: what is left of the spasms, and since when there are none.

Relief may come months late, so nothing is called unchanged before a year has passed. What became
of others is told beside it as a comparison; it forecasts nothing.
"""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Literal

import numpy as np

from hemiface.course.counted import affected_side, count_visits, rate_ratio, some_visits
from hemiface.course.toxin_model import Visits
from hemiface.records import Course, Operation

Outcome = Literal["free", "improved", "unchanged", "recurred", "too early", "too little"]

FREE_BY: tuple[tuple[float, float], ...] = (
    (7.0, 0.35), (30.0, 0.51), (91.0, 0.73), (182.0, 0.87), (365.0, 0.97),
)  # fmt: skip
"""Days after the operation and share free by then: 175 patients of one centre, all cured in the end
(PMID 36097503). Elsewhere 71.8 % were free at once and 25.4 % later, of 2 727 (PMID 25668113)."""

JUDGED_AFTER_D = 365
"""No operation is called unchanged before: relief came as late as that (PMID 36097503; Acta
Neurochir 2024: late relief after a median of 9.1 months)."""

FREE_SHARE, IMPROVED_SHARE, RECURRED_SHARE = 0.05, 0.5, 0.2
"""What may be left of the usual rate in the free and the improved, and must be in the recurred: our
choice."""

_BEFORE_D, _NOW_D, _WELL_D, _EFFECT_D = 365, 56, 60, 150
_MIN_SPASMS = 5


@dataclass(frozen=True)
class SurgeryCourse:
    """What became of the spasms after an operation, on a day.

    Attributes
    ----------
    operation : Operation
    now : date
    outcome : str
    left, low, high : float
        Share of the usual rate that is left over the last eight weeks, and its 95 % interval.
    free_after_d : float or None
        Days until the first visit from which on there were none; None while there are some.
    others_free : float
        Share of others who were free by this time (`FREE_BY`).
    """

    operation: Operation
    now: date
    outcome: Outcome
    left: float
    low: float
    high: float
    free_after_d: float | None
    others_free: float


def judge_surgery(course: Course, now: date) -> SurgeryCourse | None:
    """Return what became of the spasms after the last operation until a day; None without one."""
    operations = [one for one in course.operations if one.on <= now]
    if not operations:
        return None
    last, side = operations[-1], affected_side(course)
    tomorrow = now + timedelta(days=1)
    before = _usual(course, count_visits(course, side, last.on - timedelta(_BEFORE_D), last.on))
    after = count_visits(course, side, last.on + timedelta(days=1), tomorrow)
    recent = _since(after, now - timedelta(days=_NOW_D))
    left, low, high = rate_ratio(recent, before)
    free_after_d = _free_after(after, before, last.on)
    days = (now - last.on).days
    outcome = _outcome(before, recent, after, last.on, days=days, left=left)
    return SurgeryCourse(last, now, outcome, left, low, high, free_after_d, others_free(days))


def others_free(days: float) -> float:
    """Return the share of others who were free so many days after their operation."""
    when, share = zip((0.0, 0.0), *FREE_BY, strict=True)
    return float(np.interp(days, when, share))


def _usual(course: Course, before: Visits) -> Visits:
    """Leave out the visits under the effect of an injection, if others are left."""
    since = before.day[:, None] - np.array([float(one.on.toordinal()) for one in course.injections])
    free = some_visits(before, ~((since > 0) & (since < _EFFECT_D)).any(axis=1))
    return free if free.n_spasms.sum() >= _MIN_SPASMS else before


def _since(visits: Visits, first: date) -> Visits:
    return some_visits(visits, visits.day >= first.toordinal())


def _outcome(
    before: Visits, recent: Visits, after: Visits, on: date, *, days: int, left: float
) -> Outcome:
    if before.n_spasms.sum() < _MIN_SPASMS or not len(recent.day):
        return "too little"
    if left < FREE_SHARE:
        return "free"
    if left >= RECURRED_SHARE and _was_well(after, before):
        return "recurred"
    if days < JUDGED_AFTER_D:
        return "too early"
    return "improved" if left < IMPROVED_SHARE else "unchanged"


def _shares(after: Visits, before: Visits) -> np.ndarray:
    usual = before.n_spasms.sum() / before.minutes.sum()
    return np.asarray(after.n_spasms / after.minutes / max(usual, 1e-9))


def _free_after(after: Visits, before: Visits, on: date) -> float | None:
    if not len(after.day) or not before.minutes.sum():
        return None
    troubled = np.flatnonzero(_shares(after, before) >= FREE_SHARE)
    first = int(troubled[-1]) + 1 if len(troubled) else 0
    return float(after.day[first] - on.toordinal()) if first < len(after.day) else None


def _was_well(after: Visits, before: Visits) -> bool:
    """Return whether there was a stretch of weeks without spasms, at two visits at least."""
    well = _shares(after, before) < FREE_SHARE
    edges = np.flatnonzero(np.diff(np.r_[0, well.astype(int), 0])).reshape(-1, 2)
    return any(after.day[b - 1] - after.day[a] >= _WELL_D for a, b in edges)
