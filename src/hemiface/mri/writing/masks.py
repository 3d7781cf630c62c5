"""Nerves, vessels and masses painted into the grid of the T2."""

import numpy as np
from numpy.typing import NDArray

from hemiface.mri.lines import Indices, nearest_on
from hemiface.mri.results import FoundMass, MriFound, SideFound
from hemiface.types import Floats
from hemiface.volume import Volume

LABELS = {"mass": 4, "vestibulocochlear nerve": 2, "facial nerve": 1, "vessel": 3}
"""Painted in this order; a voxel belongs to what its middle lies in."""


def masks(t2: Volume, found: MriFound) -> NDArray[np.uint8]:
    """Return the label of every voxel of the T2, 0 where nothing was found."""
    labels = np.zeros(t2.voxels.shape, np.uint8)
    for side in found.sides:
        _paint_side(t2, labels, side)
    return labels


def side_masks(t2: Volume, side: SideFound) -> NDArray[np.uint8]:
    """Return the labels of one side alone."""
    labels = np.zeros(t2.voxels.shape, np.uint8)
    _paint_side(t2, labels, side)
    return labels


def _paint_side(t2: Volume, labels: NDArray[np.uint8], side: SideFound) -> None:
    for mass in side.masses:
        _paint_ball(t2, labels, mass)
    beside, facial = side.vestibulocochlear, side.facial
    _paint(t2, labels, beside.line, beside.radius_mm, LABELS["vestibulocochlear nerve"])
    _paint(t2, labels, facial.line, facial.radius_mm, LABELS["facial nerve"])
    for vessel in side.vessels:
        _paint(t2, labels, vessel.line, vessel.radius_mm, LABELS["vessel"])


def _paint(t2: Volume, labels: NDArray[np.uint8], line: Floats, radius: Floats, label: int) -> None:
    low, high = _box(t2, line, float(np.max(radius)))
    indices = np.stack(np.meshgrid(*map(np.arange, low, high), indexing="ij"), -1).reshape(-1, 3)
    away, at = nearest_on(line, t2.places(indices))
    inside = indices[away < radius[at]]
    labels[tuple(inside.T)] = label


def _paint_ball(t2: Volume, labels: NDArray[np.uint8], mass: FoundMass) -> None:
    radius = (mass.volume_ml * 1000.0 * 0.75 / np.pi) ** (1.0 / 3.0)
    _paint(t2, labels, np.array([mass.place]), np.array([radius]), LABELS["mass"])


def _box(t2: Volume, line: Floats, radius: float) -> tuple[Indices, Indices]:
    indices, reach = t2.indices(line), radius / t2.spacing_mm + 1.0
    low = np.clip(np.floor(indices.min(axis=0) - reach), 0, t2.voxels.shape)
    high = np.clip(np.ceil(indices.max(axis=0) + reach) + 1, low, t2.voxels.shape)
    return low.astype(np.intp), high.astype(np.intp)
