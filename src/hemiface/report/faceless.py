"""A film of landmarks alone: lines of the face, and no skin. It can be shown where a video cannot.

A person who knows somebody well may still know them by how they move.
"""

from collections.abc import Iterator
from fractions import Fraction
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from hemiface.types import Floats, Points
from hemiface.whole import written_whole

SIZE_PX = 480
_MARGIN = 1.25  # of the face's own width and height
_PAPER, _INK, _EYES = (252, 249, 243), (52, 84, 92), (160, 60, 40)
_CLOCK_HZ = 90_000

# Contours of the face mesh (Kartynnik et al. 2019, arXiv:1907.06724): closed, then open ones.
_CLOSED: tuple[tuple[int, ...], ...] = (
    (10, 338, 297, 332, 284, 251, 389, 356, 454, 323, 361, 288, 397, 365, 379, 378, 400, 377, 152,
     148, 176, 149, 150, 136, 172, 58, 132, 93, 234, 127, 162, 21, 54, 103, 67, 109),
    (61, 146, 91, 181, 84, 17, 314, 405, 321, 375, 291, 409, 270, 269, 267, 0, 37, 39, 40, 185),
    (78, 95, 88, 178, 87, 14, 317, 402, 318, 324, 308, 415, 310, 311, 312, 13, 82, 81, 80, 191),
    (276, 283, 282, 295, 285, 336, 296, 334, 293, 300), (46, 53, 52, 65, 55, 107, 66, 105, 63, 70),
)  # fmt: skip
_OPEN: tuple[tuple[int, ...], ...] = (
    (168, 6, 197, 195, 5, 4), (98, 97, 2, 326, 327), (205, 50, 118), (425, 280, 347),
)  # fmt: skip
_LIDS: tuple[tuple[int, ...], ...] = (
    (263, 249, 390, 373, 374, 380, 381, 382, 362, 398, 384, 385, 386, 387, 388, 466),
    (33, 7, 163, 144, 145, 153, 154, 155, 133, 173, 157, 158, 159, 160, 161, 246),
)


def write_faceless(points: Points, out: Path) -> None:
    """Write an MP4 of landmarks.

    Parameters
    ----------
    points : Points
    out : Path

    Raises
    ------
    OutputError
        If it cannot be written.
    """
    import av

    with written_whole(out) as part, av.open(str(part), "w", format="mp4") as film:
        stream = film.add_stream("libx264", rate=30, options={"crf": "26", "preset": "veryfast"})
        stream.width, stream.height, stream.pix_fmt = SIZE_PX, SIZE_PX, "yuv420p"
        stream.time_base = stream.codec_context.time_base = Fraction(1, _CLOCK_HZ)
        for time_s, image in draw_faceless(points):
            frame = av.VideoFrame.from_ndarray(image, format="rgb24")
            frame.pts, frame.time_base = round(time_s * _CLOCK_HZ), Fraction(1, _CLOCK_HZ)
            film.mux(stream.encode(frame))
        film.mux(stream.encode(None))


def draw_faceless(points: Points) -> Iterator[tuple[float, NDArray[np.uint8]]]:
    """Yield time and picture of each frame, shape (480, 480, 3); empty where no face was seen."""
    corner, scale = _frame(points)
    for time_s, places in zip(points.times_s, points.places_px[:, :, :2], strict=True):
        yield float(time_s), _draw((places - corner) * scale)


def _frame(points: Points) -> tuple[Floats, float]:
    """Return the corner and the scale of a square around the face's usual place."""
    seen = points.places_px[np.isfinite(points.places_px[:, 0, 0])][:, :, :2].astype(float)
    low, high = np.median(seen.min(axis=1), axis=0), np.median(seen.max(axis=1), axis=0)
    side = _MARGIN * float((high - low).max())
    return (low + high) / 2.0 - side / 2.0, SIZE_PX / side


def _draw(places: Floats) -> NDArray[np.uint8]:
    import cv2

    image = np.full((SIZE_PX, SIZE_PX, 3), _PAPER, np.uint8)
    if not np.isfinite(places[0, 0]):
        return image
    at = np.clip(np.rint(places * 8.0), -30_000, 30_000).astype(np.int32)
    for lines, closed, ink in ((_CLOSED, True, _INK), (_OPEN, False, _INK), (_LIDS, True, _EYES)):
        shapes = [at[list(line)][:, None] for line in lines]
        cv2.polylines(image, shapes, closed, ink, 1, cv2.LINE_AA, 3)
    for x, y in at[468:478:5]:
        cv2.circle(image, (int(x), int(y)), 8 * 5, _EYES, 1, cv2.LINE_AA, 3)
    return image
