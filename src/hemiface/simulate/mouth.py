"""A jaw that drops: lower lip and chin go down, and the dark of the mouth shows."""

import numpy as np
from numpy.typing import NDArray

from hemiface.simulate.face import Face
from hemiface.simulate.fields import CHANNELS, patch_centre, pull_direction, smoothstep
from hemiface.simulate.warp import Box, box_around, over, pixel_uv, sample
from hemiface.types import Floats

_INNER_LOWER = (78, 95, 88, 178, 87, 14, 317, 402, 318, 324, 308)
_CHIN, _SOFT_MM = 152, 0.8
_CHEEK_MM = 48.0  # sideways reach of the jaw
_NECK_MM = 38.0  # how far below the chin the skin still follows
_INSIDE = (62.0, 28.0, 26.0)  # colour of the mouth behind the lips, RGB
_STEPS = 3


def drop_jaw(image: NDArray[np.uint8], face: Face, jaw_mm: float) -> NDArray[np.uint8]:
    """Return the image with the jaw dropped by `jaw_mm` millimetres at the chin."""
    box = _jaw_box(image, face)
    if jaw_mm < 0.02 or box.empty:
        return image
    uv = pixel_uv(face, box)
    slit, width = _slit(face, uv[..., 0])
    gap = jaw_mm * np.clip(1.0 - width**2, 0.0, None)
    came = np.zeros(uv.shape[:2])
    for _ in range(_STEPS):
        came = jaw_mm * _follow(face, uv[..., 0], uv[..., 1] + came, slit, width)
    skin = sample(image, box, (-came[..., None] * face.axes[:, 1]).astype(np.float32))
    out = image.copy()
    below = smoothstep((slit - gap - uv[..., 1]) / _SOFT_MM + 0.5)
    beside = smoothstep((width - 0.97) / 0.06)
    moved = np.maximum(below, beside * (uv[..., 1] < slit))
    open_ = smoothstep((slit - uv[..., 1]) / _SOFT_MM + 0.5) * (gap > 0.0)
    laid = over(np.broadcast_to(np.array(_INSIDE), skin.shape), image[box.slices], open_)
    laid = over(skin, laid, moved)
    out[box.slices] = np.clip(np.rint(laid), 0, 255).astype(np.uint8)
    return out


def jaw_motion(face: Face, uv: Floats) -> Floats:
    """Return how far skin at `uv` goes down, per millimetre of jaw, shape (...)."""
    slit, width = _slit(face, uv[..., 0])
    return np.where(uv[..., 1] < slit, _follow(face, uv[..., 0], uv[..., 1], slit, width), 0.0)


def jaw_gain(face: Face) -> Floats:
    """Return what each patch shows along its own pull, per mm of jaw, shape (n_channels,)."""
    patches = np.array([patch_centre(face, channel) for channel in CHANNELS])
    up = np.array([pull_direction(channel)[1] for channel in CHANNELS])
    gain: Floats = -jaw_motion(face, patches) * up
    return gain


def _follow(face: Face, u: Floats, v: Floats, slit: Floats, width: Floats) -> Floats:
    """Share of the jaw's movement that skin takes: the lip at its margin, all at the chin."""
    chin_u, chin_v = face.uv[_CHIN]
    depth = np.maximum(slit - v, 0.0)
    lip = np.clip(1.0 - width**2, 0.0, None)
    chin = np.clip(1.0 - ((u - chin_u) / _CHEEK_MM) ** 2, 0.0, None) ** 2
    deep = smoothstep(depth / 22.0)
    neck = 1.0 - smoothstep((chin_v + 4.0 - v) / _NECK_MM)
    follow: Floats = (lip * (1.0 - deep) + chin * deep) * neck
    return follow


def _slit(face: Face, u: Floats) -> tuple[Floats, Floats]:
    """Height of the lower lip's inner margin at columns `u`, and |u| in half mouth widths."""
    margin = face.uv[list(_INNER_LOWER)]
    order = np.argsort(margin[:, 0])
    height = np.interp(u, margin[order, 0], margin[order, 1])
    ends = margin[order[[0, -1]], 0]
    width: Floats = np.abs(u - ends.mean()) / (0.5 * (ends[1] - ends[0]))
    return height, width


def _jaw_box(image: NDArray[np.uint8], face: Face) -> Box:
    chin_u, chin_v = face.uv[_CHIN]
    top = face.uv[list(_INNER_LOWER), 1].max() + 1.0
    low = np.array([chin_u - _CHEEK_MM, chin_v - _NECK_MM])
    return box_around(face, low, np.array([chin_u + _CHEEK_MM, top]), image)
