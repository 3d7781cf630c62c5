"""A number with its interval."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Estimate:
    """A value with its 95 % confidence interval; NaN where it is unknown."""

    value: float
    low: float
    high: float
