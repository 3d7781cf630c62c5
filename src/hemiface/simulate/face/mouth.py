"""A jaw that drops: lower lip and chin go down, and the dark of the mouth shows."""

from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from hemiface.simulate.face.face import Face
from hemiface.simulate.face.fields import CHANNELS, patch_centre, pull_direction, smoothstep
from hemiface.simulate.face.warp import Box, box_around, over, pixel_uv, sample
from hemiface.types import Floats

_INNER_LOWER = (78, 95, 88, 178, 87, 14, 317, 402, 318, 324, 308)
_CHIN, _SOFT_MM = 152, 0.8
_CHEEK_MM = 48.0  # sideways reach of the jaw
_NECK_MM = 38.0  # how far below the chin the skin still follows
_INNER_UPPER = (13, 312, 82)
_DARK, _TONGUE, _TEETH = (56.0, 27.0, 25.0), (108.0, 52.0, 49.0), (196.0, 184.0, 168.0)  # RGB
_TEETH_MM = 3.2  # what of the upper teeth shows at most
_BRIGHT_SKIN = 165.0  # grey level of the skin in whose light those colours were chosen
_CHEEKS = (50, 280, 101, 330)
_STEPS = 3


def drop_jaw(
    image: NDArray[np.uint8], face: Face, jaw_mm: float, parted: float = 1.0
) -> NDArray[np.uint8]:
    """Return the image with the jaw dropped.

    Parameters
    ----------
    image, face : ndarray, Face
        A frame, and the face in it.
    jaw_mm : float
        How far the chin goes down.
    parted : float
        Share of it by which the lips part: 1 in speech, 0 when chewing with the mouth shut.
    """
    box = _jaw_box(image, face)
    if jaw_mm < 0.02 or box.empty:
        return image
    uv, slit, width = _around_mouth(face, box)
    gap = parted * jaw_mm * np.clip(1.0 - width**2, 0.0, None)
    came = np.zeros_like(slit)
    for _ in range(_STEPS):
        came = jaw_mm * _follow(face, uv[..., 0], uv[..., 1] + came, slit, width, parted)
    skin = sample(image, box, (-came[..., None] * face.axes[:, 1]).astype(np.float32))
    below = smoothstep((slit - gap - uv[..., 1]) / _SOFT_MM + 0.5)
    beside = smoothstep((width - 0.97) / 0.06)
    moved = np.maximum(below, beside * (uv[..., 1] < slit))
    open_ = smoothstep((slit - uv[..., 1]) / _SOFT_MM + 0.5) * (gap > 0.0)
    laid, hole = image[box.slices].astype(np.float32), (open_ > 0.0) & (moved < 1.0)
    inside = _inside(image, face, (slit - uv[..., 1])[hole], gap[hole], width[hole])
    laid[hole] = over(inside, laid[hole], open_[hole])
    laid = over(skin, laid, moved)
    out = image.copy()
    out[box.slices] = np.clip(np.rint(laid), 0, 255).astype(np.uint8)
    return out


@lru_cache(maxsize=4)
def _around_mouth(face: Face, box: Box) -> tuple[Floats, Floats, Floats]:
    """Return where the pixels of the jaw's box are, and the lower lip's margin in their columns."""
    uv = pixel_uv(face, box)
    slit, width = _slit(face, uv[..., 0])
    return uv, slit, width


def jaw_motion(face: Face, uv: Floats, parted: float = 1.0) -> Floats:
    """Return how far skin at `uv` goes down, per millimetre of jaw, shape (...)."""
    slit, width = _slit(face, uv[..., 0])
    follow = _follow(face, uv[..., 0], uv[..., 1], slit, width, parted)
    return np.where(uv[..., 1] < slit, follow, 0.0)


def jaw_gain(face: Face, parted: float = 1.0) -> Floats:
    """Return what each patch shows along its own pull, per mm of jaw, shape (n_channels,)."""
    patches = np.array([patch_centre(face, channel) for channel in CHANNELS])
    up = np.array([pull_direction(channel)[1] for channel in CHANNELS])
    gain: Floats = -jaw_motion(face, patches, parted) * up
    return gain


def _inside(
    image: NDArray[np.uint8], face: Face, depth: Floats, gap: Floats, width: Floats
) -> NDArray[np.float32]:
    """Colour of the mouth behind the lips: dark, the tongue below, the edge of the upper teeth."""
    at = np.rint(face.to_px(face.uv[list(_CHEEKS)])).astype(int)
    rows, columns = (np.clip(at[:, k], 0, image.shape[1 - k] - 1) for k in (1, 0))
    light = float(np.clip(image[rows, columns].mean() / _BRIGHT_SKIN, 0.15, 1.3))
    tongue = smoothstep(depth / np.maximum(gap, 0.5) - 0.3) * smoothstep((gap - 0.8) / 3.0)
    lips_mm = face.uv[list(_INNER_UPPER), 1].max() - face.uv[14, 1]
    hidden = smoothstep((lips_mm - 0.5) / 1.5)  # teeth that show already are in the picture
    shown = np.minimum(0.5 * gap, _TEETH_MM)
    teeth = smoothstep((shown - depth) / 1.5 + 0.5) * smoothstep((gap - 1.0) / 3.0)
    teeth = 0.5 * teeth * (1.0 - hidden) * np.clip(1.0 - width**2, 0.0, None)
    dark, pink, white = (np.array(colour) for colour in (_DARK, _TONGUE, _TEETH))
    inside = dark + tongue[..., None] * (pink - dark)
    coloured: NDArray[np.float32] = light * (inside + teeth[..., None] * (white - inside))
    return coloured


def _follow(face: Face, u: Floats, v: Floats, slit: Floats, width: Floats, parted: float) -> Floats:
    """Share of the jaw's movement that skin takes: the lip at its margin, all at the chin."""
    chin_u, chin_v = face.uv[_CHIN]
    depth = np.maximum(slit - v, 0.0)
    lip = np.clip(1.0 - width**2, 0.0, None)
    chin = np.clip(1.0 - ((u - chin_u) / _CHEEK_MM) ** 2, 0.0, None) ** 2
    deep = smoothstep(depth / 22.0)
    neck = 1.0 - smoothstep((chin_v + 4.0 - v) / _NECK_MM)
    follow: Floats = (parted * lip * (1.0 - deep) + chin * deep) * neck
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
