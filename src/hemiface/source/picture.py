"""From decoded pictures to upright RGB images: one conversion each, whatever the camera made."""

import struct
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, cast

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    from av.video.frame import VideoFrame

MAX_LONG_SIDE_PX = 1280
"""Larger pictures are scaled down to this; a face fills enough of it to be measured."""

MAX_PIXELS = 8192 * 8192
"""Most pixels of a picture: 8K and a half. A damaged header may claim thousands of times more."""

_PQ, _FULL_RANGE = 16, 2  # as FFmpeg numbers them
_MAX_STRETCH = 4.0  # no camera makes pixels four times as wide as high


@dataclass(frozen=True)
class Turn:
    """How a picture is set upright: rows and columns swapped first, then flipped."""

    swap: bool = False
    flip_x: bool = False
    flip_y: bool = False


class Painter:
    """Converts the pictures of one stream to RGB images, all of one size.

    Parameters
    ----------
    first : VideoFrame
        The first picture; it says how the others are turned and scaled.
    stretch : float
        Width of a pixel over its height.

    Attributes
    ----------
    width, height : int
        Size upright and with square pixels, before scaling.
    scale : float
        Original pixels per image pixel, at least 1.
    """

    def __init__(self, first: "VideoFrame", stretch: float = 1.0) -> None:
        from av.video.reformatter import VideoReformatter

        self._convert = VideoReformatter().reformat
        self._turn = read_turn(first)
        wide = round(first.width * _believe(stretch))
        self._aspect = first.width / first.height
        self.scale = max(1.0, max(wide, first.height) / MAX_LONG_SIDE_PX)
        self._size = [max(1, round(side / self.scale)) for side in (wide, first.height)]
        upright = (first.height, wide) if self._turn.swap else (wide, first.height)
        self.width, self.height = upright

    def fits(self, picture: "VideoFrame") -> bool:
        """Whether a picture has the shape of the first; its resolution may differ."""
        return abs(picture.width / picture.height / self._aspect - 1.0) < 0.02

    def paint(self, picture: "VideoFrame") -> NDArray[np.uint8]:
        """Return a picture as an upright image, shape (height, width, 3), RGB, contiguous."""
        from av.video.reformatter import Interpolation

        width, height = self._size
        rgb = self._convert(
            picture,
            width,
            height,
            "rgb24",
            interpolation=Interpolation.AREA,
            dst_color_range=_FULL_RANGE,
        ).to_ndarray()
        image: NDArray[np.uint8] = set_upright(rgb.astype(np.uint8, copy=False), self._turn)
        # HLG was made to look right on ordinary screens, and is left as it is; PQ was not.
        return dim_pq(image) if picture.color_trc == _PQ else image


def read_turn(picture: "VideoFrame") -> Turn:
    """Return how the file's display matrix sets its pictures upright, to a quarter turn."""
    try:
        matrix = bytes(cast(Mapping[str, Any], picture.side_data)["DISPLAYMATRIX"])
    except KeyError:
        return Turn()
    # Row vectors: shown x is a·x + c·y, shown y is b·x + d·y, in units of 1/65536.
    a, b, _, c, d = struct.unpack_from("=5i", matrix)
    if abs(b) + abs(c) > abs(a) + abs(d):
        return Turn(swap=True, flip_x=c < 0, flip_y=b < 0)
    return Turn(flip_x=a < 0, flip_y=d < 0)


def set_upright(image: NDArray[np.uint8], turn: Turn) -> NDArray[np.uint8]:
    """Return an image turned; shape (height, width, 3), contiguous."""
    import cv2

    if turn.swap:
        image = cv2.transpose(image).astype(np.uint8, copy=False)
    if turn.flip_x and turn.flip_y:
        return cv2.flip(image, -1).astype(np.uint8, copy=False)
    if turn.flip_x or turn.flip_y:
        return cv2.flip(image, 1 if turn.flip_x else 0).astype(np.uint8, copy=False)
    return np.ascontiguousarray(image)


def dim_pq(image: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """Return a PQ-coded HDR image as an ordinary one; brighter than white becomes white."""
    import cv2

    return cv2.LUT(image, _pq_table()).astype(np.uint8, copy=False)


def _pq_table() -> NDArray[np.uint8]:
    """What each PQ code value is on a display of gamma 2.4 whose white is 203 cd/m².

    References
    ----------
    SMPTE ST 2084:2014 (the curve); ITU-R BT.2408 (reference white).
    """
    m1, m2, c1, c2, c3 = 2610 / 16384, 2523 / 32, 3424 / 4096, 2413 / 128, 2392 / 128
    root = np.linspace(0.0, 1.0, 256) ** (1 / m2)
    luminance = 10_000.0 * (np.maximum(root - c1, 0.0) / (c2 - c3 * root)) ** (1 / m1)
    shown = np.clip(luminance / 203.0, 0.0, 1.0) ** (1 / 2.4)
    return np.rint(255.0 * shown).astype(np.uint8)


def _believe(stretch: float) -> float:
    return stretch if 1 / _MAX_STRETCH <= stretch <= _MAX_STRETCH else 1.0
