"""How far two measurements of the same things differ, and how far one differs from itself.

References
----------
Bland JM, Altman DG. Measuring agreement in method comparison studies. Stat Methods Med Res
1999;8:135-160. doi:10.1177/096228029900800204.
Carkeet A. Exact parametric confidence intervals for Bland-Altman limits of agreement. Optom Vis Sci
2015;92:e71-80. doi:10.1097/OPX.0000000000000513.
Bland JM, Altman DG. Measurement error. BMJ 1996;313:744. doi:10.1136/bmj.313.7059.744.
Weir JP. Quantifying test-retest reliability using the intraclass correlation coefficient and the
SEM. J Strength Cond Res 2005;19:231-240. doi:10.1519/15184.1.
"""

import math
from dataclasses import dataclass

from numpy.typing import ArrayLike

from hemiface.agreement.estimate import Estimate
from hemiface.agreement.raters import complete_rows, mean_squares, pair_up

_Z95 = 1.96


@dataclass(frozen=True)
class Limits:
    """How two measurements of the same things differ, in the unit of the numbers.

    Attributes
    ----------
    n : int
        Pairs compared.
    bias, bias_low, bias_high : float
        Mean of first minus second, with its 95 % confidence interval.
    sd : float
        Standard deviation of the differences.
    low, high : float
        95 % limits of agreement: bias less and plus 1.96 sd.
    low_interval, high_interval : tuple of float
        Each limit's own 95 % confidence interval.
    """

    n: int
    bias: float
    bias_low: float
    bias_high: float
    sd: float
    low: float
    high: float
    low_interval: tuple[float, float]
    high_interval: tuple[float, float]


@dataclass(frozen=True)
class Retest:
    """How much repeated measurements of unchanged things vary, in the unit of the numbers.

    Attributes
    ----------
    n, k : int
        Things, and measurements of each.
    within_sd : float
        Within-subject standard deviation (Bland & Altman 1996).
    sem : float
        Standard error of measurement: the same without what shifts all things alike from one time
        to the next (Weir 2005, from the two-way mean square error).
    mdc95 : Estimate
        Minimal detectable change, 1.96 √2 SEM: a smaller difference between two measurements of
        one thing may be error alone. Its interval is that of the variance (chi-square).
    """

    n: int
    k: int
    within_sd: float
    sem: float
    mdc95: Estimate


def measure_limits(first: ArrayLike, second: ArrayLike) -> Limits:
    """Return bias and limits of agreement after Bland and Altman (1999).

    Parameters
    ----------
    first, second : array-like, shape (n,)
        Two measurements of the same things; pairs with a NaN are left out.

    Raises
    ------
    ConventionError
        If fewer than two pairs are complete.

    Notes
    -----
    The intervals of the limits are exact for normal differences (Carkeet 2015): non-central t of
    n - 1 degrees of freedom and non-centrality 1.96 √n. Bland and Altman's own are too narrow for
    few pairs.
    """
    from scipy.stats import nct, t

    table = pair_up(first, second)
    away = table[:, 0] - table[:, 1]
    n, bias, sd = away.size, float(away.mean()), float(away.std(ddof=1))
    error = sd / math.sqrt(n)
    margin = float(t.ppf(0.975, n - 1)) * error
    near, far = (float(nct.ppf(p, n - 1, _Z95 * math.sqrt(n))) * error for p in (0.025, 0.975))
    return Limits(
        n=n,
        bias=bias,
        bias_low=bias - margin,
        bias_high=bias + margin,
        sd=sd,
        low=bias - _Z95 * sd,
        high=bias + _Z95 * sd,
        low_interval=(bias - far, bias - near),
        high_interval=(bias + near, bias + far),
    )


def measure_retest(repeats: ArrayLike) -> Retest:
    """Return the error of repeated measurements of things that did not change.

    Parameters
    ----------
    repeats : array-like, shape (n_things, n_repeats)
        Any unit. Things with a NaN are left out whole.

    Raises
    ------
    ConventionError
        If fewer than two things were measured at least twice.
    """
    from scipy.stats import chi2

    table = complete_rows(repeats)
    n, k = table.shape
    sem = math.sqrt(mean_squares(table)[2])
    freedom = (n - 1) * (k - 1)
    low, high = (math.sqrt(freedom / float(chi2.ppf(p, freedom))) for p in (0.975, 0.025))
    change = _Z95 * math.sqrt(2) * sem
    return Retest(
        n=n,
        k=k,
        within_sd=math.sqrt(float(table.var(axis=1, ddof=1).mean())),
        sem=sem,
        mdc95=Estimate(change, low * change, high * change),
    )
