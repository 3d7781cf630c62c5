"""Grades, derived from what was measured; never the other way round."""

from dataclasses import dataclass
from typing import Literal

from hemiface.mri.results import Conflict

TOUCH_MM = 0.04
DEEP_MM, DISPLACED_MM = 0.35, 0.4
"""How deep is indented, how far displaced: our choice, tried on phantoms."""

GRADES = ("apart", "touching", "displaced", "deep")


@dataclass(frozen=True)
class PublishedGrades:
    """What publications would call a conflict.

    Attributes
    ----------
    campos : "none", "mild", "moderate" or "severe"
        Mild is contact, moderate indentation, severe a nerve off its course (Campos-Benitez and
        Kaufmann, J Neurosurg 2008;109:416).
    deformity : "none", "contact" or "deformity"
        Whether the nerve keeps its shape (doi:10.1093/braincomms/fcab146).
    """

    campos: Literal["none", "mild", "moderate", "severe"]
    deformity: Literal["none", "contact", "deformity"]


def grade(gap_mm: float, displacement_mm: float) -> int:
    """Return our grade: which of `GRADES` it is."""
    if gap_mm > TOUCH_MM:
        return 0
    if -gap_mm >= DEEP_MM:
        return 3
    return 2 if displacement_mm >= DISPLACED_MM else 1


def grades_within(low_mm: float, high_mm: float, displacement_mm: float) -> tuple[int, ...]:
    """Return the grades that the interval of a gap allows, in their order."""
    ends_and_borders = (low_mm, high_mm, TOUCH_MM, -DEEP_MM)
    gaps = [gap for gap in ends_and_borders if low_mm <= gap <= high_mm]
    return tuple(sorted({grade(gap, displacement_mm) for gap in gaps}))


def published_grades(found: Conflict) -> PublishedGrades:
    """Return the published grades of a conflict, at its likeliest gap.

    Notes
    -----
    Campos-Benitez and Kaufmann (2008) graded in surgery and in words: where indentation and
    deviation begin in mm is ours. On the pons no course of the nerve is seen, so none is severe.
    """
    if found.grade == 0:
        return PublishedGrades("none", "none")
    if found.displacement_mm >= DISPLACED_MM:
        return PublishedGrades("severe", "deformity")
    if found.depth_mm >= DEEP_MM:
        return PublishedGrades("moderate", "deformity")
    return PublishedGrades("mild", "contact")
