"""Grades and ranks: how far two raters agree on an ordered scale, or order things alike.

References
----------
Cohen J. Weighted kappa. Psychol Bull 1968;70:213-220. doi:10.1037/h0026256.
Fleiss JL, Cohen J, Everitt BS. Large sample standard errors of kappa and weighted kappa. Psychol
Bull 1969;72:323-327. doi:10.1037/h0028106.
Bonett DG, Wright TA. Sample size requirements for estimating Pearson, Kendall and Spearman
correlations. Psychometrika 2000;65:23-28. doi:10.1007/BF02294183.
"""

import math
from typing import Literal

import numpy as np
from numpy.typing import ArrayLike

from hemiface.agreement.estimate import Estimate
from hemiface.agreement.raters import pair_up
from hemiface.errors import ConventionError
from hemiface.types import Floats

_Z95 = 1.96
_MOST_GRADES = 100  # our choice: a scale of more is not of grades


def measure_kappa(
    first: ArrayLike, second: ArrayLike, weights: Literal["linear", "quadratic"] = "linear"
) -> Estimate:
    """Return Cohen's weighted kappa of two raters who grade the same things.

    Parameters
    ----------
    first, second : array-like of whole numbers, shape (n,)
        Grades of an ordered scale with equal steps; pairs with a NaN are left out.
    weights : {"linear", "quadratic"}
        How disagreement grows with the distance of two grades.

    Returns
    -------
    Estimate
        With the large-sample interval of Fleiss, Cohen and Everitt; it may pass 1. The interval is
        NaN where one rater gave every thing the same grade; so is kappa where both gave that one.

    Raises
    ------
    ConventionError
        If fewer than two pairs are complete, or a grade is no whole number.
    """
    from statsmodels.stats.inter_rater import cohens_kappa

    table = pair_up(first, second)
    if (table != np.round(table)).any():
        raise ConventionError(
            "Grades must be whole numbers; got fractions. Give 0, 1, 2 and so on."
        )
    lowest = table.min()
    n_grades = int(table.max() - lowest) + 1
    if n_grades > _MOST_GRADES:
        raise ConventionError(
            f"A scale must have at most {_MOST_GRADES} grades; got grades {lowest:g} to "
            f"{table.max():g}. Use the intraclass correlation for numbers."
        )
    if n_grades == 1:
        return Estimate(math.nan, math.nan, math.nan)
    counts = np.zeros((n_grades, n_grades))
    np.add.at(counts, tuple((table - lowest).astype(np.intp).T), 1)
    with np.errstate(invalid="ignore", divide="ignore"):  # variances that are 0 but for rounding
        kappa = cohens_kappa(counts, wt=weights)
    value = float(kappa.kappa)
    if _is_constant(table):
        return Estimate(value, math.nan, math.nan)
    margin = _Z95 * math.sqrt(max(float(kappa.var_kappa), 0.0))
    return Estimate(value, value - margin, value + margin)


def measure_rho(first: ArrayLike, second: ArrayLike) -> Estimate:
    """Return Spearman's rank correlation of two measurements of the same things.

    Parameters
    ----------
    first, second : array-like, shape (n,)
        Any units; pairs with a NaN are left out.

    Returns
    -------
    Estimate
        The interval is Fisher's, with the standard error of Bonett and Wright; NaN where fewer
        than four pairs, or ranks that agree fully, say nothing about it. All NaN where one
        measurement is constant.

    Raises
    ------
    ConventionError
        If fewer than two pairs are complete.
    """
    from scipy.stats import spearmanr

    table = pair_up(first, second)
    if _is_constant(table):
        return Estimate(math.nan, math.nan, math.nan)
    value = float(spearmanr(table[:, 0], table[:, 1]).statistic)
    if len(table) < 4 or abs(value) > 1 - 1e-12:
        return Estimate(value, math.nan, math.nan)
    margin = _Z95 * math.sqrt((1 + value**2 / 2) / (len(table) - 3))
    centre = math.atanh(value)
    return Estimate(value, math.tanh(centre - margin), math.tanh(centre + margin))


def _is_constant(table: Floats) -> bool:
    """Whether a column says the same of every thing."""
    return bool((table == table[0]).all(axis=0).any())
