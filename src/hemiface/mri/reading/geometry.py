"""Where voxels lie: what a grid must be before anything is measured in it."""

import numpy as np
from numpy.typing import NDArray

from hemiface.errors import MissingExtraError, SourceError
from hemiface.types import Floats
from hemiface.volume import Volume

MIN_SPACING_MM, MAX_SPACING_MM = 0.05, 10.0
MIN_VOXELS = 8
MAX_SKEW = 0.02
"""Cosine between two axes; our choice, about 1 degree."""


def checked_volume(voxels: NDArray[np.float32], affine: Floats) -> Volume:
    """Return a volume, or say what is wrong with it.

    Raises
    ------
    SourceError
    """
    _check_shape(voxels.shape)
    _check_affine(affine)
    if not np.isfinite(voxels).all():
        raise SourceError(
            f"Every voxel must be a number; {int((~np.isfinite(voxels)).sum())} are not (NaN or "
            "infinite). Export the picture as the scanner made it."
        )
    if voxels.max() == voxels.min():
        raise SourceError("A picture must show something; all voxels are equal. Export it again.")
    return Volume(np.ascontiguousarray(voxels, np.float32), affine)


def _check_shape(shape: tuple[int, ...]) -> None:
    if len(shape) != 3:
        raise SourceError(
            f"A picture must have three dimensions; got {len(shape)}. Give one volume."
        )
    if min(shape) == 1:
        raise SourceError("A picture must be a volume; got one slice. Give the whole series.")
    if min(shape) < MIN_VOXELS:
        size = " × ".join(str(n) for n in shape)
        raise SourceError(
            f"A volume must have at least {MIN_VOXELS} voxels along each axis; got {size}. "
            "Give the whole series."
        )


def _check_affine(affine: Floats) -> None:
    axes = affine[:3, :3]
    if not np.isfinite(affine).all() or np.abs(affine).max() > 1e5:
        raise _lost("not numbers that a scanner has")
    size = np.linalg.norm(axes, axis=0)
    if size.min() < MIN_SPACING_MM or size.max() > MAX_SPACING_MM:
        got = " × ".join(f"{one:.3g}" for one in size)
        raise SourceError(
            f"A voxel must measure {MIN_SPACING_MM:g} to {MAX_SPACING_MM:g} mm; got {got} mm. "
            "Export the picture again with its true spacing."
        )
    cosines = (axes / size).T @ (axes / size) - np.eye(3)
    if np.abs(cosines).max() > MAX_SKEW:
        raise _lost("axes that are not at right angles")


def _lost(got: str) -> SourceError:
    return SourceError(
        f"The place and direction of a volume must be told by its header; got {got}. "
        "Export the original series again."
    )


def lost_orientation() -> SourceError:
    """Return the error for a header without orientation: left and right cannot be told."""
    return _lost("none, so that left and right cannot be told apart")


def missing_extra(what: str, package: str) -> MissingExtraError:
    """Return the error that names the extra to install."""
    return MissingExtraError(
        f"{what} needs the package {package}, which is not installed. "
        'Install it with: pip install "hemiface[mri]".'
    )
