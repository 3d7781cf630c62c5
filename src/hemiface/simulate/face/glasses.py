"""Glasses on a face: a thin frame with a soft shadow, and a little glare on the lenses.

They are drawn into the still portrait's plane, above skin that moves, and turn with the head.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from hemiface.simulate.face.face import EYE_LOWER, EYE_UPPER, Face
from hemiface.simulate.face.warp import Box, box_around, over, pixel_uv
from hemiface.types import SIDES, Floats, Side

_HALF_MM = (25.0, 19.5)  # half of a lens, sideways and up-down
_RIM_MM = 1.5
_COLOUR = (38.0, 34.0, 36.0)
_GLARE = 0.22  # how much a reflection hides of what is behind it
_SHADOW = 0.22
_TEMPLE: dict[Side, int] = {"left": 356, "right": 127}


@dataclass(frozen=True, eq=False)
class Glasses:
    """Glasses fitted to one portrait.

    Attributes
    ----------
    box : Box
        The pixels they touch.
    light : ndarray, shape (height, width, 3)
        Their own colour.
    cover : ndarray, shape (height, width)
        How much of what is behind they hide, 0 to 1.
    """

    box: Box
    light: NDArray[np.float32]
    cover: Floats

    def put_on(self, image: NDArray[np.uint8]) -> NDArray[np.uint8]:
        """Return the image with the glasses in front."""
        out = image.copy()
        worn = over(self.light, out[self.box.slices], self.cover)
        out[self.box.slices] = np.rint(worn).astype(np.uint8)
        return out


def fit_glasses(image: NDArray[np.uint8], face: Face) -> Glasses:
    """Return glasses that fit a face."""
    import cv2

    sides = face.uv[[_TEMPLE["left"], _TEMPLE["right"]]]
    low = np.array([sides[:, 0].min(), sides[:, 1].min() - _HALF_MM[1]]) - 25.0
    high = np.array([sides[:, 0].max(), sides[:, 1].max() + _HALF_MM[1]]) + 25.0
    box = box_around(face, low, high, image)
    uv = pixel_uv(face, box)
    rim, glass = _frame(face, uv), np.max([_glass(face, s, uv) for s in SIDES], axis=0)
    soft: Floats = np.asarray(cv2.GaussianBlur(rim, (0, 0), 1.6 * face.px_per_mm), np.float64)
    below = np.roll(soft, round(2.5 * face.px_per_mm), axis=0)
    glare = _GLARE * glass * _streaks(uv)
    cover, light = _stack([(_SHADOW * below, 0.0), (glare, 255.0), (0.92 * rim, _COLOUR)])
    return Glasses(box, light, cover)


def _stack(
    layers: list[tuple[Floats, float | tuple[float, float, float]]],
) -> tuple[Floats, NDArray[np.float32]]:
    """Join layers, lowest first, into one cover and colour."""
    shape = layers[0][0].shape
    cover, held = np.zeros(shape), np.zeros((*shape, 3))
    for share, colour in layers:
        held = held * (1.0 - share[..., None]) + share[..., None] * np.asarray(colour)
        cover = cover + share - cover * share
    light = held / np.maximum(cover, 1e-6)[..., None]
    return cover, light.astype(np.float32)


def _frame(face: Face, uv: Floats) -> Floats:
    """How much of each pixel is rim, bridge or temple, 0 to 1."""
    soft = 0.7 / face.px_per_mm
    inner = {side: _lens_centre(face, side) for side in SIDES}
    parts = [np.abs(_lens(uv - inner[side])) for side in SIDES]
    bridge_v = 0.5 * (inner["left"][1] + inner["right"][1]) + 4.0
    ends = [inner["right"][0] + _HALF_MM[0] - 1.0, inner["left"][0] - _HALF_MM[0] + 1.0]
    middle, half = np.mean(ends), 0.5 * (ends[1] - ends[0])
    arch = bridge_v + 2.0 * (1.0 - ((uv[..., 0] - middle) / half) ** 2)
    bridge = np.where(np.abs(uv[..., 0] - middle) < half, np.abs(uv[..., 1] - arch), np.inf)
    parts += [bridge, *(_temple(face, side, inner[side], uv) for side in SIDES)]
    away = np.min(parts, axis=0)
    cover: Floats = np.clip((0.5 * _RIM_MM - away) / soft + 0.5, 0.0, 1.0)
    return cover


def _temple(face: Face, side: Side, centre: Floats, uv: Floats) -> Floats:
    """Distance from the part that runs from the rim to the ear, mm."""
    lateral = 1.0 if side == "left" else -1.0
    start = centre + np.array([lateral * _HALF_MM[0], 6.0])
    end = np.array([face.uv[_TEMPLE[side], 0] + lateral * 2.0, start[1] - 1.0])
    along = np.clip(((uv - start) @ (end - start)) / np.sum((end - start) ** 2), 0.0, 1.0)
    away: Floats = np.linalg.norm(uv - start - along[..., None] * (end - start), axis=-1)
    return away


def _glass(face: Face, side: Side, uv: Floats) -> Floats:
    return np.clip(-_lens(uv - _lens_centre(face, side)), 0.0, 1.0)


def _lens(from_centre: Floats) -> Floats:
    """Signed distance from the outline of a lens (a rounded rectangle), mm; inside is negative."""
    x, y = np.abs(from_centre[..., 0]) / _HALF_MM[0], np.abs(from_centre[..., 1]) / _HALF_MM[1]
    radius = (x**3 + y**3) ** (1 / 3)
    distance: Floats = (radius - 1.0) * min(_HALF_MM)
    return distance


def _lens_centre(face: Face, side: Side) -> Floats:
    eye = face.uv[list(EYE_UPPER[side] + EYE_LOWER[side])].mean(axis=0)
    lateral = 1.0 if side == "left" else -1.0
    centre: Floats = eye + np.array([lateral * 1.5, -3.5])
    return centre


def _streaks(uv: Floats) -> Floats:
    """Brightness of a window's reflection: two soft slanted bands that repeat from lens to lens."""
    across = (uv[..., 0] + 0.6 * uv[..., 1]) % 62.0
    bands = np.exp(-(((across - 40.0) / 5.0) ** 2)) + 0.6 * np.exp(-(((across - 51.0) / 2.2) ** 2))
    height = np.exp(-(((uv[..., 1] - 1.0) / 11.0) ** 2))
    glare: Floats = np.clip(bands * height, 0.0, 1.0)
    return glare
