"""What is neither vessel, nerve nor brain.

A screen on T2 for what is wider than the nerves: it shows places to look at, and names nothing.
"""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from hemiface.mri.grid import STEP_MM, Grid
from hemiface.mri.nerveline import NerveLine
from hemiface.mri.results import FoundMass
from hemiface.mri.tracing import Traced
from hemiface.types import Floats

REACH_MM = 14.0
"""So near the nerve's free course a mass is looked for."""
_SOLID, _FAINT = (0.2, 0.66), (0.2, 0.86)
_BALLS_MM = {_SOLID: 1.4, _FAINT: 1.8}
_BRAIN_BALL_MM, _BRAIN_SKIN_MM = 3.2, 0.8
_BONE_SKIN_MM, _VESSEL_SKIN_MM = 0.5, 0.5
_LEAST_MM3 = 14.0
_SMOOTH, _STEEP_PER_MM = 0.8, 0.12


def find_masses(grid: Grid, nerve: NerveLine, vessels: Sequence[Traced]) -> tuple[FoundMass, ...]:
    """Return what is wider than nerves and vessels, and not brain; the largest first."""
    from scipy.ndimage import gaussian_filter, gaussian_gradient_magnitude, label

    bright = np.where(grid.t2 != 0.0, gaussian_filter(grid.t2, _SMOOTH), 0.0)
    known = _known(grid, bright, vessels)
    wide = np.zeros(grid.t2.shape, bool)
    for (low, high), ball in _BALLS_MM.items():
        wide |= _opened((bright > low) & (bright < high) & ~known, ball)
    parts, n = label(wide)
    near, steep = _near(grid, nerve), gaussian_gradient_magnitude(grid.t2, 1.0) / STEP_MM
    found = [
        _mass(grid, parts == one)
        for one in range(1, n + 1)
        if near[parts == one].any() and _has_edge(parts == one, steep)
    ]
    kept = [one for one in found if one.volume_ml * 1000.0 >= _LEAST_MM3]
    return tuple(sorted(kept, key=lambda one: -one.volume_ml))


def _known(grid: Grid, bright: Floats, vessels: Sequence[Traced]) -> NDArray[np.bool_]:
    """Return brain, bone with its blurred edge, vessels, and what lies outside the pictures."""
    from scipy.ndimage import distance_transform_edt

    known = _brain(bright) | (distance_transform_edt(~grid.bone) * STEP_MM < _BONE_SKIN_MM)
    known |= distance_transform_edt(grid.t2 != 0.0) * STEP_MM < 2.0 * STEP_MM
    for one in vessels:
        known |= grid.away(one.line) < float(np.median(one.radius)) + _VESSEL_SKIN_MM
    return known


def _brain(bright: Floats) -> NDArray[np.bool_]:
    """Return wide tissue that goes on beyond what is seen; beyond it all counts as tissue."""
    from scipy.ndimage import distance_transform_edt, label

    depth = int(np.ceil((_BRAIN_BALL_MM + 1.0) / STEP_MM))
    tissue = (bright > _SOLID[0]) & (bright < _SOLID[1]) | (bright == 0.0)
    tissue = np.pad(tissue, depth, constant_values=True)
    cores, _ = label(distance_transform_edt(tissue) * STEP_MM > _BRAIN_BALL_MM)
    going_on = cores == cores[0, 0, 0]
    away = distance_transform_edt(~going_on) * STEP_MM
    brain: NDArray[np.bool_] = away < _BRAIN_BALL_MM + _BRAIN_SKIN_MM
    return brain[depth:-depth, depth:-depth, depth:-depth]


def _opened(mask: NDArray[np.bool_], ball_mm: float) -> NDArray[np.bool_]:
    from scipy.ndimage import distance_transform_edt

    deep = distance_transform_edt(mask) * STEP_MM > ball_mm
    if not deep.any():
        return deep
    grown: NDArray[np.bool_] = distance_transform_edt(~deep) * STEP_MM <= ball_mm
    return grown & mask


def _has_edge(mask: NDArray[np.bool_], steep: Floats) -> bool:
    """Return whether it ends sharply; the shadows of pulsing fluid do not."""
    from scipy.ndimage import binary_dilation, binary_erosion

    rim = binary_dilation(mask) & ~binary_erosion(mask)
    return float(np.median(steep[rim])) > _STEEP_PER_MM


def _near(grid: Grid, nerve: NerveLine) -> NDArray[np.bool_]:
    near: NDArray[np.bool_] = grid.away(nerve.line[nerve.s_mm > 0.0]) < REACH_MM
    return near


def _mass(grid: Grid, where: NDArray[np.bool_]) -> FoundMass:
    from scipy.spatial.distance import pdist

    indices = np.argwhere(where)
    x, y, z = (float(one) for one in grid.places(indices.mean(axis=0)))
    some = indices[:: max(len(indices) // 400, 1)]
    widest = float(pdist(some.astype(float)).max()) + 1.0 if len(some) > 1 else 1.0
    return FoundMass((x, y, z), widest * STEP_MM, float(where.sum()) * STEP_MM**3 / 1000.0)
