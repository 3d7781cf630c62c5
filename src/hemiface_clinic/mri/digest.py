"""What was measured, as the site keeps and shows it. Knows no Django.

A doubt that refuses leaves pictures and lines, but takes every number of the conflict away.
"""

import math
from collections.abc import Sequence
from dataclasses import asdict
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from hemiface.mri import Conflict, Doubt, FoundMass, FoundVessel, MriFound, SideFound
    from hemiface.types import Floats

Document = dict[str, Any]
_EVERY = 2  # of the points along the nerve: enough to choose a place
_DIGITS = 3


def digest(found: "MriFound") -> Document:
    """Return what was found as JSON can keep it; NaN becomes null."""
    from hemiface import __version__

    return {
        "version": __version__,
        "snr": _number(found.snr),
        "has_tof": found.tof_pose is not None,
        "doubts": [_doubt(one) for one in found.doubts],
        "sides": {one.side: _side(one, is_refused=found.is_refused) for one in found.sides},
    }


def _side(side: "SideFound", *, is_refused: bool) -> Document:
    refused = is_refused or any(one.refuses for one in side.doubts)
    conflict = None if refused or side.conflict is None else _conflict(side.conflict, side.vessels)
    return {
        "clicks": {name: _place(getattr(side.clicks, name)) for name in ("root_exit", "meatus")},
        "detachment": _place(side.detachment),
        "is_refused": refused,
        "conflict": conflict,
        "profile": [] if refused else _profile(side),
        "vessels": [
            {"likely": one.likely, "in_tof": bool(one.in_tof),
             "distance_mm": None if refused else _number(one.distance_mm)}
            for one in side.vessels
        ],
        "masses": [_mass(one) for one in side.masses],
        "doubts": [_doubt(one) for one in side.doubts],
        "outlines": _outlines(side),
    }  # fmt: skip


def _conflict(found: "Conflict", vessels: "Sequence[FoundVessel]") -> Document:
    from hemiface.mri.grades import published_grades

    numbers = (
        "distance_mm", "low_mm", "high_mm", "contact_chance", "s_mm", "length_mm", "angle_deg",
        "vessel_diameter_mm", "nerve_diameter_mm", "depth_mm", "displacement_mm",
    )  # fmt: skip
    return {
        **{name: _number(getattr(found, name)) for name in numbers},
        "contact": found.contact,
        "site": found.site,
        "place": _place(found.place),
        "grade": found.grade,
        "grades": list(found.grades),
        "published": asdict(published_grades(found)),
        "likely": vessels[found.vessel].likely if found.vessel < len(vessels) else "",
    }


def _profile(side: "SideFound") -> list[list[float | None]]:
    """Return rows of length along the nerve, gap, its interval, and the place (LPS), all mm."""
    columns = (side.facial.s_mm, side.gap_mm, side.low_mm, side.high_mm, *side.facial.line.T)
    rows = zip(*(column[::_EVERY] for column in columns), strict=True)
    return [[_number(one) for one in row] for row in rows]


def _outlines(side: "SideFound") -> list[list[Any]]:
    """Return what lines a picture shows: kind, and rows of place and radius, mm."""
    nerves = (("facial", side.facial), ("vestibulocochlear", side.vestibulocochlear))
    drawn = [(name, one.line, one.radius_mm) for name, one in nerves]
    drawn += [("vessel", one.line, one.radius_mm) for one in side.vessels]
    return [[name, _line(line, radius)] for name, line, radius in drawn]


def _line(line: "Floats", radius_mm: "Floats") -> list[list[float]]:
    return [
        [round(float(one), 2) for one in (*place, radius)]
        for place, radius in zip(line[::_EVERY], radius_mm[::_EVERY], strict=True)
    ]


def _mass(mass: "FoundMass") -> Document:
    return {
        "place": _place(mass.place),
        "diameter_mm": _number(mass.diameter_mm),
        "volume_ml": _number(mass.volume_ml),
    }


def _doubt(doubt: "Doubt") -> Document:
    return {"key": doubt.key, "sentence": doubt.sentence, "refuses": bool(doubt.refuses)}


def _place(place: Sequence[float]) -> list[float]:
    return [round(float(one), 2) for one in place]


def _number(value: float) -> float | None:
    value = float(value)
    return round(value, _DIGITS) if math.isfinite(value) else None
