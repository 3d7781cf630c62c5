"""Lines of points: how long, which way, and how near."""

import numpy as np
from numpy.typing import NDArray

from hemiface.types import Floats

Indices = NDArray[np.intp]


def arc_of(line: Floats) -> Floats:
    """Return the length along a line (n, 3) from its beginning, shape (n,)."""
    steps = np.linalg.norm(np.diff(line, axis=0), axis=1)
    return np.concatenate([[0.0], np.cumsum(np.maximum(steps, 1e-9))])


def tangents_of(line: Floats, chord: int = 1) -> Floats:
    """Return the directions of a line, shape (n, 3), over so many points each way."""
    at = np.arange(len(line))
    ahead, behind = np.minimum(at + chord, len(line) - 1), np.maximum(at - chord, 0)
    direction = line[ahead] - line[behind]
    unit: Floats = direction / np.maximum(np.linalg.norm(direction, axis=1, keepdims=True), 1e-9)
    return unit


def nearest_on(line: Floats, points: Floats, most_mm: float = np.inf) -> tuple[Floats, Indices]:
    """Return how far points (m, 3) are from a line, and its nearest points; shapes (m,).

    Further off than `most_mm` the distance is infinite and there is no such point.
    """
    from scipy.spatial import cKDTree

    away, at = cKDTree(line).query(points, distance_upper_bound=most_mm)
    return np.asarray(away, float), np.asarray(at, np.intp)
