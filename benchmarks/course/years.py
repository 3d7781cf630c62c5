"""Simulated years with weekly videos, and what is right about what was learned from them."""

from collections import Counter
from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np

from hemiface.course import Response, fit_toxin, judge_surgery
from hemiface.course.toxin import END_SHARE, FELT_SHARE
from hemiface.simulate.course.records import as_course
from hemiface.simulate.course.simulate import simulate_course
from hemiface.simulate.course.treatments import Surgery, Toxin

BEGIN = date(2024, 1, 1)
DOSE_U, SESSION_DAYS, YEAR_D = 34.5, (30.0, 135.0, 240.0), 365
OPERATED_ON, JUDGED_D = 120.0, 365
_DAYS = np.arange(0.0, 400.0, 0.25)


@dataclass(frozen=True)
class Session:
    """One injection: its truth, and what was found; truth is None where it did nothing."""

    truth: tuple[float, float, float] | None
    found: Response


def fit_year(seed: int) -> list[Session]:
    """Simulate a year with three injections, and fit it."""
    planned = [Toxin(DOSE_U, day=day) for day in SESSION_DAYS]
    year = simulate_course(seed, treatments=planned, days=YEAR_D, every_days=7.0)
    given = [one for one in year.treatments if isinstance(one, Toxin)]
    fit = fit_toxin(as_course(year, BEGIN))
    return [
        Session(_truth(one) if one.responds else None, found)
        for one, found in zip(given, fit.responses, strict=False)
    ]


def _truth(toxin: Toxin) -> tuple[float, float, float]:
    """Return onset, most, and end of the effect."""
    curve = np.array([toxin.block(toxin.day + day) for day in _DAYS])
    top, at = curve.max(), int(curve.argmax())
    felt = _DAYS[(curve >= FELT_SHARE * top).argmax()]
    over = curve[at:] <= END_SHARE * top
    return float(felt), float(top), float(_DAYS[at:][over.argmax()] if over.any() else np.inf)


def judge_year(seed: int) -> tuple[str, str]:
    """Simulate an operation; return what is true a year later, and what was found."""
    days = int(OPERATED_ON) + JUDGED_D + 7
    planned = [Surgery(OPERATED_ON)]
    year = simulate_course(seed, treatments=planned, days=days, every_days=7.0)
    (operation,) = (one for one in year.treatments if isinstance(one, Surgery))
    now = BEGIN + timedelta(days=int(OPERATED_ON) + JUDGED_D)
    found = judge_surgery(as_course(year, BEGIN), now)
    assert found is not None
    return _outcome(operation), found.outcome


def _outcome(operation: Surgery) -> str:
    left = operation.effect(operation.day + JUDGED_D).rate_factor
    if left == 0.0:
        return "free"
    if operation.recurs_d <= JUDGED_D:
        return "recurred"
    return "improved" if left < 0.5 else "unchanged"


def say_counts(pairs: list[tuple[str, str]]) -> str:
    """Say how often each truth was met."""
    right = Counter(true for true, found in pairs if true == found)
    all_ = Counter(true for true, _ in pairs)
    return ", ".join(f"{name} {right[name]}/{n}" for name, n in all_.most_common())
