"""Every frame as the same frontal face: head motion undone, only the muscles still move.

The person's own 3D surface is posed as the head is, and the frame is read at its points, so that a
turn of the head becomes, to first order, no motion at all.
"""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from hemiface.track.pose import FLIP, Poses
from hemiface.types import Floats

PX_PER_CM = 12
LEFT_CM, RIGHT_CM, TOP_CM, BOTTOM_CM = -8.0, 8.0, 9.0, -10.0
WIDTH = int((RIGHT_CM - LEFT_CM) * PX_PER_CM)
HEIGHT = int((TOP_CM - BOTTOM_CM) * PX_PER_CM)
# Where the texture's columns and rows lie on the face.
_X_CM = LEFT_CM + (np.arange(WIDTH) + 0.5) / PX_PER_CM
_Y_CM = TOP_CM - (np.arange(HEIGHT) + 0.5) / PX_PER_CM
_MARGIN_PX = 16


def to_pixels(points_cm: Floats) -> NDArray[np.float32]:
    """Return where points of the frontal face lie in the texture, shape (n, 2), in pixels."""
    x = (points_cm[:, 0] - LEFT_CM) * PX_PER_CM - 0.5
    y = (TOP_CM - points_cm[:, 1]) * PX_PER_CM - 0.5
    return np.stack([x, y], axis=1).astype(np.float32)


def sample(image: NDArray[Any], at: NDArray[np.float32]) -> NDArray[Any]:
    """Return an image's values at points x, y, shape (..., 2); beyond its edge, the edge's."""
    import cv2

    return cv2.remap(  # type: ignore[call-overload, no-any-return]
        image, at, None, cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE
    )


def cut_out(
    image: NDArray[np.uint8], to_image: NDArray[np.float32], size: int
) -> NDArray[np.uint8]:
    """Return a square part of an image; `to_image` maps its pixels there, shape (2, 3)."""
    import cv2

    part = cv2.warpAffine(
        image,
        to_image,
        (size, size),
        flags=cv2.INTER_LINEAR | cv2.WARP_INVERSE_MAP,
        borderMode=cv2.BORDER_REPLICATE,
    )
    return part.astype(np.uint8, copy=False)


def to_unit(image: NDArray[np.uint8]) -> NDArray[np.float32]:
    """Return an image's values from 0 to 1, as the networks want them."""
    return np.multiply(image, np.float32(1 / 255), dtype=np.float32)


class FrontalView:
    """Reads frames through the person's posed surface.

    Parameters
    ----------
    shape : ndarray, shape (468, 3)
        The person's frontal face in cm.
    poses : Poses
        Where the head is in every frame.
    """

    def __init__(self, shape: Floats, poses: Poses) -> None:
        self._depth = _depth(shape)
        self._poses = poses
        self._matrices = poses.matrices()

    def read(self, index: int, image: NDArray[np.uint8]) -> NDArray[np.uint8]:
        """Return frame `index`, RGB or grey, as a grey frontal face, shape (HEIGHT, WIDTH)."""
        import cv2

        scale = float(self._poses.scale[index])
        x, y = self._places(index, scale)
        rows, columns = _around(y, image.shape[0]), _around(x, image.shape[1])
        part = image[rows, columns]
        grey = part if part.ndim == 2 else cv2.cvtColor(part, cv2.COLOR_RGB2GRAY)
        shrink = scale / PX_PER_CM
        if shrink > 1.6:  # a large face would alias when read at the texture's resolution
            grey = cv2.GaussianBlur(grey, (0, 0), 0.4 * shrink)
        view = cv2.remap(
            grey, x - columns.start, y - rows.start, cv2.INTER_LINEAR,
            borderMode=cv2.BORDER_REPLICATE,
        )  # fmt: skip
        return view.astype(np.uint8, copy=False)

    def _places(self, index: int, scale: float) -> tuple[NDArray[np.float32], ...]:
        """Return x and y in the image of every texture pixel, shape (HEIGHT, WIDTH) each."""
        turn, centre = scale * self._matrices[index], self._poses.centre[index]
        return tuple(
            np.float32(sign * row[2]) * self._depth
            + (sign * (row[0] * _X_CM + shift)).astype(np.float32)
            + (sign * row[1] * _Y_CM).astype(np.float32)[:, None]
            for row, shift, sign in zip(turn[:2], centre[:2], FLIP[:2], strict=True)
        )


def _around(places: NDArray[np.float32], length: int) -> slice:
    """Return the part of an image axis that holds the places, with room to smooth."""
    start = int(np.clip(places.min() - _MARGIN_PX, 0, length - 1))
    end = int(np.clip(places.max() + _MARGIN_PX, 0, length - 1))
    return slice(start, end + 1)


def _depth(shape: Floats) -> NDArray[np.float32]:
    """Return the depth of the face's surface at every texture pixel, in cm."""
    import cv2
    from scipy.interpolate import LinearNDInterpolator, NearestNDInterpolator

    x, y = np.meshgrid(_X_CM, _Y_CM)
    inside = LinearNDInterpolator(shape[:, :2], shape[:, 2])(x, y)
    beyond = NearestNDInterpolator(shape[:, :2], shape[:, 2])(x, y)
    depth = cv2.GaussianBlur(np.where(np.isfinite(inside), inside, beyond), (0, 0), 4)
    return depth.astype(np.float32)
