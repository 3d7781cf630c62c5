"""One spasm in the recording's own times: when it began and ended, how far, with which muscles."""

import numpy as np

from hemiface.spasms.candidates import CLOSURE, Candidate, excess_of, total_excess
from hemiface.spasms.grid import NAMES, RATE_HZ, Grid
from hemiface.types import SIDES, Floats, Signals, Span, Spasm

# Onset and offset are where the excess crosses this share of its peak.
ONSET_SHARE, OFFSET_SHARE = 0.2, 0.3
# A muscle takes part when it exceeds its fellow by this much and by this share of the leader.
MIN_PART_MM, MIN_PART_SHARE = 0.25, 0.2
TONIC_S = 1.0


def outline_spasm(signals: Signals, grid: Grid, c: Candidate, spans: tuple[Span, ...]) -> Spasm:
    """Return the spasm that a candidate is, in seconds and millimetres."""
    values = grid.values[:, [c.own, 1 - c.own]] - c.before[[c.own, 1 - c.own]]
    excess = total_excess(values, 0)
    peak = c.onset + int(np.argmax(excess[c.onset : c.end + 1]))
    start, end = _in_view(grid, c, peak)
    first = start + int(np.argmax(excess[start : end + 1] > ONSET_SHARE * excess[peak]))
    last = end - int(np.argmax(excess[start : end + 1][::-1] > OFFSET_SHARE * excess[peak]))
    onset_s = _crossing(grid, excess, first, ONSET_SHARE * excess[peak], step=-1)
    end_s = _crossing(grid, excess, last, OFFSET_SHARE * excess[peak], step=1)
    inside = slice(min(c.onset, peak), max(c.end, peak) + 1)
    beyond = np.maximum(0.0, excess_of(values[inside, 0], values[inside, 1]))
    opening = signals.resting.get(f"lid_{SIDES[c.own]}", 9.0)
    reach = values[inside, 0].copy()
    reach[:, CLOSURE] *= opening / 9.0
    frame = 1.5 / max(signals.recording.rate_hz, 1.0)
    span = min(spans, key=lambda s: 0 if s.start_s <= grid.times_s[peak] <= s.end_s else 1)
    return Spasm(
        onset_s=onset_s,
        duration_s=end_s - onset_s,
        peak_s=float(grid.times_s[peak]),
        side=SIDES[c.own],
        kind="tonic" if end_s - onset_s >= TONIC_S else "clonic",
        amplitude_mm=amplitude_mm(reach, beyond),
        muscles=in_order_of_onset(beyond),
        cut_start=onset_s - span.start_s < frame,
        cut_end=span.end_s - end_s < frame,
    )


def amplitude_mm(reach: Floats, beyond: Floats) -> float:
    """Return how far the muscle that went farthest was when it most exceeded its fellow.

    At that moment, and not at any: a blink within a long spasm moves both lids farther.
    """
    at = np.take_along_axis(reach, beyond.argmax(axis=0)[None], axis=0)[0]
    return float(np.where(beyond.max(axis=0) > 0, at, 0.0).max())


def _in_view(grid: Grid, c: Candidate, peak: int) -> tuple[int, int]:
    """Return the first and last sample of a candidate that were observed without a break."""
    hidden = np.flatnonzero(~grid.observed[c.onset : c.end + 1]) + c.onset
    before, after = hidden[hidden < peak], hidden[hidden > peak]
    start = int(before[-1]) + 1 if len(before) else c.onset
    return start, int(after[0]) - 1 if len(after) else c.end


def _crossing(grid: Grid, excess: Floats, at: int, level: float, *, step: int) -> float:
    """Return when the excess crosses a level, going in one direction from a sample above it."""
    while 0 <= at + step < len(excess) and excess[at + step] > level and grid.observed[at + step]:
        at += step
    beyond = at + step
    if not (0 <= beyond < len(excess) and grid.observed[beyond]):
        return float(grid.times_s[at])
    fraction = (excess[at] - level) / max(excess[at] - excess[beyond], 1e-9)
    return float(grid.times_s[at] + step * np.clip(fraction, 0, 1) / RATE_HZ)


def in_order_of_onset(beyond: Floats) -> tuple[str, ...]:
    """Return the muscles that take part, the first to reach half of its own peak first."""
    reached = beyond.max(axis=0)
    taking_part = np.flatnonzero(reached >= max(MIN_PART_MM, MIN_PART_SHARE * reached.max()))
    halfway = {m: int(np.argmax(beyond[:, m] >= 0.5 * reached[m])) for m in taking_part}
    return tuple(NAMES[m] for m in sorted(taking_part, key=lambda m: (halfway[m], -reached[m])))
