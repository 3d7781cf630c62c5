"""What a virtual patient writes down every day; how they judge themselves is our choice."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from hemiface.simulate.course.treatments import Medicine, Toxin, Treatment
from hemiface.simulate.course.visits import expected
from hemiface.simulate.people.patient import Patient
from hemiface.simulate.people.severity import STAGES
from hemiface.simulate.people.state import State

SITES = ("lower lid", "upper lid", "cheek", "mouth", "brow and chin", "neck")
"""How a patient calls each of `STAGES`."""

_HALF_BURDEN = 8.0  # the burden, % of time, that troubles 5 of 10
_NOTICED = 0.2  # a change of rate, or a share of movement lost, that is noticed
_NOTICED_MM = 0.5
_SWAY = 0.8  # SD of a day's grade
_FORGETS = 0.1  # share of days on which a trigger is not written down


@dataclass(frozen=True)
class Entry:
    """One day of a diary.

    Attributes
    ----------
    day : int
        Since the beginning of the course.
    side : str
        "left", "right" or "none".
    burden : int
        How much the spasms troubled, 0 to 10.
    sites : str
        Where, parted by semicolons; empty when free.
    trigger : str
        What made it worse; empty if nothing did.
    stress : int
        0 to 10.
    sleep_h : float
        Hours of sleep.
    medicine : bool
        Whether a medicine is taken.
    toxin_u : float
        Units injected that day.
    side_effect : str
        What the mirror shows: ptosis, droop or weakness; empty if nothing.
    """

    day: int
    side: str
    burden: int
    sites: str
    trigger: str
    stress: int
    sleep_h: float
    medicine: bool
    toxin_u: float
    side_effect: str


def write_entries(
    seed: int,
    patient: Patient,
    states: Sequence[State],
    sleep_h: Sequence[float],
    treatments: Sequence[Treatment],
) -> tuple[Entry, ...]:
    """Return the diary of a course, one entry a day; a longer one begins as a shorter one does.

    Parameters
    ----------
    seed : int
        Same seed, same diary.
    patient : Patient
        Who writes.
    states : sequence of State
        How they are on each day.
    sleep_h : sequence of float
        Hours slept.
    treatments : sequence of Treatment
        What they are given.
    """
    rng, chance = (np.random.default_rng([seed, number]) for number in (36, 37))
    sways, chances = rng.standard_normal(len(states)), chance.random(len(states))
    entries = []
    for day, state in enumerate(states):
        burden = _grade(expected(patient, state)[1], float(sways[day]))
        entries.append(
            Entry(
                day=day,
                side=patient.side or "none",
                burden=burden,
                sites=_sites(patient) if burden else "",
                trigger=_trigger(patient, state, float(chances[day])) if burden else "",
                stress=round(10.0 * state.stress),
                sleep_h=round(sleep_h[day], 1),
                medicine=any(isinstance(t, Medicine) and t.day <= day for t in treatments),
                toxin_u=_injected(treatments, day),
                side_effect=_side_effect(state),
            )
        )
    return tuple(entries)


def _grade(burden_percent: float, sway: float) -> int:
    """Grade a burden from 0 to 10: half at `_HALF_BURDEN`, and nothing when there is none."""
    if burden_percent < 0.01:
        return 0
    felt = 10.0 * burden_percent / (burden_percent + _HALF_BURDEN)
    return int(np.clip(round(felt + _SWAY * sway), 0, 10))


def _sites(patient: Patient) -> str:
    """Name the sites that a tenth of the spasms or more reach."""
    reach = np.cumsum(patient.depths[::-1])[::-1]
    first = 2 if patient.atypical else 0
    last = int(np.flatnonzero(reach >= 0.1)[-1])
    return "; ".join(SITES[first : max(last, first) + 1][: len(STAGES)])


def _trigger(patient: Patient, state: State, chance: float) -> str:
    felt = {
        "stress": (patient.sensitivity["stress"] - 1.0) * state.stress,
        "fatigue": (patient.sensitivity["fatigue"] - 1.0) * state.fatigue,
    }
    worst = max(felt, key=lambda name: felt[name])
    return worst if felt[worst] > _NOTICED and chance >= _FORGETS else ""


def _injected(treatments: Sequence[Treatment], day: int) -> float:
    today = [t.dose_u for t in treatments if isinstance(t, Toxin) and int(t.day) == day]
    return float(sum(today))


def _side_effect(state: State) -> str:
    signs = {
        "ptosis": state.ptosis_mm >= _NOTICED_MM,
        "droop": state.droop_mm >= _NOTICED_MM,
        "weakness": state.palsy >= 0.5 * _NOTICED,
    }
    return "; ".join(sign for sign, seen in signs.items() if seen)
