"""A recording measured again with the spasms that a doctor confirmed, rejected, moved or added."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from hemiface.measures import affected_side, measure_tasks
from hemiface.spasms.grid import observed_spans, to_grid
from hemiface.spasms.marked import outline_marked
from hemiface.types import Measurement, Side, Signals, Span, Spasm, Spasms, TaskSpan

_SAME_S = 0.005


@dataclass(frozen=True)
class Mark:
    """One spasm as a doctor sees it.

    Attributes
    ----------
    onset_s, end_s : float
    side : "left" or "right"
    found : int or None
        Which of the spasms that were found it is; None where it was added.
    """

    onset_s: float
    end_s: float
    side: Side
    found: int | None = None


def review(
    measured: Measurement, signals: Signals, marks: Sequence[Mark], tasks: Sequence[TaskSpan] = ()
) -> Measurement:
    """Return the measurement with the marked spasms in place of those that were found.

    Parameters
    ----------
    measured : Measurement
    signals : Signals
        What it was measured in.
    marks : sequence of Mark
        All spasms there are; what was found and is not among them is rejected. One that was left
        as it was found keeps its size and muscles.
    tasks : sequence of TaskSpan
    """
    grid = to_grid(signals)
    observed = observed_spans(grid)
    events = []
    for mark in sorted(marks, key=lambda one: one.onset_s):
        span = Span(mark.onset_s, mark.end_s)
        kept = _as_found(measured, mark)
        events.append(kept or outline_marked(signals, grid, mark.side, span, observed))
    spasms = Spasms(tuple(events), measured.blinks, observed)
    return replace(
        measured,
        affected_side=affected_side(spasms),
        spasms=spasms.events,
        measures=measure_tasks(signals, spasms, tasks),
    )


def _as_found(measured: Measurement, mark: Mark) -> Spasm | None:
    """Return the spasm that was found, if the mark leaves it as it was."""
    if mark.found is None:
        return None
    one = measured.spasms[mark.found]
    is_moved = abs(one.onset_s - mark.onset_s) > _SAME_S or abs(one.end_s - mark.end_s) > _SAME_S
    return None if is_moved or one.side != mark.side else one
