"""What each treatment did, side by side: the rate of spasms under it against the usual one."""

from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np
from numpy.typing import NDArray

from hemiface.course.counted import affected_side, count_visits, rate_ratio, some_visits
from hemiface.course.toxin_model import Visits
from hemiface.records import Course, Injection, Medicine, Operation, Therapy, Treatment

# When a treatment is taken to work: from so many days after its beginning, to its end or so many
# days. Our choice, near what was published: toxin within two weeks, for about twelve.
_FROM_D: dict[type, int] = {Injection: 14, Medicine: 14, Therapy: 14, Operation: 56}
_TO_D: dict[type, int] = {Injection: 84}
_FOREVER_D = 36_500
_LINGERS_D: dict[type, int] = {Injection: 150, Medicine: 28, Therapy: 28}
_MIN_VISITS = 3


@dataclass(frozen=True)
class TreatmentEffect:
    """The rate under one treatment, over the usual rate.

    Attributes
    ----------
    treatment : Treatment
    ratio, low, high : float
        With its 95 % interval; NaN where it cannot be told.
    n_visits : int
        Days with a video under it.
    reason : str
        Why it cannot be told; empty otherwise.
    """

    treatment: Treatment
    ratio: float
    low: float
    high: float
    n_visits: int
    reason: str


def treatment_effects(course: Course) -> tuple[TreatmentEffect, ...]:
    """Return what each treatment did, in order of time.

    Usual is what was counted while no treatment worked or lingered. Days on which two treatments
    worked are left out: what each did cannot be told apart.
    """
    visits = count_visits(course, affected_side(course))
    usual = _usual(course, visits)
    return tuple(_effect(one, course, visits, usual) for one in course.treatments)


def _effect(one: Treatment, course: Course, visits: Visits, usual: Visits) -> TreatmentEffect:
    others = [_works(other) for other in course.treatments if other is not one]
    under = _within(visits, [_works(one)])
    alone = some_visits(under, ~_is_within(under, others))
    nan = float("nan")
    if len(usual.day) < _MIN_VISITS or not usual.n_spasms.sum():
        reason = "Too few videos without any treatment say what is usual."
    elif len(under.day) < _MIN_VISITS:
        reason = "Too few videos while it worked."
    elif len(alone.day) < _MIN_VISITS:
        reason = "Another treatment worked at the same time: they cannot be told apart."
    else:
        return TreatmentEffect(one, *rate_ratio(alone, usual), len(alone.day), "")
    return TreatmentEffect(one, nan, nan, nan, len(alone.day), reason)


def _usual(course: Course, visits: Visits) -> Visits:
    lingering = [
        (one.on, _ends(one) + timedelta(days=_LINGERS_D.get(type(one), 0)))
        for one in course.treatments
    ]
    return some_visits(visits, ~_is_within(visits, lingering))


def _works(one: Treatment) -> tuple[date, date]:
    begins = one.on + timedelta(days=_FROM_D[type(one)])
    if type(one) in _TO_D:
        return begins, one.on + timedelta(days=_TO_D[type(one)])
    return begins, _ends(one)


def _ends(one: Treatment) -> date:
    until = one.until if isinstance(one, (Medicine, Therapy)) else None
    if isinstance(one, Injection):
        return one.on
    return until or one.on + timedelta(days=_FOREVER_D)


def _within(visits: Visits, spans: list[tuple[date, date]]) -> Visits:
    return some_visits(visits, _is_within(visits, spans))


def _is_within(visits: Visits, spans: list[tuple[date, date]]) -> NDArray[np.bool_]:
    inside = np.zeros(len(visits.day), dtype=bool)
    for first, last in spans:
        inside |= (visits.day >= first.toordinal()) & (visits.day <= last.toordinal())
    return inside
