"""One visit of a course: the spasms of its recording, counted without making a frame."""

from dataclasses import dataclass, replace

import numpy as np

from hemiface.simulate.people.patient import Patient
from hemiface.simulate.people.process import (
    BUSY,
    Marks,
    amplitude_factor,
    amplitudes_mm,
    draw_marks,
    expected_rate,
)
from hemiface.simulate.people.severity import mean_log_uniform
from hemiface.simulate.people.state import State
from hemiface.types import SIDES, Side, Span

PROTOCOL: tuple[tuple[str, float], ...] = (
    ("rest", 0.4), ("eye_closure", 0.15), ("smile", 0.15), ("read", 0.15), ("speak", 0.15),
)  # fmt: skip
"""What a visit's recording is made of: each task and its share of the time, our choice."""

_WIDENS_MM = 1.5  # a fully weak eyelid opens this much wider: our choice
_MEAN_OF_PEAK = 0.75  # mean of a spasm's shape between onset and offset, of the shapes drawn


@dataclass(frozen=True)
class Visit:
    """One recording of a course as a perfect observer would measure it, and what it came from.

    Attributes
    ----------
    day : float
        Since the beginning of the course.
    observed_s : float
        Length of the recording.
    tasks : tuple of str
        What was done, in order.
    n_spasms : int
        Spasms in it.
    rate_per_min, burden_percent : float
        Spasms a minute, and share of time in spasm.
    amplitude_mm : float
        Mean amplitude; NaN without spasms.
    lid_left_mm, lid_right_mm : float
        Mean opening over the recording, spasms included, blinks left out.
    rest_left_mm, rest_right_mm : float
        Opening between spasms.
    expected_rate_per_min, expected_burden_percent : float
        What the process gives on average in this state: the truth without chance.
    rate_factor, amplitude_factor, ptosis_mm, droop_mm, palsy, stress, fatigue : float
        The state of that day, as in `State`.
    """

    day: float
    observed_s: float
    tasks: tuple[str, ...]
    n_spasms: int
    rate_per_min: float
    burden_percent: float
    amplitude_mm: float
    lid_left_mm: float
    lid_right_mm: float
    rest_left_mm: float
    rest_right_mm: float
    expected_rate_per_min: float
    expected_burden_percent: float
    rate_factor: float
    amplitude_factor: float
    ptosis_mm: float
    droop_mm: float
    palsy: float
    stress: float
    fatigue: float


def draw_visit(seed: int, patient: Patient, state: State, day: float, minutes: float) -> Visit:
    """Draw one visit.

    Parameters
    ----------
    seed : int
        Same seed and day, same visit.
    patient : Patient
        Who comes.
    state : State
        How they are that day; each task of `PROTOCOL` takes its turn.
    day : float
        Of the course.
    minutes : float
        Length of the recording.
    """
    rng = np.random.default_rng([seed, 35, round(1000.0 * day)])
    total_s = 60.0 * minutes
    states = [replace(state, task=task) for task, _ in PROTOCOL]
    spans = [Span(0.0, share * total_s) for _, share in PROTOCOL]
    drawn = [draw_marks(rng, patient, *pair) for pair in zip(states, spans, strict=True)]
    rest = resting_opening(patient, state)
    lid = dict(rest)
    sizes = np.zeros(0)
    if patient.side is not None:
        sizes = np.concatenate(
            [amplitudes_mm(m, patient, state, rest[patient.side]) for m in drawn]
        )
        lid[patient.side] *= 1.0 - sum(_closed_s(m, state) for m in drawn) / total_s
    busy_s = sum(float(marks.duration_s.sum()) for marks in drawn)
    rates, burdens = zip(*(expected(patient, one) for one in states), strict=True)
    shares = [share for _, share in PROTOCOL]
    return Visit(
        day=day,
        observed_s=total_s,
        tasks=tuple(task for task, _ in PROTOCOL),
        n_spasms=len(sizes),
        rate_per_min=len(sizes) / minutes,
        burden_percent=100.0 * busy_s / total_s,
        amplitude_mm=float(sizes.mean()) if len(sizes) else float("nan"),
        lid_left_mm=lid["left"],
        lid_right_mm=lid["right"],
        rest_left_mm=rest["left"],
        rest_right_mm=rest["right"],
        expected_rate_per_min=float(np.dot(shares, rates)),
        expected_burden_percent=float(np.dot(shares, burdens)),
        rate_factor=state.rate_factor,
        amplitude_factor=state.amplitude_factor,
        ptosis_mm=state.ptosis_mm,
        droop_mm=state.droop_mm,
        palsy=state.palsy,
        stress=state.stress,
        fatigue=state.fatigue,
    )


def expected(patient: Patient, state: State) -> tuple[float, float]:
    """Return the mean rate, 1/min, and burden, %, of a patient in a state."""
    rates, per_min = patient.rates, expected_rate(patient, state)
    at_rest = rates.clonic_per_min + rates.tonic_per_min
    if at_rest == 0.0:
        return 0.0, 0.0
    clonic_s = rates.clonic_per_min * mean_log_uniform(rates.clonic_s)
    mean_s = (clonic_s + rates.tonic_per_min * rates.tonic_s) / at_rest
    return per_min, min(100.0 * per_min * mean_s / 60.0, 100.0 * BUSY)


def resting_opening(patient: Patient, state: State) -> dict[Side, float]:
    """Return each eye's opening between spasms: a hanging lid narrows it, a weak one widens it."""
    opening = {side: patient.opening_mm[side] for side in SIDES}
    if patient.side is not None:
        changed = opening[patient.side] - state.ptosis_mm + _WIDENS_MM * state.palsy
        opening[patient.side] = max(changed, 1.0)
    return opening


def _closed_s(marks: Marks, state: State) -> float:
    """Return for how long spasms would have shut the eye, had they shut it wholly."""
    closed_s = _MEAN_OF_PEAK * float(np.dot(marks.closure, marks.duration_s))
    return closed_s * amplitude_factor(state)
