"""The response to botulinum toxin, of each session: when it is felt, how much, how long.

From the spasms counted at visits, and their size. Everything has a 90 % credible interval; where
there is too little to tell, that is said.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np

from hemiface.course.counted import affected_side, count_visits
from hemiface.course.toxin_model import Posterior, Visits, block, fit_posterior
from hemiface.records import Course, Injection
from hemiface.types import Floats, Side

FELT_SHARE, END_SHARE = 0.2, 0.5
"""An effect is felt at a fifth of its own peak, and has ended at half of it: our choice."""
RESPONDS = 0.25
"""A session whose block surely (95 %) stays below this share did nothing that can be seen; one
whose block surely exceeds it did: our choice."""
LEVEL = 0.90

_MIN_VISITS, _EARLY_D, _LATE_D = 6, 60, 30
_N_DRAWS, _SEED = 1500, 20
_DAYS = np.arange(0.0, 401.0, 0.25)


@dataclass(frozen=True)
class Estimate:
    """A value with its 90 % credible interval."""

    value: float
    low: float
    high: float


@dataclass(frozen=True)
class Response:
    """What one session did.

    Attributes
    ----------
    injection : Injection
    seen : bool or None
        Whether it lessened the spasms; None where that cannot be told.
    peak_share : Estimate
        Share of the spasms blocked at the most.
    onset_d, peak_d, end_d : Estimate or None
        Days after the injection until the effect is felt, is greatest, and has fallen to half; None
        unless it was seen.
    """

    injection: Injection
    seen: bool | None
    peak_share: Estimate
    onset_d: Estimate | None
    peak_d: Estimate | None
    end_d: Estimate | None

    @property
    def ends_on(self) -> tuple[date, date, date] | None:
        """Day on which the effect has fallen to half, and the interval of that day."""
        if self.end_d is None:
            return None
        days = (self.end_d.value, self.end_d.low, self.end_d.high)
        value, low, high = (self.injection.on + timedelta(days=round(d)) for d in days)
        return value, low, high


@dataclass(frozen=True, eq=False)
class ToxinFit:
    """The responses of one person.

    Attributes
    ----------
    side : "left" or "right"
        Whose spasms were counted.
    responses : tuple of Response
        In order of time; empty where there is too little to tell.
    n_visits : int
        Visits the fit rests on.
    reason : str
        Why nothing is told; empty otherwise.
    """

    side: Side | None
    responses: tuple[Response, ...]
    n_visits: int
    reason: str
    _posterior: Posterior | None = None

    def left(self, on: Sequence[date]) -> Floats:
        """Return what is left of the spasms on some days, as a share of what would be without.

        Parameters
        ----------
        on : sequence of date

        Returns
        -------
        ndarray, shape (3, n_days)
            Median, and the ends of the 90 % interval.
        """
        if self._posterior is None:
            return np.ones((3, len(on)))
        draws = self._posterior.draw(_N_DRAWS, _SEED)
        total = np.ones((_N_DRAWS, len(on)))
        for index, response in enumerate(self.responses):
            since = np.array([float((day - response.injection.on).days) for day in on])
            total *= 1.0 - block(since, *(one[:, index, None] for one in draws))
        return np.quantile(total, [0.5, (1 - LEVEL) / 2, (1 + LEVEL) / 2], axis=0)


def fit_toxin(course: Course) -> ToxinFit:
    """Fit the response to every session of botulinum toxin.

    Visits after an operation are left out. Sessions of one brand are taken to be alike in this
    person; units are not compared, of one brand or of several.

    Parameters
    ----------
    course : Course
        Its `spasm_rate` measures, with the time observed, and its injections.
    """
    side, sessions = affected_side(course), _sessions_until_operation(course)
    visits = count_visits(course, side, end=_first_operation(course))
    reason = _too_little(sessions, visits, course)
    if reason:
        return ToxinFit(side, (), len(visits.day), reason)
    brands = sorted({one.brand for one in sessions})
    brand = np.array([brands.index(one.brand) for one in sessions])
    injected = np.array([float(one.on.toordinal()) for one in sessions])
    posterior = fit_posterior(visits, injected, brand)
    draws = posterior.draw(_N_DRAWS, _SEED)
    responses = tuple(
        _response(one, *(draw[:, index, None] for draw in draws))
        for index, one in enumerate(sessions)
    )
    return ToxinFit(side, responses, len(visits.day), "", posterior)


def _response(injection: Injection, *draws: Floats) -> Response:
    curves = block(_DAYS, *draws)
    top, at = curves.max(axis=1), curves.argmax(axis=1)
    peak = _estimate(top)
    surely = np.quantile(top, [0.05, 0.95])
    seen = True if surely[0] > RESPONDS else False if surely[1] < RESPONDS else None
    if not seen:
        return Response(injection, seen, peak, None, None, None)
    felt = _DAYS[(curves >= FELT_SHARE * top[:, None]).argmax(axis=1)]
    over = (np.arange(len(_DAYS)) > at[:, None]) & (curves <= END_SHARE * top[:, None])
    ended = np.where(over.any(axis=1), _DAYS[over.argmax(axis=1)], _DAYS[-1])
    return Response(injection, seen, peak, *map(_estimate, (felt, _DAYS[at], ended)))


def _estimate(draws: Floats) -> Estimate:
    value, low, high = np.quantile(draws, [0.5, (1 - LEVEL) / 2, (1 + LEVEL) / 2])
    return Estimate(float(value), float(low), float(high))


def _sessions_until_operation(course: Course) -> tuple[Injection, ...]:
    ends = _first_operation(course)
    return tuple(one for one in course.injections if one.on < ends)


def _first_operation(course: Course) -> date:
    return min((one.on for one in course.operations), default=date.max)


def _too_little(sessions: Sequence[Injection], visits: Visits, course: Course) -> str:
    """Say why nothing can be told, or nothing."""
    if not sessions:
        return "No injection is written down." if not course.operations else (
            "No injection before the operation is written down."
        )  # fmt: skip
    if len(visits.day) < _MIN_VISITS:
        return (
            f"At least {_MIN_VISITS} days with a measured video are needed; "
            f"there are {len(visits.day)}. Film every week or two."
        )
    since = visits.day[:, None] - np.array([float(one.on.toordinal()) for one in sessions])
    if not ((since > 0) & (since <= _EARLY_D)).any():
        return "No video within two months after an injection. Film every week or two after it."
    if not ((since <= 0) | (since > _LATE_D)).all(axis=1).any():
        return "No video before an injection, or long after one, says what is usual."
    return ""
