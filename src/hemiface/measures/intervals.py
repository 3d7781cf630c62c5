"""Intervals at 95 % of rates, shares, medians and shares of time.

Importing `scipy.stats` for them would take over a second; `scipy.special` does not.
"""

import numpy as np

from hemiface.types import Floats

CONFIDENCE = 0.95
_NAN = float("nan")
_TAILS = ((1 - CONFIDENCE) / 2, (1 + CONFIDENCE) / 2)
_N_DRAWS = 999


def rate_interval(n: int, minutes: float) -> tuple[float, float]:
    """Return the exact Poisson interval of a rate (Garwood 1936, doi:10.1093/biomet/28.3-4.437)."""
    from scipy.special import gammaincinv

    low = gammaincinv(n, _TAILS[0]) / minutes if n else 0.0
    return float(low), float(gammaincinv(n + 1, _TAILS[1]) / minutes)


def share_interval(n_true: int, n: int) -> tuple[float, float]:
    """Return Wilson's interval of a share, in % (1927, doi:10.1080/01621459.1927.10502953)."""
    from scipy.special import ndtri

    z2 = float(ndtri(_TAILS[1])) ** 2
    middle = (n_true + z2 / 2) / (n + z2)
    reach = (z2 * (n_true * (n - n_true) / n + z2 / 4)) ** 0.5 / (n + z2)
    return 100 * max(0.0, middle - reach), 100 * min(1.0, middle + reach)


def median_interval(values: Floats) -> tuple[float, float]:
    """Return a percentile bootstrap interval of the median; unknown for fewer than three."""
    if len(values) < 3:
        return _NAN, _NAN
    draws = np.random.default_rng(0).choice(values, size=(_N_DRAWS, len(values)))
    low, high = np.quantile(np.median(draws, axis=1), _TAILS)
    return float(low), float(high)


def ratio_interval(busy_s: Floats, observed_s: Floats) -> tuple[float, float]:
    """Return a bootstrap interval of a share of time, over blocks: clusters stay together."""
    if len(busy_s) < 3:
        return _NAN, _NAN
    draws = np.random.default_rng(0).integers(len(busy_s), size=(_N_DRAWS, len(busy_s)))
    shares = 100 * busy_s[draws].sum(axis=1) / observed_s[draws].sum(axis=1)
    low, high = np.quantile(shares, _TAILS)
    return float(low), float(high)
