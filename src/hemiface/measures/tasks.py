"""The measures of a recording whole, and of each task that was done in it."""

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from hemiface.measures.recording import measure_spasms
from hemiface.types import Floats, Measure, Signals, Span, Spasms, TaskSpan


def measure_tasks(
    signals: Signals, spasms: Spasms, tasks: Sequence[TaskSpan]
) -> tuple[Measure, ...]:
    """Return the measures of the whole recording, then those of each task in it.

    Parameters
    ----------
    signals : Signals
    spasms : Spasms
    tasks : sequence of TaskSpan
        When each was done; one that was done twice is measured as one.
    """
    found = [*measure_spasms(signals, spasms)]
    for name in dict.fromkeys(one.task for one in tasks):
        spans = [Span(one.start_s, one.end_s) for one in tasks if one.task == name]
        found += measure_spasms(*_during(signals, spasms, name, spans))
    return tuple(found)


def _during(
    signals: Signals, spasms: Spasms, task: str, spans: Sequence[Span]
) -> tuple[Signals, Spasms]:
    """Return what was seen and found while a task was done; a spasm belongs to where it began."""
    inside = _inside(signals.times_s, spans)
    recording = replace(signals.recording, task=task)
    seen = replace(signals, recording=recording, values=np.where(inside, signals.values, np.nan))
    found = replace(
        spasms,
        events=tuple(one for one in spasms.events if _holds(spans, one.onset_s)),
        blinks=tuple(one for one in spasms.blinks if _holds(spans, one.onset_s)),
        observed=tuple(_common(spasms.observed, spans)),
    )
    return seen, found


def _inside(times_s: Floats, spans: Sequence[Span]) -> NDArray[np.bool_]:
    inside = [(times_s >= one.start_s) & (times_s < one.end_s) for one in spans]
    return np.asarray(np.any(inside, axis=0))


def _holds(spans: Sequence[Span], time_s: float) -> bool:
    return any(one.start_s <= time_s < one.end_s for one in spans)


def _common(some: Sequence[Span], others: Sequence[Span]) -> list[Span]:
    both = [
        Span(max(one.start_s, other.start_s), min(one.end_s, other.end_s))
        for one in some
        for other in others
    ]
    return [one for one in sorted(both, key=lambda span: span.start_s) if one.duration_s > 0.0]
