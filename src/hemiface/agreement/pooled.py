"""Many recordings together: events pooled, so that each weighs the same, and numbers paired.

Every recording gives one found and one true number of each kind. The interval of a pooled F1 is
the percentile bootstrap over recordings (Efron & Tibshirani 1993, ISBN 978-0-412-04231-7), because
the spasms of one person are alike.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from hemiface.agreement.differences import Limits, measure_limits
from hemiface.agreement.estimate import Estimate
from hemiface.agreement.grades import measure_rho
from hemiface.agreement.raters import measure_icc
from hemiface.agreement.scores import Agreement, Differences, Score, differences, score
from hemiface.types import Floats

_N_RESAMPLES = 2000
_FEWEST = 5  # our choice: fewer recordings resampled are too often the same ones
_SEED = [0, 6]  # the same recordings, the same interval


@dataclass(frozen=True)
class PooledScore(Score):
    """Events of all recordings together; `f1_low` and `f1_high` bound F1, NaN for too few."""

    f1_low: float
    f1_high: float


@dataclass(frozen=True)
class PooledBand(PooledScore):
    """The same for true spasms of one range of amplitude, ``[low_mm, high_mm)``."""

    low_mm: float
    high_mm: float


@dataclass(frozen=True)
class Numbers:
    """One found and one true number per recording, and how they agree.

    Attributes
    ----------
    found, true : tuple of float
        In the order of the recordings; those where either is unknown are left out.
    icc : Estimate
        ICC(2,1).
    rho : Estimate
        Spearman's rank correlation.
    limits : Limits or None
        Bland-Altman, found minus true; None for fewer than two recordings, as NaN are the others.
    """

    found: tuple[float, ...]
    true: tuple[float, ...]
    icc: Estimate
    rho: Estimate
    limits: Limits | None


@dataclass(frozen=True)
class Pooled:
    """How well many recordings agree with their truths.

    Attributes
    ----------
    n_recordings : int
    spasms : PooledScore
    bands : tuple of PooledBand
        By amplitude, from the recordings where amplitudes are known.
    onset_s, duration_s : Differences
        Of all matched spasms.
    rate, burden : Numbers
        Spasms a minute; % of observed time.
    """

    n_recordings: int
    spasms: PooledScore
    bands: tuple[PooledBand, ...]
    onset_s: Differences
    duration_s: Differences
    rate: Numbers
    burden: Numbers


def pool(agreements: Sequence[Agreement]) -> Pooled:
    """Return what the agreements of at least one recording say together."""
    return Pooled(
        n_recordings=len(agreements),
        spasms=_pool_scores(agreements),
        bands=_pool_bands(agreements),
        onset_s=differences([s for one in agreements for s in one.onset_s.each]),
        duration_s=differences([s for one in agreements for s in one.duration_s.each]),
        rate=_numbers([(one.found_per_min, one.true_per_min) for one in agreements]),
        burden=_numbers([(one.found_burden, one.true_burden) for one in agreements]),
    )


def _pool_scores(scores: Sequence[Score]) -> PooledScore:
    counts = np.array([(one.n_found, one.n_truth, one.n_matched) for one in scores])
    n_found, n_truth, n_matched = (int(n) for n in counts.sum(axis=0))
    low, high = _interval(counts)
    return PooledScore(**vars(score(n_found, n_truth, n_matched)), f1_low=low, f1_high=high)


def _pool_bands(agreements: Sequence[Agreement]) -> tuple[PooledBand, ...]:
    bands = [band for one in agreements for band in one.bands]
    ranges = sorted({(band.low_mm, band.high_mm) for band in bands})
    pooled = []
    for low, high in ranges:
        alike = [band for band in bands if (band.low_mm, band.high_mm) == (low, high)]
        pooled.append(PooledBand(**vars(_pool_scores(alike)), low_mm=low, high_mm=high))
    return tuple(pooled)


def _interval(counts: Floats) -> tuple[float, float]:
    """95 % interval of F1 over resampled recordings; counts are (n, 3): found, true, matched."""
    if len(counts) < _FEWEST:
        return math.nan, math.nan
    chosen = np.random.default_rng(_SEED).integers(len(counts), size=(_N_RESAMPLES, len(counts)))
    found, true, matched = np.moveaxis(counts[chosen].sum(axis=1), 1, 0)
    events = found + true
    f1 = np.where(events > 0, 2 * matched / np.maximum(events, 1), 1.0)
    low, high = np.percentile(f1, [2.5, 97.5])
    return float(low), float(high)


def _numbers(pairs: Sequence[tuple[float, float]]) -> Numbers:
    known = [pair for pair in pairs if not (math.isnan(pair[0]) or math.isnan(pair[1]))]
    found, true = tuple(a for a, _ in known), tuple(b for _, b in known)
    if len(known) < 2:
        unknown = Estimate(math.nan, math.nan, math.nan)
        return Numbers(found, true, unknown, unknown, None)
    return Numbers(
        found, true, measure_icc(known), measure_rho(found, true), measure_limits(found, true)
    )
