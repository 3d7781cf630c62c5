"""The numbers behind the tables, each of a few patients."""

from collections.abc import Sequence

import numpy as np

from benchmarks.cases import Case
from hemiface.agreement import compare
from hemiface.types import Measure, Measurement, Side

_MIN_CLOSURES = 3
# Faces without the sign show a lift of the brow in so many % of their closures at most.
_CHANCE_PERCENT = 5.0
_P = 0.05


def rate_of(m: Measurement, min_mm: float = 0.0) -> float:
    """Return spasms a minute."""
    n = sum(spasm.amplitude_mm >= min_mm for spasm in m.spasms)
    return 60.0 * n / m.quality.observed_s


def burden_of(m: Measurement, min_mm: float = 0.0) -> float:
    """Return the share of observed time in spasm, in %; true spasms do not overlap."""
    busy_s = sum(spasm.duration_s for spasm in m.spasms if spasm.amplitude_mm >= min_mm)
    return 100.0 * busy_s / m.quality.observed_s


def rate_bias(cases: Sequence[Case]) -> float:
    """Return found over true spasms of all patients together, less 1; true ones from 1 mm."""
    scores = [compare(case.found, case.truth, min_amplitude_mm=1.0) for case in cases]
    n_true = sum(score.n_truth for score in scores)
    return sum(score.n_found for score in scores) / n_true - 1.0 if n_true else float("nan")


def value_of(m: Measurement, name: str, side: Side | None) -> float:
    """Return the value of a measure; NaN where there is none."""
    found = _measure_of(m, name, side)
    return found.value if found else float("nan")


def _measure_of(m: Measurement, name: str, side: Side | None) -> Measure | None:
    return next((o for o in m.measures if (o.name, o.side) == (name, side)), None)


def lid_opening(case: Case) -> float:
    """Return the measured opening of the left eye, mm."""
    return value_of(case.found, "lid_opening", "left")


def babinski(case: Case) -> tuple[bool, bool] | None:
    """Return whether the sign was found and is true; None where too few closures tell."""
    truth = case.truth.spasms
    if not truth:
        return None
    side = truth[0].side
    closing = [spasm for spasm in truth if "orbicularis_oculi_upper" in spasm.muscles]
    if len(closing) < _MIN_CLOSURES:
        return None
    is_true = any("frontalis" in spasm.muscles for spasm in closing)
    share = _measure_of(case.found, "other_babinski", side)
    return (share is not None and share.low > _CHANCE_PERCENT, is_true)


def cluster_agreement(cases: Sequence[Case]) -> float:
    """Return the adjusted Rand index of three clusters of measured patients and their severity."""
    from sklearn.cluster import KMeans
    from sklearn.metrics import adjusted_rand_score

    features = np.array([_features(case.found) for case in cases])
    scaled = (features - features.mean(axis=0)) / np.maximum(features.std(axis=0), 1e-9)
    labels = KMeans(3, n_init=20, random_state=0).fit_predict(scaled)
    severities = [case.truth.software["settings"]["severity"] for case in cases]
    return float(adjusted_rand_score(severities, labels))


def _features(m: Measurement) -> list[float]:
    """Return rate, burden, tonic rate and closure, on the scales on which they differ."""
    tonic = 60.0 * sum(spasm.kind == "tonic" for spasm in m.spasms) / m.quality.observed_s
    side: Side = "left" if m.affected_side == "left" else "right"
    closure = np.nan_to_num(value_of(m, "eye_closure", side))
    return [float(np.log1p(rate_of(m))), float(np.log1p(burden_of(m))), float(np.log1p(tonic)),
            closure / 100]  # fmt: skip


def is_less(after: Case, before: Case) -> bool:
    """Return whether spasms have become fewer: the conditional test of two Poisson rates."""
    from scipy.stats import binomtest

    n_before, n_after = len(before.found.spasms), len(after.found.spasms)
    observed = [case.found.quality.observed_s for case in (before, after)]
    if n_before + n_after == 0:
        return False
    share = observed[1] / sum(observed)
    return bool(binomtest(n_after, n_before + n_after, share, "less").pvalue < _P)


def paired_rates(pairs: Sequence[tuple[Case, Case]]) -> str:
    """Say the rates before and after."""
    return ", ".join(f"{rate_of(a.found):.0f}→{rate_of(b.found):.0f}" for a, b in pairs)
