"""Two or more columns of numbers for the same things: how far raters agree.

References
----------
Shrout PE, Fleiss JL. Intraclass correlations. Psychol Bull 1979;86:420-428.
McGraw KO, Wong SP. Forming inferences about some intraclass correlation coefficients. Psychol
Methods 1996;1:30-46.
"""

import math

import numpy as np
from numpy.typing import ArrayLike

from hemiface.agreement.estimate import Estimate
from hemiface.errors import ConventionError
from hemiface.types import Floats


def measure_icc(ratings: ArrayLike) -> Estimate:
    """Return the absolute agreement of single raters, ICC(2,1), of raters drawn from many.

    Parameters
    ----------
    ratings : array-like, shape (n_targets, n_raters)
        Any unit. Targets that a rater did not rate (NaN) are left out whole.

    Returns
    -------
    Estimate
        ICC(2,1) of Shrout & Fleiss, which is ICC(A,1) of McGraw & Wong, with the interval of the
        latter. NaN where all ratings are equal; the interval alone is NaN where ratings agree so
        much worse than chance that there is none.

    Raises
    ------
    ConventionError
        If fewer than two targets were rated by at least two raters.
    """
    table = complete_rows(ratings)
    n, k = table.shape
    rows, columns, error = mean_squares(table)
    spread = rows + (k - 1) * error + k * (columns - error) / n
    if spread <= 0:
        return Estimate(math.nan, math.nan, math.nan)
    value = (rows - error) / spread
    return Estimate(value, *_icc_interval(value, rows, columns, error, table.shape))


def complete_rows(ratings: ArrayLike) -> Floats:
    """Return the rows without NaN, shape (n >= 2, k >= 2).

    Raises
    ------
    ConventionError
        If there are fewer.
    """
    table = np.asarray(ratings, dtype=np.float64)
    if table.ndim == 2:
        table = table[np.isfinite(table).all(axis=1)]
    if table.ndim != 2 or min(table.shape) < 2:
        raise ConventionError(
            "Ratings must be a table of at least 2 complete targets by 2 raters; got shape "
            f"{table.shape}. Give more of them."
        )
    return table


def pair_up(first: ArrayLike, second: ArrayLike) -> Floats:
    """Return two columns without NaN, shape (n >= 2, 2).

    Raises
    ------
    ConventionError
        If the numbers do not pair, or fewer than two pairs are complete.
    """
    columns = [np.asarray(values, dtype=np.float64).ravel() for values in (first, second)]
    if columns[0].size != columns[1].size:
        raise ConventionError(
            f"Two measurements must be of the same things; got {columns[0].size} and "
            f"{columns[1].size} numbers. Pair them."
        )
    return complete_rows(np.column_stack(columns))


def mean_squares(table: Floats) -> tuple[float, float, float]:
    """Return the mean squares between targets, between raters and of what is left.

    Two-way analysis of variance of a table of shape (n, k) without repeats.
    """
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
