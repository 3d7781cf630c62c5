"""First pass over the frames, part one: the landmark network looks, now and then."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from hemiface.errors import NoFaceError
from hemiface.track.landmarks import FaceLandmarker, Landmarks
from hemiface.types import Floats

LONGEST_BLIND_S = 0.104
_N_MESH = 468
# Meshes the person's shape is learned from, and pictures the resting one is chosen from.
_MAX_MESHES, _MAX_PICTURES = 300, 48


@dataclass(frozen=True, eq=False)
class Looks:
    """What the network saw.

    Attributes
    ----------
    times_s : ndarray, shape (n_frames,)
        Of all frames, looked at or not.
    at : ndarray of int, shape (n_looks,)
        Which frames it looked at.
    presence : ndarray, shape (n_looks,)
        How sure it was of a face; 0 where it saw none.
    points : ndarray, shape (n_looks, n_kept, 3)
        The landmarks that were asked for, in image pixels; NaN where no face was seen.
    meshes : dict of int to ndarray, shape (468, 3)
        All landmarks of some frames.
    pictures : dict of int to ndarray, shape (height, width), uint8
        Some frames in grey.
    n_faces : int
        Most faces seen at once.
    """

    times_s: Floats
    at: NDArray[np.intp]
    presence: Floats
    points: Floats
    meshes: dict[int, NDArray[np.float32]]
    pictures: dict[int, NDArray[np.uint8]]
    n_faces: int

    def spread(self, values: Floats) -> Floats:
        """Fill the frames between looks, shape (n_frames, ...); NaN next to a lost face."""
        frames = np.arange(len(self.times_s))
        after = np.clip(np.searchsorted(self.at, frames), 0, len(self.at) - 1)
        before = np.where(self.at[after] > frames, np.maximum(after - 1, 0), after)
        gap = np.maximum(self.at[after] - self.at[before], 1)
        share = np.clip((frames - self.at[before]) / gap, 0.0, 1.0)
        share = share.reshape(-1, *(1,) * (values.ndim - 1))
        return np.asarray(values[before] * (1 - share) + values[after] * share)


def look(
    images: Iterable[tuple[float, NDArray[np.uint8]]], kept: list[int], *, n_threads: int
) -> Looks:
    """Let the landmark network look at as many frames as the head needs.

    Raises
    ------
    NoFaceError
        If no frame shows a face.
    """
    landmarker, notes = FaceLandmarker(n_threads=n_threads), _Notes(kept)
    for index, (time_s, image) in enumerate(images):
        notes.times_s.append(time_s)
        if notes.is_due():
            notes.add(index, image, landmarker.follow(image))
    if not notes.meshes.kept:
        raise NoFaceError(
            "A face must be visible; none was found in any frame. "
            "Film the whole face from the front, well lit, and try again."
        )
    return notes.looks()


class _Notes:
    """Collects what the network sees, frame by frame; memory hardly grows with length."""

    def __init__(self, kept: list[int]) -> None:
        self.times_s: list[float] = []
        self.meshes = _Sample(_MAX_MESHES, lambda points: points[:_N_MESH])
        self._pictures = _Sample(_MAX_PICTURES, _grey)
        self._kept, self._n_faces = kept, 0
        self._at: list[int] = []
        self._presence: list[float] = []
        self._points: list[NDArray[np.float32]] = []

    def is_due(self) -> bool:
        """Return whether the network must look at the newest frame.

        Heads move slowly, and poses are smoothed anyway: ten looks a second are enough while the
        face is there, and leave the time to the muscles, which are measured in every frame.
        """
        if not self._presence or self._presence[-1] == 0.0:
            return True
        step_s = self.times_s[-1] - self.times_s[-2]
        return self.times_s[-1] - self.times_s[self._at[-1]] + step_s > LONGEST_BLIND_S

    def add(self, index: int, image: NDArray[np.uint8], found: Landmarks | None) -> None:
        """Note what was found in a frame."""
        self._at.append(index)
        self._presence.append(found.presence if found else 0.0)
        if found is None:
            self._points.append(np.full((len(self._kept), 3), np.nan, np.float32))
            return
        self._points.append(found.points[self._kept])
        self._n_faces = max(self._n_faces, found.n_faces)
        self.meshes.add(index, found.points)
        self._pictures.add(index, image)

    def looks(self) -> Looks:
        """Return everything noted."""
        return Looks(
            times_s=np.array(self.times_s),
            at=np.array(self._at),
            presence=np.array(self._presence),
            points=np.array(self._points, np.float64),
            meshes=self.meshes.kept,
            pictures=self._pictures.kept,
            n_faces=self._n_faces,
        )


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


def _grey(image: NDArray[np.uint8]) -> NDArray[np.uint8]:
    import cv2

    return cv2.cvtColor(image, cv2.COLOR_RGB2GRAY).astype(np.uint8, copy=False)
