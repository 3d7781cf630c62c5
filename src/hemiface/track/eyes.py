"""How far each eye is open, each by itself.

A whole-face network lets one eye follow the other; this one (MediaPipe's iris model) sees a single
eye, so a closing eye cannot move the reading of its fellow.
"""

import numpy as np
from numpy.typing import NDArray

from hemiface.track.model import open_eye_network
from hemiface.track.pose import Poses
from hemiface.types import SIDES, Floats, Side

SIZE = 64
# The crop is this many times the distance between the corners of the eye, as in MediaPipe.
CROP_SCALE = 2.3
CORNERS: dict[Side, tuple[int, int]] = {"left": (362, 263), "right": (33, 133)}
# The first 16 of the 71 contour points go round the lids: corner, lower lid, corner, upper lid.
_LOWER, _UPPER, _ENDS = slice(1, 8), slice(9, 16), (0, 8)


class EyeReader:
    """Reads the aperture of both eyes from a frame whose pose is known."""

    def __init__(self, shape: Floats, poses: Poses) -> None:
        self._network = open_eye_network()
        self._corners = {side: shape[list(CORNERS[side])] for side in SIDES}
        self._poses = poses

    def read(self, index: int, image: NDArray[np.uint8]) -> tuple[float, float]:
        """Return the aperture of the left and right eye: height of the opening over its width."""
        left, right = (self._aperture(index, image, side) for side in SIDES)
        return left, right

    def _aperture(self, index: int, image: NDArray[np.uint8], side: Side) -> float:
        import cv2

        start, end = self._poses.place(index, self._corners[side])
        to_image = _crop(start, end, flipped=side == "right")
        crop = cv2.warpAffine(
            image,
            to_image,
            (SIZE, SIZE),
            flags=cv2.INTER_LINEAR | cv2.WARP_INVERSE_MAP,
            borderMode=cv2.BORDER_REPLICATE,
        )
        contour, _ = self._network(np.multiply(crop, np.float32(1 / 255), dtype=np.float32))
        x, y = contour.reshape(-1, 3)[:, :2].T
        width = abs(float(x[_ENDS[1]] - x[_ENDS[0]]))
        return abs(float(y[_LOWER].mean() - y[_UPPER].mean())) / max(width, 1.0)


def _crop(start: Floats, end: Floats, *, flipped: bool) -> NDArray[np.float32]:
    """Affine map from the square crop to the image; the right eye is flipped to look left."""
    along = (end - start) * CROP_SCALE / SIZE
    across = np.array([-along[1], along[0]])
    linear = np.column_stack([-along if flipped else along, across])
    shift = (start + end) / 2 - linear @ (SIZE / 2, SIZE / 2)
    return np.column_stack([linear, shift]).astype(np.float32)
