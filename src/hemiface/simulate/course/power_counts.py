"""The counts that trials are drawn from: every visit of a cohort, untreated and treated.

Each patient's course is drawn as it is, and each of its visits again with the rate that the
treatment leaves. Whatever a visit does to a count is therefore in it: days, triggers, clusters, the
disease's own trend, and spasms so many that they leave each other no room.
"""

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

import numpy as np

from hemiface.simulate.course.cohort import Asked, draw_course, draw_each, patient_seed
from hemiface.simulate.course.visits import Visit, draw_visit
from hemiface.simulate.people.state import State
from hemiface.types import Floats

LEAST_PER_MIN = 1.0
"""Patients with fewer expected spasms before treatment are not enrolled (our choice)."""


@dataclass(frozen=True, eq=False)
class Counts:
    """Spasms of every visit of a cohort.

    Attributes
    ----------
    untreated, treated : ndarray, shape (n_patients, n_visits)
        Spasms counted, without treatment and under it.
    expected_per_min : ndarray, shape (n_patients, n_visits)
        Mean rate of each visit, untreated.
    """

    untreated: Floats
    treated: Floats
    expected_per_min: Floats

    def changes(self, visits: int, *, treated: bool) -> Floats:
        """Return changes of the log rate, from some visits to as many after them.

        Every patient enters at every visit of their course that leaves room, if they are enrolled
        then. Half a spasm is added to both counts, so that none has a logarithm.
        """
        after = self.treated if treated else self.untreated
        before_n, after_n = _sums(self.untreated, visits), _sums(after, visits)
        may = _sums(self.expected_per_min, visits)[:, :-visits] >= LEAST_PER_MIN * visits
        change: Floats = np.log((after_n[:, visits:] + 0.5) / (before_n[:, :-visits] + 0.5))
        return change[may]


def draw_counts(
    n: int,
    asked: Asked,
    *,
    drop_percent: float,
    workers: int = 1,
    progress: Callable[[float], None] | None = None,
) -> Counts:
    """Draw a cohort's counts.

    Parameters
    ----------
    n : int
        Patients; 400 leave an error of a few per cent in the size of a trial.
    asked : Asked
        What they have in common, without treatments.
    drop_percent : float
        By how much treatment lowers everyone's rate, %.
    workers : int
        Processes to use; the result is the same for any number.
    progress : callable, optional
        Told the share done, 0 to 1.
    """
    draw = partial(_draw_patient, asked, 1.0 - drop_percent / 100.0)
    drawn = np.array(draw_each(draw, n, workers=workers, progress=progress))
    return Counts(drawn[:, 0], drawn[:, 1], drawn[:, 2])


def _draw_patient(asked: Asked, share: float, number: int) -> Floats:
    course = draw_course(asked, number)
    again = patient_seed(asked.seed, number, 1)
    return np.array(
        [
            [visit.n_spasms for visit in course.visits],
            [
                draw_visit(
                    again, course.patient, _treated(visit, share), visit.day, asked.minutes
                ).n_spasms
                for visit in course.visits
            ],
            [visit.expected_rate_per_min for visit in course.visits],
        ],
        dtype=np.float64,
    )


def _treated(visit: Visit, share: float) -> State:
    return State(stress=visit.stress, fatigue=visit.fatigue, rate_factor=share * visit.rate_factor)


def _sums(counts: Floats, visits: int) -> Floats:
    """Return the sum over each run of so many visits."""
    runs = np.lib.stride_tricks.sliding_window_view(counts, visits, axis=1)
    summed: Floats = runs.sum(axis=2)
    return summed
