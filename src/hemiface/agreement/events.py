"""The events of one recording, whoever marked them: a program, a simulator or a person."""

import math
from collections.abc import Iterable
from dataclasses import dataclass, replace

from hemiface.errors import ConventionError
from hemiface.types import Blink, Measurement, Span, Spasm


@dataclass(frozen=True)
class Events:
    """What somebody marked in one recording; NaN and None where they did not say.

    Attributes
    ----------
    spasms : tuple of Spasm
        In order of onset. People mark no amplitude (NaN), no peak (NaN) and seldom muscles (none).
    blinks : tuple of Blink or None
        None if blinks were not marked, which is not the same as none seen.
    observed_s : float
        Seconds in which events could have been marked.
    observed : tuple of Span or None
        Where those seconds lie, if that is known.
    duration_s : float
        Length of the recording.
    simulated : bool
        Whether a simulator made the events.
    notes : tuple of str
        What the file holds besides, and was left out; one sentence each.
    """

    spasms: tuple[Spasm, ...]
    blinks: tuple[Blink, ...] | None = None
    observed_s: float = math.nan
    observed: tuple[Span, ...] | None = None
    duration_s: float = math.nan
    simulated: bool = False
    notes: tuple[str, ...] = ()


def events_of(m: Measurement) -> Events:
    """Return the events of a measurement, found or simulated."""
    settings = m.software.get("settings")
    return Events(
        spasms=tuple(sorted(m.spasms, key=lambda spasm: spasm.onset_s)),
        blinks=m.blinks,
        observed_s=m.quality.observed_s,
        duration_s=m.recording.duration_s,
        simulated=isinstance(settings, dict) and settings.get("simulated") is True,
    )


def observe_alike(first: Events, second: Events) -> tuple[Events, Events]:
    """Return both, reduced to the time that both observed.

    Spans that either gives bound both: events that begin outside are set aside. Where only one says
    how long it observed, the other is taken to have observed as long; where neither does, the
    length of the recording stands in.

    Raises
    ------
    ConventionError
        If a spasm begins after the end of the recording: the files are not of one recording.
    """
    length_s = min(first.duration_s, second.duration_s, key=_known_first)
    for one in (first, second):
        _check_within(one, length_s)
    spans = _common_spans(first.observed, second.observed)
    if spans is not None:
        return _restrict(first, spans), _restrict(second, spans)
    known = (first.observed_s, second.observed_s, length_s)
    return (_with_observed(first, known), _with_observed(second, known[1::-1] + known[2:]))


def _known_first(value: float) -> float:
    return math.inf if math.isnan(value) else value


def _check_within(events: Events, length_s: float) -> None:
    last_s = max((spasm.onset_s for spasm in events.spasms), default=0.0)
    if last_s > length_s:
        raise ConventionError(
            f"Events must lie within their recording of {length_s:g} s; one begins at {last_s:g} s."
            " Compare files of the same recording, with times in seconds."
        )


def _common_spans(
    first: tuple[Span, ...] | None, second: tuple[Span, ...] | None
) -> tuple[Span, ...] | None:
    if first is None or second is None:
        return second if first is None else first
    met = (Span(max(a.start_s, b.start_s), min(a.end_s, b.end_s)) for a in first for b in second)
    return tuple(span for span in met if span.duration_s > 0)


def _restrict(events: Events, spans: tuple[Span, ...]) -> Events:
    blinks = events.blinks
    return replace(
        events,
        spasms=tuple(spasm for spasm in events.spasms if _begins_in(spasm, spans)),
        blinks=None if blinks is None else tuple(b for b in blinks if _begins_in(b, spans)),
        observed_s=sum(span.duration_s for span in spans),
        observed=spans,
    )


def _begins_in(event: Spasm | Blink, spans: tuple[Span, ...]) -> bool:
    return any(span.start_s <= event.onset_s < span.end_s for span in spans)


def _with_observed(events: Events, known_s: Iterable[float]) -> Events:
    first = next((seconds for seconds in known_s if not math.isnan(seconds)), math.nan)
    return replace(events, observed_s=first)
