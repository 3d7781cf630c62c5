"""What is left of the head's motion after the frontal view, subtracted."""

import numpy as np
from numpy.typing import NDArray

from hemiface.track.places import MIXING, PATCHES, STILL
from hemiface.types import Floats

# Residuals of still points beyond this many mm do not count as noise of the head's motion.
_ROBUST_MM = 0.15
_BLOCK = 1000  # frames worked on at once, so that memory hardly grows with length


def undo_head(moved_mm: NDArray[np.float32], shape: Floats) -> tuple[Floats, Floats]:
    """Subtract what is left of the head's motion, and project each channel on its muscle's pull.

    The small rigid motions of a known surface are six fields: two shifts, a roll, a change of size,
    and two turns that move points by their depth. They are fitted robustly to the still points.

    Parameters
    ----------
    moved_mm : ndarray of float32, shape (n_frames, n_points, 2)
        As measured at the patches, then at the still points; NaN where no face was seen.
    shape : ndarray, shape (468, 3)
        The person's frontal face.

    Returns
    -------
    displacement_mm : ndarray, shape (n_channels, n_frames)
    jitter_mm : ndarray, shape (n_frames,)
        Robust spread of the still points that no rigid motion explains.
    """
    blocks = [
        _undo_block(moved_mm[start : start + _BLOCK].astype(np.float64), shape)
        for start in range(0, len(moved_mm), _BLOCK)
    ]
    displacement, jitter = zip(*blocks, strict=True)
    return np.concatenate(displacement, axis=1), np.concatenate(jitter)


def _undo_block(moved_mm: Floats, shape: Floats) -> tuple[Floats, Floats]:
    n_patches = len(PATCHES)
    muscle_fields = _rigid_fields(shape[list(PATCHES)])
    still_fields = _rigid_fields(shape[list(STILL)]).reshape(6, -1).T
    seen = np.isfinite(moved_mm[:, 0, 0])
    still = np.nan_to_num(moved_mm[:, n_patches:]).reshape(len(moved_mm), -1)
    weight = np.ones_like(still)
    for _ in range(3):
        gram = np.einsum("pi,tp,pj->tij", still_fields, weight, still_fields) + 1e-6 * np.eye(6)
        motion = np.linalg.solve(gram, ((weight * still) @ still_fields)[..., None])[..., 0]
        left = still - motion @ still_fields.T
        weight = 1 / (1 + (left / _ROBUST_MM) ** 2)
    own = moved_mm[:, :n_patches] - np.einsum("tk,kpc->tpc", motion, muscle_fields)
    displacement = np.einsum("tpc,rpc->rt", own, MIXING)
    jitter = np.sqrt((weight * left**2).sum(axis=1) / weight.sum(axis=1))
    displacement[:, ~seen] = np.nan
    jitter[~seen] = np.nan
    return displacement, jitter


def _rigid_fields(points: Floats) -> Floats:
    """Return the six fields of small rigid motion at some points, shape (6, n_points, 2)."""
    x, y, z = points.T
    one, none = np.ones_like(x), np.zeros_like(x)
    pairs = [(one, none), (none, one), (-y, x), (x, y), (z, none), (none, z)]
    return np.stack([np.stack(pair, axis=-1) for pair in pairs])
