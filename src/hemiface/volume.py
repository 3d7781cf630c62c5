"""A picture in three dimensions, and where each of its voxels lies in the person.

Places are millimetres in the patient system of DICOM, LPS: x grows to the person's left, y to the
back, z to the head. NIfTI counts x and y the other way (RAS); only the readers and writers know.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from hemiface.types import Floats


@dataclass(frozen=True)
class Volume:
    """One picture in three dimensions.

    Attributes
    ----------
    voxels : numpy.ndarray
        Shape (n_i, n_j, n_k), float32, in any unit of brightness.
    affine : numpy.ndarray
        Shape (4, 4): takes an index (i, j, k, 1), the middle of a voxel, to LPS mm.
    """

    voxels: NDArray[np.float32]
    affine: Floats

    @property
    def spacing_mm(self) -> Floats:
        """Size of a voxel along i, j and k, mm, shape (3,)."""
        size: Floats = np.linalg.norm(self.affine[:3, :3], axis=0)
        return size

    def places(self, indices: ArrayLike) -> Floats:
        """Return the places of indices, both of shape (..., 3); LPS mm."""
        found: Floats = np.asarray(indices, float) @ self.affine[:3, :3].T + self.affine[:3, 3]
        return found

    def indices(self, places: ArrayLike) -> Floats:
        """Return where places (LPS mm) lie in the grid, both of shape (..., 3), as fractions."""
        inverse = np.linalg.inv(self.affine)
        found: Floats = np.asarray(places, float) @ inverse[:3, :3].T + inverse[:3, 3]
        return found
