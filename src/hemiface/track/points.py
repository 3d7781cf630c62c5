"""Landmarks that a browser found, without a picture: a track from them alone.

Landmark networks have a usual, symmetric face in mind: they read about half of a one-sided movement
and give some of it to the other side. So less is found than in the video itself.
"""

import numpy as np
from numpy.typing import NDArray

from hemiface.errors import NoFaceError
from hemiface.track.face import IRIS_MM
from hemiface.track.model import canonical_face
from hemiface.track.places import CHANNELS, PATCHES, STILL
from hemiface.track.pose import RIGID, Poses, fit_poses, smooth_poses, to_frontal
from hemiface.track.undo import undo_head
from hemiface.types import SIDES, Floats, Points, Recording, Side, Track

_N_MESH, _MOST_MESHES = 468, 300
_BLOCK = 1000  # frames worked on at once, so that memory hardly grows with length
_EYES: dict[Side, tuple[int, int, int, int]] = {
    "left": (386, 374, 362, 263), "right": (159, 145, 133, 33),
}  # fmt: skip
"""Middle of the upper and lower lid, inner and outer corner."""
_IRIS = ((474, 476), (469, 471))
_RESTING = {"brow": (334, 105), "mouth": (291, 61)}


def track_points(points: Points, recording: Recording) -> Track:
    """Return what landmarks alone tell of a face.

    Parameters
    ----------
    points : Points
    recording : Recording

    Raises
    ------
    NoFaceError
        If no frame shows a face.
    """
    seen = np.isfinite(points.places_px[:, 0, 0])
    if not seen.any():
        raise NoFaceError(
            "A face must be visible; none was found in any frame. "
            "Film the whole face from the front, well lit, and try again."
        )
    shape, poses = _fit_face(points.places_px, seen, recording.rate_hz)
    moved, apertures, iris = _read(points.places_px, poses, shape)
    mm_per_cm = IRIS_MM / float(np.nanmedian(iris))
    displacement, jitter = undo_head(moved * np.float32(mm_per_cm), shape)
    widths_mm = np.array([_width(shape, side) for side in SIDES]) * mm_per_cm
    return Track(
        recording=recording,
        times_s=points.times_s,
        confidence=np.where(seen, 1.0, 0.0),
        channels=CHANNELS,
        displacement_mm=displacement,
        mismatch=np.where(seen, 0.0, np.nan) * np.ones((len(CHANNELS), 1)),
        apertures=apertures,
        lid_openings_mm=apertures * widths_mm[:, None],
        pose_deg=poses.angles_deg(),
        jitter_mm=jitter,
        face_px=poses.scale * float(np.linalg.norm(shape[263] - shape[33])),
        brightness=points.brightness,
        n_faces=1,
        resting_mm=_resting(shape * mm_per_cm),
    )


def _fit_face(
    places_px: NDArray[np.float32], seen: NDArray[np.bool_], rate_hz: float
) -> tuple[Floats, Poses]:
    """Return the person's own shape, (468, 3) in cm, and the smoothed poses of all frames."""
    rigid = places_px[:, list(RIGID)].astype(float)
    frames = np.flatnonzero(seen)
    some = frames[np.linspace(0, len(frames) - 1, min(len(frames), _MOST_MESHES)).astype(int)]
    mesh, shape = places_px[some, :_N_MESH].astype(float), canonical_face()
    for _ in range(2):
        poses = fit_poses(rigid[some], shape[list(RIGID)])
        shape = np.median(to_frontal(mesh, poses), axis=0)
    return shape, smooth_poses(fit_poses(rigid, shape[list(RIGID)]), rate_hz)


def _read(
    places_px: NDArray[np.float32], poses: Poses, shape: Floats
) -> tuple[NDArray[np.float32], Floats, Floats]:
    """Return how far patches and still points moved, cm, the apertures, and the iris' width, cm."""
    places = [*PATCHES, *STILL]
    moved, apertures, iris = [], [], []
    for start in range(0, len(places_px), _BLOCK):
        frames = np.arange(start, min(start + _BLOCK, len(places_px)))
        frontal = to_frontal(places_px[frames].astype(float), poses.some(frames))
        moved.append((frontal[:, places, :2] - shape[places, :2]).astype(np.float32))
        apertures.append(np.array([_aperture(frontal, side) for side in SIDES]))
        iris.append(np.mean([_apart(frontal, *ends) for ends in _IRIS], axis=0))
    return np.concatenate(moved), np.concatenate(apertures, axis=1), np.concatenate(iris)


def _aperture(frontal: Floats, side: Side) -> Floats:
    upper, lower, inner, outer = _EYES[side]
    return np.asarray((frontal[:, upper, 1] - frontal[:, lower, 1]) / _apart(frontal, inner, outer))


def _apart(frontal: Floats, one: int, other: int) -> Floats:
    return np.asarray(np.linalg.norm(frontal[:, one, :2] - frontal[:, other, :2], axis=1))


def _width(shape: Floats, side: Side) -> float:
    _, _, inner, outer = _EYES[side]
    return float(np.linalg.norm(shape[inner, :2] - shape[outer, :2]))


def _resting(mm: Floats) -> dict[str, float]:
    """Return heights of brows and mouth corners above the line of the eyes at rest, mm."""
    found = {}
    for name, places in _RESTING.items():
        for side, place in zip(SIDES, places, strict=True):
            _, _, inner, outer = _EYES[side]
            found[f"{name}_{side}"] = float(mm[place, 1] - mm[[inner, outer], 1].mean())
    return found
