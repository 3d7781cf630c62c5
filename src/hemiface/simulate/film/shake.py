"""A camera in a hand: it sways, trembles and turns a little."""

import numpy as np
from numpy.typing import NDArray

from hemiface.simulate.film.scene import Scene
from hemiface.types import Floats

Image = NDArray[np.uint8]

_TRACK_HZ = 100.0
_ROLL_DEG_PER_MM = 0.15


def draw_shake(seed: int, scene: Scene, times_s: Floats) -> Floats:
    """Return how the picture moves: right and down (mm), turned (degrees), shape (3, n_frames)."""
    from scipy.ndimage import gaussian_filter1d

    rng = np.random.default_rng([seed, 25])
    n = int(np.ceil(times_s[-1] * _TRACK_HZ)) + 2
    moves: Floats = np.zeros((3, n))
    for width_s, share in ((0.5, 0.9), (0.06, 0.25)):  # sway of the arm, tremor of the hand
        sigma = width_s * _TRACK_HZ
        white = rng.standard_normal((3, n)) * np.sqrt(2.0 * np.sqrt(np.pi) * sigma)
        moves = moves + share * gaussian_filter1d(white, sigma, axis=1, mode="reflect")
    scale = scene.shake_mm * np.array([[1.0], [1.0], [_ROLL_DEG_PER_MM]])
    grid = np.arange(n) / _TRACK_HZ
    return np.stack([np.interp(times_s, grid, move) for move in moves * scale])


def shake(image: Image, move: Floats, px_per_mm: float) -> Image:
    """Return the picture as a moved camera sees it; `move` is one column of `draw_shake`."""
    import cv2

    if not move.any():
        return image
    height, width = image.shape[:2]
    middle = (width / 2, height / 2)
    turn: Floats = np.asarray(cv2.getRotationMatrix2D(middle, float(move[2]), 1.0), np.float64)
    turn[:, 2] += move[:2] * px_per_mm
    moved = cv2.warpAffine(
        image, turn, (width, height), flags=cv2.INTER_LINEAR, borderMode=cv2.BORDER_REFLECT_101
    )
    return np.asarray(moved, dtype=np.uint8)
