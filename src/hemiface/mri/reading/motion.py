"""Ghosts: the faint shifted copy that a moving head leaves along the phase direction."""

import numpy as np
from numpy.typing import NDArray

from hemiface.types import Floats
from hemiface.volume import Volume

_MAX_VOXELS = 1_000_000  # looked at
_SMOOTH = 1.5  # voxels: what is coarser than that is taken away, since coarse things repeat


def ghost_share(volume: Volume) -> float:
    """Return how bright a copy shifted by half the field is, as a share of the picture.

    Only that most frequent ghost is looked for; blur by movement is not seen.
    """
    from scipy.ndimage import gaussian_filter

    edges = gaussian_filter(volume.voxels, 0.7) - gaussian_filter(volume.voxels, _SMOOTH)
    return max(0.0, *(_copy(edges, axis) for axis in range(3)))


def _copy(edges: NDArray[np.floating], axis: int) -> float:
    """Return the share of the copy above what neighbouring shifts show by chance."""
    n = edges.shape[axis]
    stride = int(np.ceil((edges.size / _MAX_VOXELS) ** 0.5))
    steps = (slice(None) if one == axis else slice(None, None, stride) for one in range(3))
    few = edges[tuple(steps)].astype(float)
    around = [one for one in range(n // 2 - 6, n // 2 + 7) if 0 < one < n]
    alike = {one: _likeness(few, one, axis) for one in around}
    chance = [value for one, value in alike.items() if abs(one - n // 2) > 2]
    return 0.5 * (alike[n // 2] - float(np.median(chance))) if chance else 0.0


def _likeness(edges: Floats, shift: int, axis: int) -> float:
    return float(np.mean(edges * np.roll(edges, shift, axis=axis)) / np.mean(edges**2))
