"""Eyes that look elsewhere: iris and white slide behind the lids, which stay."""

import numpy as np
from numpy.typing import NDArray

from hemiface.simulate.face.eyelids import lids_at, lids_reach
from hemiface.simulate.face.face import EYE_UPPER, Face
from hemiface.simulate.face.fields import smoothstep
from hemiface.simulate.face.warp import Box, box_around, over, pixel_uv, sample
from hemiface.types import SIDES, Floats, Side

_IRIS: dict[Side, int] = {"left": 473, "right": 468}
_IRIS_RADIUS_MM = 5.85
_MARGIN_MM = 0.4  # the lids' edges are not taken along
_LEAST_MM = 0.02


def look(image: NDArray[np.uint8], face: Face, gaze_mm: Floats) -> NDArray[np.uint8]:
    """Return the image with both irises moved.

    Parameters
    ----------
    image : ndarray, shape (height, width, 3), uint8
        A frame whose eyes are open; it is not changed.
    face : Face
        The face in it.
    gaze_mm : ndarray, shape (2,)
        How far each iris moves, to the person's left and up.
    """
    if np.abs(gaze_mm).max() < _LEAST_MM:
        return image
    out = image.copy()
    for side in SIDES:
        box = box_around(face, *lids_reach(face, side), image)
        if not box.empty:
            _turn_eye(out, image, face, box, side, gaze_mm)
    return out


def _turn_eye(
    out: NDArray[np.uint8],
    image: NDArray[np.uint8],
    face: Face,
    box: Box,
    side: Side,
    gaze_mm: Floats,
) -> None:
    uv = pixel_uv(face, box)
    u, v = uv[..., 0], uv[..., 1]
    share = _share(face, side, u)
    came = np.stack([u - gaze_mm[0] * share, v - gaze_mm[1] * share], axis=-1)
    there = lids_at(face, side, came[..., 0])
    low, high = there.lower + _MARGIN_MM, there.upper - _MARGIN_MM
    came[..., 1] = np.where(high > low, np.clip(came[..., 1], low, high), v)
    eye = sample(image, box, ((uv - came) @ face.axes.T).astype(np.float32))
    here = lids_at(face, side, u)
    inside = smoothstep((v - here.lower) / _MARGIN_MM) * smoothstep((here.upper - v) / _MARGIN_MM)
    laid = over(eye, image[box.slices], inside * smoothstep(here.gap))
    out[box.slices] = np.clip(np.rint(laid), 0, 255).astype(np.uint8)


def _share(face: Face, side: Side, u: Floats) -> Floats:
    """How much of the movement each column takes: all at the iris, none at the corners."""
    centre = face.uv[_IRIS[side], 0]
    eye = face.uv[list(EYE_UPPER[side]), 0]
    room = np.where(u > centre, eye.max() - centre, centre - eye.min()) - 0.8 * _IRIS_RADIUS_MM
    beyond = np.abs(u - centre) - 0.8 * _IRIS_RADIUS_MM
    share: Floats = 1.0 - smoothstep(beyond / np.maximum(room, 1.0))
    return share
