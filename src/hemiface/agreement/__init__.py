"""Found with true, rater with rater: events matched one to one, and numbers compared."""

from hemiface.agreement.annotations import SUFFIXES, read_events
from hemiface.agreement.differences import Limits, Retest, measure_limits, measure_retest
from hemiface.agreement.elan import write_eaf
from hemiface.agreement.estimate import Estimate
from hemiface.agreement.events import Events, events_of
from hemiface.agreement.grades import measure_kappa, measure_rho
from hemiface.agreement.matching import TOLERANCE_S, match_events
from hemiface.agreement.pairing import Pair, pair_files
from hemiface.agreement.pooled import Numbers, Pooled, PooledBand, PooledScore, pool
from hemiface.agreement.raters import measure_icc
from hemiface.agreement.ratings import Ratings, read_ratings
from hemiface.agreement.scores import (
    BANDS_MM,
    FINE_BANDS_MM,
    MIN_AMPLITUDE_MM,
    Agreement,
    Band,
    Differences,
    Score,
    compare,
)

__all__ = [
    "BANDS_MM",
    "FINE_BANDS_MM",
    "MIN_AMPLITUDE_MM",
    "SUFFIXES",
    "TOLERANCE_S",
    "Agreement",
    "Band",
    "Differences",
    "Estimate",
    "Events",
    "Limits",
    "Numbers",
    "Pair",
    "Pooled",
    "PooledBand",
    "PooledScore",
    "Ratings",
    "Retest",
    "Score",
    "compare",
    "events_of",
    "match_events",
    "measure_icc",
    "measure_kappa",
    "measure_limits",
    "measure_retest",
    "measure_rho",
    "pair_files",
    "pool",
    "read_events",
    "read_ratings",
    "write_eaf",
]
