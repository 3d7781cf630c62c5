"""Two or more columns of numbers for the same things: how far raters, or methods, agree.

References
----------
Shrout PE, Fleiss JL. Intraclass correlations. Psychol Bull 1979;86:420-428.
McGraw KO, Wong SP. Forming inferences about some intraclass correlation coefficients. Psychol
Methods 1996;1:30-46.
Bland JM, Altman DG. Measuring agreement in method comparison studies. Stat Methods Med Res
1999;8:135-160.
"""

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from hemiface.errors import ConventionError
from hemiface.types import Floats

_Z95 = 1.96


@dataclass(frozen=True)
class Icc:
    """An intraclass correlation with its 95 % confidence interval."""

    value: float
    low: float
    high: float


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
    """

    n: int
    bias: float
    bias_low: float
    bias_high: float
    sd: float
    low: float
    high: float


def measure_icc(ratings: ArrayLike) -> Icc:
    """Return the absolute agreement of single raters, ICC(2,1), of raters drawn from many.

    Parameters
    ----------
    ratings : array-like, shape (n_targets, n_raters)
        Any unit. Targets that a rater did not rate (NaN) are left out whole.

    Returns
    -------
    Icc
        ICC(2,1) of Shrout & Fleiss, which is ICC(A,1) of McGraw & Wong, with the interval of the
        latter. NaN where all ratings are equal; the interval alone is NaN where ratings agree so
        much worse than chance that there is none.

    Raises
    ------
    ConventionError
        If fewer than two targets were rated by at least two raters.
    """
    table = _complete(ratings)
    n, k = table.shape
    rows, columns, error = _mean_squares(table)
    spread = rows + (k - 1) * error + k * (columns - error) / n
    if spread <= 0:
        return Icc(math.nan, math.nan, math.nan)
    value = (rows - error) / spread
    return Icc(value, *_icc_interval(value, rows, columns, error, table.shape))


def measure_limits(first: ArrayLike, second: ArrayLike) -> Limits:
    """Return bias and limits of agreement after Bland and Altman.

    Parameters
    ----------
    first, second : array-like, shape (n,)
        Two measurements of the same things; pairs with a NaN are left out.

    Raises
    ------
    ConventionError
        If fewer than two pairs are complete.
    """
    from scipy.stats import t

    columns = [np.asarray(values, dtype=np.float64).ravel() for values in (first, second)]
    if columns[0].size != columns[1].size:
        raise ConventionError(
            f"Two measurements must be of the same things; got {columns[0].size} and "
            f"{columns[1].size} numbers. Pair them."
        )
    table = _complete(np.column_stack(columns))
    away = table[:, 0] - table[:, 1]
    n, bias, sd = away.size, float(away.mean()), float(away.std(ddof=1))
    margin = float(t.ppf(0.975, n - 1)) * sd / math.sqrt(n)
    return Limits(n, bias, bias - margin, bias + margin, sd, bias - _Z95 * sd, bias + _Z95 * sd)


def _complete(ratings: ArrayLike) -> Floats:
    """Return the rows without NaN, shape (n >= 2, k >= 2)."""
    table = np.asarray(ratings, dtype=np.float64)
    if table.ndim == 2:
        table = table[np.isfinite(table).all(axis=1)]
    if table.ndim != 2 or min(table.shape) < 2:
        raise ConventionError(
            "Ratings must be a table of at least 2 complete targets by 2 raters; got shape "
            f"{table.shape}. Give more of them."
        )
    return table


def _mean_squares(table: Floats) -> tuple[float, float, float]:
    """Mean squares between targets, between raters, and of what is left; two-way, no repeats."""
    n, k = table.shape
    away = table - table.mean()
    targets, raters = away.mean(axis=1), away.mean(axis=0)
    rest = away - targets[:, None] - raters
    return (
        float(k * np.sum(targets**2) / (n - 1)),
        float(n * np.sum(raters**2) / (k - 1)),
        float(np.sum(rest**2) / ((n - 1) * (k - 1))),
    )


def _icc_interval(
    value: float, rows: float, columns: float, error: float, shape: tuple[int, ...]
) -> tuple[float, float]:
    """95 % interval of ICC(A,1): McGraw & Wong, table 7; Satterthwaite's degrees of freedom."""
    from scipy.stats import f

    n, k = shape
    if value >= 1.0:  # no error at all
        return 1.0, 1.0
    a, b = k * value / (n * (1 - value)), 1 + k * value * (n - 1) / (n * (1 - value))
    raters, left = np.float64(a * columns), np.float64(b * error)
    rest = k * columns + (k * n - k - n) * error
    # Ratings that agree worse than chance leave next to no degrees of freedom: F grows without end,
    # and the approximation may give an interval beside the value, which is none.
    with np.errstate(all="ignore"):
        freedom = (raters + left) ** 2 / (raters**2 / (k - 1) + left**2 / ((n - 1) * (k - 1)))
        below, above = f.ppf(0.975, n - 1, freedom), f.ppf(0.975, freedom, n - 1)
        low = n * (rows / below - error) / (rest + n * rows / below)
        high = n * (rows - error / above) / (rest / above + n * rows)
    return (float(low), float(high)) if low <= value <= high else (math.nan, math.nan)
