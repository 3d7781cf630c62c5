"""What the report says in words: the answer in one sentence, and who took part in the spasms."""

import math
from dataclasses import dataclass

import numpy as np

from hemiface.muscles import MUSCLES, Muscle
from hemiface.report.words import ANSWER, SIDES, UNITS
from hemiface.types import SIDES as BOTH_SIDES
from hemiface.types import Floats, Measure, Measurement, Side, Signals, Span, Spasm

NARROW = "\u202f"
"""Space between a number and its unit."""


@dataclass(frozen=True)
class Involvement:
    """How far one muscle on one side took part in the spasms of that side.

    Attributes
    ----------
    share : float
        Fraction of the spasms of that side in which it took part; 0 when there were none.
    n_spasms : int
        Spasms of that side.
    peak : float
        Mean over those it took part in of its largest contraction, in the unit of the muscle;
        NaN without signals.
    """

    muscle: Muscle
    side: Side
    share: float
    n_spasms: int
    peak: float


def answer(m: Measurement) -> str:
    """Return what was found, in one sentence."""
    if not m.quality.observed_s > 0:
        return ANSWER["not_observed"]
    if m.affected_side == "both":
        return _both_sides(m)
    if m.affected_side == "undetermined":
        return _undetermined(m)
    if m.affected_side == "none" or not _of_side(m, m.affected_side):
        return ANSWER["none"].format(observed=say_duration(m.quality.observed_s))
    return _one_side(m, m.affected_side)


def find_measure(m: Measurement, name: str, side: Side | None) -> Measure | None:
    """Return the measure of a name and side, of the recording's own task if it can."""
    found = [one for one in m.measures if one.name == name and one.side == side]
    found.sort(key=lambda one: one.task != m.recording.task)
    return found[0] if found else None


def involvement(m: Measurement) -> tuple[Involvement, ...]:
    """Return the part every muscle of each side took, upper face first, left before right."""
    return tuple(_involvement(m, muscle, side) for muscle in MUSCLES for side in BOTH_SIDES)


def unseen_spans(signals: Signals | None) -> tuple[Span, ...]:
    """Return the stretches in which no channel was observed, in seconds."""
    if signals is None or signals.times_s.size == 0:
        return ()
    hidden = ~np.isfinite(signals.values).any(axis=0)
    edges = np.flatnonzero(np.diff(np.concatenate(([0], hidden.astype(np.int8), [0]))))
    ends = np.append(signals.times_s, signals.recording.duration_s)
    return tuple(Span(float(ends[i]), float(ends[j])) for i, j in edges.reshape(-1, 2))


def say_number(value: float, unit: str = "") -> str:
    """Return a number with as many digits as it deserves, and the unit in words for people."""
    if not math.isfinite(value):
        return "–"
    word = UNITS.get(unit, unit)
    gap = NARROW if len(word) <= 2 else " "
    return f"{_digits(value)}{gap}{word}".rstrip()


def say_duration(seconds: float) -> str:
    """Return a stretch of time for people: milliseconds are dropped, minutes spelt."""
    if seconds < 10:
        return f"{_digits(seconds)}{NARROW}s"
    if seconds < 120:
        return f"{seconds:.0f}{NARROW}s"
    minutes, rest = divmod(round(seconds), 60)
    return f"{minutes}{NARROW}min" + (f" {rest}{NARROW}s" if rest else "")


def say_time(seconds: float) -> str:
    """Return a time in the recording as minutes, seconds and hundredths."""
    minutes, rest = divmod(round(seconds * 100), 6000)
    return f"{minutes}:{rest / 100:05.2f}"


def _one_side(m: Measurement, side: Side) -> str:
    return ANSWER["one_side"].format(
        side=SIDES[side],
        rate=_say_rate(m, side),
        burden=_say_burden(m, side),
        duration=_say_usual_duration(m, side),
    )


def _both_sides(m: Measurement) -> str:
    rates = {side: _say_rate(m, side) for side in BOTH_SIDES}
    return ANSWER["both"].format(**rates, burden=_say_burden(m, None))


def _undetermined(m: Measurement) -> str:
    if not m.spasms:
        return ANSWER["undetermined_none"].format(observed=say_duration(m.quality.observed_s))
    counts = ((side, len(_of_side(m, side))) for side in BOTH_SIDES)
    words = [ANSWER[f"{side}_count"].format(count=count) for side, count in counts if count]
    return ANSWER["undetermined"].format(counts=", ".join(words))


def _say_rate(m: Measurement, side: Side) -> str:
    """A rate from less than half a minute would sound surer than it is: give the count then."""
    measure = find_measure(m, "spasm_rate", side)
    if measure and math.isfinite(measure.value) and m.quality.observed_s >= 30:
        return ANSWER["rate"].format(value=_digits(measure.value))
    count = len(_of_side(m, side))
    words = ANSWER["count_one" if count == 1 else "count_many"]
    return words.format(count=count, observed=say_duration(m.quality.observed_s))


def _say_burden(m: Measurement, side: Side | None) -> str:
    measure = find_measure(m, "burden", side)
    if measure is None or not math.isfinite(measure.value):
        return ""
    return ANSWER["burden"].format(value=_digits(measure.value))


def _say_usual_duration(m: Measurement, side: Side) -> str:
    measure = find_measure(m, "spasm_duration", side)
    if measure is None or not math.isfinite(measure.value):
        return ""
    key = "duration_one" if measure.n == 1 else "duration"
    return ANSWER[key].format(value=say_duration(measure.value))


def _of_side(m: Measurement, side: Side) -> list[Spasm]:
    return [spasm for spasm in m.spasms if spasm.side == side]


def _involvement(m: Measurement, muscle: Muscle, side: Side) -> Involvement:
    spasms = _of_side(m, side)
    part = [spasm for spasm in spasms if muscle.name in spasm.muscles]
    share = len(part) / len(spasms) if spasms else 0.0
    return Involvement(muscle, side, share, len(spasms), _mean_peak(m.signals, muscle, side, part))


def _mean_peak(signals: Signals | None, muscle: Muscle, side: Side, spasms: list[Spasm]) -> float:
    if signals is None:
        return math.nan
    try:
        values = signals.row(muscle.name, side)
    except KeyError:
        return math.nan
    peaks = [_largest(signals.times_s, values, spasm) for spasm in spasms]
    seen = [peak for peak in peaks if math.isfinite(peak)]
    return float(np.mean(seen)) if seen else math.nan


def _largest(times_s: Floats, values: Floats, spasm: Spasm) -> float:
    first, last = np.searchsorted(times_s, (spasm.onset_s, spasm.end_s))
    inside = values[first : max(last, first + 1)]
    inside = inside[np.isfinite(inside)]
    return float(inside.max()) if inside.size else math.nan


def _digits(value: float) -> str:
    """Two digits below ten, none above, and an honest sign."""
    size = abs(value)
    places = 0 if size >= 9.95 else 1 if size >= 0.995 or size == 0 else 2
    text = f"{value:.{places}f}"
    if "." in text:
        text = text.rstrip("0").rstrip(".") or "0"
    return text.replace("-", "−")
