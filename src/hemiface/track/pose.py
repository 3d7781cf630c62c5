"""Where the head is: its rigid motion, from points that facial muscles do not move."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from hemiface.types import Floats

# Hairline, temples, ear side, nasal bridge and the corners of the eyes.
RIGID: tuple[int, ...] = (
    10, 151, 9, 8, 168, 6, 197, 195, 5, 109, 338, 67, 297, 103, 332, 54, 284, 21, 251, 162, 389,
    127, 356, 234, 454, 93, 323, 143, 372, 33, 263, 133, 362, 245, 465, 122, 351, 196, 419, 3, 248,
)  # fmt: skip

# From image axes (x right, y down, z away) to face axes (x to the person's left, y up, z out).
FLIP = np.array([1.0, -1.0, -1.0])

# Heads move below about 4 Hz; landmarks jitter in every frame. Smoothing over this span keeps the
# one and drops the other; what it leaves is measured by flow and subtracted.
SMOOTHING_S = 0.12


@dataclass(frozen=True, eq=False)
class Poses:
    """The similarity that takes the frontal face (cm) to the image, for every frame.

    Attributes
    ----------
    scale : ndarray, shape (n_frames,)
        Image pixels per cm of the frontal face; NaN where no face was seen.
    rotation : ndarray, shape (n_frames, 3)
        Rotation vector in radians, in face axes.
    centre : ndarray, shape (n_frames, 3)
        Where the origin of the face lies, in pixels, y up.
    """

    scale: Floats
    rotation: Floats
    centre: Floats

    def some(self, frames: NDArray[np.intp]) -> "Poses":
        """Return the poses of some frames."""
        return Poses(self.scale[frames], self.rotation[frames], self.centre[frames])

    def matrices(self) -> Floats:
        """Return the rotations as matrices, shape (n_frames, 3, 3); identity where not seen."""
        from scipy.spatial.transform import Rotation

        return np.asarray(Rotation.from_rotvec(np.nan_to_num(self.rotation)).as_matrix())

    def angles_deg(self) -> Floats:
        """Return yaw (to the person's left), pitch (up) and roll, degrees, shape (3, n_frames)."""
        from scipy.spatial.transform import Rotation

        turns = Rotation.from_rotvec(np.nan_to_num(self.rotation))
        angles = turns.as_euler("YXZ", degrees=True).T * np.array([[1.0], [-1.0], [1.0]])
        angles[:, np.isnan(self.scale)] = np.nan
        return np.asarray(angles)

    def place(self, index: int, points: Floats) -> Floats:
        """Return where points of the frontal face, shape (n, 3), lie in one frame, in pixels."""
        from scipy.spatial.transform import Rotation

        turn = Rotation.from_rotvec(self.rotation[index]).as_matrix()
        placed = points @ turn.T * self.scale[index] + self.centre[index]
        return np.asarray(placed[:, :2] * FLIP[:2])


def fit_poses(points: Floats, shape: Floats) -> Poses:
    """Return the poses that best take `shape` to `points` in every frame.

    Least-squares similarity (Umeyama 1991, doi:10.1109/34.88573).

    Parameters
    ----------
    points : ndarray, shape (n_frames, n_points, 3)
        Rigid landmarks in image pixels; NaN where no face was seen.
    shape : ndarray, shape (n_points, 3)
        The same landmarks of the frontal face, in cm.
    """
    from scipy.spatial.transform import Rotation

    seen = np.isfinite(points[:, 0, 0])
    target = np.nan_to_num(points) * FLIP
    a = shape - shape.mean(axis=0)
    b = target - target.mean(axis=1, keepdims=True)
    u, singular, vt = np.linalg.svd(np.einsum("tpi,pj->tij", b, a) + 1e-9 * np.eye(3))
    singular[:, 2] *= np.sign(np.linalg.det(u @ vt))
    u[:, :, 2] *= np.sign(np.linalg.det(u @ vt))[:, None]
    rotation, scale = u @ vt, singular.sum(axis=1) / (a**2).sum()
    centre = target.mean(axis=1) - scale[:, None] * (rotation @ shape.mean(axis=0))
    vectors = Rotation.from_matrix(rotation).as_rotvec()
    for values in (scale, vectors, centre):
        values[~seen] = np.nan
    return Poses(scale, vectors, centre)


def smooth_poses(poses: Poses, rate_hz: float) -> Poses:
    """Smooth poses over `SMOOTHING_S`, leaving gaps as they are."""
    from scipy.signal import savgol_filter

    seen = np.isfinite(poses.scale)
    window = 2 * round(SMOOTHING_S * rate_hz / 2) + 1
    if window < 5 or seen.sum() < window:
        return poses

    def smooth(values: Floats) -> Floats:
        frames = np.arange(len(values))
        filled = np.stack([np.interp(frames, frames[seen], row[seen]) for row in values.T])
        smoothed: Floats = savgol_filter(filled, window, 2, axis=1).T
        smoothed[~seen] = np.nan
        return smoothed

    scale = np.exp(smooth(np.log(poses.scale)[:, None])[:, 0])
    return Poses(scale, smooth(poses.rotation), smooth(poses.centre))


def to_frontal(points: Floats, poses: Poses) -> Floats:
    """Undo the pose: landmarks in pixels to the frontal face, cm, shape (n_frames, n_points, 3)."""
    moved = points * FLIP - poses.centre[:, None]
    turned = np.einsum("tpi,tij->tpj", moved, poses.matrices())
    return np.asarray(turned / poses.scale[:, None, None])
