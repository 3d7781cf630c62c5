"""First pass over the frames: the person's own face, and where the head is in every frame."""

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np

from hemiface.errors import NoFaceError
from hemiface.track.landmarks import FaceLandmarker
from hemiface.track.model import canonical_face
from hemiface.track.pose import RIGID, Poses, fit_poses, smooth_poses, to_frontal
from hemiface.types import Floats

# The iris is 11.7 mm wide in nearly everyone; its width gives millimetres.
IRIS_MM = 11.7
LEFT_LIDS, RIGHT_LIDS = (386, 374), (159, 145)
_LEFT_IRIS, _RIGHT_IRIS = (474, 476), (469, 471)
_EXPRESSION = (*LEFT_LIDS, *RIGHT_LIDS, 61, 291, 0, 17, 13, 14, 105, 334, 205, 425)
LONGEST_BLIND_S = 0.07
_N_MESH = 468
_MAX_SHAPES = 300


@dataclass(frozen=True, eq=False)
class HeadTrack:
    """What the first pass learns.

    Attributes
    ----------
    times_s : ndarray, shape (n_frames,)
    presence : ndarray, shape (n_frames,)
        Confidence of the landmarks, 0 where no face was seen.
    poses : Poses
        Smoothed.
    shape : ndarray, shape (468, 3)
        The person's frontal face at rest, in cm of the canonical face.
    mm_per_cm : float
        Millimetres of the person per cm of the canonical face, from the iris.
    reference : int
        The frame whose face is nearest to rest: eyes open, still, frontal.
    lid_openings : ndarray, shape (n_frames, 2)
        Opening of the left and right eye by the mesh, in mm.
    n_faces : int
        Most faces seen at once.
    """

    times_s: Floats
    presence: Floats
    poses: Poses
    shape: Floats
    mm_per_cm: float
    reference: int
    lid_openings: Floats
    n_faces: int

    @property
    def canthi_px(self) -> Floats:
        """Distance between the outer corners of the eyes in image pixels, shape (n_frames,)."""
        return self.poses.scale * float(np.linalg.norm(self.shape[263] - self.shape[33]))


def track_head(images: Iterable[tuple[float, np.ndarray]], *, n_threads: int = 1) -> HeadTrack:
    """Follow the face through all frames.

    Parameters
    ----------
    images : iterable of (time_s, image)
        Frame times and RGB images, shape (height, width, 3), uint8.
    n_threads : int
        Threads of the landmark network.

    Raises
    ------
    NoFaceError
        If no frame shows a face.
    """
    landmarker = FaceLandmarker(n_threads=n_threads)
    kept = [*RIGID, *_EXPRESSION, *_LEFT_IRIS, *_RIGHT_IRIS]
    times: list[float] = []
    looked: list[int] = []
    presence: list[float] = []
    rows, meshes = [], []
    n_faces, stride = 0, 1
    for index, (time_s, image) in enumerate(images):
        times.append(time_s)
        if not _is_due(times, looked, lost=not presence or presence[-1] == 0.0):
            continue
        found = landmarker.follow(image)
        looked.append(index)
        presence.append(found.presence if found else 0.0)
        rows.append(found.points[kept] if found else np.full((len(kept), 3), np.nan, np.float32))
        n_faces = max(n_faces, found.n_faces if found else 0)
        if found and len(looked) % stride == 0:
            meshes.append((index, found.points[:_N_MESH]))
            if len(meshes) >= _MAX_SHAPES:
                meshes, stride = meshes[::2], stride * 2
    if not meshes:
        raise NoFaceError(
            "A face must be visible; none was found in any frame. "
            "Film the whole face from the front, well lit, and try again."
        )
    at = np.array(looked)
    points = _between(len(times), at, np.array(rows, np.float64).reshape(len(at), -1))
    seen = _between(len(times), at, np.where(np.array(presence) > 0, presence, np.nan)[:, None])
    points = points.reshape(len(times), len(kept), 3)
    return _settle(np.array(times), np.nan_to_num(seen[:, 0]), points, meshes, n_faces)


def _is_due(times: list[float], looked: list[int], *, lost: bool) -> bool:
    """Return whether the network must look at the newest frame.

    Heads move slowly, and poses are smoothed anyway: fifteen looks a second are enough while the
    face is there, and leave the time to the muscles, which are measured in every frame.
    """
    if lost or len(times) < 2:
        return True
    step = times[-1] - times[-2]
    return times[-1] - times[looked[-1]] + step > LONGEST_BLIND_S


def _between(n_frames: int, at: np.ndarray, values: Floats) -> Floats:
    """Fill the frames between two looks, shape (n_frames, n_columns); NaN next to a lost face."""
    frames = np.arange(n_frames)
    after = np.clip(np.searchsorted(at, frames), 0, len(at) - 1)
    before = np.where(at[after] > frames, np.maximum(after - 1, 0), after)
    gap = np.maximum(at[after] - at[before], 1)
    share = np.clip((frames - at[before]) / gap, 0.0, 1.0)[:, None]
    return np.asarray(values[before] * (1 - share) + values[after] * share)


def _settle(
    times_s: Floats,
    presence: Floats,
    points: Floats,
    meshes: list[tuple[int, np.ndarray]],
    n_faces: int,
) -> HeadTrack:
    """Fit the person's own shape, then the poses with it, then choose the resting frame."""
    rigid = points[:, : len(RIGID)]
    shape = canonical_face()
    sampled = [index for index, _ in meshes]
    mesh = np.array([points for _, points in meshes], np.float64)
    for _ in range(2):
        poses = fit_poses(rigid, shape[list(RIGID)])
        some = Poses(poses.scale[sampled], poses.rotation[sampled], poses.centre[sampled])
        shape = np.median(to_frontal(mesh, some), axis=0)
    rate_hz = 1 / float(np.median(np.diff(times_s))) if len(times_s) > 1 else 1.0
    poses = smooth_poses(fit_poses(rigid, shape[list(RIGID)]), rate_hz)
    frontal = to_frontal(points[:, len(RIGID) :], poses)
    expression, iris = frontal[:, : len(_EXPRESSION)], frontal[:, len(_EXPRESSION) :, :2]
    width = np.linalg.norm(iris[:, [0, 2]] - iris[:, [1, 3]], axis=2)
    mm_per_cm = IRIS_MM / float(np.nanmedian(width))
    openings = (expression[:, [0, 2], 1] - expression[:, [1, 3], 1]) * mm_per_cm
    reference = _resting_frame(expression * mm_per_cm, openings, poses)
    return HeadTrack(times_s, presence, poses, shape, mm_per_cm, reference, openings, n_faces)


def _resting_frame(expression_mm: Floats, openings: Floats, poses: Poses) -> int:
    """Return the frame nearest to rest: usual expression, still, usual pose, eyes open."""
    usual = np.nanmedian(expression_mm, axis=0)
    unusual = np.linalg.norm(expression_mm - usual, axis=2).mean(axis=1)
    steps = np.linalg.norm(np.diff(expression_mm, axis=0), axis=2).mean(axis=1)
    moving = np.concatenate([[0.0], steps]) if len(steps) else np.zeros(1)
    turned = np.linalg.norm(poses.rotation - np.nanmedian(poses.rotation, axis=0), axis=1)
    opening = openings.mean(axis=1)
    closed = np.maximum(0.0, np.nanpercentile(opening, 60) - opening)
    cost = unusual + np.nan_to_num(moving, nan=9.0) + 0.05 * np.degrees(turned) + 5.0 * closed
    return int(np.nanargmin(cost))
