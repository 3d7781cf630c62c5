"""A face that is uneven at rest: one eye wider or narrower, a lid or a mouth corner that hangs.

The still portrait is changed once, and its landmarks with it, so that whatever moves later starts
from there.
"""

from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from hemiface.simulate.face.eyelids import lids_at, lids_reach
from hemiface.simulate.face.face import EYE_UPPER, Face
from hemiface.simulate.face.fields import make_field, smoothstep
from hemiface.simulate.face.portrait import Portrait
from hemiface.simulate.face.warp import box_around, contract, move_skin, pixel_uv, sample
from hemiface.simulate.film.scene import Scene
from hemiface.types import Channel, Floats, Side

_CORNER: dict[Side, int] = {"left": 291, "right": 61}
_LEAST_OPEN = 0.15  # an eye that rests is never quite shut


def settle(still: Portrait, scene: Scene) -> Portrait:
    """Return the portrait with the resting asymmetry of a scene."""
    side = scene.uneven_side
    image, face = _hang_corner(still.image, still.face, side, scene.droop_mm)
    opening = face.opening_mm(side)
    wanted = opening * (1.0 + scene.opening_percent / 100.0) - scene.ptosis_mm
    closure = 1.0 - max(wanted / opening, _LEAST_OPEN)
    if closure > 0.0:
        image, face = contract(image, face, {}, {side: closure}), _lowered(face, side, closure)
    elif closure < 0.0:
        image, face = _widened(image, face, side, -closure), _lowered(face, side, closure)
    return replace(still, image=image, face=face)


def _hang_corner(
    image: NDArray[np.uint8], face: Face, side: Side, droop_mm: float
) -> tuple[NDArray[np.uint8], Face]:
    pulled = Channel("depressor_anguli_oris", side)
    one_mm = make_field(face, side, {pulled: 1.0})
    if one_mm is None or droop_mm == 0.0:
        return image, face
    corner_mm = -float(one_mm.at(face.uv[_CORNER[side]])[1])
    field = replace(one_mm, pulls=one_mm.pulls * droop_mm / corner_mm)
    out = image.copy()
    move_skin(out, image, field)
    return out, replace(face, uv=face.uv + field.at(face.uv))


def _lowered(face: Face, side: Side, closure: float) -> Face:
    """Return the face whose upper margin has come down by a share of the opening."""
    uv, rows = face.uv.copy(), list(EYE_UPPER[side][1:-1])
    uv[rows, 1] -= closure * lids_at(face, side, uv[rows, 0]).gap
    return replace(face, uv=uv)


def _widened(image: NDArray[np.uint8], face: Face, side: Side, share: float) -> NDArray[np.uint8]:
    """Lift the upper lid: the skin up to the brow is pressed together, the eye's top stretched."""
    box = box_around(face, *lids_reach(face, side), image)
    uv = pixel_uv(face, box)
    lids = lids_at(face, side, uv[..., 0])
    lift = share * lids.travel
    margin = lids.upper + lift
    below = smoothstep((uv[..., 1] - lids.lower) / np.maximum(margin - lids.lower, 0.5))
    above = smoothstep((lids.brow - uv[..., 1]) / np.maximum(lids.brow - margin, 0.5))
    up: Floats = lift * np.minimum(below, above)
    out = image.copy()
    out[box.slices] = sample(image, box, (up[..., None] * face.axes[:, 1]).astype(np.float32))
    return out
