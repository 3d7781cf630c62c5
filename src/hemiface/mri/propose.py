"""Where the facial nerve may be: points proposed for a doctor to correct.

The meatus is fluid with bone around it; the nerve runs from there to the pons, a little downwards;
and the root exit point lies about a centimetre below where it arrives.
"""

import numpy as np
from numpy.typing import ArrayLike, NDArray

from hemiface.mri.grid import Grid, in_units, to_grid
from hemiface.mri.lines import nearest_on
from hemiface.mri.nerveline import on_pons
from hemiface.mri.nerves import UP_TO_DETACHMENT_MM, trace_pair
from hemiface.mri.register import register_tof
from hemiface.mri.results import Clicks, Point
from hemiface.mri.vessels import sureness
from hemiface.types import Floats, Side
from hemiface.volume import Volume

_STEP_MM, _RAY_MM = 0.6, 5.5
_FLUID, _BONE, _WALLS, _LEAST_MM3 = 0.6, 0.25, 4, 25.0
_TO_FACIAL_MM = np.array([0.0, -0.6, 0.2])
"""In the meatus the facial nerve lies in front of and above the middle."""
_TO_PONS = np.array([-1.0, -0.09, -0.15])
_LONG_MM = (8.0, 32.0)
_WAYS: dict[Side, float] = {"left": 1.0, "right": -1.0}


def propose_clicks(t2: Volume, tof: Volume | None) -> dict[Side, Clicks]:
    """Return points for each side in which a meatus and a nerve to the pons were seen.

    They are a beginning, not a finding: a person must look at them.

    Parameters
    ----------
    t2, tof : Volume
        As for `measure_mri`.
    """
    pose = np.eye(4) if tof is None else register_tof(t2, tof)
    size = t2.spacing_mm
    pictures = in_units(t2, tof, pose, size, size if tof is None else tof.spacing_mm)
    proposed: dict[Side, Clicks] = {}
    for canal in _canals(pictures.t2):
        for side, way in _WAYS.items():
            meatus = _opening(canal, way)
            found = _follow(to_grid(pictures, _box(meatus, way)), meatus, way)
            if found is not None and side not in proposed:
                proposed[side] = found
    return proposed


def _canals(t2: Volume) -> list[Floats]:
    """Return places in fluid-filled canals in bone, each of shape (n, 3), the largest first."""
    from scipy.ndimage import label, zoom

    factors = t2.spacing_mm / _STEP_MM
    coarse = zoom(t2.voxels, factors, order=1, grid_mode=True, mode="nearest")
    enclosed = (coarse > _FLUID) & (_walls(t2, coarse < _BONE) >= _WALLS)
    parts, n = label(enclosed)
    sizes = np.bincount(parts.ravel(), minlength=n + 1)[1:] * _STEP_MM**3
    order = [int(one) + 1 for one in np.argsort(-sizes) if sizes[one] >= _LEAST_MM3]
    return [_places(t2, np.argwhere(parts == one), factors) for one in order[:4]]


def _opening(canal: Floats, way: float) -> Floats:
    """Return the middle of the end of a canal that lies nearest to the middle of the head."""
    depth = canal[:, 0] * way
    middle: Floats = canal[depth < np.percentile(depth, 20.0)].mean(axis=0)
    return middle


def _places(t2: Volume, indices: ArrayLike, factors: Floats) -> Floats:
    return t2.places((np.asarray(indices, float) + 0.5) / factors - 0.5)


def _walls(t2: Volume, bone: NDArray[np.bool_]) -> NDArray[np.int_]:
    """Return in how many of four directions across the ear-to-ear axis bone is near."""
    lateral = int(np.argmax(np.abs(t2.affine[0, :3]) / t2.spacing_mm))
    reach = int(_RAY_MM / _STEP_MM)
    walls = np.zeros(bone.shape, int)
    for axis in {0, 1, 2} - {lateral}:
        for way in (-1, 1):
            hit = np.zeros(bone.shape, bool)
            for step in range(1, reach + 1):
                hit |= _shifted(bone, axis, way * step)
            walls += hit
    return walls


def _shifted(mask: NDArray[np.bool_], axis: int, by: int) -> NDArray[np.bool_]:
    moved = np.roll(mask, by, axis)
    edge = [slice(None)] * 3
    edge[axis] = slice(0, by) if by > 0 else slice(by, None)
    moved[tuple(edge)] = False
    return moved


def _box(meatus: Floats, way: float) -> Floats:
    """Return corners that hold the nerve from a meatus to the root exit point."""
    far = meatus + _LONG_MM[1] * 0.75 * _TO_PONS * [way, 1.0, 1.0]
    return np.array([meatus, far, far - [0.0, 0.0, UP_TO_DETACHMENT_MM]])


def _follow(grid: Grid, meatus: Floats, way: float) -> Clicks | None:
    """Return points on the nerve from a meatus to the pons; None where there is no pons."""
    direction = _TO_PONS * [way, 1.0, 1.0]
    steps = np.arange(*_LONG_MM, 0.2)
    along = meatus + steps[:, None] * direction / np.linalg.norm(direction)
    inside = grid.pick(grid.brain.astype(float), along) > 0.5
    if not inside.any():
        return None
    pons = along[int(np.argmax(inside))]
    pair = trace_pair(grid, sureness(grid), pons, meatus + _TO_FACIAL_MM)
    arrives = grid.pick(grid.brain.astype(float), pair.facial) > 0.5
    end = pair.facial[int(np.argmax(arrives))] if arrives.any() else pons
    below = end - np.array([0.0, 0.0, UP_TO_DETACHMENT_MM])
    root_exit = on_pons(grid, below, end)[0]
    _, at = nearest_on(pair.facial, meatus[None])
    return Clicks(_point(root_exit), _point(pair.facial[int(at[0])]))


def _point(place: Floats) -> Point:
    x, y, z = (float(one) for one in place)
    return x, y, z
