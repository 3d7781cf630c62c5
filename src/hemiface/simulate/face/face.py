"""A face in one image: where its muscles are, which way is lateral, and how big a millimetre is.

Everything the renderer does is written in *face coordinates*: millimetres, u towards the person's
own left, v up, in the plane of the face as the camera sees it. A turned head makes the lateral axis
shorter, so that a planted movement is foreshortened as a real one would be.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from hemiface.types import Floats, Side

IRIS_MM = 11.7
"""Horizontal visible iris diameter, nearly the same in all adults: the ruler."""

# Opposite points of each iris, and pairs of points whose distance no facial muscle changes.
_IRIS_PAIRS = ((469, 471), (470, 472), (474, 476), (475, 477))
_RIGID_PAIRS = ((33, 263), (127, 356), (10, 168))
_MIDLINE = (10, 151, 9, 8, 168, 6, 197, 195, 5, 4, 1, 2, 164, 0, 17, 18, 200, 199, 175, 152)

EYE_UPPER: dict[Side, tuple[int, ...]] = {
    "left": (362, 398, 384, 385, 386, 387, 388, 466, 263),
    "right": (133, 173, 157, 158, 159, 160, 161, 246, 33),
}
EYE_LOWER: dict[Side, tuple[int, ...]] = {
    "left": (362, 382, 381, 380, 374, 373, 390, 249, 263),
    "right": (133, 155, 154, 153, 145, 144, 163, 7, 33),
}
BROW_LOWER: dict[Side, tuple[int, ...]] = {
    "left": (285, 295, 282, 283, 276),
    "right": (55, 65, 52, 53, 46),
}
_EYES = sorted({*EYE_UPPER["left"], *EYE_UPPER["right"], *EYE_LOWER["left"], *EYE_LOWER["right"]})


@dataclass(frozen=True, eq=False)
class Face:
    """One face in one image.

    Attributes
    ----------
    uv : ndarray, shape (478, 2)
        Landmarks in face coordinates, mm.
    origin : ndarray, shape (2,)
        Pixel (x, y) of the nasal bridge, where u = v = 0.
    axes : ndarray, shape (2, 2)
        Pixels per millimetre: the first column is u, the second v.
    """

    uv: Floats
    origin: Floats
    axes: Floats

    @property
    def px_per_mm(self) -> float:
        """Scale of the image, as the square root of the area of a square millimetre."""
        return float(np.sqrt(abs(np.linalg.det(self.axes))))

    def to_px(self, uv: Floats) -> Floats:
        """Return pixel positions of face coordinates, shape (..., 2)."""
        placed: Floats = uv @ self.axes.T + self.origin
        return placed

    def to_uv(self, px: Floats) -> Floats:
        """Return face coordinates of pixel positions, shape (..., 2)."""
        placed: Floats = (px - self.origin) @ np.linalg.inv(self.axes).T
        return placed

    def midline(self, v: Floats) -> Floats:
        """Return u of the middle of the face at heights `v`."""
        line = self.uv[list(_MIDLINE)]
        order = np.argsort(line[:, 1])
        middle: Floats = np.interp(v, line[order, 1], line[order, 0])
        return middle

    def opening_mm(self, side: Side) -> float:
        """Largest distance between the lid margins of one eye, mm."""
        upper, lower = self.uv[list(EYE_UPPER[side])], self.uv[list(EYE_LOWER[side])]
        return float(np.max(upper[1:-1, 1] - lower[1:-1, 1]))


def make_face(points: NDArray[np.float32] | Floats, px_per_mm: float) -> Face:
    """Return the face of one image's landmarks.

    Parameters
    ----------
    points : ndarray, shape (478, 3)
        Landmarks in pixels, z in pixels too.
    px_per_mm : float
        Scale of the face, from `measure_scale`.
    """
    solid = np.asarray(points, dtype=np.float64)
    lateral = _unit((solid[263] - solid[33]) + (solid[356] - solid[127]))
    up = solid[10] - solid[152]
    up = _unit(up - (up @ lateral) * lateral)
    axes = px_per_mm * np.column_stack([lateral[:2], up[:2]])
    origin = solid[168, :2]
    uv = (solid[:, :2] - origin) @ np.linalg.inv(axes).T
    return Face(uv, origin, axes)


def make_faces(points: Sequence[NDArray[np.float32] | None], times_s: Floats) -> list[Face | None]:
    """Return the face of every frame; None where no face was tracked.

    The landmarks are smoothed in time, so that a planted movement does not carry their jitter: the
    lids, which blink, over about a frame, the rest over 50 ms.
    """
    faces: list[Face | None] = [None] * len(points)
    seen = [index for index, one in enumerate(points) if one is not None]
    if not seen:
        return faces
    solid = np.stack([np.asarray(points[index], dtype=np.float64) for index in seen])
    scale = measure_scale(solid)
    for run in _runs(seen):
        rows = slice(run[0], run[-1] + 1)
        smooth = _smooth(solid[rows], times_s[[seen[row] for row in run]])
        for row, still, px_per_mm in zip(run, smooth, scale[rows], strict=True):
            faces[seen[row]] = make_face(still, float(px_per_mm))
    return faces


def measure_scale(points: Floats) -> Floats:
    """Return pixels per millimetre of each frame, shape (n_frames,), by the ruler of the iris.

    The iris sets the size of the face once, as a median over the frames; the distances between
    points that no muscle moves say how that size changes from frame to frame.
    """
    size = _mean_distance(points, _RIGID_PAIRS)
    iris = _mean_distance(points[..., :2], _IRIS_PAIRS)
    scale: Floats = np.median(iris / size) * size / IRIS_MM
    return scale


def _mean_distance(points: Floats, pairs: tuple[tuple[int, int], ...]) -> Floats:
    ends = np.array(pairs)
    gaps: Floats = points[:, ends[:, 0]] - points[:, ends[:, 1]]
    mean: Floats = np.linalg.norm(gaps, axis=2).mean(axis=1)
    return mean


def _runs(frames: list[int]) -> list[list[int]]:
    """Split positions in `frames` wherever the frame numbers jump."""
    breaks = np.flatnonzero(np.diff(frames) > 1) + 1
    return [run.tolist() for run in np.split(np.arange(len(frames)), breaks)]


def _smooth(points: Floats, times_s: Floats) -> Floats:
    from scipy.ndimage import gaussian_filter1d

    if len(points) < 3:
        return points
    step_s = float(np.median(np.diff(times_s)))
    smooth: Floats = gaussian_filter1d(points, 0.050 / step_s, axis=0, mode="nearest")
    smooth[:, _EYES] = gaussian_filter1d(points[:, _EYES], 0.017 / step_s, axis=0, mode="nearest")
    return smooth


def _unit(vector: Floats) -> Floats:
    unit: Floats = vector / np.linalg.norm(vector)
    return unit
