"""How far each eye is open, each by itself: its aperture in every frame, and where its lids are.

A whole-face network lets one eye follow the other; this one (MediaPipe's iris model) sees a single
eye, so a closing eye cannot move the reading of its fellow. It looks again only when the picture of
the eye has changed: at rest that saves most of its time.
"""

import numpy as np
from numpy.typing import NDArray

from hemiface.track.margins import lid_opening
from hemiface.track.model import open_eye_network
from hemiface.track.pose import Poses
from hemiface.track.texture import cut_out, to_unit
from hemiface.types import SIDES, Floats, Side

SIZE = 64
# The margins of the lids are read from a picture this many times finer.
_FINER = 3
# The crop is this many times the distance between the corners of the eye, as in MediaPipe.
CROP_SCALE = 2.3
CORNERS: dict[Side, tuple[int, int]] = {"left": (362, 263), "right": (33, 133)}
# A picture has changed when one of its cells differs by this many grey levels from the last that
# was read; apertures then stay within 1 % (RMS) of reading every frame.
_CELLS, _EDGE, _CHANGED = 16, 3, 4.0
# The first 16 of the 71 contour points go round the lids: corner, lower lid, corner, upper lid.
_LOWER, _UPPER, _ENDS = slice(1, 8), slice(9, 16), (0, 8)


class EyeReader:
    """Reads the aperture of both eyes from frames whose pose is known, one after another."""

    def __init__(self, shape: Floats, poses: Poses) -> None:
        self._network = open_eye_network()
        self._corners = {side: shape[list(CORNERS[side])] for side in SIDES}
        self._poses = poses
        self._last: dict[Side, tuple[NDArray[np.float32], tuple[float, float]]] = {}

    def read(self, index: int, image: NDArray[np.uint8]) -> Floats:
        """Return aperture and opening of the left and right eye, shape (2, 2), one row per eye.

        Both are heights over the width of the eye: the aperture by the network alone, quick and
        sure of a closing lid; the opening between the margins of the lids, true where they rest.
        """
        return np.array([self._heights(index, image, side) for side in SIDES])

    def _heights(self, index: int, image: NDArray[np.uint8], side: Side) -> tuple[float, float]:
        start, end = self._poses.place(index, self._corners[side])

        def cut(size: int) -> NDArray[np.uint8]:
            return cut_out(image, _to_image(start, end, size, flipped=side == "right"), size)

        crop = cut(SIZE)
        cells = _coarse(crop)
        if side not in self._last or np.abs(cells - self._last[side][0]).max() > _CHANGED:
            self._last[side] = cells, self._look(crop, cut(_FINER * SIZE))
        return self._last[side][1]

    def _look(self, crop: NDArray[np.uint8], fine: NDArray[np.uint8]) -> tuple[float, float]:
        contour = self._network(to_unit(crop))[0].reshape(-1, 3)[:, :2].astype(float)
        x, y = contour.T
        width = abs(float(x[_ENDS[1]] - x[_ENDS[0]]))
        aperture = abs(float(y[_LOWER].mean() - y[_UPPER].mean())) / max(width, 1.0)
        upper, lower, ends = (_FINER * contour[part] for part in (_UPPER, _LOWER, list(_ENDS)))
        return aperture, lid_opening(fine, upper, lower, ends[:, 0])


def _coarse(crop: NDArray[np.uint8]) -> NDArray[np.float32]:
    """Return the middle of a crop as a few grey cells, in which noise averages out."""
    import cv2

    grey = cv2.cvtColor(crop, cv2.COLOR_RGB2GRAY).astype(np.float32)
    cells = cv2.resize(grey, (_CELLS, _CELLS), interpolation=cv2.INTER_AREA)
    return cells[_EDGE:-_EDGE, _EDGE:-_EDGE].astype(np.float32, copy=False)


def _to_image(start: Floats, end: Floats, size: int, *, flipped: bool) -> NDArray[np.float32]:
    """Affine map from the square crop to the image; the right eye is flipped to look left."""
    along = (end - start) * CROP_SCALE / size
    across = np.array([-along[1], along[0]])
    linear = np.column_stack([-along if flipped else along, across])
    shift = (start + end) / 2 - linear @ (size / 2, size / 2)
    return np.column_stack([linear, shift]).astype(np.float32)
