"""One side on a fine, even grid: both pictures in place and in units of what they show."""

from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import ArrayLike, NDArray

from hemiface.types import Floats
from hemiface.volume import Volume

STEP_MM = 0.3
_MARGIN_MM = np.array([7.0, 10.0, 9.0])
_BRIGHT, _KEPT, _ROUNDS = 0.7, 0.25, 4
_BRAIN, _BRAIN_BALL_MM = (0.18, 0.66), 1.5
_BONE, _BONE_BALL_MM, _WIDEST_VESSEL_MM = 0.2, 0.9, 2.3


@dataclass(frozen=True)
class Grid:
    """One side on an even grid of `STEP_MM`, axes along LPS.

    Attributes
    ----------
    origin : numpy.ndarray
        Middle of the first voxel, LPS mm, shape (3,).
    t2 : numpy.ndarray
        Shape (n_i, n_j, n_k); cerebrospinal fluid is 1.
    tof : numpy.ndarray or None
        In place; fluid is 0 and brain is 1.
    brain : numpy.ndarray
        Where large tissue is: pons and cerebellum.
    bone : numpy.ndarray
        Where all is dark and no blood flows.
    tissue : float
        Brightness of brain in `t2`.
    """

    origin: Floats
    t2: Floats
    tof: Floats | None
    brain: NDArray[np.bool_]
    bone: NDArray[np.bool_]
    tissue: float

    def at(self, places: Floats) -> Floats:
        """Return indices (fractions) of places, both of shape (..., 3)."""
        indices: Floats = (places - self.origin) / STEP_MM
        return indices

    def places(self, indices: ArrayLike) -> Floats:
        """Return places of indices."""
        places: Floats = np.asarray(indices, float) * STEP_MM + self.origin
        return places

    def pick(self, values: Floats, places: Floats) -> Floats:
        """Return values, in the shape of the grid, at places (n, 3)."""
        from scipy.ndimage import map_coordinates

        found: Floats = map_coordinates(values, self.at(places).T, order=1, mode="nearest")
        return found

    def away(self, line: Floats) -> Floats:
        """Return how far every voxel is from a line (n, 3), mm; infinite if it is not inside."""
        from scipy.ndimage import distance_transform_edt

        free = np.ones(self.t2.shape, bool)
        indices = np.round(self.at(line)).astype(int)
        inside = np.all((indices >= 0) & (indices < np.array(free.shape)), axis=1)
        if not inside.any():
            return np.full(free.shape, np.inf)
        free[tuple(indices[inside].T)] = False
        away: Floats = distance_transform_edt(free) * STEP_MM
        return away


@dataclass(frozen=True)
class Pictures:
    """Both pictures in units of what they show, as they were taken.

    Attributes
    ----------
    t2 : Volume
        Cerebrospinal fluid is 1.
    tof : Volume or None
        Fluid is 0 and brain is 1.
    pose : numpy.ndarray
        From a place of the T2 to the same place of the TOF, shape (4, 4).
    t2_mm, tof_mm : numpy.ndarray
        Voxels as they were acquired, shape (3,).
    noise, tof_noise : float
        Standard deviations in a voxel.
    """

    t2: Volume
    tof: Volume | None
    pose: Floats
    t2_mm: Floats
    tof_mm: Floats
    noise: float
    tof_noise: float


def in_units(
    t2: Volume, tof: Volume | None, pose: Floats, t2_mm: Floats, tof_mm: Floats
) -> Pictures:
    """Return pictures in which fluid is as bright everywhere."""
    fluid = np.exp(_terms(t2, np.indices(t2.voxels.shape).reshape(3, -1).T) @ fluid_of(t2))
    even = (t2.voxels / fluid.reshape(t2.voxels.shape)).astype(np.float32)
    t2_even = Volume(even, t2.affine)
    noise = noise_of(t2_even)
    if tof is None:
        return Pictures(t2_even, None, pose, t2_mm, tof_mm, noise, np.nan)
    places = t2.places(np.argwhere(np.isfinite(even))[::7])
    flow = sampled(tof, places @ pose[:3, :3].T + pose[:3, 3], order=1)
    seen = even.ravel()[::7]
    fluid_level = float(np.nanmedian(flow[(seen > 0.9) & (seen < 1.1)]))
    solid = float(np.nanmedian(flow[(seen > 0.29) & (seen < 0.38)]))
    scaled = ((tof.voxels - fluid_level) / (solid - fluid_level)).astype(np.float32)
    return Pictures(
        t2_even, Volume(scaled, tof.affine), pose, t2_mm, tof_mm, noise,
        noise_of(tof) / (solid - fluid_level),
    )  # fmt: skip


def to_grid(pictures: Pictures, around: Floats) -> Grid:
    """Return a side, cut out around points (n, 3)."""
    low, high = around.min(axis=0) - _MARGIN_MM, around.max(axis=0) + _MARGIN_MM
    shape = tuple(np.ceil((high - low) / STEP_MM).astype(int))
    places = np.indices(shape).reshape(3, -1).T * STEP_MM + low
    bright = np.nan_to_num(sampled(pictures.t2, places)).reshape(shape)
    brain = large_tissue(bright)
    tissue = float(np.median(bright[brain])) if brain.any() else 0.35
    if pictures.tof is None:
        return Grid(low, bright, None, brain, bone_in(bright, None), tissue)
    moved = places @ pictures.pose[:3, :3].T + pictures.pose[:3, 3]
    flow = np.nan_to_num(sampled(pictures.tof, moved)).reshape(shape)
    return Grid(low, bright, flow, brain, bone_in(bright, flow), tissue)


def sampled(volume: Volume, places: Floats, order: Literal[1, 2] = 2) -> Floats:
    """Return the brightness at places (n, 3); NaN outside the picture."""
    from scipy.ndimage import map_coordinates

    indices = volume.indices(places)
    found: Floats = map_coordinates(
        volume.voxels.astype(float), indices.T, order=order, cval=np.nan
    )
    outside = np.any((indices < 0) | (indices > np.array(volume.voxels.shape) - 1), axis=1)
    return np.where(outside, np.nan, found)


def fluid_of(t2: Volume) -> Floats:
    """Return the logarithm of the fluid's brightness as a quadratic over the field.

    Coils light a field unevenly; fluid is everywhere as bright as fluid.
    """
    top = float(np.percentile(t2.voxels, 98))
    bright = np.argwhere(t2.voxels > _BRIGHT * top)
    bright = bright[:: max(len(bright) // 40_000, 1)]
    terms, seen = _terms(t2, bright), np.log(t2.voxels[tuple(bright.T)].astype(float))
    kept = np.ones(len(bright), bool)
    for _ in range(_ROUNDS):
        curve = np.linalg.lstsq(terms[kept], seen[kept], rcond=None)[0]
        off = seen - terms @ curve
        kept = np.abs(off - np.median(off[kept])) < max(_KEPT / 2.0, 2.0 * float(np.std(off[kept])))
        kept &= off > -_KEPT / 2.0
    found: Floats = curve
    return found


def _terms(t2: Volume, indices: ArrayLike) -> Floats:
    unit = 2.0 * np.asarray(indices, float) / (np.array(t2.voxels.shape) - 1) - 1.0
    x, y, z = unit.T
    return np.column_stack([np.ones(len(unit)), unit, unit**2, x * y, x * z, y * z])


def large_tissue(bright: Floats) -> NDArray[np.bool_]:
    """Return where tissue is too large to be a nerve or a vessel."""
    from scipy.ndimage import distance_transform_edt, gaussian_filter

    smooth = gaussian_filter(bright, 1.0)
    tissue = (smooth > _BRAIN[0]) & (smooth < _BRAIN[1])
    deep = distance_transform_edt(tissue) * STEP_MM > _BRAIN_BALL_MM
    grown: NDArray[np.bool_] = distance_transform_edt(~deep) * STEP_MM < _BRAIN_BALL_MM
    return grown & tissue


def bone_in(bright: Floats, flow: Floats | None) -> NDArray[np.bool_]:
    """Return where it is dark, too wide for a vessel unless the TOF shows no flow in it."""
    from scipy.ndimage import distance_transform_edt, label

    dark = bright < _BONE
    if flow is not None:
        dark &= flow < 1.0
    else:
        parts, _ = label(dark)
        wide = np.unique(parts[distance_transform_edt(dark) * STEP_MM > _WIDEST_VESSEL_MM])
        dark &= np.isin(parts, wide)
    deep = distance_transform_edt(dark) * STEP_MM > _BONE_BALL_MM
    bone: NDArray[np.bool_] = distance_transform_edt(~deep) * STEP_MM < _BONE_BALL_MM
    return bone


def noise_of(volume: Volume) -> float:
    """Return the noise of a picture in its own brightness, from neighbours in even places.

    Second differences along the axis that differs least, where the picture is brightest.
    """
    from scipy.ndimage import gaussian_gradient_magnitude

    voxels = volume.voxels.astype(float)
    slope = gaussian_gradient_magnitude(voxels, 1.5)
    even = slope < np.percentile(slope, 50)
    spreads = []
    for axis in range(3):
        cut = np.moveaxis(voxels, axis, 0)
        wiggle = (cut[:-2] - 2.0 * cut[1:-1] + cut[2:]) / np.sqrt(6.0)
        inner = np.moveaxis(even, axis, 0)[1:-1] & (cut[1:-1] > 0.3 * np.percentile(voxels, 98))
        spreads.append(1.4826 * float(np.median(np.abs(wiggle[inner]))))
    return max(spreads)
