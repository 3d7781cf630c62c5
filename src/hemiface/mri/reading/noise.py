"""How noisy a picture is, from its evenest places."""

import numpy as np
from numpy.typing import NDArray

from hemiface.types import Floats
from hemiface.volume import Volume

_MASK = np.array([[1.0, -2.0, 1.0], [-2.0, 4.0, -2.0], [1.0, -2.0, 1.0]]) / 6.0
"""Blind to steps and slopes; of unit noise it keeps a deviation of one (Immerkaer 1996)."""
_TO_SIGMA = 1.4826  # from the median of absolute deviations, for normal noise
_BRIGHT, _TOP_PERCENT, _LEAST = 0.65, 98.0, 200  # our choice
_MOST, _SLICES = 200, 10  # voxels along an axis; slices on each side of the middle
_OUTER, _INNER, _EMPTY = 0.3, (0.12, 0.2), 0.1  # cycles a voxel; a share of power


def estimate_snr(volume: Volume) -> float:
    """Return how bright fluid is over the noise, on heavy T2.

    Noise is the deviation of each channel, found as what does not fit a smooth surface within
    even fluid. Where the scanner interpolated in the slice, only voxels as acquired are compared.

    Parameters
    ----------
    volume : Volume

    Returns
    -------
    float
        NaN if there is too little even fluid to tell.
    """
    voxels = _middle(volume.voxels[:: zoom(volume, 0), :: zoom(volume, 1)]).astype(float)
    fluid = _even_fluid(voxels)
    if np.count_nonzero(fluid) < _LEAST:
        return float("nan")
    noise = _TO_SIGMA * float(np.median(np.abs(_residual(voxels)[fluid])))
    return float(np.median(voxels[fluid])) / noise if noise > 0.0 else float("inf")


def zoom(volume: Volume, axis: int) -> int:
    """Return 2 if half of the waves along an axis are empty, as interpolation leaves them."""
    middle = volume.voxels.shape[2] // 2
    voxels = volume.voxels[:, :, max(0, middle - _SLICES) : middle + _SLICES].astype(float)
    waves = np.abs(np.fft.rfft(voxels - voxels.mean(), axis=axis)) ** 2
    power = np.median(np.moveaxis(waves, axis, 0).reshape(waves.shape[axis], -1), axis=1)
    cycles = np.fft.rfftfreq(voxels.shape[axis])
    outer = float(np.median(power[cycles > _OUTER]))
    inner = float(np.median(power[(cycles > _INNER[0]) & (cycles < _INNER[1])]))
    return 2 if outer < _EMPTY * inner else 1


def _middle(voxels: NDArray[np.float32]) -> NDArray[np.float32]:
    """Return the middle of a large picture, where the posterior fossa is."""
    begins = [max(0, (n - _MOST) // 2) for n in voxels.shape]
    return voxels[tuple(slice(begin, begin + _MOST) for begin in begins)]


def _even_fluid(voxels: Floats) -> NDArray[np.bool_]:
    """Return where a whole neighbourhood is bright."""
    from scipy.ndimage import binary_erosion, uniform_filter

    alike = uniform_filter(voxels, 3) > _BRIGHT * np.percentile(voxels, _TOP_PERCENT)
    fluid: NDArray[np.bool_] = binary_erosion(alike, np.ones((5, 5, 3), bool))
    return fluid


def _residual(voxels: Floats) -> Floats:
    from scipy.ndimage import convolve

    residual: Floats = convolve(voxels, _MASK[:, :, None], mode="nearest")
    return residual
