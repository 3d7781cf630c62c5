"""Contract the muscles of a face in an image: skin moves and folds, lids cover the eye.

Only the region that moves is computed, on a coarse grid, and only pixels that
moved are written: everything else leaves as it came, bit for bit.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

from hemiface.simulate.face.eyelids import (
    eye_cover,
    lids_at,
    lids_reach,
    margin_band,
    upper_lid_cover,
    upper_lid_source,
)
from hemiface.simulate.face.face import Face
from hemiface.simulate.face.fields import Field, make_field
from hemiface.simulate.face.skin import crease
from hemiface.types import SIDES, Channel, Floats, Side

Image = NDArray[np.uint8]

_LEAST_MM = 0.005  # a smaller displacement changes no pixel
_INVERSE_STEPS = 3
_GLINT_MM = 2.0  # a reflection on the cornea is narrower, lashes side by side are wider
_GRID_MM = (
    2.0  # the fields are smooth over 8 mm and more; less than where they begin off the midline
)


@dataclass(frozen=True)
class Box:
    """A rectangle of pixels, half-open."""

    left: int
    top: int
    right: int
    bottom: int

    @property
    def slices(self) -> tuple[slice, slice]:
        """Rows and columns."""
        return slice(self.top, self.bottom), slice(self.left, self.right)

    @property
    def empty(self) -> bool:
        """Whether no pixel is inside."""
        return self.right <= self.left or self.bottom <= self.top


def contract(
    image: Image,
    face: Face,
    skin_mm: Mapping[Channel, float],
    closure: Mapping[Side, float],
) -> Image:
    """Return the image with the muscles contracted.

    Parameters
    ----------
    image : ndarray, shape (height, width, 3), uint8
        A frame; it is not changed.
    face : Face
        The face in it.
    skin_mm : mapping of Channel to float
        Contraction of the muscles that move skin (every muscle of `fields.LOBES`), mm.
    closure : mapping of side to float
        Share of the present opening that the upper lid closes, 0 to 1.
    """
    moving = {c: mm for c, mm in skin_mm.items() if abs(mm) > _LEAST_MM}
    image = crease(image, face, moving, closure)
    out = image.copy()
    for side in SIDES:
        field = make_field(face, side, moving)
        if field is not None:
            move_skin(out, image, field)
        shut = float(np.clip(closure.get(side, 0.0), 0.0, 1.0))
        if shut > 0.0 or Channel("orbicularis_oculi_lower", side) in moving:
            _move_lids(out, image, face, field, side, shut)
    return out


def move_skin(out: Image, image: Image, field: Field) -> None:
    """Write into `out` the skin of `image` where the field moves it."""
    box = box_around(field.face, *field.reach, image)
    if box.empty:
        return
    offset = _skin_offset(field, box)
    touched = np.abs(offset).max(axis=2) > _LEAST_MM * field.face.px_per_mm
    out[box.slices][touched] = sample(image, box, offset)[touched]


def _skin_offset(field: Field, box: Box) -> NDArray[np.float32]:
    """Return, per pixel of the box, how far away (x, y) its colour comes from, px."""
    import cv2

    height, width = box.bottom - box.top, box.right - box.left
    step = max(_GRID_MM * field.face.px_per_mm, 1.0)
    shape = (max(int(np.ceil(height / step)), 2), max(int(np.ceil(width / step)), 2))
    # cv2.resize puts the centre of coarse cell i at (i + .5) * scale - .5 of the fine grid
    x = box.left + (np.arange(shape[1]) + 0.5) * width / shape[1] - 0.5
    y = box.top + (np.arange(shape[0]) + 0.5) * height / shape[0] - 0.5
    uv = field.face.to_uv(np.stack(np.meshgrid(x, y), axis=-1))
    came = np.zeros_like(uv)
    for _ in range(_INVERSE_STEPS):
        came = field.at(uv - came)
    offset = (came @ field.face.axes.T).astype(np.float32)
    fine = cv2.resize(offset, (width, height), interpolation=cv2.INTER_LINEAR)
    return np.asarray(fine, dtype=np.float32)


def sample(image: Image, box: Box, offset: NDArray[np.float32]) -> Image:
    """Return the pixels of the box, each taken `offset` (x, y) px before its own place."""
    import cv2

    x, y = np.meshgrid(
        np.arange(box.left, box.right, dtype=np.float32),
        np.arange(box.top, box.bottom, dtype=np.float32),
    )
    taken: Image = cv2.remap(
        image,
        x - offset[..., 0],
        y - offset[..., 1],
        cv2.INTER_CUBIC,
        borderMode=cv2.BORDER_REPLICATE,
    ).astype(np.uint8)
    return taken


def box_around(face: Face, low: Floats, high: Floats, image: Image) -> Box:
    """Return the pixels, inside the image, around a rectangle of face coordinates."""
    corners = face.to_px(
        np.array([[low[0], low[1]], [high[0], low[1]], [low[0], high[1]], [high[0], high[1]]])
    )
    left, top = np.floor(corners.min(axis=0)).astype(int) - 1
    right, bottom = np.ceil(corners.max(axis=0)).astype(int) + 2
    height, width = image.shape[:2]
    return Box(max(left, 0), max(top, 0), min(right, width), min(bottom, height))


def _move_lids(
    out: Image, image: Image, face: Face, field: Field | None, side: Side, shut: float
) -> None:
    """Lay eye and upper lid over the moved skin, softly at the edges."""
    box = box_around(face, *lids_reach(face, side), image)
    if box.empty:
        return
    uv = pixel_uv(face, box)
    lids = lids_at(face, side, uv[..., 0])
    shown = eye_cover(lids, _lower_rise(face, field, side, uv[..., 0]), uv[..., 1])
    laid = over(image[box.slices], out[box.slices], shown)
    if shut > 0.0:
        down = uv[..., 1] - upper_lid_source(lids, shut, uv[..., 1])
        lid = _without_glints(out[box.slices], margin_band(lids, uv[..., 1]), face.px_per_mm)
        whole = Box(0, 0, lid.shape[1], lid.shape[0])
        sheet = sample(lid, whole, (down[..., None] * face.axes[:, 1]).astype(np.float32))
        laid = over(sheet, laid, upper_lid_cover(lids, shut, uv[..., 1]))
    out[box.slices] = np.clip(np.rint(laid), 0, 255).astype(np.uint8)


def _without_glints(image: Image, band: Floats, px_per_mm: float) -> Image:
    """Return the lid without the bright spots of the cornea that touch its margin."""
    import cv2

    width = 2 * round(0.5 * _GLINT_MM * px_per_mm) + 1
    dull = cv2.morphologyEx(image, cv2.MORPH_OPEN, np.ones((1, width), np.uint8))
    return np.rint(over(dull, image, band)).astype(np.uint8)


def over(above: NDArray[Any], below: NDArray[Any], cover: Floats) -> NDArray[np.float32]:
    """Return `above` laid over `below` where `cover` is 1, not where it is 0."""
    share = cover[..., None].astype(np.float32)
    mixed: NDArray[np.float32] = (above * share + below * (1 - share)).astype(np.float32)
    return mixed


def _lower_rise(face: Face, field: Field | None, side: Side, u: Floats) -> Floats:
    """How far the lower lid's margin has risen in each column, mm."""
    if field is None:
        return np.zeros(u.shape)
    columns = np.linspace(u.min(), u.max(), 64)
    margin = np.column_stack([columns, lids_at(face, side, columns).lower])
    rise: Floats = np.interp(u, columns, field.at(margin)[:, 1])
    return rise


@lru_cache(maxsize=16)
def pixel_uv(face: Face, box: Box) -> Floats:
    """Return the face coordinates of every pixel of the box, shape (height, width, 2)."""
    x, y = np.meshgrid(np.arange(box.left, box.right), np.arange(box.top, box.bottom))
    return face.to_uv(np.stack([x, y], axis=-1))
