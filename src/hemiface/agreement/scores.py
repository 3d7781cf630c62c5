"""A measurement compared with one that is taken as true.

An empty list is a valid answer: two empty lists agree fully (F1 = 1), precision is 1 where nothing
was claimed and recall is 1 where there was nothing to find. Scores by amplitude follow the rule of
COCO for objects by size: true events outside the band are neither asked for nor punished, and found
events without a true one count only in the band they lie in. People mark no amplitude: a true spasm
of unknown amplitude is asked for, but lies in no band.

References
----------
Lin TY et al. Microsoft COCO: common objects in context. ECCV 2014.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from hemiface.agreement.events import Events, events_of, observe_alike
from hemiface.agreement.matching import match_asked, match_events
from hemiface.types import Blink, Floats, Measurement, Spasm

MIN_AMPLITUDE_MM = 0.5
"""True spasms below this are not asked for; finding them is neither rewarded nor punished."""

BANDS_MM: tuple[tuple[float, float], ...] = ((0.5, 1.0), (1.0, math.inf))
"""Amplitudes, half-open, for which agreement is given by itself."""

FINE_BANDS_MM: tuple[tuple[float, float], ...] = (
    (0.5, 1.0),
    (1.0, 2.0),
    (2.0, 4.0),
    (4.0, math.inf),
)
"""Finer ones, for many recordings; our choice, as the others are."""


@dataclass(frozen=True)
class Score:
    """How well found events agree with true ones.

    Attributes
    ----------
    n_found, n_truth, n_matched : int
        Events that counted, and pairs among them.
    precision, recall, f1 : float
        Fractions of found and of true events that were matched, and their harmonic mean.
    """

    n_found: int
    n_truth: int
    n_matched: int
    precision: float
    recall: float
    f1: float


@dataclass(frozen=True)
class Band(Score):
    """Agreement on the true spasms of one range of amplitude, ``[low_mm, high_mm)``."""

    low_mm: float
    high_mm: float


@dataclass(frozen=True)
class Differences:
    """Signed differences between matched events, found minus true.

    Attributes
    ----------
    each : tuple of float
        One for every pair seen on both sides.
    mean, low, high : float
        Their mean, and the range that holds 95 % of them (percentiles 2.5 and 97.5); NaN where
        there are none.
    """

    each: tuple[float, ...]
    mean: float
    low: float
    high: float


@dataclass(frozen=True)
class Agreement(Score):
    """How well events agree with others that are taken as true.

    Errors are NaN where nothing can be compared.

    Attributes
    ----------
    onset_error_median_s, onset_error_p90_s : float
        Absolute differences of onset between matched spasms; those whose beginning was not seen
        are left out.
    duration_error_median_s : float
        Absolute difference of duration between matched spasms seen whole.
    onset_s, duration_s : Differences
        The same errors with their sign: above 0 is late, or long.
    side_agreement : float
        Fraction of spasms matched in time alone that are on the true side.
    false_per_min : float
        Found spasms without a true one, per minute observed.
    burden_error : float
        Found minus true burden, in percentage points of the time each observed.
    rate_error : float
        Found over true rate, minus 1; 0 if both are 0.
    found_per_min, true_per_min, found_burden, true_burden : float
        The rates and burdens (%) that these errors compare.
    blinks : Score or None
        The same for blinks; None where one of the two did not mark them.
    bands : tuple of Band
        The same for true spasms by amplitude. Found spasms that have no true one count if they
        lie in the band themselves. Empty where amplitudes are not known.
    """

    onset_error_median_s: float
    onset_error_p90_s: float
    duration_error_median_s: float
    onset_s: Differences
    duration_s: Differences
    side_agreement: float
    false_per_min: float
    burden_error: float
    rate_error: float
    found_per_min: float
    true_per_min: float
    found_burden: float
    true_burden: float
    blinks: Score | None
    bands: tuple[Band, ...]


def compare(
    found: Measurement | Events,
    truth: Measurement | Events,
    *,
    min_amplitude_mm: float = MIN_AMPLITUDE_MM,
    bands_mm: Sequence[tuple[float, float]] = BANDS_MM,
) -> Agreement:
    """Compare a measurement, or annotations, with one that is taken as true.

    True spasms below `min_amplitude_mm` are not asked for, and found ones that match them do not
    count, in the score as in rate and burden. Rate and burden are taken from the spasms and the
    time each observed, so that both are counted alike; see `observe_alike` for what happens where
    one of them does not say.

    Parameters
    ----------
    found, truth : Measurement or Events
        Of the same recording.
    min_amplitude_mm : float
        Least amplitude asked for; spasms of unknown amplitude are.
    bands_mm : sequence of (float, float)
        Ranges of amplitude to score by themselves.

    Raises
    ------
    ConventionError
        If a spasm begins after the end of the recording.
    """
    seen, true = observe_alike(_events(found), _events(truth))
    faint = [spasm.amplitude_mm < min_amplitude_mm for spasm in true.spasms]
    kept, asked, pairs = _keep_asked(seen.spasms, true.spasms, faint)
    matched = [(seen.spasms[i], true.spasms[j]) for i, j in pairs]
    onset_s = [a.onset_s - b.onset_s for a, b in matched if not (a.cut_start or b.cut_start)]
    length_s = [a.duration_s - b.duration_s for a, b in matched if not (_cut(a) or _cut(b))]
    found_min, true_min = seen.observed_s / 60.0, true.observed_s / 60.0
    found_per_min, true_per_min = _ratio(len(kept), found_min), _ratio(len(asked), true_min)
    found_burden, true_burden = _burden(kept, found_min), _burden(asked, true_min)
    return Agreement(
        **vars(score(len(kept), len(asked), len(pairs))),
        onset_error_median_s=_percentile(np.abs(onset_s), 50),
        onset_error_p90_s=_percentile(np.abs(onset_s), 90),
        duration_error_median_s=_percentile(np.abs(length_s), 50),
        onset_s=differences(onset_s),
        duration_s=differences(length_s),
        side_agreement=_side_agreement(seen.spasms, asked),
        false_per_min=_ratio(len(kept) - len(pairs), found_min),
        burden_error=found_burden - true_burden,
        rate_error=_relative(found_per_min, true_per_min),
        found_per_min=found_per_min,
        true_per_min=true_per_min,
        found_burden=found_burden,
        true_burden=true_burden,
        blinks=_compare_blinks(seen.blinks, true.blinks),
        bands=_bands(seen.spasms, true.spasms, bands_mm),
    )


def score(n_found: int, n_truth: int, n_matched: int) -> Score:
    """Return the score of counted events."""
    return Score(
        n_found=n_found,
        n_truth=n_truth,
        n_matched=n_matched,
        precision=n_matched / n_found if n_found else 1.0,
        recall=n_matched / n_truth if n_truth else 1.0,
        f1=2 * n_matched / (n_found + n_truth) if n_found + n_truth else 1.0,
    )


def differences(each: Sequence[float]) -> Differences:
    """Return signed differences with their mean and the range of 95 % of them."""
    mean = float(np.mean(each)) if each else math.nan
    return Differences(tuple(each), mean, _percentile(each, 2.5), _percentile(each, 97.5))


def _events(of: Measurement | Events) -> Events:
    return of if isinstance(of, Events) else events_of(of)


def _keep_asked(
    found: Sequence[Spasm], truth: Sequence[Spasm], spare: Sequence[bool]
) -> tuple[list[Spasm], list[Spasm], list[tuple[int, int]]]:
    """Return the found and true spasms that count, and the pairs among them."""
    pairs = match_asked(found, truth, spare)
    excused = {i for i, j in pairs if spare[j]}
    kept = [spasm for i, spasm in enumerate(found) if i not in excused]
    asked = [spasm for spasm, is_spare in zip(truth, spare, strict=True) if not is_spare]
    return kept, asked, [(i, j) for i, j in pairs if not spare[j]]


def _band(found: Sequence[Spasm], truth: Sequence[Spasm], low_mm: float, high_mm: float) -> Band:
    outside = [not low_mm <= spasm.amplitude_mm < high_mm for spasm in truth]
    kept, asked, pairs = _keep_asked(found, truth, outside)
    matched = {id(found[i]) for i, _ in pairs}
    foreign = [
        spasm
        for spasm in kept
        if id(spasm) not in matched and not low_mm <= spasm.amplitude_mm < high_mm
    ]
    counted = score(len(kept) - len(foreign), len(asked), len(pairs))
    return Band(**vars(counted), low_mm=low_mm, high_mm=high_mm)


def _bands(
    found: Sequence[Spasm], truth: Sequence[Spasm], bands_mm: Sequence[tuple[float, float]]
) -> tuple[Band, ...]:
    for spasms in (found, truth):
        if spasms and all(math.isnan(spasm.amplitude_mm) for spasm in spasms):
            return ()
    return tuple(_band(found, truth, low, high) for low, high in bands_mm)


def _compare_blinks(found: Sequence[Blink] | None, truth: Sequence[Blink] | None) -> Score | None:
    if found is None or truth is None:
        return None
    return score(len(found), len(truth), len(match_events(found, truth)))


def _side_agreement(found: Sequence[Spasm], truth: Sequence[Spasm]) -> float:
    pairs = match_events(found, truth, any_side=True)
    return _ratio(sum(found[i].side == truth[j].side for i, j in pairs), len(pairs))


def _burden(spasms: Sequence[Spasm], observed_min: float) -> float:
    """Share of observed time in spasm, in %; what overlaps counts once."""
    busy_s, reached_s = 0.0, -math.inf
    for spasm in sorted(spasms, key=lambda spasm: spasm.onset_s):
        busy_s += max(0.0, spasm.end_s - max(spasm.onset_s, reached_s))
        reached_s = max(reached_s, spasm.end_s)
    return 100.0 * _ratio(busy_s, 60.0 * observed_min)


def _cut(spasm: Spasm) -> bool:
    return spasm.cut_start or spasm.cut_end


def _percentile(values: Sequence[float] | Floats, percent: float) -> float:
    return float(np.percentile(values, percent)) if len(values) else math.nan


def _ratio(part: float, whole: float) -> float:
    return part / whole if whole > 0 else math.nan


def _relative(found: float, true: float) -> float:
    return 0.0 if found == true == 0.0 else _ratio(found, true) - 1.0
