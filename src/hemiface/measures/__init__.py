"""From spasms to numbers: each with unit, side, observed time and, where due, an interval."""

from hemiface.measures.pattern import Pattern, name_pattern, pattern_notices
from hemiface.measures.recording import affected_side, measure_spasms
from hemiface.measures.tasks import measure_tasks

__all__ = [
    "Pattern",
    "affected_side",
    "measure_spasms",
    "measure_tasks",
    "name_pattern",
    "pattern_notices",
]
