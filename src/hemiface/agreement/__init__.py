"""Found with true, rater with rater: events matched one to one, and numbers compared."""

from hemiface.agreement.matching import TOLERANCE_S, match_events
from hemiface.agreement.raters import Icc, Limits, measure_icc, measure_limits
from hemiface.agreement.scores import (
    BANDS_MM,
    MIN_AMPLITUDE_MM,
    Agreement,
    Band,
    Score,
    compare,
)

__all__ = [
    "BANDS_MM",
    "MIN_AMPLITUDE_MM",
    "TOLERANCE_S",
    "Agreement",
    "Band",
    "Icc",
    "Limits",
    "Score",
    "compare",
    "match_events",
    "measure_icc",
    "measure_limits",
]
