"""Creases of contracting skin, as shading: crow's feet, folds, dimpled chin, bands of the neck.

Each crease is a short curve that darkens with its muscle and has a faint bright ridge beside it. It
is drawn on the face at rest, so that it moves with the skin. Where they lie follows anatomy; how
dark they become is our choice, and faint.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from hemiface.simulate.face.face import Face
from hemiface.simulate.face.fields import side_weight
from hemiface.types import SIDES, Channel, Floats, Side

Point = tuple[float, float]

_STEPS = 24
_FINE = 4  # subpixel bits of the drawn line
_RIDGE = 0.3  # brightness of the ridge beside a crease, as a share of its darkness
_LEAST_SHADE = 0.004  # less changes no grey level


@dataclass(frozen=True)
class Crease:
    """One fold of the skin.

    Attributes
    ----------
    left, right : int
        Landmark it is placed from, on each side.
    path : tuple of (lateral, up)
        Its course, mm from the landmark.
    width_mm : float
        Standard deviation across it.
    depth : float
        Share of the light it takes at most.
    """

    left: int
    right: int
    path: tuple[Point, ...]
    width_mm: float
    depth: float


_FULL_MM: dict[str, float] = {
    "orbicularis_oculi_lower": 2.0,
    "frontalis": 3.0,
    "corrugator": 2.0,
    "nasalis": 1.5,
    "zygomaticus": 4.0,
    "risorius": 4.0,
    "depressor_anguli_oris": 3.0,
    "mentalis": 2.0,
    "platysma": 3.0,
}
"""Contraction at which the creases of a muscle are whole, mm."""

_CREASES: dict[str, tuple[Crease, ...]] = {
    "orbicularis_oculi_lower": (
        Crease(263, 33, ((4.0, 1.5), (8.0, 3.6), (12.0, 6.0)), 0.6, 0.13),
        Crease(263, 33, ((4.5, 0.2), (9.0, 0.4), (13.5, 1.2)), 0.6, 0.15),
        Crease(263, 33, ((4.0, -1.5), (8.0, -3.6), (12.0, -6.0)), 0.6, 0.12),
        Crease(374, 145, ((-9.0, -2.4), (-2.0, -4.4), (5.0, -4.0), (10.0, -1.8)), 0.7, 0.13),
    ),
    "frontalis": (
        Crease(334, 105, ((-15.0, 6.5), (-6.0, 8.5), (3.0, 7.5)), 1.1, 0.07),
        Crease(334, 105, ((-14.0, 12.0), (-6.0, 13.5), (2.0, 12.5)), 1.1, 0.06),
    ),
    "corrugator": (Crease(336, 107, ((-1.5, -4.0), (-1.0, 2.0), (-2.0, 7.0)), 1.1, 0.10),),
    "nasalis": (
        Crease(358, 129, ((-8.5, 12.0), (-5.5, 14.0), (-2.5, 15.0)), 0.7, 0.08),
        Crease(358, 129, ((-9.0, 15.5), (-6.0, 17.5), (-3.0, 18.5)), 0.7, 0.08),
    ),
    "zygomaticus": (
        Crease(358, 129, ((3.0, 1.0), (8.0, -6.0), (12.5, -14.0), (14.0, -21.0)), 1.4, 0.13),
    ),
    "risorius": (Crease(291, 61, ((4.0, 4.5), (5.6, 0.0), (5.0, -4.5)), 1.2, 0.11),),
    "depressor_anguli_oris": (
        Crease(291, 61, ((1.5, -3.0), (4.0, -8.0), (5.0, -13.0)), 1.2, 0.09),
    ),
    "mentalis": tuple(
        Crease(428, 208, ((u - 1.2, v), (u + 1.2, v - 0.8)), 1.1, 0.07)
        for u, v in ((-3.4, 2.4), (1.0, 0.6), (-2.4, -2.4), (3.0, -3.6), (-0.8, -6.0), (4.4, 3.2))
    ),
    "platysma": (
        Crease(379, 150, ((-3.0, -9.0), (-4.0, -16.0), (-6.0, -24.0)), 1.6, 0.13),
        Crease(379, 150, ((6.0, -7.0), (5.5, -14.0), (4.0, -22.0)), 1.6, 0.11),
    ),
}


def crease(
    image: NDArray[np.uint8],
    face: Face,
    skin_mm: Mapping[Channel, float],
    closure: Mapping[Side, float],
) -> NDArray[np.uint8]:
    """Return the image with the creases of contracted muscles; it stays as it is without any.

    Parameters
    ----------
    image, face, skin_mm, closure
        As in `warp.contract`.
    """
    out = image
    for side in SIDES:
        shares = {m: _share(m, side, skin_mm, closure) for m in _CREASES}
        marks = [(share, _mark(face, side, m)) for m, share in shares.items() if share > 0.01]
        if marks and out is image:
            out = image.copy()
        for share, mark in marks:
            mark.darken(out, share)
    return out


def _share(
    muscle: str, side: Side, skin_mm: Mapping[Channel, float], closure: Mapping[Side, float]
) -> float:
    share = min(max(skin_mm.get(Channel(muscle, side), 0.0) / _FULL_MM[muscle], 0.0), 1.0)
    if muscle == "orbicularis_oculi_lower":
        share *= 0.5 + 0.5 * closure.get(side, 0.0)
    return share


@dataclass(frozen=True, eq=False)
class _Mark:
    """Where the creases of a muscle shade a face: the first pixel and the share of light taken."""

    left: int
    top: int
    shade: NDArray[np.float32]

    def darken(self, image: NDArray[np.uint8], share: float) -> None:
        rows = slice(max(self.top, 0), max(self.top + self.shade.shape[0], 0))
        columns = slice(max(self.left, 0), max(self.left + self.shade.shape[1], 0))
        part = image[rows, columns]
        top, left = rows.start - self.top, columns.start - self.left
        shade = share * self.shade[top : top + part.shape[0], left : left + part.shape[1]]
        touched = np.abs(shade) > _LEAST_SHADE
        lit = part[touched] * (1.0 - shade[touched][:, None])
        part[touched] = np.clip(np.rint(lit), 0, 255).astype(np.uint8)


@lru_cache(maxsize=64)
def _mark(face: Face, side: Side, muscle: str) -> _Mark:
    import cv2

    lateral = 1.0 if side == "left" else -1.0
    curves = [face.to_px(_course(face, side, one, lateral)) for one in _CREASES[muscle]]
    reach = 4.0 * max(one.width_mm for one in _CREASES[muscle]) * face.px_per_mm + 2.0
    low = np.floor(np.concatenate(curves).min(axis=0) - reach).astype(int)
    width, height = np.ceil(np.concatenate(curves).max(axis=0) + reach).astype(int) - low
    total = np.zeros((height, width), np.float32)
    for one, curve in zip(_CREASES[muscle], curves, strict=True):
        sigma = max(one.width_mm * face.px_per_mm, 0.5)
        line = cv2.GaussianBlur(_drawn(curve - low, (height, width)), (0, 0), sigma)
        valley = line * np.float32(one.depth * np.sqrt(2.0 * np.pi) * sigma)
        aside = np.array([[1, 0, 0], [0, 1, -2.2 * sigma]], np.float32)
        total += valley - _RIDGE * cv2.warpAffine(valley, aside, (width, height))
    x, y = np.meshgrid(np.arange(width) + low[0], np.arange(height) + low[1])
    weight = side_weight(face, side, face.to_uv(np.stack([x, y], axis=-1)))
    return _Mark(int(low[0]), int(low[1]), (total * weight).astype(np.float32))


def _course(face: Face, side: Side, one: Crease, lateral: float) -> Floats:
    """Return a smooth curve through the points of a crease, shape (steps, 2), mm."""
    points = np.array(one.path) * (lateral, 1.0)
    at = np.linspace(0.0, 1.0, len(points))
    fit = np.polynomial.polynomial.polyfit(at, points, min(len(points) - 1, 3))
    along = np.polynomial.polynomial.polyval(np.linspace(0.0, 1.0, _STEPS + 1), fit).T
    course: Floats = along + face.uv[one.left if side == "left" else one.right]
    return course


def _drawn(curve: Floats, shape: tuple[int, int]) -> NDArray[np.float32]:
    """Draw a line of one pixel that fades towards its ends, 0 to 1."""
    import cv2

    canvas = np.zeros(shape, np.uint8)
    ends = np.rint(curve * 2**_FINE).astype(int)
    for step in range(_STEPS):
        light = 255 * np.sin(np.pi * (step + 0.5) / _STEPS) ** 0.7
        start, end = ends[step].tolist(), ends[step + 1].tolist()
        cv2.line(canvas, start, end, int(light), 1, cv2.LINE_AA, _FINE)
    return canvas.astype(np.float32) / 255.0
