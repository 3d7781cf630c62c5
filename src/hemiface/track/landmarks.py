"""Follow one face: 478 landmarks per frame, the detector only when the face is lost.

The steps are those of MediaPipe's face landmarker v2 (Grishchenko et al. 2020, arXiv:2006.10962;
Kartynnik et al. 2019, arXiv:1907.06724), without its temporal smoothing: motion is measured
elsewhere, and a smoothed landmark hides a spasm.
"""

from collections import deque
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from hemiface.track.detector import Face, FaceDetector, Region, region_around
from hemiface.track.model import open_network
from hemiface.track.texture import cut_out, to_unit
from hemiface.types import Floats

SIZE = 256
MIN_PRESENCE = 0.5
RIGHT_EYE_OUTER, LEFT_EYE_OUTER = 33, 263
# How the region the detector gives differs from the box of the landmarks, before this face has
# taught it: median over 14 people of shift right, shift down (in sides), scale and angle.
TYPICAL_FIT = (0.0045, 0.037, 0.913, 0.0)


@dataclass(frozen=True, eq=False)
class Landmarks:
    """The landmarks of one face in one frame.

    Attributes
    ----------
    points : ndarray, shape (478, 3)
        x and y in image pixels, z in pixels too (smaller is nearer).
    presence : float
        How sure the network is that this is a face, 0 to 1.
    n_faces : int
        Faces in view when the detector last looked.
    """

    points: NDArray[np.float32]
    presence: float
    n_faces: int


class FaceLandmarker:
    """Follows the largest central face from frame to frame.

    Parameters
    ----------
    n_threads : int
        Threads of the landmark network.
    look_every : int
        Frames between two looks of the detector at the whole image, to notice other faces.
    """

    def __init__(self, *, n_threads: int = 1, look_every: int = 30) -> None:
        self._detector = FaceDetector()
        self._network = open_network("face_landmarks_detector.tflite", n_threads=n_threads)
        self._look_every = look_every
        self._region: Region | None = None
        self._n_faces = 0
        self._n_frames = 0
        self._fits: deque[Floats] = deque(maxlen=15)

    def detect(self, image: NDArray[np.uint8]) -> NDArray[np.float32] | None:
        """Return the landmarks of one image, shape (478, 3), or None; nothing is remembered."""
        faces = self._detector.detect(image)
        if not faces:
            return None
        points, presence = self._read(image, _main_face(faces, image.shape).region)
        return points if presence >= MIN_PRESENCE else None

    def follow(self, image: NDArray[np.uint8]) -> Landmarks | None:
        """Return the landmarks of the next frame, or None when no face is seen.

        Parameters
        ----------
        image : ndarray, shape (height, width, 3), uint8
            The frame, RGB, upright.
        """
        seen = self._look(image)
        region = self._region or seen
        if region is None:
            return None
        points, presence = self._read(image, region)
        if presence < MIN_PRESENCE:
            self._region = None
            return None
        self._follow_next(points, seen)
        return Landmarks(points, presence, self._n_faces)

    def _look(self, image: NDArray[np.uint8]) -> Region | None:
        """Run the detector when the face is lost, and now and then, to count faces."""
        due = self._n_frames % self._look_every == 0
        self._n_frames += 1
        if self._region is not None and not due:
            return None
        faces = self._detector.detect(image)
        self._n_faces = len(faces)
        if not faces:
            return None
        if self._region is None:
            return _main_face(faces, image.shape).region
        return _same_face(faces, self._region)

    def _follow_next(self, points: NDArray[np.float32], seen: Region | None) -> None:
        """Place the next region; learn the fit of this face whenever the detector has just looked.

        The landmarks move by up to 1 % of the inter-ocular distance with the crop alone, so the
        crop must be the same whether the detector or the last frame placed it.
        """
        box = _box_region(points)
        if seen is not None:
            self._fits.append(_fit(box, seen))
        fit = np.median(self._fits, axis=0) if self._fits else np.array(TYPICAL_FIT)
        self._region = _fitted(box, fit)

    def _read(self, image: NDArray[np.uint8], region: Region) -> tuple[NDArray[np.float32], float]:
        to_image = _to_image(region)
        raw, presence, _ = self._network(to_unit(cut_out(image, to_image, SIZE)))
        points = raw.reshape(-1, 3)
        placed = np.empty_like(points)
        placed[:, :2] = points[:, :2] @ to_image[:, :2].T + to_image[:, 2]
        placed[:, 2] = points[:, 2] * (region.side / SIZE)
        return placed, float(1 / (1 + np.exp(-float(np.clip(presence.ravel()[0], -80.0, 80.0)))))


def _main_face(faces: list[Face], shape: tuple[int, ...]) -> Face:
    """Choose the largest face, a little in favour of the centre of the image."""
    height, width = shape[:2]

    def weight(face: Face) -> float:
        away = np.hypot(face.region.x / width - 0.5, face.region.y / height - 0.5)
        return face.box[2] * face.box[3] * (1.0 - 0.8 * float(away))

    return max(faces, key=weight)


def _to_image(region: Region) -> NDArray[np.float32]:
    """Affine map from the crop to the image, shape (2, 3).

    Corners are mapped as if they were pixel centres, half a pixel off, because MediaPipe does so
    and the network's habits follow.
    """
    scale = region.side / SIZE
    cos, sin = np.cos(region.angle) * scale, np.sin(region.angle) * scale
    linear = np.array([[cos, -sin], [sin, cos]])
    shift = np.array([region.x, region.y]) - linear @ (SIZE / 2, SIZE / 2)
    return np.column_stack([linear, shift]).astype(np.float32)


def _same_face(faces: list[Face], region: Region) -> Region | None:
    """Return the detected region that is the face being followed, if any is near it."""
    nearest = min(faces, key=lambda face: _distance(face.region, region)).region
    return nearest if _distance(nearest, region) < 0.25 * region.side else None


def _distance(a: Region, b: Region) -> float:
    return float(np.hypot(a.x - b.x, a.y - b.y))


def _box_region(points: NDArray[np.float32]) -> Region:
    flat = points[:, :2].astype(np.float64)
    return region_around(
        flat.min(axis=0), flat.max(axis=0), flat[RIGHT_EYE_OUTER], flat[LEFT_EYE_OUTER]
    )


def _fit(box: Region, seen: Region) -> Floats:
    """Return shift right, shift down, scale and angle that take the landmarks' box to `seen`."""
    cos, sin = np.cos(box.angle), np.sin(box.angle)
    dx, dy = seen.x - box.x, seen.y - box.y
    turn = (seen.angle - box.angle + np.pi) % (2 * np.pi) - np.pi
    shift = np.array([cos * dx + sin * dy, cos * dy - sin * dx]) / box.side
    return np.array([*shift, seen.side / box.side, turn])


def _fitted(box: Region, fit: Floats) -> Region:
    right, down, scale, turn = fit
    cos, sin = np.cos(box.angle) * box.side, np.sin(box.angle) * box.side
    return Region(
        float(box.x + cos * right - sin * down),
        float(box.y + sin * right + cos * down),
        float(box.side * scale),
        float(box.angle + turn),
    )
