"""Vessels: what is brighter on the TOF than the tissue in it can explain, or dark for no reason."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from hemiface.mri.grid import STEP_MM, Grid
from hemiface.mri.nerves import Pair
from hemiface.mri.tracing import Traced, join, trace
from hemiface.types import Floats

_SURE, _SMOOTH, _HYSTERESIS = (2.5, 5.0), 0.8, (2.5, 5.0)
_FEWEST, _LEAST = 40, 0.38
_DARK, _VERY_DARK, _DARK_SMOOTH, _DARK_LONG_MM = 0.70, 0.25, 0.6, 5.0
_NERVES_MM, _BRAIN_SKIN_MM, _BONE_SKIN_MM, _WIDE_MM = (1.05, 1.3), 0.9, 1.0, 1.3


def evidence(grid: Grid) -> Floats:
    """Return how much brighter the TOF is than fluid and tissue there explain, in brain's units."""
    if grid.tof is None:
        return np.zeros_like(grid.t2)
    from scipy.ndimage import binary_dilation, generate_binary_structure, grey_dilation

    cross = generate_binary_structure(3, 1)
    tissue = np.clip((1.0 - grid.t2) / (1.0 - grid.tissue), 0.0, 1.0)
    # The TOF may lie a little beside the T2, so the edge of brain may too.
    edge = np.where(binary_dilation(grid.brain, iterations=2), tissue, 0.0)
    tissue = np.maximum(tissue, grey_dilation(edge, footprint=cross))
    found: Floats = grid.tof - tissue
    return found


def sureness(grid: Grid) -> Floats:
    """Return how surely a voxel is a vessel, 0 to 1."""
    from scipy.ndimage import gaussian_filter

    if grid.tof is None:
        darker = (_VERY_DARK - gaussian_filter(grid.t2, _DARK_SMOOTH)) / 0.1
        return np.where(grid.bone, 0.0, np.clip(darker, 0.0, 1.0))
    found = gaussian_filter(evidence(grid), _SMOOTH)
    scale = noise_in(found, grid)
    low, high = _SURE
    sure: Floats = np.clip((found / scale - low) / (high - low), 0.0, 1.0)
    return sure


def noise_in(found: Floats, grid: Grid) -> float:
    """Return how much evidence there is where there can be none: in brain and in open fluid."""
    calm = grid.brain | (grid.t2 > 0.9)
    return 1.4826 * float(np.median(np.abs(found[calm] - np.median(found[calm])))) + 1e-6


def flowing(grid: Grid, near: Floats) -> list[Traced]:
    """Return the vessels near points (n, 3) in which the TOF shows flow, the thickest first."""
    from scipy.ndimage import gaussian_filter

    if grid.tof is None:
        return []
    bright = gaussian_filter(evidence(grid), _SMOOTH)
    found = trace(grid, vessel_mask(grid), near)
    return [one for one in found if np.median(grid.pick(bright, one.line)) > _LEAST]


def dark(grid: Grid, pair: Pair, known: Sequence[Traced], near: Floats) -> list[Traced]:
    """Return tubes that are dark on T2 and are neither nerve nor known: veins or slow vessels.

    Where one passes the nerves both are dark, so what begins on one side and goes on on the other
    is joined.
    """
    from scipy.ndimage import gaussian_filter, label

    mask = gaussian_filter(grid.t2, _DARK_SMOOTH) < _DARK
    mask &= ~_explained(grid, pair, known, mask)
    parts, _ = label(mask, np.ones((3, 3, 3)))
    mask &= np.bincount(parts.ravel())[parts] >= _FEWEST
    joined = join(trace(grid, mask, near, in_tof=False))
    return [one for one in joined if one.length_mm >= _DARK_LONG_MM]


def _explained(
    grid: Grid, pair: Pair, known: Sequence[Traced], mask: NDArray[np.bool_]
) -> NDArray[np.bool_]:
    """Return where brain, bone, nerves, known vessels and wide things are, with their edges."""
    from scipy.ndimage import distance_transform_edt

    explained = distance_transform_edt(~grid.brain) * STEP_MM < _BRAIN_SKIN_MM
    explained |= distance_transform_edt(~grid.bone) * STEP_MM < _BONE_SKIN_MM
    explained |= distance_transform_edt(grid.t2 != 0.0) * STEP_MM < 2.0 * STEP_MM
    wide = (grid.t2 > 0.25) & mask & (distance_transform_edt(mask) * STEP_MM > _WIDE_MM)
    explained |= distance_transform_edt(~wide) * STEP_MM < _WIDE_MM + 0.6
    for line, skin in zip((pair.facial, pair.vestibulocochlear), _NERVES_MM, strict=True):
        explained |= grid.away(line) < skin
    for one in known:
        explained |= grid.away(one.line) < float(np.median(one.radius)) + 0.6
    found: NDArray[np.bool_] = explained
    return found


def vessel_mask(grid: Grid) -> NDArray[np.bool_]:
    """Return where vessels are: surely in their middle, likely at their edge."""
    from scipy.ndimage import gaussian_filter, label
    from skimage.filters import apply_hysteresis_threshold

    found = gaussian_filter(evidence(grid), _SMOOTH)
    found = (found - np.median(found[grid.t2 > 0.9])) / noise_in(found, grid)
    mask = apply_hysteresis_threshold(found, *_HYSTERESIS)  # type: ignore[no-untyped-call]
    parts, _ = label(mask, np.ones((3, 3, 3)))
    sizes = np.bincount(parts.ravel())
    kept: NDArray[np.bool_] = mask & (sizes[parts] >= _FEWEST)
    return kept
