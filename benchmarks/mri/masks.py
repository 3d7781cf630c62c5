"""The usual way: masks of nerve and vessel, and the distance map between them."""

import numpy as np
from numpy.typing import NDArray

from hemiface.mri.grid import STEP_MM, Grid, in_units, to_grid
from hemiface.mri.nerveline import NerveLine, nerve_line
from hemiface.mri.nerves import detachment_guess, trace_pair
from hemiface.mri.results import FoundVessel, Nerve
from hemiface.mri.vessels import sureness, vessel_mask
from hemiface.simulate.mri import NerveTruth, VesselTruth
from hemiface.types import Floats
from hemiface.volume import Volume

_NERVE_MM, _STRIP_MM, _DARK = 1.0, 1.5, 0.66


def mask_distance(
    t2: Volume, tof: Volume, pose: Floats, root_exit: Floats, meatus: Floats
) -> float:
    """Return the least distance of a vessel's mask to the nerve's, or to the pons beside it."""
    from scipy.ndimage import distance_transform_edt

    pictures = in_units(t2, tof, pose, t2.spacing_mm, tof.spacing_mm)
    grid = to_grid(pictures, np.array([root_exit, meatus]))
    pair = trace_pair(grid, sureness(grid), detachment_guess(grid, root_exit), meatus)
    vessel = vessel_mask(grid)
    nerve = _nerve_mask(grid, nerve_line(grid, pair, root_exit, meatus)) & ~vessel
    if not vessel.any() or not nerve.any():
        return np.inf
    away = distance_transform_edt(~vessel) * STEP_MM
    return max(float(away[nerve].min()) - STEP_MM, 0.0)


def _nerve_mask(grid: Grid, nerve: NerveLine) -> NDArray[np.bool_]:
    free = grid.away(nerve.line[nerve.s_mm > 0.0]) < _NERVE_MM
    attached = grid.away(nerve.on_pons) < _STRIP_MM
    mask: NDArray[np.bool_] = (free & (grid.t2 < _DARK) & ~grid.bone) | (attached & grid.brain)
    return mask


def dice(
    found: Nerve | FoundVessel, truth: NerveTruth | VesselTruth, around: Floats, reach_mm: float
) -> float:
    """Return the overlap (Dice) of a found tube with the true one near a place."""
    steps = np.arange(-reach_mm, reach_mm, 0.15)
    points = around + np.stack(np.meshgrid(steps, steps, steps, indexing="ij"), -1).reshape(-1, 3)
    points = points[np.linalg.norm(points - around, axis=1) < reach_mm]
    ours = _inside(points, found.line, found.radius_mm)
    theirs = _inside(points, truth.line, truth.radius_mm)
    total = int(ours.sum() + theirs.sum())
    return 2.0 * int((ours & theirs).sum()) / total if total else np.nan


def _inside(points: Floats, line: Floats, radius: Floats) -> NDArray[np.bool_]:
    from scipy.spatial import cKDTree

    away, nearest = cKDTree(line).query(points)
    inside: NDArray[np.bool_] = away < radius[nearest]
    return inside
