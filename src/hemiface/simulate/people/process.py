"""Spasms as a marked point process: how many, in which clusters, how long, how strong, how far.

Clonic spasms are a cluster process (Neyman and Scott 1958): clusters come at random, each of one
spasm or more. Tonic ones come by themselves. The state of the patient scales the rate. Durations
and rates follow the patient's; the shape of the process is our choice. No frame or curve is made
here, so a year of visits is drawn in the time of one video.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from hemiface.simulate.people.patient import Patient
from hemiface.simulate.people.severity import LARGEST_MM, PROFILES, STAGES
from hemiface.simulate.people.state import State
from hemiface.simulate.people.triggers import DELAY_S, Movement, provocation, rate_factor
from hemiface.types import Floats, Span

GAP_S = 0.2
"""Least rest between two spasms; closer ones would be one."""

CLUSTER_REST_S = 0.25
"""Mean rest between the spasms of a cluster, beyond `GAP_S`: our choice."""

AMPLITUDE_MM = (0.5, 4.0)
"""Range of the largest displacement of skin in a spasm; a closing lid may travel further."""

# How much of a stretch spasms may fill, without and with the rests between them.
BUSY, BUSY_WITH_RESTS = 0.62, 0.9
_FAINT_S = 0.06  # the ends of a spasm before and after its onset and offset
_LONGEST = 0.5  # a tonic spasm fills at most half of what is recorded


@dataclass(frozen=True, eq=False)
class Marks:
    """The spasms of one stretch of time, each an entry of every array.

    Attributes
    ----------
    at : ndarray
        Where its cluster begins, as a share of the stretch.
    cluster : ndarray of int
        Which cluster it belongs to; a tonic or provoked spasm is one by itself.
    duration_s : ndarray
        Between onset and offset.
    strength : ndarray
        0 to 1.
    depth : ndarray of int
        The last of `STAGES` it reaches.
    closure : ndarray
        How far the upper lid closes the eye, 0 where it takes no part.
    """

    at: Floats
    cluster: NDArray[np.int64]
    duration_s: Floats
    strength: Floats
    depth: NDArray[np.int64]
    closure: Floats

    def __len__(self) -> int:
        return len(self.at)

    def only(self, keep: NDArray[np.bool_] | NDArray[np.int64]) -> "Marks":
        """Return some of the spasms."""
        return Marks(
            self.at[keep], self.cluster[keep], self.duration_s[keep],
            self.strength[keep], self.depth[keep], self.closure[keep],
        )  # fmt: skip


def draw_marks(
    rng: np.random.Generator,
    patient: Patient,
    state: State,
    span: Span,
    movements: Sequence[Movement] = (),
) -> Marks:
    """Draw the spasms of a stretch of time in one state; those it has no room for are left out.

    Parameters
    ----------
    rng : Generator
        Where randomness comes from.
    patient : Patient
        Whose rates, durations and strengths.
    state : State
        What they do, and what treatment leaves.
    span : Span
        The stretch.
    movements : sequence of Movement
        Those that may provoke a spasm at once: eye closure, sneezing, a jerk of the head.

    Raises
    ------
    ConventionError
        If the task of the state is unknown.
    """
    factor = rate_factor(patient.sensitivity, state) * span.duration_s / 60.0
    n_clusters = int(rng.poisson(patient.rates.clonic_per_min * factor / patient.cluster))
    sizes = 1 + rng.poisson(patient.cluster - 1.0, n_clusters)
    provoked = _provoked(rng, patient, state, span, movements)
    clonic_s = _draw_clonic_s(rng, patient, int(sizes.sum()) + len(provoked))
    n_tonic = int(rng.poisson(patient.rates.tonic_per_min * factor))
    tonic_s = _draw_tonic_s(rng, patient, n_tonic, span.duration_s)
    begins = np.repeat(rng.random(n_clusters), sizes)
    at = np.concatenate([begins, provoked, rng.random(len(tonic_s))])
    alone = n_clusters + np.arange(len(provoked) + len(tonic_s))
    cluster = np.concatenate([np.repeat(np.arange(n_clusters), sizes), alone])
    marks = _with_strength(rng, patient, at, cluster, np.concatenate([clonic_s, tonic_s]))
    return _that_fit(rng, marks, span.duration_s)


def draw_one(rng: np.random.Generator, patient: Patient, span: Span) -> Marks:
    """Draw a single clonic spasm, or none if the stretch has no room for the shortest."""
    longest = BUSY * span.duration_s - 3 * _FAINT_S
    if longest < patient.rates.clonic_s[0]:
        return _with_strength(rng, patient, np.zeros(0), np.zeros(0, np.int64), np.zeros(0))
    duration_s = np.minimum(_draw_clonic_s(rng, patient, 1), longest)
    return _with_strength(rng, patient, rng.random(1), np.zeros(1, np.int64), duration_s)


def amplitudes_mm(marks: Marks, patient: Patient, state: State, opening_mm: float) -> Floats:
    """Return the largest displacement of each spasm, skin or lid, as its amplitude is measured.

    Parameters
    ----------
    marks : Marks
        The spasms.
    patient, state : Patient, State
        Whose they are, and what treatment leaves of them.
    opening_mm : float
        Resting opening of the affected eye.
    """
    eye_only = (marks.depth < 2) & (not patient.atypical)
    largest = np.where(eye_only, LARGEST_MM["orbicularis_oculi_lower"], AMPLITUDE_MM[1])
    skin = np.minimum(skin_mm(marks.strength), largest)
    shown: Floats = np.maximum(skin, marks.closure * opening_mm) * amplitude_factor(state)
    return shown


def skin_mm(strength: Floats) -> Floats:
    """Return how far the skin that moves most is wanted to move."""
    low, high = AMPLITUDE_MM
    wanted: Floats = low * (high / low) ** strength
    return wanted


def amplitude_factor(state: State) -> float:
    """Return what treatment and palsy leave of a spasm's amplitude."""
    return state.amplitude_factor * (1.0 - state.palsy)


def expected_rate(patient: Patient, state: State) -> float:
    """Return the mean number of spasms a minute in a state, were there room for all."""
    per_min = patient.rates.clonic_per_min + patient.rates.tonic_per_min
    return per_min * rate_factor(patient.sensitivity, state)


def _provoked(
    rng: np.random.Generator,
    patient: Patient,
    state: State,
    span: Span,
    movements: Sequence[Movement],
) -> Floats:
    """Draw where movements provoke spasms, as shares of the stretch; treatment thins them."""
    shares = []
    for movement in movements:
        lucky, delay_s = rng.random(), rng.uniform(*DELAY_S)
        chance = provocation(patient.sensitivity, movement) * min(state.rate_factor, 1.0)
        at = (movement.onset_s + delay_s - span.start_s) / span.duration_s
        if lucky < chance and 0.0 <= at < 1.0:
            shares.append(at)
    return np.array(shares)


def _draw_clonic_s(rng: np.random.Generator, patient: Patient, n: int) -> Floats:
    shortest, longest = np.log(patient.rates.clonic_s)
    drawn: Floats = np.exp(rng.uniform(shortest, longest, n))
    return drawn


def _draw_tonic_s(rng: np.random.Generator, patient: Patient, n: int, length_s: float) -> Floats:
    shortest, longest = PROFILES[patient.severity].tonic_s
    longest = min(longest, _LONGEST * length_s)
    if longest <= shortest:
        return np.zeros(0)
    drawn: Floats = patient.rates.tonic_s * rng.lognormal(-0.18, 0.6, n)  # the factor's mean is 1
    return np.clip(drawn, shortest, longest)


def _with_strength(
    rng: np.random.Generator,
    patient: Patient,
    at: Floats,
    cluster: NDArray[np.int64],
    duration_s: Floats,
) -> Marks:
    n = len(at)
    strength = rng.beta(*patient.strength, n)
    depth = np.searchsorted(np.cumsum(patient.depths), rng.random(n)).clip(0, len(STAGES) - 1)
    # A weak spasm often lifts the lower lid alone.
    closes = (depth > 0) & (rng.random(n) <= 0.35 + 1.3 * strength) & (not patient.atypical)
    closure = np.clip(0.1 + 0.9 * strength * rng.uniform(0.5, 1.3, n), 0.1, 1.0)
    return Marks(at, cluster, duration_s, strength, depth, np.where(closes, closure, 0.0))


def _that_fit(rng: np.random.Generator, marks: Marks, length_s: float) -> Marks:
    """Leave out, whichever they are, the spasms that the stretch has no room for."""
    order = rng.permutation(len(marks))
    busy_s = np.cumsum(marks.duration_s[order] + _FAINT_S)
    rests_s = GAP_S * np.arange(2, len(marks) + 2)
    fits = (busy_s <= BUSY * length_s) & (busy_s + rests_s <= BUSY_WITH_RESTS * length_s)
    return marks.only(np.sort(order[fits]))
