"""Clinical scales as versioned definitions: grades are checked, read and compared by them."""

from hemiface.scales.changes import Change, change
from hemiface.scales.definitions import (
    Item,
    LeastChange,
    Level,
    Scale,
    read_scales,
    scale,
)
from hemiface.scales.grading import Reading, grade, needs_help, read_grade

__all__ = [
    "Change",
    "Item",
    "LeastChange",
    "Level",
    "Reading",
    "Scale",
    "change",
    "grade",
    "needs_help",
    "read_grade",
    "read_scales",
    "scale",
]
