"""Blinks: short closures of both eyes together, which must not be counted as spasms."""

import warnings

import numpy as np

from hemiface.spasms.candidates import CLOSURE
from hemiface.spasms.grid import EYE_MM, RATE_HZ, Grid
from hemiface.types import Blink, Floats

# A blink lasts 0.1-0.4 s, a slow one up to a second (clinical.md §7b); longer is an eye kept shut.
LONGEST_S = 1.0
MIN_DEPTH = 0.30
MIN_EACH = 0.12
_WINDOW_S = 1.5


def find_blinks(grid: Grid) -> tuple[Blink, ...]:
    """Return the blinks of a recording in order of time.

    A blink is a peak of the two eyes' mean closure that stands out from its surroundings, in which
    each eye takes part.
    """
    from scipy.signal import find_peaks, peak_widths

    closure = grid.values[:, :, CLOSURE] / EYE_MM
    both = closure.mean(axis=1)
    window = int(_WINDOW_S * RATE_HZ)
    padded = np.pad(both, 1, mode="edge")
    padded[0] = padded[-1] = min(0.0, float(both.min(initial=0.0)))
    with warnings.catch_warnings():
        # A peak without prominence, as in a constant signal, is no blink and no cause to warn.
        warnings.simplefilter("ignore", RuntimeWarning)
        peaks, found = find_peaks(padded, prominence=MIN_DEPTH, wlen=2 * window + 1)
        widths, _, starts, ends = peak_widths(padded, peaks, rel_height=0.7, wlen=2 * window + 1)
    blinks = []
    for peak, base, width, start, end in zip(
        peaks - 1, found["prominences"], widths, starts - 1, ends - 1, strict=True
    ):
        depth = _depths(closure, int(peak), float(start), float(end))
        short, deep = width <= LONGEST_S * RATE_HZ, depth.min() >= max(MIN_EACH, 0.3 * base)
        if short and deep and grid.observed[peak]:
            blinks.append(_blink(grid, closure, int(peak), float(start), float(end)))
    return tuple(blinks)


def _depths(closure: Floats, peak: int, start: float, end: float) -> Floats:
    """Return how much each eye closed from its own more open edge to the peak."""
    first, last = max(0, int(start) - 3), min(len(closure) - 1, int(end) + 3)
    inside = closure[first : last + 1]
    return np.asarray(inside.max(axis=0) - np.minimum(closure[first], closure[last]))


def _blink(grid: Grid, closure: Floats, peak: int, start: float, end: float) -> Blink:
    low, high = max(0, peak - 4), peak + 5
    left, right = np.clip(closure[low:high].max(axis=0), 0.0, 1.0)
    step = 1 / RATE_HZ
    onset = max(0.0, start) * step + float(grid.times_s[0])
    return Blink(onset, (end - max(0.0, start)) * step, float(left), float(right))
