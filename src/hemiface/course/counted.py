"""Spasms counted by day: what every reading of the course begins with."""

from collections.abc import Sequence
from datetime import date

import numpy as np
from numpy.typing import NDArray

from hemiface.course.toxin_model import Visits
from hemiface.records import Course, Measured
from hemiface.types import Side


def affected_side(course: Course) -> Side | None:
    """Return the side the person has it on, or the one with more spasms; None without any."""
    if course.person.affected_side is not None:
        return course.person.affected_side
    counted = {"left": 0, "right": 0}
    for one in course.measured:
        if one.name == "spasm_rate" and one.side is not None:
            counted[one.side] += one.n
    if not any(counted.values()):
        return None
    return "left" if counted["left"] >= counted["right"] else "right"


def count_visits(
    course: Course, side: Side | None, first: date = date.min, end: date = date.max
) -> Visits:
    """Return what was counted on each day, all recordings of it together.

    Parameters
    ----------
    course : Course
    side : "left", "right" or None
    first, end : date
        From the first on, and before the end.
    """
    counted, sized = _by_day(course, side, "spasm_rate"), _by_day(course, side, "amplitude")
    days = sorted(day for day in counted if first <= day < end)
    return Visits(
        day=np.array([float(day.toordinal()) for day in days]),
        n_spasms=np.array([float(sum(one.n for one in counted[day])) for day in days]),
        minutes=np.array([sum(one.observed_s for one in counted[day]) / 60.0 for day in days]),
        size_mm=np.array([_mean_size(sized.get(day, [])) for day in days]),
    )


def some_visits(visits: Visits, kept: NDArray[np.bool_]) -> Visits:
    """Return those visits for which `kept` holds."""
    return Visits(*(part[kept] for part in vars(visits).values()))


def rate_ratio(these: Visits, usual: Visits) -> tuple[float, float, float]:
    """Return the rate of some visits over that of others, and its 95 % interval; NaN if unknown.

    Counts scatter more than Poisson: the conditional interval (Clopper and Pearson 1934) is of
    counts divided by how much the others scatter.
    """
    from scipy.special import betaincinv

    if not len(these.day) or not usual.n_spasms.sum():
        return float("nan"), float("nan"), float("nan")
    scatter = _scatter(usual)
    n, n_usual = these.n_spasms.sum() / scatter, usual.n_spasms.sum() / scatter
    exposure = usual.minutes.sum() / these.minutes.sum()
    low = betaincinv(n, n_usual + 1, 0.025) if n else 0.0
    high = betaincinv(n + 1, n_usual, 0.975)
    ratio, least, most = (n / n_usual, low / (1 - low), high / (1 - high))
    return float(ratio * exposure), float(least * exposure), float(most * exposure)


def _scatter(visits: Visits) -> float:
    """Return variance over mean of the counts (Pearson), at least 1."""
    expected = visits.n_spasms.sum() / visits.minutes.sum() * visits.minutes
    if len(expected) < 3:
        return 1.0
    apart = float(((visits.n_spasms - expected) ** 2 / expected).sum())
    return max(1.0, apart / (len(expected) - 1))


def _by_day(course: Course, side: Side | None, name: str) -> dict[date, list[Measured]]:
    found: dict[date, list[Measured]] = {}
    for one in course.measured:
        if one.name == name and one.side == side and one.observed_s > 0.0:
            found.setdefault(one.on, []).append(one)
    return found


def _mean_size(measured: Sequence[Measured]) -> float:
    known = [one for one in measured if one.n and np.isfinite(one.value) and one.value > 0.0]
    if not known:
        return float("nan")
    return float(np.average([one.value for one in known], weights=[one.n for one in known]))
