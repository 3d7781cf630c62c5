"""The measures of one recording, both sides."""

from collections.abc import Sequence

import numpy as np

from hemiface.measures.intervals import (
    median_interval,
    rate_interval,
    ratio_interval,
    share_interval,
)
from hemiface.measures.together import (
    HALF_CLOSED,
    both_eyes_shut,
    count_eye_with_smile,
    count_locked,
    count_long_closures,
    count_mouth_with_blink,
    find_smiles,
)
from hemiface.muscles import MUSCLE
from hemiface.types import (
    SIDES,
    Affected,
    Floats,
    Measure,
    Side,
    Signals,
    Span,
    Spasm,
    Spasms,
    other_side,
)

# Less than this says nothing about how often a spasm comes.
MIN_OBSERVED_S = 5.0
# Two sides are affected when the quieter one has this share of the spasms, and several of them.
BOTH_SHARE, BOTH_COUNT = 0.25, 3
# Upper and lower face contract together when they begin within two frames at 30 Hz.
SYNCHRONY_S = 0.067
# Brows lift less than this beside 95 % of closures without the sign (development portraits).
BROW_LIFT_MM = 0.2
_BLOCK_S = 5.0
_NAN = float("nan")


def affected_side(spasms: Spasms) -> Affected:
    """Return the side that spasms, or "none", or "undetermined" when too little was seen."""
    left, right = (sum(event.side == side for event in spasms.events) for side in SIDES)
    if left + right == 0:
        return "none" if spasms.observed_s >= MIN_OBSERVED_S else "undetermined"
    few, many = sorted((left, right))
    if few >= BOTH_COUNT and few >= BOTH_SHARE * (few + many):
        return "both"
    if left == right:
        return "undetermined"
    return "left" if left > right else "right"


def measure_spasms(signals: Signals, spasms: Spasms) -> tuple[Measure, ...]:
    """Return every measure of one recording, both sides.

    Parameters
    ----------
    signals : Signals
        Contraction of every channel.
    spasms : Spasms
        What was found in it.

    Notes
    -----
    Rates have exact Poisson intervals, shares Wilson's, burden and medians percentile bootstrap
    intervals with a fixed seed; all at 95 %. See `hemiface.measures.intervals`.
    """
    report = _Reporter(signals, spasms)
    found = [measure for side in SIDES for measure in report.of_side(side)]
    return (*found, *report.of_face())


class _Reporter:
    """Holds what every measure of one recording shares."""

    def __init__(self, signals: Signals, spasms: Spasms) -> None:
        self._signals, self._spasms = signals, spasms
        self._task, self._observed_s = signals.recording.task, spasms.observed_s
        self._blinks = [Span(blink.onset_s, blink.end_s) for blink in spasms.blinks]

    def of_side(self, side: Side) -> list[Measure]:
        events = [event for event in self._spasms.events if event.side == side]
        whole = [event for event in events if not (event.cut_start or event.cut_end)]
        clonic = [event for event in events if event.kind == "clonic"]
        return [
            self._rate("spasm_rate", side, len(events)),
            self._rate("clonic_rate", side, len(clonic)),
            self._rate("tonic_rate", side, len(events) - len(clonic)),
            self._burden(side, events),
            self._median("spasm_duration", "s", side, [event.duration_s for event in whole]),
            self._median("amplitude", "mm", side, [event.amplitude_mm for event in events]),
            self._eye_closed(side),
            self._median("eye_closure", "%", side, self._closures(side, events)),
            self._median("mouth_pull", "mm", side, self._pulls(side, events)),
            self._median("spread", "groups", side, [_n_groups(event) for event in events]),
            self._share("synchrony", side, *self._synchrony(side, events)),
            self._share("other_babinski", side, *self._other_babinski(side, events)),
            self._share(
                "mouth_with_blink",
                side,
                *count_mouth_with_blink(self._signals, self._blinks, events, side),
            ),
            self._share("eye_with_smile", side, *count_eye_with_smile(self._signals, events, side)),
            self._median("blink_completeness", "%", side, self._blink_closures(side)),
            self._plain("lid_opening", "mm", side, self._signals.resting.get(f"lid_{side}", _NAN)),
        ]

    def of_face(self) -> list[Measure]:
        return [
            self._burden(None, self._spasms.events),
            self._rate("blink_rate", None, len(self._blinks)),
            self._rate("long_closures", None, count_long_closures(self._signals)),
            self._both_eyes_shut(),
            self._locked(),
            self._resting_asymmetry(),
        ]

    def _both_eyes_shut(self) -> Measure:
        value, n = both_eyes_shut(self._signals)
        reason = None if n else "The eyes were never seen."
        return self._measure("both_eyes_shut", value, "%", None, n, reason=reason)

    def _locked(self) -> Measure:
        movements = [*self._blinks, *find_smiles(self._signals)]
        return self._share("locked_spasms", None, *count_locked(self._spasms.events, movements))

    def _resting_asymmetry(self) -> Measure:
        """Left minus right opening of the lids at rest: negative when the left eye is narrower."""
        resting = self._signals.resting
        apart = resting.get("lid_left", _NAN) - resting.get("lid_right", _NAN)
        return self._plain("resting_asymmetry", "mm", None, apart)

    def _measure(
        self, name: str, value: float, unit: str, side: Side | None, n: int,
        interval: tuple[float, float] = (_NAN, _NAN), reason: str | None = None,
    ) -> Measure:  # fmt: skip
        low, high = interval
        return Measure(
            name, float(value), unit, side, self._task, self._observed_s, n, low, high, reason
        )

    def _plain(self, name: str, unit: str, side: Side | None, value: float) -> Measure:
        reason = None if np.isfinite(value) else "It could not be seen in this recording."
        return self._measure(name, value, unit, side, int(np.isfinite(value)), reason=reason)

    def _too_little(self) -> str | None:
        if self._observed_s >= MIN_OBSERVED_S:
            return None
        return f"At least {MIN_OBSERVED_S:.0f} s must be observed; {self._observed_s:.1f} s were."

    def _rate(self, name: str, side: Side | None, n: int) -> Measure:
        reason = self._too_little()
        if reason:
            return self._measure(name, _NAN, "1/min", side, n, reason=reason)
        minutes = self._observed_s / 60
        interval = rate_interval(n, minutes)
        return self._measure(name, n / minutes, "1/min", side, n, interval)

    def _burden(self, side: Side | None, events: Sequence[Spasm]) -> Measure:
        reason = self._too_little()
        if reason:
            return self._measure("burden", _NAN, "%", side, len(events), reason=reason)
        inside = [
            sum(max(0.0, min(e.end_s, s.end_s) - max(e.onset_s, s.start_s)) for e in events)
            for s in self._spasms.observed
        ]
        value = 100 * sum(inside) / self._observed_s
        interval = ratio_interval(*self._blocks(events))
        return self._measure("burden", value, "%", side, len(events), interval)

    def _blocks(self, events: Sequence[Spasm]) -> tuple[Floats, Floats]:
        """Return seconds in spasm and seconds observed in consecutive blocks of observed time."""
        edges = [
            (start, min(start + _BLOCK_S, span.end_s))
            for span in self._spasms.observed
            for start in np.arange(span.start_s, span.end_s, _BLOCK_S)
        ]
        starts, ends = np.array(edges).T
        onsets = np.array([event.onset_s for event in events])
        offsets = np.array([event.end_s for event in events])
        overlap = np.minimum(offsets, ends[:, None]) - np.maximum(onsets, starts[:, None])
        return np.asarray(np.clip(overlap, 0, None).sum(axis=1)), np.asarray(ends - starts)

    def _median(self, name: str, unit: str, side: Side | None, values: Sequence[float]) -> Measure:
        known = np.array([value for value in values if np.isfinite(value)])
        if not len(known):
            return self._measure(name, _NAN, unit, side, 0, reason="There was nothing to measure.")
        return self._measure(
            name, float(np.median(known)), unit, side, len(known), median_interval(known)
        )

    def _share(self, name: str, side: Side | None, n_true: int, n: int) -> Measure:
        if not n:
            return self._measure(name, _NAN, "%", side, 0, reason="There was nothing to measure.")
        return self._measure(name, 100 * n_true / n, "%", side, n, share_interval(n_true, n))

    def _eye_closed(self, side: Side) -> Measure:
        """Share of observed time in which this eye is more than half closed, blinks included."""
        closure = self._signals.row("orbicularis_oculi", side)
        known = np.isfinite(closure)
        value = 100 * float((closure[known] > HALF_CLOSED).mean()) if known.any() else _NAN
        reason = None if known.any() else "The eye was never seen."
        return self._measure("eye_closed", value, "%", side, int(known.sum()), reason=reason)

    def _largest(self, muscle: str, side: Side, event: Spasm) -> float:
        times = self._signals.times_s
        during = (times >= event.onset_s) & (times < max(event.end_s, event.peak_s + 1e-6))
        values = self._signals.row(muscle, side)[during]
        return float(np.nanmax(values)) if np.isfinite(values).any() else _NAN

    def _closures(self, side: Side, events: Sequence[Spasm]) -> list[float]:
        return [
            100 * float(np.clip(self._largest("orbicularis_oculi", side, e), 0, 1)) for e in events
        ]

    def _pulls(self, side: Side, events: Sequence[Spasm]) -> list[float]:
        return [
            max(self._largest("risorius", side, e), self._largest("zygomaticus", side, e))
            for e in events
            if {"risorius", "zygomaticus"} & set(e.muscles)
        ]

    def _blink_closures(self, side: Side) -> list[float]:
        return [100 * getattr(blink, f"{side}_closure") for blink in self._spasms.blinks]

    def _synchrony(self, side: Side, events: Sequence[Spasm]) -> tuple[int, int]:
        """Count spasms of eye and mouth, and those in which both begin together."""
        lags = [self._lag_s(side, event) for event in events]
        known = [lag for lag in lags if np.isfinite(lag)]
        return sum(abs(lag) <= SYNCHRONY_S for lag in known), len(known)

    def _lag_s(self, side: Side, event: Spasm) -> float:
        groups = {MUSCLE[name].group for name in event.muscles}
        if "eye" not in groups or not groups & {"mouth", "cheek"}:
            return _NAN
        first: dict[str, float] = {}
        for name in event.muscles:
            group = "eye" if MUSCLE[name].group == "eye" else "mouth"
            if MUSCLE[name].group in ("eye", "mouth", "cheek"):
                onset = self._half_rise_s(name, side, event)
                first[group] = min(first.get(group, np.inf), onset)
        return first["mouth"] - first["eye"]

    def _half_rise_s(self, muscle: str, side: Side, event: Spasm) -> float:
        times = self._signals.times_s
        during = np.flatnonzero((times >= event.onset_s - 0.05) & (times <= event.peak_s + 0.05))
        values = np.nan_to_num(self._signals.row(muscle, side)[during])
        if not len(values):
            return _NAN
        half = (values.min() + values.max()) / 2
        return float(times[during[int(np.argmax(values >= half))]])

    def _other_babinski(self, side: Side, events: Sequence[Spasm]) -> tuple[int, int]:
        """Count closures of the eye, and those in which the brow rises with it (Pawlowski 2013)."""
        closing = [e for e in events if "orbicularis_oculi" in e.muscles]
        lifted = [e for e in closing if self._brow_lift(side, e) >= BROW_LIFT_MM]
        return len(lifted), len(closing)

    def _brow_lift(self, side: Side, event: Spasm) -> float:
        """Return how far the brow rises beyond the other one, which may be raised at will."""
        return self._brow_rise(side, event) - max(0.0, self._brow_rise(other_side(side), event))

    def _brow_rise(self, side: Side, event: Spasm) -> float:
        times, brow = self._signals.times_s, self._signals.row("frontalis", side)
        before = brow[(times >= event.onset_s - 0.2) & (times < event.onset_s)]
        start = float(np.nanmedian(before)) if np.isfinite(before).any() else 0.0
        return self._largest("frontalis", side, event) - start


def _n_groups(event: Spasm) -> float:
    return float(len({MUSCLE[name].group for name in event.muscles}))
