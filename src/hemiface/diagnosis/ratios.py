"""Likelihood ratios, only where a study counted a sign in both groups.

References
----------
Simel DL, Samsa GP, Matchar DB. Likelihood ratios with confidence: sample size estimation for
diagnostic test studies. J Clin Epidemiol 1991;44:763-770. doi:10.1016/0895-4356(91)90128-v.
"""

import math
from dataclasses import dataclass
from functools import cache
from typing import cast

from hemiface.diagnosis.tables import Cell, Table, number, read_table, rows, text
from hemiface.errors import ConventionError

_Z95 = 1.96
Count = tuple[int, int]


@dataclass(frozen=True)
class Ratio:
    """A likelihood ratio with its 95 % interval."""

    value: float
    low: float
    high: float


@dataclass(frozen=True)
class LikelihoodRatio:
    """What one study counted of one sign.

    Attributes
    ----------
    finding : str
    condition, against : str
        Key of the condition (or what several share) and of the one it is compared with.
    with_condition, without : tuple of int
        How many had the sign, of how many, in each.
    present, absent : Ratio
        Of the sign when it is there, and when it is not.
    source : str
    """

    finding: str
    condition: str
    against: str
    with_condition: Count
    without: Count
    present: Ratio
    absent: Ratio
    source: str


@dataclass(frozen=True)
class Share:
    """A sensitivity or a specificity that stands alone, so that no ratio follows from it."""

    finding: str
    state: str
    condition: str
    sensitivity: float | None
    specificity: float | None
    source: str


def likelihood_ratios(with_condition: Count, without: Count) -> tuple[Ratio, Ratio]:
    """Return the likelihood ratios of a sign that is present, and of one that is absent.

    Parameters
    ----------
    with_condition, without : tuple of int
        How many had the sign, of how many: among people with the condition, and without it.

    Returns
    -------
    tuple of Ratio
        With the interval of the logarithm (Simel 1991). Where a cell is empty, 0.5 is added to
        each of the four.

    Raises
    ------
    hemiface.errors.ConventionError
        If more had the sign than there were, or nobody was counted.
    """
    for had, of in (with_condition, without):
        if not 0 <= had <= of or of == 0:
            raise ConventionError(
                f"A count must be of at least one person, and no more had the sign than there "
                f"were; got {had} of {of}. Give how many had it, then of how many."
            )
    empty = 0 in with_condition or 0 in without or 0 in (_rest(with_condition), _rest(without))
    more = 0.5 if empty else 0.0
    (a, n), (b, m) = ((had + more, of + 2 * more) for had, of in (with_condition, without))
    return _ratio(a, n, b, m), _ratio(n - a, n, m - b, m)


@cache
def read_ratios() -> tuple[LikelihoodRatio, ...]:
    """Return the published likelihood ratios."""
    return tuple(_row(row) for row in rows(read_table("ratios")["ratio"]))


@cache
def read_shares() -> tuple[Share, ...]:
    """Return sensitivities and specificities published without the other."""
    return tuple(
        Share(
            text(row["finding"]),
            text(row["state"]),
            text(row["condition"]),
            number(row.get("sensitivity")),
            number(row.get("specificity")),
            _source(row),
        )
        for row in rows(read_table("ratios")["share"])
    )


def _row(row: Table) -> LikelihoodRatio:
    having, lacking = _count(row["with"]), _count(row["without"])
    present, absent = likelihood_ratios(having, lacking)
    return LikelihoodRatio(
        text(row["finding"]),
        text(row["condition"]),
        text(row["against"]),
        having,
        lacking,
        present,
        absent,
        _source(row),
    )


def _count(cell: Cell) -> Count:
    had, of = cast(list[int], cell)
    return had, of


def _source(row: Table) -> str:
    return text(read_table("sources")[text(row["source"])])


def _rest(count: Count) -> int:
    return count[1] - count[0]


def _ratio(a: float, n: float, b: float, m: float) -> Ratio:
    value = (a / n) / (b / m)
    margin = _Z95 * math.sqrt(1 / a - 1 / n + 1 / b - 1 / m)
    return Ratio(value, value * math.exp(-margin), value * math.exp(margin))
