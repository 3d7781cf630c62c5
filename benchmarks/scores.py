"""Agreement over many clips together: events are pooled, so that each weighs the same."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from statistics import fmean, median

from hemiface.agreement import BANDS_MM, compare, match_events
from hemiface.types import Measurement

CLEAR_MM = 1.0
"""Spasms from this size must be found; smaller true ones are neither asked for nor punished."""


@dataclass(frozen=True)
class Pooled:
    """Agreement of many measurements with their truths.

    Every false event counts, whatever its size, because the baselines know no size.

    Attributes
    ----------
    n_truth, n_found, n_matched : int
    observed_s : float
    f1, false_per_min : float
    side_right : float
        Share of the spasms found at the right time that are on the right side.
    rate_error, burden_error : float
        Mean over clips of the absolute error: a fraction of the true rate, percentage points.
    onset_error_frames : float
        Median absolute error of the onset, in frames of the recording.
    """

    n_truth: int
    n_found: int
    n_matched: int
    observed_s: float
    f1: float
    false_per_min: float
    side_right: float
    rate_error: float
    burden_error: float
    onset_error_frames: float


def pool(
    found: Sequence[Measurement], truths: Sequence[Measurement], min_mm: float = CLEAR_MM
) -> Pooled:
    """Compare many measurements with their truths."""
    pairs = list(zip(found, truths, strict=True))
    each = [compare(one, truth, min_amplitude_mm=min_mm) for one, truth in pairs]
    n_truth, n_found, n_matched = (
        sum(getattr(score, name) for score in each) for name in ("n_truth", "n_found", "n_matched")
    )
    observed_s = sum(one.quality.observed_s for one in found)
    sides = [same for one, truth in pairs for same in _sides(one, truth, min_mm)]
    onsets = [frames for one, truth in pairs for frames in _onset_frames(one, truth, min_mm)]
    return Pooled(
        n_truth=n_truth,
        n_found=n_found,
        n_matched=n_matched,
        observed_s=observed_s,
        f1=f1(n_truth, n_found, n_matched),
        false_per_min=per_min(n_found - n_matched, observed_s),
        side_right=fmean(sides) if sides else math.nan,
        rate_error=_mean_size([score.rate_error for score in each]),
        burden_error=_mean_size([score.burden_error for score in each]),
        onset_error_frames=median(onsets) if onsets else math.nan,
    )


def pool_small(found: Sequence[Measurement], truths: Sequence[Measurement]) -> tuple[float, int]:
    """Return F1 and number of true spasms of the smaller band, 0.5 to 1 mm."""
    bands = [compare(one, truth).bands[0] for one, truth in zip(found, truths, strict=True)]
    assert all((band.low_mm, band.high_mm) == BANDS_MM[0] for band in bands)
    n_truth = sum(band.n_truth for band in bands)
    n_found, n_matched = sum(b.n_found for b in bands), sum(b.n_matched for b in bands)
    return f1(n_truth, n_found, n_matched), n_truth


def f1(n_truth: int, n_found: int, n_matched: int) -> float:
    """Return the harmonic mean of precision and recall; 1 where nothing was, and nothing found."""
    return 2 * n_matched / (n_truth + n_found) if n_truth + n_found else 1.0


def per_min(n: float, observed_s: float) -> float:
    """Return a rate per minute, NaN where nothing was observed."""
    return n / (observed_s / 60.0) if observed_s > 0 else math.nan


def _sides(found: Measurement, truth: Measurement, min_mm: float) -> list[bool]:
    asked = [spasm for spasm in truth.spasms if spasm.amplitude_mm >= min_mm]
    pairs = match_events(found.spasms, asked, any_side=True)
    return [found.spasms[i].side == asked[j].side for i, j in pairs]


def _onset_frames(found: Measurement, truth: Measurement, min_mm: float) -> list[float]:
    matches = match_events(found.spasms, truth.spasms)
    pairs = [(found.spasms[i], truth.spasms[j]) for i, j in matches]
    return [
        abs(one.onset_s - true.onset_s) * truth.recording.rate_hz
        for one, true in pairs
        if true.amplitude_mm >= min_mm and not (one.cut_start or true.cut_start)
    ]


def _mean_size(errors: list[float]) -> float:
    known = [abs(error) for error in errors if math.isfinite(error)]
    return fmean(known) if known else math.nan
