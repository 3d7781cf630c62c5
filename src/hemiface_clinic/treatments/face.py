"""The face map for doses: each muscle an outline with its name, and the place of its number."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache
from typing import TYPE_CHECKING, Literal

from hemiface.report.face import SHAPES, Shape, centre, svg_brows, svg_lines, svg_outline
from hemiface_clinic.treatments.fields import Contents
from hemiface_clinic.treatments.injections import MUSCLE_LABELS, SIDES, dose_name, doses_of
from hemiface_clinic.treatments.kinds import Side

if TYPE_CHECKING:
    from django_stubs_ext import StrPromise

# The library's shape is the opening of the eye; a needle goes beside it.
_OUTER_PART = Shape(
    ((104, 176), (119, 184), (126, 200), (119, 221)),
    ((109, 190), (113, 195), (114, 204), (109, 212)),
)
_EYE = SHAPES["orbicularis_oculi"]


@dataclass(frozen=True)
class Spot:
    """One muscle of one side on the map."""

    muscle: str
    side: Side
    label: "StrPromise"
    outline: str
    x: float
    y: float
    units: Decimal | None = None

    @property
    def name(self) -> str:
        """Name of its field in the form."""
        return dose_name(self.muscle, self.side)


@dataclass(frozen=True)
class FaceMap:
    """The map, with the units it shows.

    Attributes
    ----------
    spots : tuple of Spot
    lines, brows, eyes : str
        SVG path data of what is not muscle.
    affected_side : str
        "left", "right", or empty where nobody wrote it down.
    """

    spots: tuple[Spot, ...]
    lines: str
    brows: str
    eyes: str
    affected_side: str = ""


def face_map(contents: Contents | None = None) -> FaceMap:
    """Return the map with the doses of a session, or empty."""
    held = contents or {}
    units = {(dose.muscle, dose.side): dose.units for dose in doses_of(held)}
    eyes = "".join(svg_outline(_EYE, _half(side)) for side in SIDES)
    spots = tuple(_spot(muscle, side, units) for side in SIDES for muscle in MUSCLE_LABELS)
    return FaceMap(spots, svg_lines(), svg_brows(), eyes, held.get("affected_side", ""))


def _spot(muscle: str, side: Side, units: Mapping[tuple[str, Side], Decimal]) -> Spot:
    outline, x, y = _outline(muscle, side)
    return Spot(muscle, side, MUSCLE_LABELS[muscle], outline, x, y, units.get((muscle, side)))


@lru_cache(maxsize=64)
def _outline(muscle: str, side: Side) -> tuple[str, float, float]:
    shape = _OUTER_PART if muscle == "orbicularis_oculi" else SHAPES[muscle]
    x, y = centre(shape, _half(side))
    return svg_outline(shape, _half(side)), round(x, 1), round(y, 1)


def _half(side: Side) -> Literal["left", "right"]:
    return "left" if side == Side.LEFT else "right"
