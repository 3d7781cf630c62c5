"""A spasm where a person says there is one: how far, and with which muscles."""

import numpy as np

from hemiface.spasms.candidates import CLOSURE, excess_of, total_excess
from hemiface.spasms.grid import RATE_HZ, Grid
from hemiface.spasms.outline import TONIC_S, amplitude_mm, in_order_of_onset
from hemiface.types import SIDES, Side, Signals, Span, Spasm

_BEFORE = 6  # samples of a tenth of a second that the contraction is counted from


def outline_marked(
    signals: Signals, grid: Grid, side: Side, span: Span, observed: tuple[Span, ...]
) -> Spasm:
    """Return the spasm between an onset and an end that were marked by a person.

    Parameters
    ----------
    signals : Signals
    grid : Grid
        The same signals on the even grid.
    side : "left" or "right"
    span : Span
        As marked; kept as it is.
    observed : tuple of Span
        Where something could be seen; elsewhere a spasm may be marked too, of unknown size.
    """
    own, n = SIDES.index(side), len(grid.times_s)
    first, last = np.clip(np.searchsorted(grid.times_s, [span.start_s, span.end_s]), 0, n - 1)
    before = np.median(grid.values[max(0, first - _BEFORE) : first + 1], axis=0)
    values = (grid.values[first : last + 1] - before)[:, [own, 1 - own]]
    beyond = np.maximum(0.0, excess_of(values[:, 0], values[:, 1]))
    reach = values[:, 0].copy()
    reach[:, CLOSURE] *= signals.resting.get(f"lid_{side}", 9.0) / 9.0
    seen = bool(grid.observed[first : last + 1].any())
    frame = 1.5 / RATE_HZ
    return Spasm(
        onset_s=span.start_s,
        duration_s=span.duration_s,
        peak_s=float(grid.times_s[first + int(np.argmax(total_excess(values, 0)))]),
        side=side,
        kind="tonic" if span.duration_s >= TONIC_S else "clonic",
        amplitude_mm=amplitude_mm(reach, beyond) if seen else float("nan"),
        muscles=in_order_of_onset(beyond) if seen else (),
        cut_start=any(abs(span.start_s - one.start_s) < frame for one in observed),
        cut_end=any(abs(span.end_s - one.end_s) < frame for one in observed),
    )
