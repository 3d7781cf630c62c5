"""Moments at which one side of the face begins to do what the other does not.

Both sides are compared muscle by muscle: what one side does beyond the other, in the direction in
which the muscle pulls, is its excess. A candidate is a rise of the excess; most are speech, smiles
and turns of the head, and `hemiface.spasms.judge` sorts them.
"""

from dataclasses import dataclass, replace

import numpy as np

from hemiface.spasms.ending import find_end
from hemiface.spasms.grid import INDEX, NAMES, RATE_HZ, Grid
from hemiface.types import Floats

# How far a muscle's excess counts: skin that talking moves most tells least.
TRUST: dict[str, float] = {
    "orbicularis_oculi": 1.0,
    "orbicularis_oculi_upper": 0.6,
    "orbicularis_oculi_lower": 1.0,
    "frontalis": 0.35,
    "corrugator": 0.5,
    "nasalis": 0.7,
    "levator_labii": 1.0,
    "zygomaticus": 1.0,
    "risorius": 1.0,
    "orbicularis_oris": 1.0,
    "depressor_anguli_oris": 0.45,
    "depressor_labii": 0.45,
    "mentalis": 0.45,
    "platysma": 0.25,
}
WEIGHTS: Floats = np.array([TRUST[name] for name in NAMES])
CLOSURE = INDEX["orbicularis_oculi"]

TOLERANCE = 0.35
MIN_RISE_MM = 0.3
_RISE_SAMPLES = (4, 7)
_APART_SAMPLES = 6
LAG_SAMPLES = 2
_PEAK_WITHIN = 12
_LONGEST_S = 60.0
_FOOT = 0.2
_N_BEST = 4


@dataclass(frozen=True, eq=False)
class Candidate:
    """One rise of one side over the other, as indices of the grid.

    `relative` holds the contraction of both sides from the moment before the rise, shape
    (n_samples, 2, n_muscles) with the candidate's own side first; `start` is its first sample.
    """

    own: int
    onset: int
    rise: int
    peak: int
    end: int
    strength: float
    excess_mm: float
    before: Floats

    def reversed(self, n_samples: int) -> "Candidate":
        """Return the same candidate when the recording is played the other way."""
        last = n_samples - 1
        return replace(
            self,
            onset=last - self.end,
            rise=last - self.rise,
            peak=last - self.peak,
            end=last - self.onset,
        )


def find_candidates(grid: Grid, own: int) -> list[Candidate]:
    """Return every rise of one side (0 left, 1 right) over the other, in order of time."""
    from scipy.ndimage import maximum_filter1d

    if len(grid.times_s) < 20:
        return []
    strength = np.maximum.reduce([_rise(grid.values, own, samples) for samples in _RISE_SAMPLES])
    peaks = np.flatnonzero((strength >= maximum_filter1d(strength, 9)) & (strength > MIN_RISE_MM))
    found, last = [], -_APART_SAMPLES
    for rise in peaks.tolist():
        if rise - last < _APART_SAMPLES or not grid.observed[rise]:
            continue
        last = rise
        candidate = _outline(grid, own, rise, float(strength[rise]))
        if candidate is not None:
            found.append(candidate)
    return found


def total_excess(relative: Floats, own: int) -> Floats:
    """Return how far one side exceeds the other: root sum of squares of its best muscles, in mm.

    Parameters
    ----------
    relative : ndarray, shape (n_samples, 2, n_muscles)
        Contraction from some earlier moment.
    own : int
        Which side.
    """
    beyond = excess_of(relative[:, own], unhurried(relative[:, 1 - own]))
    best = np.sort(np.maximum(0.0, beyond) * WEIGHTS, axis=1)[:, -_N_BEST:]
    return np.asarray(np.sqrt((best**2).sum(axis=1)))


def unhurried(other: Floats) -> Floats:
    """Return the most that the other side does within a frame or two, shape as given.

    The two lids of one blink, and the two readings of it, may be a frame apart.
    """
    from scipy.ndimage import maximum_filter1d

    return np.asarray(maximum_filter1d(other, 2 * LAG_SAMPLES + 1, axis=0))


def excess_of(own: Floats, other: Floats) -> Floats:
    """Return what one side does beyond the other, muscle by muscle, in mm.

    Where both contract, sides may differ by `TOLERANCE` of the lesser movement: no face
    is quite symmetric. Where the other moves the opposite way, the face is being shifted or the
    head is turning, and that movement counts against the excess.
    """
    together = (own > 0) & (other > 0)
    tolerated = own - other - TOLERANCE * np.minimum(own, other)
    return np.asarray(np.where(together, tolerated, own - np.abs(other)))


def _rise(values: Floats, own: int, samples: int) -> Floats:
    """Return the excess gained in the last few samples, shape (n_samples,)."""
    gained = np.zeros(len(values))
    gained[samples:] = total_excess(values[samples:] - values[:-samples], own)
    return gained


def _before(values: Floats, own: int, rise: int, strength: float) -> Floats:
    """Return the face before a rise: a little earlier, unless a spasm was just ending there."""
    earlier = np.median(values[max(0, rise - 14) : max(1, rise - 6)], axis=0)
    just = values[max(0, rise - max(_RISE_SAMPLES))]
    ending = total_excess((earlier - just)[None], own)[0] > 0.5 * strength
    return np.asarray(just if ending else earlier)


def _outline(grid: Grid, own: int, rise: int, strength: float) -> Candidate | None:
    """Find the peak, beginning and end around a rise; None when it comes to nothing."""
    before = _before(grid.values, own, rise, strength)
    first = max(0, rise - 15)
    last = min(len(grid.values), rise + int(_LONGEST_S * RATE_HZ))
    hidden = np.flatnonzero(~grid.observed[rise:last])
    last = rise + int(hidden[0]) if len(hidden) else last
    excess = total_excess(grid.values[first:last] - before, own)
    at = rise - first
    peak = at + int(np.argmax(excess[at : at + _PEAK_WITHIN]))
    height = float(excess[peak])
    if height < 0.8 * MIN_RISE_MM:
        return None
    low = np.flatnonzero(excess[: at + 1] <= _FOOT * height)
    onset = int(low[-1]) + 1 if len(low) else 0
    fellow = grid.values[first + peak : last, 1 - own, CLOSURE] - before[1 - own, CLOSURE]
    end = peak + find_end(excess[peak:], fellow, height)
    return Candidate(
        own, first + min(onset, at), rise, first + peak, first + end, strength, height, before
    )
