"""What tells a spasm from speech, a smile, a blink or a turn of the head: one row per candidate."""

import numpy as np

from hemiface.spasms.candidates import (
    CLOSURE,
    LAG_SAMPLES,
    WEIGHTS,
    Candidate,
    excess_of,
    total_excess,
)
from hemiface.spasms.grid import INDEX, RATE_HZ, Grid
from hemiface.types import Floats

LOWER_LID, UPPER_LID = INDEX["orbicularis_oculi_lower"], INDEX["orbicularis_oculi_upper"]
BROW, CORRUGATOR = INDEX["frontalis"], INDEX["corrugator"]
EYE = [LOWER_LID, CLOSURE]
MOUTH = [
    INDEX[name]
    for name in ("zygomaticus", "risorius", "levator_labii", "orbicularis_oris", "nasalis")
]
JAW = [INDEX[name] for name in ("depressor_anguli_oris", "depressor_labii", "mentalis", "platysma")]

# Name of each feature, and how a spasm's probability may depend on it: +1 never falls as it grows,
# -1 never rises, 0 free. The constraints keep the judge sensible on faces unlike those it learned
# from.
FEATURES: dict[str, int] = {
    "closure_own": 0, "closure_other": 0, "closure_excess": 1,
    "lower_lid_own": 0, "lower_lid_other": -1, "lower_lid_excess": 1, "upper_lid_excess": 1,
    "mouth_own": 0, "mouth_other": -1, "mouth_excess": 1, "mouth_total": 1,
    "jaw_excess": 1, "jaw_other": -1, "brow_own": 0, "brow_apart": 0, "corrugator_excess": 1,
    "against": 1, "height": 1, "strength": 1, "sharpness": 0, "duration_s": 0, "after": -1,
    "eye_excess": 1, "eye_and_mouth": 1, "mouth_share": 1, "eye_share": 1,
    "blink": -1, "shut": -1,
    "before_mouth": -1, "before_eye": -1, "before_jaw": -1,
    "other_mouth_speed": -1, "other_eye_speed": -1, "other_jaw_speed": -1,
    "yaw_speed": -1, "pitch_speed": -1, "roll_speed": -1, "yaw": -1, "yaw_towards": 0, "noise": -1,
}  # fmt: skip
# Features also given relative to what the other side of the same recording shows by itself.
RELATIVE = (
    "height",
    "mouth_excess",
    "eye_excess",
    "eye_and_mouth",
    "mouth_total",
    "closure_excess",
)
CONSTRAINTS: tuple[int, ...] = (*FEATURES.values(), *(1 for _ in RELATIVE))
_PER_MINUTE = 6.0


def describe(grid: Grid, left: list[Candidate], right: list[Candidate]) -> Floats:
    """Return the features of the candidates, left then right, shape (n_candidates, n_features)."""
    rows = [np.array([_row(grid, c) for c in found]) for found in (left, right)]
    minutes = len(grid.times_s) / RATE_HZ / 60
    full = [
        np.hstack([own, _relative(own, other, minutes)])
        for own, other in (rows, rows[::-1])
        if len(own)
    ]
    return np.vstack(full) if full else np.zeros((0, len(CONSTRAINTS)))


def _relative(own: Floats, other: Floats, minutes: float) -> Floats:
    """Divide some features by what the other side reaches about six times a minute.

    Healthy asymmetry, speech and noise show on both sides; a hemifacial spasm on one.
    """
    columns = [list(FEATURES).index(name) for name in RELATIVE]
    usual = np.zeros(len(columns))
    if len(other):
        ordered = -np.sort(-np.maximum(0.0, other[:, columns]), axis=0)
        usual = ordered[min(max(1, round(minutes * _PER_MINUTE)), len(ordered) - 1)]
    return np.asarray(own[:, columns] / (0.3 + usual))


def _row(grid: Grid, c: Candidate) -> list[float]:
    values, other = grid.values, 1 - c.own
    first, last = max(0, c.rise - 20), min(len(values), c.rise + 15)
    around = values[first:last]
    near = slice(max(0, c.peak - LAG_SAMPLES), c.peak + LAG_SAMPLES + 1)
    own_mm = values[c.peak, c.own] - c.before[c.own]
    other_mm = values[near, other].max(axis=0) - c.before[other]
    excess, moved = excess_of(own_mm, other_mm), np.abs(other_mm)
    speed = np.abs(np.diff(around[:, other], axis=0)).max(axis=0) * RATE_HZ
    quiet = values[max(0, c.rise - 40) : max(2, c.rise - 8)]
    restless = np.abs(np.diff(quiet, axis=0)).mean(axis=(0, 1)) * RATE_HZ
    turning = np.abs(np.gradient(grid.pose_deg[first:last], axis=0)).max(axis=0) * RATE_HZ
    closing = (around - c.before)[:, :, CLOSURE].min(axis=1)
    later = min(len(values) - 1, c.end + 6)
    after = total_excess(values[later : later + 1] - c.before, c.own)[0] / c.excess_mm
    yaw = grid.pose_deg[:, 0]
    eye = max(0.0, excess[CLOSURE]) + max(0.0, excess[LOWER_LID])
    mouth = _best_two(excess[MOUTH])
    return [
        own_mm[CLOSURE], other_mm[CLOSURE], excess[CLOSURE],
        own_mm[LOWER_LID], moved[LOWER_LID], excess[LOWER_LID], excess[UPPER_LID],
        _best_two(own_mm[MOUTH]), moved[MOUTH].max(), mouth, np.maximum(0, excess[MOUTH]).sum(),
        _best_two(excess[JAW]), moved[JAW].max(),
        own_mm[BROW], abs(own_mm[BROW] - other_mm[BROW]), excess[CORRUGATOR],
        np.minimum(0, own_mm * WEIGHTS)[[*EYE, *MOUTH]].sum(),
        c.excess_mm, c.strength, c.strength / c.excess_mm, (c.end - c.onset) / RATE_HZ, after,
        eye, min(max(excess[CLOSURE], excess[LOWER_LID], 0.0), max(mouth, 0.0)),
        mouth / (0.3 + moved[MOUTH].max()), excess[CLOSURE] / (0.6 + moved[CLOSURE]),
        max(0.0, closing.max()), around[:, :, CLOSURE].min(axis=1).max(),
        restless[MOUTH].mean(), restless[EYE].mean(), restless[JAW].mean(),
        speed[MOUTH].max(), speed[EYE].max(), speed[JAW].max(),
        *turning, abs(yaw[c.peak]),
        (yaw[c.peak] - yaw[max(0, c.rise - 10)]) * (1 if c.own == 0 else -1),
        grid.noise_mm[first:last].max(),
    ]  # fmt: skip


def _best_two(values: Floats) -> float:
    return float(np.sort(values)[-2:].mean())
