"""What the page of a study shows."""

import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django.core.exceptions import ValidationError
from django.urls import reverse

from hemiface.mri.reading.nifti import read_nifti
from hemiface_clinic.mri.child import T2
from hemiface_clinic.mri.files import files_of, read_whole
from hemiface_clinic.mri.models import Study
from hemiface_clinic.mri.points import read_place, say_place
from hemiface_clinic.mri.profile import Profile, profile_of
from hemiface_clinic.mri.slices import FIELDS_MM, PLANES, Plane, draw_section, place_of
from hemiface_clinic.mri.wording import Told, told

_USUAL_MM = 60


@dataclass(frozen=True)
class Section:
    """One picture of the page for who has no WebGL2."""

    plane: str
    url: str


@dataclass(frozen=True)
class Side:
    """One side of the page: in words, and drawn."""

    told: Told
    profile: Profile | None


def shown(study: Study, asked: Mapping[str, str]) -> dict[str, Any]:
    """Return what the page shows.

    Parameters
    ----------
    study : Study
    asked : mapping
        `place`: x, y, z in LPS mm; `field`: width of the sections, mm; `axial.x`, `axial.y` and so
        on: where a section was clicked.
    """
    field_mm = _field(asked)
    place = _within(study, _clicked(asked, _place(study, asked), field_mm))
    query = urlencode({"place": say_place(place), "field": field_mm})
    return {
        "study": study,
        "place": say_place(place),
        "field": field_mm,
        "fields": FIELDS_MM,
        "sections": [
            Section(name, f"{reverse(f'mri-{name}', args=[study.pk])}?{query}") for name in PLANES
        ],
        "sides": list(_sides(study)),
        "files": {name.partition(".")[0] for name, _ in files_of(study.pk)},
    }


def draw(study: Study, plane: Plane, asked: Mapping[str, str]) -> bytes:
    """Return a section as PNG."""
    volume, _ = read_nifti(read_whole(study.pk, T2))
    sides = (study.result or {"sides": {}})["sides"].values()
    outlines = [one for side in sides for one in side["outlines"]]
    points = [where for side in study.points.values() for where in side.values()]
    return draw_section(volume, plane, _place(study, asked), _field(asked), outlines, points)


def _sides(study: Study) -> Iterator[Side]:
    sides = (study.result or {"sides": {}})["sides"]
    for side, found in sides.items():
        other = next((one for name, one in sides.items() if name != side), None)
        yield Side(told(side, found), profile_of(side, found, other))


def _place(study: Study, asked: Mapping[str, str]) -> list[float]:
    """Return the place that is asked for; else the one of most interest."""
    try:
        return _within(study, read_place(asked.get("place", "")))
    except ValidationError:
        pass
    for found in (study.result or {"sides": {}})["sides"].values():
        if found["conflict"] is not None:
            return list(found["conflict"]["place"])
    for points in study.points.values():
        return list(points["root_exit"])
    t2 = study.contents["t2"]
    return [(low + high) / 2 for low, high in zip(t2["low_mm"], t2["high_mm"], strict=True)]


def _within(study: Study, place: list[float]) -> list[float]:
    t2 = study.contents["t2"]
    ends = zip(t2["low_mm"], place, t2["high_mm"], strict=True)
    return [min(max(one, low), high) for low, one, high in ends]


def _field(asked: Mapping[str, str]) -> int:
    wanted = asked.get("field", "")
    return int(wanted) if wanted in map(str, FIELDS_MM) else _USUAL_MM


def _clicked(asked: Mapping[str, str], place: list[float], field_mm: int) -> list[float]:
    for name, plane in PLANES.items():
        x, y = (_pixel(asked.get(f"{name}.{axis}", "")) for axis in "xy")
        if math.isfinite(x) and math.isfinite(y):
            return place_of(plane, place, field_mm, x, y)
    return place


def _pixel(text: str) -> float:
    return float(text) if text.isascii() and text.isdigit() and len(text) < 5 else math.nan
