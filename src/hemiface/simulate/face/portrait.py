"""A still portrait, found, cropped and scaled so that its face can be animated."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from hemiface.errors import ConventionError, NoFaceError, SourceError
from hemiface.simulate.face.face import Face, make_face, measure_scale
from hemiface.simulate.face.head import HeadModel, model_head

Image = NDArray[np.uint8]
Landmarker = Callable[[Image], NDArray[np.float32] | None]
"""From an RGB image to its landmarks in pixels, shape (478, 3), or None when no face is seen."""

_OUT_OF_FOCUS = 0.02  # blur of what is made up around an image, as a share of its side
_SHARP = 0.1  # a margin narrower than this share of the image is not blurred
_FACE_WIDTHS = 2.0  # side of the square crop, in widths of the face


@dataclass(frozen=True, eq=False)
class Portrait:
    """A face ready to be animated.

    Attributes
    ----------
    image : ndarray, shape (size, size, 3), uint8
        The portrait, RGB.
    face : Face
        The face in it.
    head : HeadModel
        Its depth.
    eyes_px : float
        Distance between the outer corners of the eyes.
    """

    image: Image
    face: Face
    head: HeadModel
    eyes_px: float


def read_portrait(
    path: Path | None,
    landmarks: Landmarker,
    size: int,
    frame: tuple[int, int] | None = None,
) -> Portrait:
    """Read a portrait and crop it to a square around the face, or to a larger frame around that.

    Parameters
    ----------
    path : Path or None
        An image; None takes the public-domain portrait of an astronaut that scikit-image ships.
    landmarks : callable
        Finds the landmarks of an image.
    size : int
        Side of the square, px.
    frame : (width, height), optional
        Size of the picture that the square lies in the middle of; by default the square alone.

    Raises
    ------
    ConventionError
        If the frame cannot hold the square.
    SourceError
        If the file is not an image.
    NoFaceError
        If no face is found in it.
    """
    width, height = frame or (size, size)
    if min(width, height) < size:
        raise ConventionError(
            f"The picture must hold the portrait of {size} px; got {width}x{height}. "
            "Make the size smaller."
        )
    image = _read_astronaut() if path is None else _read_image(path)
    points = landmarks(image)
    if points is None:
        raise _no_face(path)
    picture = _crop(image, points, size, (width, height))
    left, top = (width - size) // 2, (height - size) // 2
    points = landmarks(np.ascontiguousarray(picture[top : top + size, left : left + size]))
    if points is None:
        raise _no_face(path)
    points = points + np.array([left, top, 0.0], np.float32)
    scale = float(measure_scale(points[None].astype(np.float64))[0])
    eyes_px = float(np.linalg.norm(points[33, :2] - points[263, :2]))
    return Portrait(picture, make_face(points, scale), model_head(points, picture.shape), eyes_px)


def _read_astronaut() -> Image:
    from skimage.data import astronaut

    return np.asarray(astronaut(), dtype=np.uint8)  # type: ignore[no-untyped-call]


def _read_image(path: Path) -> Image:
    import cv2

    try:
        data = np.frombuffer(path.read_bytes(), np.uint8)
    except OSError as problem:
        raise SourceError(
            f"{path} cannot be read: {problem.strerror}. Check the path."
        ) from problem
    image = cv2.imdecode(data, cv2.IMREAD_COLOR) if len(data) else None
    if image is None:
        raise SourceError(
            f"The portrait must be a JPEG, PNG or TIFF image; {path} is none. Convert it."
        )
    return np.asarray(cv2.cvtColor(image, cv2.COLOR_BGR2RGB), dtype=np.uint8)


def _crop(image: Image, points: NDArray[np.float32], size: int, frame: tuple[int, int]) -> Image:
    """Cut what the frame shows, continuing the image, out of focus, where it reaches beyond."""
    import cv2

    low, high = points[:, :2].min(axis=0), points[:, :2].max(axis=0)
    side = _FACE_WIDTHS * float(high[0] - low[0])
    spans = np.round(np.array(frame) * round(side) / size).astype(int)
    centre = 0.5 * (low + high) + (0.0, -0.05 * side)
    start = np.round(centre - spans * side / (2 * round(side))).astype(int)
    end = start + spans
    over = np.maximum([-start[1], end[1] - image.shape[0], -start[0], end[0] - image.shape[1]], 0)
    top, bottom, left, right = (int(px) for px in over)
    padded = _continued(image, (top, bottom, left, right))
    cut = padded[start[1] + top : end[1] + top, start[0] + left : end[0] + left]
    how = cv2.INTER_AREA if side > size else cv2.INTER_CUBIC
    return np.asarray(cv2.resize(cut, frame, interpolation=how), dtype=np.uint8)


def _continued(image: Image, beyond: tuple[int, int, int, int]) -> Image:
    """Return the image with a margin (top, bottom, left, right) that mirrors it, far from sharp."""
    import cv2

    wide = cv2.copyMakeBorder(image, *beyond, cv2.BORDER_REFLECT_101)
    if max(beyond) < _SHARP * max(image.shape):
        return np.asarray(wide, dtype=np.uint8)
    soft = cv2.GaussianBlur(wide, (0, 0), _OUT_OF_FOCUS * max(image.shape))
    outside = cv2.copyMakeBorder(
        np.zeros(image.shape[:2], np.float32), *beyond, cv2.BORDER_CONSTANT, value=1.0
    )
    width_px = 2 * round(_OUT_OF_FOCUS * max(image.shape)) + 1
    share = cv2.blur(cv2.dilate(outside, np.ones((width_px, width_px))), (width_px, width_px))
    mixed = wide + share[..., None] * (soft.astype(np.float32) - wide)
    return np.asarray(np.rint(mixed), dtype=np.uint8)


def _no_face(path: Path | None) -> NoFaceError:
    return NoFaceError(
        f"The portrait must show one face from the front; none was found in {path or 'it'}. "
        "Choose another image."
    )
