"""What the pages of scales show."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.urls import reverse

from hemiface.scales import Reading, Scale, change, read_grade, scale
from hemiface_clinic.people.models import Patient
from hemiface_clinic.scales.models import Graded


@dataclass(frozen=True)
class Offered:
    """A scale that can be filled in, and where."""

    scale: Scale
    url: str


@dataclass(frozen=True)
class Shown:
    """One grade with what it says, and what changed since the one before; may be empty."""

    graded: Graded
    reading: Reading
    changed: str


def offered(scales: Sequence[Scale], patient: Patient) -> list[Offered]:
    """Return scales with the address of their form."""
    return [
        Offered(one, reverse(f"scale-{one.key}-{one.version}", args=[patient.pk])) for one in scales
    ]


def shown(grades: Sequence[Graded]) -> list[Shown]:
    """Return grades with what they say, the newest first."""
    ordered = sorted(grades, key=lambda one: (one.grade.on, one.at))
    return [
        Shown(one, read_grade(one.grade), _change(ordered[:place], one))
        for place, one in enumerate(ordered)
    ][::-1]


def _change(earlier: Sequence[Graded], one: Graded) -> str:
    """Return what changed since the last grade of the same kind."""
    now = one.grade
    if one.is_error or scale(now.scale, now.version).is_change:
        return ""
    kind = (now.scale, now.version, now.by, now.side)
    before = [
        held.grade
        for held in earlier
        if not held.is_error
        and (held.grade.scale, held.grade.version, held.grade.by, held.grade.side) == kind
    ]
    return change(before[-1], now).text if before else ""
