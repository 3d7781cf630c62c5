"""First pass over the frames: the person's own face, and where the head is in every frame."""

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from hemiface.track.eyes import CORNERS
from hemiface.track.looks import Looks, look
from hemiface.track.model import canonical_face
from hemiface.track.pose import RIGID, Poses, fit_poses, smooth_poses, to_frontal
from hemiface.types import SIDES, Floats

# The iris is 11.7 mm wide in nearly everyone; its width gives millimetres.
IRIS_MM = 11.7
LEFT_LIDS, RIGHT_LIDS = (386, 374), (159, 145)
_LEFT_IRIS, _RIGHT_IRIS = (474, 476), (469, 471)
# Several frames at rest are averaged, for less noise, if they are alike within so many mm.
_MOST_RESTING, _ALIKE_MM = 5, 0.4
_EXPRESSION = (*LEFT_LIDS, *RIGHT_LIDS, 61, 291, 0, 17, 13, 14, 105, 334, 205, 425)


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
    resting : dict of int to ndarray, shape (height, width), uint8
        The few frames whose faces are nearest to rest: eyes open, still, frontal; in grey, the
        nearest first.
    n_faces : int
        Most faces seen at once.
    """

    times_s: Floats
    presence: Floats
    poses: Poses
    shape: Floats
    mm_per_cm: float
    resting: dict[int, NDArray[np.uint8]]
    n_faces: int

    @property
    def eye_widths_mm(self) -> Floats:
        """Distance between the corners of the left and right eye, shape (2,)."""
        ends = [self.shape[list(CORNERS[side])] for side in SIDES]
        across = np.diff(ends, axis=1)[:, 0, :2]
        return np.asarray(self.mm_per_cm * np.linalg.norm(across, axis=1))

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
    kept = [*RIGID, *_EXPRESSION, *_LEFT_IRIS, *_RIGHT_IRIS]
    looks = look(images, kept, n_threads=n_threads)
    shape, poses = _fit_face(looks)
    frontal = to_frontal(looks.points[:, len(RIGID) :], poses)
    expression, iris = frontal[:, : len(_EXPRESSION)], frontal[:, len(_EXPRESSION) :, :2]
    width = np.linalg.norm(iris[:, [0, 2]] - iris[:, [1, 3]], axis=2)
    mm_per_cm = IRIS_MM / float(np.nanmedian(width))
    openings = (expression[:, [0, 2], 1] - expression[:, [1, 3], 1]) * mm_per_cm
    unrest = dict(
        zip(looks.at.tolist(), _unrest(expression * mm_per_cm, openings, poses), strict=True)
    )
    nearest = sorted(looks.pictures, key=lambda index: np.nan_to_num(unrest[index], nan=np.inf))
    alike = [i for i in nearest[:_MOST_RESTING] if unrest[i] <= unrest[nearest[0]] + _ALIKE_MM]
    presence = np.where(looks.presence > 0, looks.presence, np.nan)
    return HeadTrack(
        times_s=looks.times_s,
        presence=np.nan_to_num(looks.spread(presence)),
        poses=_every_frame(looks, poses),
        shape=shape,
        mm_per_cm=mm_per_cm,
        resting={index: looks.pictures[index] for index in alike or nearest[:1]},
        n_faces=looks.n_faces,
    )


def _fit_face(looks: Looks) -> tuple[Floats, Poses]:
    """Return the person's own shape, (468, 3) in cm, and the poses of the looks with it."""
    rigid, mesh = looks.points[:, : len(RIGID)], np.array(list(looks.meshes.values()), np.float64)
    sampled, shape = np.searchsorted(looks.at, list(looks.meshes)), canonical_face()
    for _ in range(2):
        poses = fit_poses(rigid, shape[list(RIGID)])
        shape = np.median(to_frontal(mesh, poses.some(sampled)), axis=0)
    return shape, fit_poses(rigid, shape[list(RIGID)])


def _every_frame(looks: Looks, poses: Poses) -> Poses:
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
