"""Two ways in use to find one-sided spasms, done again here from their descriptions.

*Blend-shape asymmetry*: left minus right of what MediaPipe's blend shapes say. Its threshold is
the one that scores best on the very clips it is scored on, which no user could know: the baseline
at its kindest.

*The published eye rule* (Nomura & Sakai 2026, Zenodo 10.5281/zenodo.18845312): relative difference
of the eyes' apertures, split by a Savitzky-Golay filter into tonic and clonic; what exceeds the
mean of its own recording by half a standard deviation is a spasm. What its description leaves open
is decided in its favour: a blink is judged by the sound eye, so that no spasm is mistaken for one,
and the sound eye's aperture has a floor, so that a closed eye does not divide by zero.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray
from scipy.ndimage import gaussian_filter1d
from scipy.signal import savgol_filter

from benchmarks.faces import FaceTraces
from hemiface.types import SIDES, Floats, Side, Spasm

Bools = NDArray[np.bool_]

SMOOTH_S = 0.03
_JOIN_S = 0.1
THRESHOLDS: tuple[float, ...] = tuple(float(step) for step in np.arange(0.02, 0.62, 0.02))

TONIC_S, TONIC_ORDER = 3.0, 2
EXCESS_SD = 0.5
MIN_EVENT_FRAMES = 4
BLINK_DEPTH, BLINK_FRAMES = 0.5, (2, 10)
_APERTURE_FLOOR = 0.2


@dataclass(frozen=True)
class Tuned:
    """The threshold that scores best, and the F1 it reaches."""

    threshold: float
    f1: float


def shape_asymmetry(traces: FaceTraces) -> Floats:
    """Return the largest left-right difference of any blend shape in each frame, left positive.

    Each shape is taken against its own usual difference, so that a face crooked at rest is no
    spasm, and smoothed by about one frame.

    Returns
    -------
    ndarray, shape (n_frames,)
        NaN where no face was seen.
    """
    step_s = float(np.median(np.diff(traces.times_s)))
    apart = np.array([left - right for left, right in traces.shapes.values()])
    usual = np.nanmedian(apart, axis=1, keepdims=True)
    smooth = gaussian_filter1d(np.nan_to_num(apart - usual), SMOOTH_S / step_s, axis=1)
    largest = np.abs(smooth).argmax(axis=0)
    chosen = smooth[largest, np.arange(smooth.shape[1])]
    return np.where(np.isfinite(apart).all(axis=0), chosen, np.nan)


def find_by_shapes(traces: FaceTraces, threshold: float) -> tuple[Spasm, ...]:
    """Return an event wherever blend-shape asymmetry exceeds a threshold, its side by the sign."""
    asymmetry = np.nan_to_num(shape_asymmetry(traces))
    events: list[Spasm] = []
    for side, sign in zip(SIDES, (1.0, -1.0), strict=True):
        above = _join(sign * asymmetry > threshold, traces.times_s, _JOIN_S)
        events += _events(above, sign * asymmetry, traces.times_s, side)
    return tuple(sorted(events, key=lambda event: event.onset_s))


def tune(
    traces: Sequence[FaceTraces], score: Callable[[Sequence[tuple[Spasm, ...]]], float]
) -> Tuned:
    """Return the threshold whose events score best over all recordings together."""
    tried = [
        Tuned(threshold, score([find_by_shapes(one, threshold) for one in traces]))
        for threshold in THRESHOLDS
    ]
    return max(tried, key=lambda one: one.f1)


def find_by_eye_rule(traces: FaceTraces) -> tuple[Spasm, ...]:
    """Return the events of the published eye rule, all on the side it names."""
    known = np.isfinite(traces.apertures).all(axis=0)
    if known.sum() < MIN_EVENT_FRAMES:
        return ()
    apertures, times_s = traces.apertures[:, known], traces.times_s[known]
    sick = 0 if _variation(apertures[0]) >= _variation(apertures[1]) else 1
    clonic = clonic_residual(apertures[sick], apertures[1 - sick], times_s)
    above = clonic > clonic.mean() + EXCESS_SD * clonic.std()
    long = np.zeros_like(above)
    for first, last in runs(above):
        long[first:last] = last - first >= MIN_EVENT_FRAMES
    return tuple(_events(long, clonic, times_s, SIDES[sick]))


def clonic_residual(sick: Floats, sound: Floats, times_s: Floats) -> Floats:
    """Return what is left of the eyes' relative difference after its slow, tonic part.

    Parameters
    ----------
    sick, sound : ndarray, shape (n_frames,)
        Aperture of either eye.
    times_s : ndarray, shape (n_frames,)
    """
    floor = _APERTURE_FLOOR * float(np.median(sound))
    difference = (sound - sick) / np.maximum(sound, floor)
    kept = ~blink_mask(sound)
    if not kept.any():
        return np.zeros_like(difference)
    frames = np.arange(len(difference))
    bridged = np.interp(frames, frames[kept], difference[kept])
    step_s = float(np.median(np.diff(times_s)))
    window = min(round(TONIC_S / step_s) // 2 * 2 + 1, (len(bridged) - 1) // 2 * 2 + 1)
    if window <= TONIC_ORDER:
        return np.asarray(bridged - bridged.mean())
    return np.asarray(bridged - savgol_filter(bridged, window, TONIC_ORDER))


def blink_mask(aperture: Floats) -> Bools:
    """Return the frames of blinks: less than half of the usual aperture, for 2 to 10 frames."""
    closed = aperture < BLINK_DEPTH * float(np.median(aperture))
    mask = np.zeros(len(aperture), bool)
    for first, last in runs(closed):
        mask[first:last] = BLINK_FRAMES[0] <= last - first <= BLINK_FRAMES[1]
    return mask


def runs(flags: Bools) -> list[tuple[int, int]]:
    """Return the stretches of True, half-open."""
    edges = np.flatnonzero(np.diff(np.r_[0, flags.astype(int), 0]))
    return [(int(first), int(last)) for first, last in edges.reshape(-1, 2)]


def _join(flags: Bools, times_s: Floats, gap_s: float) -> Bools:
    """Bridge gaps shorter than `gap_s`."""
    joined = flags.copy()
    found = runs(flags)
    for (_, end), (start, _) in pairwise(found):
        joined[end:start] = times_s[start] - times_s[end] < gap_s
    return joined


def _events(flags: Bools, height: Floats, times_s: Floats, side: Side) -> list[Spasm]:
    """Return the stretches as spasms. Neither baseline knows millimetres: any size is claimed."""
    step_s = float(np.median(np.diff(times_s)))
    return [
        Spasm(
            onset_s=float(times_s[first]),
            duration_s=float(times_s[last - 1] - times_s[first]) + step_s,
            peak_s=float(times_s[first + height[first:last].argmax()]),
            side=side,
            kind="clonic",
            amplitude_mm=float("inf"),
            muscles=(),
        )
        for first, last in runs(flags)
    ]


def _variation(aperture: Floats) -> float:
    """Coefficient of variation: the rule takes the more variable eye for the sick one."""
    return float(aperture.std() / max(float(aperture.mean()), 1e-9))
