"""The common ground of all detection: contraction by side, evenly at 60 samples a second."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from hemiface.muscles import MUSCLES
from hemiface.types import SIDES, Floats, Signals, Span

RATE_HZ = 60.0
# One unit of closure is counted as this many mm: about the opening of an eye.
EYE_MM = 9.0
NAMES: tuple[str, ...] = tuple(muscle.name for muscle in MUSCLES)
INDEX: dict[str, int] = {name: index for index, name in enumerate(NAMES)}
# Gaps shorter than this (a dropped frame) are bridged; longer ones are not observed.
_BRIDGE_S = 0.1
_SMOOTH_SAMPLES = 0.7
_STEP, _MIN_STEP_MM, _SHRINK = 6, 0.4, 60


@dataclass(frozen=True, eq=False)
class Grid:
    """Contraction on the even grid.

    Attributes
    ----------
    times_s : ndarray, shape (n_samples,)
    values : ndarray, shape (n_samples, 2, n_muscles)
        Left then right; mm, closure as mm of lid; 0 where not observed.
    observed : ndarray of bool, shape (n_samples,)
    pose_deg : ndarray, shape (n_samples, 3)
        Yaw, pitch, roll.
    noise_mm : ndarray, shape (n_samples,)
    """

    times_s: Floats
    values: Floats
    observed: NDArray[np.bool_]
    pose_deg: Floats
    noise_mm: Floats

    def reversed(self) -> "Grid":
        """Return the same recording played backwards, for spasms whose beginning was not seen."""
        return Grid(
            self.times_s,
            self.values[::-1],
            self.observed[::-1],
            self.pose_deg[::-1],
            self.noise_mm[::-1],
        )


def to_grid(signals: Signals) -> Grid:
    """Resample signals to the grid, bridging single dropped frames and no more."""
    from scipy.ndimage import gaussian_filter1d

    start, end = signals.times_s[0], signals.times_s[-1]
    times = np.arange(start, end + 1e-9, 1 / RATE_HZ)
    by_side = np.stack([[signals.row(name, side) for name in NAMES] for side in SIDES])
    by_side[:, INDEX["orbicularis_oculi"]] *= EYE_MM
    known = np.isfinite(by_side).all(axis=(0, 1))
    observed = _near_known(times, signals.times_s[known])
    if not known.any():
        empty = np.zeros((len(times), 2, len(NAMES)))
        return Grid(times, empty, observed, np.zeros((len(times), 3)), np.zeros(len(times)))

    def resample(rows: Floats) -> Floats:
        return np.stack([np.interp(times, signals.times_s[known], row[known]) for row in rows])

    flat = resample(by_side.reshape(-1, by_side.shape[-1]))
    smooth = gaussian_filter1d(flat, _SMOOTH_SAMPLES, axis=1)
    values = _balanced(smooth.reshape(2, len(NAMES), -1).transpose(2, 0, 1))
    pose, noise = resample(signals.pose_deg), resample(signals.noise_mm[None])
    return Grid(times, values, observed, pose.T, noise[0])


def observed_spans(grid: Grid) -> tuple[Span, ...]:
    """Return the stretches in which a spasm could have been seen."""
    edges = np.flatnonzero(np.diff(np.r_[0, grid.observed.astype(int), 0]))
    step = 1 / RATE_HZ
    return tuple(
        Span(float(grid.times_s[first]), float(grid.times_s[last - 1] + step))
        for first, last in edges.reshape(-1, 2)
    )


def _balanced(values: Floats) -> Floats:
    """Give both sides the same gain, learned from the person's own bilateral movements.

    A turned or asymmetric face shows a blink or a smile larger on one side; for each muscle the
    ratio of the sides' steps, where both clearly step the same way, is divided out.
    """
    steps = values[_STEP:] - values[:-_STEP]
    left, right = steps[:, 0], steps[:, 1]
    lesser = np.minimum(np.abs(left), np.abs(right))
    both = (
        (left * right > 0)
        & (lesser > _MIN_STEP_MM)
        & (np.maximum(abs(left), abs(right)) < 3 * lesser)
    )
    balanced = values.copy()
    for muscle in range(values.shape[2]):
        one, other = left[both[:, muscle], muscle], right[both[:, muscle], muscle]
        log_ratio = float(np.median(np.log(one / other))) if len(one) else 0.0
        # Few steps say little: shrink towards equal gains.
        half = np.clip(log_ratio * len(one) / (len(one) + _SHRINK), -0.5, 0.5) / 2
        balanced[:, :, muscle] *= np.exp([-half, half])
    return balanced


def _near_known(times: Floats, known_s: Floats) -> NDArray[np.bool_]:
    """Return which samples lie between known frames that are close together."""
    if len(known_s) < 2:
        return np.zeros(len(times), bool)
    bridge = max(_BRIDGE_S, 1.5 * float(np.median(np.diff(known_s))))
    after = np.clip(np.searchsorted(known_s, times), 1, len(known_s) - 1)
    inside = (times >= known_s[0]) & (times <= known_s[-1])
    return np.asarray(inside & (known_s[after] - known_s[after - 1] <= bridge))
