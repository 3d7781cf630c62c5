"""A measurement compared with one that is taken as true.

An empty list is a valid answer: two empty lists agree fully (F1 = 1), precision is 1 where nothing
was claimed and recall is 1 where there was nothing to find. Scores by amplitude follow the rule of
COCO for objects by size: true events outside the band are neither asked for nor punished, and found
events without a true one count only in the band they lie in.

References
----------
Lin TY et al. Microsoft COCO: common objects in context. ECCV 2014.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from hemiface.agreement.matching import match_asked, match_events
from hemiface.types import Blink, Measurement, Spasm

MIN_AMPLITUDE_MM = 0.5
"""True spasms below this are not asked for; finding them is neither rewarded nor punished."""

BANDS_MM: tuple[tuple[float, float], ...] = ((0.5, 1.0), (1.0, math.inf))
"""Amplitudes, half-open, for which agreement is given by itself."""


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
class Agreement(Score):
    """How well a measurement agrees with another that is taken as true.

    Errors are NaN where nothing can be compared.

    Attributes
    ----------
    onset_error_median_s, onset_error_p90_s : float
        Absolute differences of onset between matched spasms; those whose beginning was not seen
        are left out.
    duration_error_median_s : float
        Absolute difference of duration between matched spasms seen whole.
    side_agreement : float
        Fraction of spasms matched in time alone that are on the true side.
    false_per_min : float
        Found spasms without a true one, per minute observed.
    burden_error : float
        Found minus true burden, in percentage points of the time each observed.
    rate_error : float
        Found over true rate, minus 1; 0 if both are 0.
    blinks : Score
        The same for blinks.
    bands : tuple of Band
        The same for true spasms by amplitude. Found spasms that have no true one count if they
        lie in the band themselves.
    """

    onset_error_median_s: float
    onset_error_p90_s: float
    duration_error_median_s: float
    side_agreement: float
    false_per_min: float
    burden_error: float
    rate_error: float
    blinks: Score
    bands: tuple[Band, ...]


def compare(
    found: Measurement,
    truth: Measurement,
    *,
    min_amplitude_mm: float = MIN_AMPLITUDE_MM,
    bands_mm: Sequence[tuple[float, float]] = BANDS_MM,
) -> Agreement:
    """Compare a measurement with one that is taken as true.

    True spasms below `min_amplitude_mm` are not asked for, and found ones that match them do not
    count, in the score as in rate and burden. Rate and burden are taken from the spasms and the
    time each measurement observed, so that both are counted alike.

    Parameters
    ----------
    found, truth : Measurement
        Of the same recording.
    min_amplitude_mm : float
        Least amplitude asked for.
    bands_mm : sequence of (float, float)
        Ranges of amplitude to score by themselves.
    """
    kept, asked, pairs = _keep_asked(found.spasms, truth.spasms, min_amplitude_mm, math.inf)
    matched = [(found.spasms[i], truth.spasms[j]) for i, j in pairs]
    onset_s = [abs(a.onset_s - b.onset_s) for a, b in matched if not (a.cut_start or b.cut_start)]
    length_s = [abs(a.duration_s - b.duration_s) for a, b in matched if not (_cut(a) or _cut(b))]
    found_min, truth_min = found.quality.observed_s / 60.0, truth.quality.observed_s / 60.0
    return Agreement(
        **vars(_score(len(kept), len(asked), len(pairs))),
        onset_error_median_s=_percentile(onset_s, 50),
        onset_error_p90_s=_percentile(onset_s, 90),
        duration_error_median_s=_percentile(length_s, 50),
        side_agreement=_side_agreement(found.spasms, asked),
        false_per_min=_ratio(len(kept) - len(pairs), found_min),
        burden_error=_burden(kept, found_min) - _burden(asked, truth_min),
        rate_error=_relative(_ratio(len(kept), found_min), _ratio(len(asked), truth_min)),
        blinks=_compare_blinks(found.blinks, truth.blinks),
        bands=tuple(_band(found.spasms, truth.spasms, low, high) for low, high in bands_mm),
    )


def _keep_asked(
    found: Sequence[Spasm], truth: Sequence[Spasm], low_mm: float, high_mm: float
) -> tuple[list[Spasm], list[Spasm], list[tuple[int, int]]]:
    """Return the found and true spasms that count, and the pairs among them."""
    spare = [not low_mm <= spasm.amplitude_mm < high_mm for spasm in truth]
    pairs = match_asked(found, truth, spare)
    excused = {i for i, j in pairs if spare[j]}
    kept = [spasm for i, spasm in enumerate(found) if i not in excused]
    asked = [spasm for spasm, is_spare in zip(truth, spare, strict=True) if not is_spare]
    return kept, asked, [(i, j) for i, j in pairs if not spare[j]]


def _band(found: Sequence[Spasm], truth: Sequence[Spasm], low_mm: float, high_mm: float) -> Band:
    kept, asked, pairs = _keep_asked(found, truth, low_mm, high_mm)
    matched = {id(found[i]) for i, _ in pairs}
    foreign = [
        spasm
        for spasm in kept
        if id(spasm) not in matched and not low_mm <= spasm.amplitude_mm < high_mm
    ]
    score = _score(len(kept) - len(foreign), len(asked), len(pairs))
    return Band(**vars(score), low_mm=low_mm, high_mm=high_mm)


def _compare_blinks(found: Sequence[Blink], truth: Sequence[Blink]) -> Score:
    return _score(len(found), len(truth), len(match_events(found, truth)))


def _score(n_found: int, n_truth: int, n_matched: int) -> Score:
    return Score(
        n_found=n_found,
        n_truth=n_truth,
        n_matched=n_matched,
        precision=n_matched / n_found if n_found else 1.0,
        recall=n_matched / n_truth if n_truth else 1.0,
        f1=2 * n_matched / (n_found + n_truth) if n_found + n_truth else 1.0,
    )


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


def _percentile(values: Sequence[float], percent: float) -> float:
    return float(np.percentile(values, percent)) if values else math.nan


def _ratio(part: float, whole: float) -> float:
    return part / whole if whole > 0 else math.nan


def _relative(found: float, true: float) -> float:
    return 0.0 if found == true == 0.0 else _ratio(found, true) - 1.0
