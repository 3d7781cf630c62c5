"""First pass over the frames: the person's own face, and where the head is in every frame."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

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
LONGEST_BLIND_S = 0.104
_N_MESH = 468
# Meshes the person's shape is learned from, and pictures the resting one is chosen from.
_MAX_SHAPES, _MAX_PICTURES = 300, 48


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
    resting_image : ndarray, shape (height, width), uint8
        That frame, grey.
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
    resting_image: NDArray[np.uint8]
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
    import cv2

    landmarker = FaceLandmarker(n_threads=n_threads)
    kept = [*RIGID, *_EXPRESSION, *_LEFT_IRIS, *_RIGHT_IRIS]
    times: list[float] = []
    looked: list[int] = []
    presence: list[float] = []
    rows = []
    meshes = _Sample(_MAX_SHAPES, lambda points: points[:_N_MESH])
    pictures = _Sample(_MAX_PICTURES, lambda image: cv2.cvtColor(image, cv2.COLOR_RGB2GRAY))
    n_faces = 0
    for index, (time_s, image) in enumerate(images):
        times.append(time_s)
        if not _is_due(times, looked, lost=not presence or presence[-1] == 0.0):
            continue
        found = landmarker.follow(image)
        looked.append(index)
        presence.append(found.presence if found else 0.0)
        rows.append(found.points[kept] if found else np.full((len(kept), 3), np.nan, np.float32))
        n_faces = max(n_faces, found.n_faces if found else 0)
        if found:
            meshes.add(index, found.points)
            pictures.add(index, image)
    if not meshes.kept:
        raise NoFaceError(
            "A face must be visible; none was found in any frame. "
            "Film the whole face from the front, well lit, and try again."
        )
    looks = _Looks(
        np.array(times), np.array(looked), np.array(presence), np.array(rows, np.float64)
    )
    return _settle(looks, meshes.kept, pictures.kept, n_faces)


@dataclass(frozen=True, eq=False)
class _Looks:
    """Times of all frames; which of them the network saw, how surely, and the points kept."""

    times_s: Floats
    at: NDArray[np.intp]
    presence: Floats
    points: Floats

    def spread(self, values: Floats) -> Floats:
        """Fill the frames between looks, shape (n_frames, ...); NaN next to a lost face."""
        frames = np.arange(len(self.times_s))
        after = np.clip(np.searchsorted(self.at, frames), 0, len(self.at) - 1)
        before = np.where(self.at[after] > frames, np.maximum(after - 1, 0), after)
        gap = np.maximum(self.at[after] - self.at[before], 1)
        share = np.clip((frames - self.at[before]) / gap, 0.0, 1.0)
        share = share.reshape(-1, *(1,) * (values.ndim - 1))
        return np.asarray(values[before] * (1 - share) + values[after] * share)


class _Sample:
    """Keeps what `cut` leaves of some of many arrays, evenly over time, however many come."""

    def __init__(self, most: int, cut: Callable[[Any], Any]) -> None:
        self.kept: dict[int, Any] = {}
        self._most, self._cut, self._stride, self._n = most, cut, 1, 0

    def add(self, index: int, array: NDArray[Any]) -> None:
        """Keep an array under this index, if its turn has come."""
        if self._n % self._stride == 0:
            self.kept[index] = self._cut(array)
        self._n += 1
        if len(self.kept) > self._most:
            self.kept = dict(list(self.kept.items())[::2])
            self._stride *= 2


def _is_due(times: list[float], looked: list[int], *, lost: bool) -> bool:
    """Return whether the network must look at the newest frame.

    Heads move slowly, and poses are smoothed anyway: ten looks a second are enough while the
    face is there, and leave the time to the muscles, which are measured in every frame.
    """
    if lost or len(times) < 2:
        return True
    step = times[-1] - times[-2]
    return times[-1] - times[looked[-1]] + step > LONGEST_BLIND_S


def _settle(
    looks: _Looks,
    meshes: dict[int, np.ndarray],
    pictures: dict[int, NDArray[np.uint8]],
    n_faces: int,
) -> HeadTrack:
    """Fit the person's own shape, then the poses with it, then choose the resting frame."""
    rigid = looks.points[:, : len(RIGID)]
    mesh = np.array(list(meshes.values()), np.float64)
    sampled = np.searchsorted(looks.at, list(meshes))
    shape = canonical_face()
    for _ in range(2):
        poses = fit_poses(rigid, shape[list(RIGID)])
        shape = np.median(to_frontal(mesh, poses.some(sampled)), axis=0)
    poses = fit_poses(rigid, shape[list(RIGID)])
    frontal = to_frontal(looks.points[:, len(RIGID) :], poses)
    expression, iris = frontal[:, : len(_EXPRESSION)], frontal[:, len(_EXPRESSION) :, :2]
    width = np.linalg.norm(iris[:, [0, 2]] - iris[:, [1, 3]], axis=2)
    mm_per_cm = IRIS_MM / float(np.nanmedian(width))
    openings = (expression[:, [0, 2], 1] - expression[:, [1, 3], 1]) * mm_per_cm
    costs = _unrest(expression * mm_per_cm, openings, poses)
    unrest = dict(zip(looks.at.tolist(), costs, strict=True))
    reference = min(pictures, key=lambda index: np.nan_to_num(unrest[index], nan=np.inf))
    presence = np.where(looks.presence > 0, looks.presence, np.nan)
    return HeadTrack(
        times_s=looks.times_s,
        presence=np.nan_to_num(looks.spread(presence)),
        poses=_every_frame(looks, poses),
        shape=shape,
        mm_per_cm=mm_per_cm,
        reference=reference,
        resting_image=pictures[reference],
        lid_openings=looks.spread(openings),
        n_faces=n_faces,
    )


def _every_frame(looks: _Looks, poses: Poses) -> Poses:
    """Return smoothed poses of all frames from those of the looks."""
    times_s = looks.times_s
    rate_hz = 1 / float(np.median(np.diff(times_s))) if len(times_s) > 1 else 1.0
    scale, rotation, centre = (
        looks.spread(values) for values in (poses.scale, poses.rotation, poses.centre)
    )
    return smooth_poses(Poses(scale, rotation, centre), rate_hz)


def _unrest(expression_mm: Floats, openings: Floats, poses: Poses) -> Floats:
    """Return how far each frame is from rest: usual expression, still, usual pose, eyes open."""
    usual = np.nanmedian(expression_mm, axis=0)
    unusual = np.linalg.norm(expression_mm - usual, axis=2).mean(axis=1)
    steps = np.linalg.norm(np.diff(expression_mm, axis=0), axis=2).mean(axis=1)
    moving = np.concatenate([[0.0], steps]) if len(steps) else np.zeros(1)
    turned = np.linalg.norm(poses.rotation - np.nanmedian(poses.rotation, axis=0), axis=1)
    opening = openings.mean(axis=1)
    closed = np.maximum(0.0, np.nanpercentile(opening, 60) - opening)
    moving = np.nan_to_num(moving, nan=9.0)
    return np.asarray(unusual + moving + 0.05 * np.degrees(turned) + 5.0 * closed)
