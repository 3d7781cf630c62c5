"""Sections through a place as PNG, for who has no WebGL2: nothing is a black box.

They are shown as radiologists do: the person's left is on the right.
"""

import io
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw

from hemiface.types import Floats
from hemiface.volume import Volume

SIZE_PX = 360
FIELDS_MM = (30, 60, 120, 240)
_CROSS, _POINT = (124, 201, 206), (255, 214, 102)
_COLOURS = {
    "facial": (236, 133, 112),
    "vestibulocochlear": (170, 178, 186),
    "vessel": (120, 170, 255),
}
_SEEN_MM = 0.5


@dataclass(frozen=True)
class Plane:
    """Which of the axes (0 left, 1 back, 2 head) go right and down in a picture, and their sign."""

    name: str
    right: int
    down: int
    down_sign: float
    letters: tuple[str, str, str, str]  # left, right, top and bottom of the picture

    @property
    def through(self) -> int:
        """The axis that goes into the picture."""
        return 3 - self.right - self.down


PLANES = {
    "axial": Plane("axial", 0, 1, 1.0, ("R", "L", "A", "P")),
    "coronal": Plane("coronal", 0, 2, -1.0, ("R", "L", "S", "I")),
    "sagittal": Plane("sagittal", 1, 2, -1.0, ("A", "P", "S", "I")),
}


def place_of(plane: Plane, middle: list[float], field_mm: float, x: float, y: float) -> list[float]:
    """Return the place of a pixel of a section."""
    place, mm = list(middle), field_mm / SIZE_PX
    place[plane.right] += (x + 0.5 - SIZE_PX / 2) * mm
    place[plane.down] += plane.down_sign * (y + 0.5 - SIZE_PX / 2) * mm
    return [round(one, 2) for one in place]


def draw_section(
    volume: Volume,
    plane: Plane,
    middle: list[float],
    field_mm: float,
    outlines: list[list[Any]],
    points: list[list[float]],
) -> bytes:
    """Return a section through a place as PNG.

    Parameters
    ----------
    outlines : list
        Kind and rows of x, y, z, radius (mm), as `digest` writes them.
    points : list
        Places that were set, drawn where they lie in the section.
    """
    picture = Image.fromarray(_grey(_cut(volume, plane, middle, field_mm))).convert("RGB")
    draw = ImageDraw.Draw(picture)
    scale = SIZE_PX / field_mm
    for kind, rows in outlines:
        for x, y, radius in _seen(rows, plane, middle, scale):
            box = (x - radius, y - radius, x + radius, y + radius)
            draw.ellipse(box, outline=_COLOURS.get(kind, _POINT))
    for x, y, _ in _seen([[*place, 0.0] for place in points], plane, middle, scale, 1.5):
        draw.ellipse((x - 5, y - 5, x + 5, y + 5), outline=_POINT, width=2)
    _draw_cross(draw)
    _draw_letters(draw, plane)
    written = io.BytesIO()
    picture.save(written, "PNG")
    return written.getvalue()


def _cut(volume: Volume, plane: Plane, middle: list[float], field_mm: float) -> Floats:
    from scipy.ndimage import map_coordinates

    away = (np.arange(SIZE_PX) + 0.5 - SIZE_PX / 2) * field_mm / SIZE_PX
    places = np.empty((SIZE_PX, SIZE_PX, 3))
    places[:] = middle
    places[..., plane.right] += away[None, :]
    places[..., plane.down] += plane.down_sign * away[:, None]
    indices = np.moveaxis(volume.indices(places), -1, 0)
    found: Floats = map_coordinates(volume.voxels, indices, order=1, cval=0.0)
    return found


def _grey(values: Floats) -> NDArray[np.uint8]:
    low, high = np.percentile(values, (1.0, 99.5))
    shares = np.clip((values - low) / max(high - low, 1e-6), 0.0, 1.0)
    grey: NDArray[np.uint8] = (255.0 * shares).astype(np.uint8)
    return grey


def _seen(
    rows: list[list[float]],
    plane: Plane,
    middle: list[float],
    scale: float,
    near_mm: float = _SEEN_MM,
) -> Iterator[tuple[float, float, float]]:
    """Yield where circles lie in the section, and their radius there, px."""
    for *place, radius in rows:
        depth = place[plane.through] - middle[plane.through]
        if abs(depth) <= near_mm:
            x = SIZE_PX / 2 + (place[plane.right] - middle[plane.right]) * scale
            down = plane.down_sign * (place[plane.down] - middle[plane.down])
            yield x, SIZE_PX / 2 + down * scale, radius * scale


def _draw_cross(draw: ImageDraw.ImageDraw) -> None:
    middle, gap = SIZE_PX / 2, 14
    for start, stop in ((0, middle - gap), (middle + gap, SIZE_PX)):
        draw.line((start, middle, stop, middle), fill=_CROSS)
        draw.line((middle, start, middle, stop), fill=_CROSS)


def _draw_letters(draw: ImageDraw.ImageDraw, plane: Plane) -> None:
    left, right, top, bottom = plane.letters
    middle, edge = SIZE_PX / 2 + 8, SIZE_PX - 8
    for letter, x, y in (
        (left, 8, middle),
        (right, edge, middle),
        (top, middle, 8),
        (bottom, middle, edge),
    ):
        draw.text(
            (x, y), letter, fill=(255, 255, 255), anchor="mm", stroke_width=2, stroke_fill=(0, 0, 0)
        )
