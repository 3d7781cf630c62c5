"""A virtual patient over months: visits with their spasms, and a diary, treated or not.

Signals only: each visit draws its spasms from the same process as a video, without making one.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from hemiface.errors import ConventionError
from hemiface.simulate.course.days import Days, draw_days
from hemiface.simulate.course.diary import Entry, write_entries
from hemiface.simulate.course.responses import draw_responses
from hemiface.simulate.course.treatments import Toxin, Treatment, combine
from hemiface.simulate.course.visits import Visit, draw_visit
from hemiface.simulate.people.patient import Patient, draw_patient
from hemiface.simulate.people.state import State

_RANGES: dict[str, tuple[float, float, str]] = {
    "days": (1, 3_650, ""),
    "every_days": (0.5, 3_650.0, " days"),
    "minutes": (0.25, 60.0, " min"),
}
LARGEST_DOSE_U = 500.0


@dataclass(frozen=True)
class Course:
    """A virtual patient's months.

    Attributes
    ----------
    seed : int
        What days, responses and visits were drawn from.
    patient : Patient
        Who they are.
    treatments : tuple of Treatment
        What they were given and how they responded; the disease's own trend comes first.
    visits : tuple of Visit
        In the order of days.
    diary : tuple of Entry
        One a day.
    """

    seed: int
    patient: Patient
    treatments: tuple[Treatment, ...]
    visits: tuple[Visit, ...]
    diary: tuple[Entry, ...]


def simulate_course(
    seed: int,
    *,
    patient: Patient | None = None,
    treatments: Sequence[Treatment] = (),
    days: int = 365,
    every_days: float = 14.0,
    minutes: float = 3.0,
) -> Course:
    """Simulate the visits and the diary of one patient.

    Parameters
    ----------
    seed : int
        Same seed, same course; more days begin as fewer do.
    patient : Patient, optional
        Drawn from the seed if not given.
    treatments : sequence of Treatment
        What is given and when; the patient's response is drawn.
    days : int
        Length of the course.
    every_days : float
        Between visits; the first is on day 0, before anything given that day has worked.
    minutes : float
        Length of each visit's recording.

    Raises
    ------
    ConventionError
        If a number is out of range, or a treatment lies outside the course.
    """
    _check(treatments, days=days, every_days=every_days, minutes=minutes)
    patient = patient or draw_patient(seed)
    responses = draw_responses(seed, treatments)
    drawn = draw_days(seed, days + 1)
    states = [_state(drawn, responses, float(day)) for day in range(days + 1)]
    when = [float(day) for day in np.arange(0.0, days + 1e-9, every_days)]
    visits = [
        draw_visit(seed, patient, _state(drawn, responses, day), day, minutes) for day in when
    ]
    diary = write_entries(seed, patient, states, drawn.sleep_h.tolist(), responses)
    return Course(seed, patient, responses, tuple(visits), diary)


def _check(treatments: Sequence[Treatment], **numbers: float) -> None:
    for name, value in numbers.items():
        low, high, unit = _RANGES[name]
        if not low <= value <= high:
            raise ConventionError(
                f"The {name} must be from {low:g} to {high:g}{unit}; got {value:g}. "
                "Give a value in that range."
            )
    for one in treatments:
        _check_treatment(one, numbers["days"])


def _check_treatment(one: Treatment, days: float) -> None:
    if isinstance(one, Toxin) and not 0.0 < one.dose_u <= LARGEST_DOSE_U:
        raise ConventionError(
            f"The toxin's dose must be above 0 and at most {LARGEST_DOSE_U:g} units; "
            f"got {one.dose_u:g}. Give a dose in that range."
        )
    day = getattr(one, "day", 0.0)
    if not 0.0 <= day <= days:
        raise ConventionError(
            f"A treatment's day must be from 0 to {days:g}, the course's last; got {day:g}. "
            "Move it, or make the course longer."
        )


def _state(drawn: Days, responses: Sequence[Treatment], day: float) -> State:
    today, effect = int(day), combine([one.effect(day) for one in responses])
    return State(
        stress=float(drawn.stress[today]),
        fatigue=float(drawn.fatigue[today]),
        rate_factor=effect.rate_factor * float(drawn.whim[today]),
        amplitude_factor=effect.amplitude_factor,
        ptosis_mm=effect.ptosis_mm,
        droop_mm=effect.droop_mm,
        palsy=effect.palsy,
    )
