"""Find faces in a whole image: BlazeFace short range, as MediaPipe runs it.

Anchors, decoding and the region that follows are those of MediaPipe's face detector (Bazarevsky et
al. 2019, arXiv:1907.05047); suppression keeps the best of overlapping boxes rather than blending
them.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from hemiface.track.model import open_network
from hemiface.types import Floats

SIZE = 128
MIN_SCORE = 0.5
MAX_OVERLAP = 0.3
REGION_SCALE = 1.5


@dataclass(frozen=True)
class Region:
    """A rotated square in the image: centre and side in pixels, angle in radians."""

    x: float
    y: float
    side: float
    angle: float


@dataclass(frozen=True, eq=False)
class Face:
    """A detected face: box (left, top, width, height) in pixels, score, region for landmarks."""

    box: tuple[float, float, float, float]
    score: float
    region: Region


def _anchors() -> Floats:
    """Centres of the 896 anchors, shape (896, 2), as fractions of the input."""
    rows = []
    for cells, repeats in ((16, 2), (8, 6)):
        centres = (np.arange(cells) + 0.5) / cells
        y, x = np.meshgrid(centres, centres, indexing="ij")
        rows.append(np.repeat(np.stack([x.ravel(), y.ravel()], axis=1), repeats, axis=0))
    return np.concatenate(rows)


class FaceDetector:
    """Finds every face of an image, best first."""

    def __init__(self) -> None:
        self._network = open_network("face_detector.tflite")
        self._anchors = _anchors()

    def detect(self, image: NDArray[np.uint8]) -> list[Face]:
        """Return the faces of an RGB image, shape (height, width, 3), best score first."""
        import cv2

        height, width = image.shape[:2]
        scale = SIZE / max(height, width)
        to_input = np.array(
            [[scale, 0, (SIZE - width * scale) / 2], [0, scale, (SIZE - height * scale) / 2]]
        )
        canvas = cv2.warpAffine(image, to_input, (SIZE, SIZE), flags=cv2.INTER_LINEAR)
        offsets, logits = self._network(canvas.astype(np.float32) / 127.5 - 1.0)
        return self._faces(offsets, logits[:, 0], to_input)

    def _faces(
        self, offsets: NDArray[np.float32], logits: NDArray[np.float32], to_input: Floats
    ) -> list[Face]:
        import cv2

        scores = 1 / (1 + np.exp(-np.clip(logits, -80, 80)))
        keep = np.flatnonzero(scores >= MIN_SCORE)
        if not len(keep):
            return []
        raw = offsets[keep].astype(np.float64)
        anchors = self._anchors[keep] * SIZE
        points = raw.reshape(len(keep), 8, 2)
        points[:, 0] += anchors
        points[:, 2:] += anchors[:, None]
        scale = to_input[0, 0]
        points[:, [0, *range(2, 8)]] -= to_input[:, 2]
        points /= scale
        sizes = points[:, 1]
        boxes = np.concatenate([points[:, 0] - sizes / 2, sizes], axis=1)
        best = cv2.dnn.NMSBoxes(
            boxes.tolist(), scores[keep].astype(float).tolist(), MIN_SCORE, MAX_OVERLAP
        )
        return [
            Face(
                (boxes[i, 0], boxes[i, 1], boxes[i, 2], boxes[i, 3]),
                float(scores[keep][i]),
                region_around(
                    boxes[i, :2], boxes[i, :2] + boxes[i, 2:], points[i, 2], points[i, 3]
                ),
            )
            for i in np.asarray(best, int).ravel()
        ]


def region_around(low: Floats, high: Floats, right_eye: Floats, left_eye: Floats) -> Region:
    """Return the square region around a box, turned so that the eyes lie level."""
    centre = (low + high) / 2
    along = left_eye - right_eye
    side = float((high - low).max()) * REGION_SCALE
    return Region(float(centre[0]), float(centre[1]), side, float(np.arctan2(along[1], along[0])))
