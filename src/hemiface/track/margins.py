"""Where the margins of the lids are, read from the picture of the eye itself.

The networks have a usual eye in mind and report a third to a half of a change of its opening. The
edges of the picture have none: near the network's contour the strongest edge is looked for, from
skin down into the dark of the lashes for the upper lid, from the eye into the skin for the lower.
"""

import numpy as np
from numpy.typing import NDArray

from hemiface.types import Floats

# The columns that are read, as shares of the eye's width; nearer its corners lashes and folds lie.
_FIRST, _LAST, _N_COLUMNS = 0.3, 0.7, 25
# How far from the contour an edge may lie: standard deviation of its weight, in eye widths.
_NEAR_UPPER, _NEAR_LOWER = 0.12, 0.08
_FURTHEST = 2.5
_STEP = 0.004
_SMOOTH_PX = 2.0


def lid_opening(crop: NDArray[np.uint8], upper: Floats, lower: Floats, ends: Floats) -> float:
    """Return the height of the opening of an eye over its width.

    Parameters
    ----------
    crop : ndarray, shape (size, size, 3)
        Picture of the eye, its corners on one line.
    upper, lower : ndarray, shape (n, 2)
        The network's contour of each lid, in pixels of the crop.
    ends : ndarray, shape (2,)
        x of both corners of the eye.
    """
    import cv2

    grey = cv2.cvtColor(crop, cv2.COLOR_RGB2GRAY).astype(np.float32)
    smooth = cv2.GaussianBlur(grey, (0, 0), _SMOOTH_PX)
    edges = cv2.Sobel(smooth, cv2.CV_32F, 0, 1).astype(np.float32)
    left, width = float(ends.min()), max(float(np.ptp(ends)), 1.0)
    x = left + width * np.linspace(_FIRST, _LAST, _N_COLUMNS)
    above, below = _heights(upper, x), _heights(lower, x)
    up = _shift(-edges, x, above, _NEAR_UPPER * width)
    down = _shift(edges, x, below, _NEAR_LOWER * width)
    return float((np.median(below - above) + down - up) / width)


def _heights(contour: Floats, x: Floats) -> Floats:
    ordered = contour[np.argsort(contour[:, 0])]
    return np.interp(x, ordered[:, 0], ordered[:, 1])


def _shift(edge: NDArray[np.float32], x: Floats, y: Floats, near: float) -> float:
    """Return how far the strongest edge lies below a contour, in pixels; all columns together."""
    import cv2

    step = _STEP * near / _NEAR_UPPER
    shifts = np.arange(-_FURTHEST * near, _FURTHEST * near, max(step, 0.05))
    columns, rows = np.broadcast_arrays(x, y + shifts[:, None])
    at = np.stack([columns, rows], axis=-1).astype(np.float32)
    read = cv2.remap(edge, at, None, cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE)  # type: ignore[call-overload]
    weighted = read.mean(axis=1) * np.exp(-0.5 * (shifts / near) ** 2)
    return float(shifts[weighted.argmax()])
