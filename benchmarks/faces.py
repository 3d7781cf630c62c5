"""What the baselines look at: blend shapes and eye apertures, one pass over a video.

Landmarks are ours, which agree with MediaPipe's own but are not smoothed over time, so that a quick
spasm reaches the baselines whole. The blend-shape network is MediaPipe's, run through LiteRT.
"""

from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from hemiface.source.video import open_video
from hemiface.track.landmarks import FaceLandmarker
from hemiface.track.model import bundle
from hemiface.types import Floats

# The landmarks that the network reads, as its model card and MediaPipe's graph of it list them.
SUBSET: tuple[int, ...] = (
    0, 1, 4, 5, 6, 7, 8, 10, 13, 14, 17, 21, 33, 37, 39, 40, 46, 52, 53, 54, 55, 58, 61, 63, 65,
    66, 67, 70, 78, 80, 81, 82, 84, 87, 88, 91, 93, 95, 103, 105, 107, 109, 127, 132, 133, 136,
    144, 145, 146, 148, 149, 150, 152, 153, 154, 155, 157, 158, 159, 160, 161, 162, 163, 168, 172,
    173, 176, 178, 181, 185, 191, 195, 197, 234, 246, 249, 251, 263, 267, 269, 270, 276, 282, 283,
    284, 285, 288, 291, 293, 295, 296, 297, 300, 308, 310, 311, 312, 314, 317, 318, 321, 323, 324,
    332, 334, 336, 338, 356, 361, 362, 365, 373, 374, 375, 377, 378, 379, 380, 381, 382, 384, 385,
    386, 387, 388, 389, 390, 397, 398, 400, 402, 405, 409, 415, 454, 466, 468, 469, 470, 471, 472,
    473, 474, 475, 476, 477,
)  # fmt: skip
# Where each shape is in the network's output: left, right.
SHAPES: dict[str, tuple[int, int]] = {
    "eyeBlink": (9, 10),
    "eyeSquint": (19, 20),
    "mouthSmile": (44, 45),
}
# Corner, two points of the upper lid, corner, two of the lower lid (Soukupová & Čech 2016).
_LEFT_EYE = (362, 385, 387, 263, 373, 380)
_RIGHT_EYE = (33, 160, 158, 133, 153, 144)


@dataclass(frozen=True, eq=False)
class FaceTraces:
    """What the baselines see of one recording; NaN where no face was found.

    Attributes
    ----------
    times_s : ndarray, shape (n_frames,)
    shapes : dict of ndarray, shape (2, n_frames)
        Blend shapes 0 to 1, left then right.
    apertures : ndarray, shape (2, n_frames)
        Eye aspect ratio, left then right.
    """

    times_s: Floats
    shapes: dict[str, Floats]
    apertures: Floats


class BlendShapes:
    """MediaPipe's blend-shape network."""

    def __init__(self) -> None:
        from ai_edge_litert.interpreter import Interpreter

        self._network = Interpreter(
            model_content=bundle()["face_blendshapes.tflite"], num_threads=1
        )
        self._network.allocate_tensors()
        self._in = self._network.get_input_details()[0]["index"]
        self._out = self._network.get_output_details()[0]["index"]

    def read(self, points: NDArray[np.float32]) -> NDArray[np.float32]:
        """Return the 52 shapes of landmarks in pixels, shape (478, 2 or 3)."""
        self._network.set_tensor(self._in, points[None, list(SUBSET), :2].astype(np.float32))
        self._network.invoke()
        return np.array(self._network.get_tensor(self._out), np.float32).ravel()


def read_traces(video: Path) -> FaceTraces:
    """Follow the face through a video as the baselines would."""
    landmarker, network = FaceLandmarker(n_threads=2), BlendShapes()
    times, shapes, apertures = [], [], []
    with open_video(video) as frames:
        for frame in frames.frames():
            found = landmarker.follow(frame.image)
            times.append(frame.time_s)
            shapes.append(network.read(found.points) if found else np.full(52, np.nan))
            apertures.append(eye_apertures(found.points) if found else (np.nan, np.nan))
    table = np.array(shapes, np.float64).T
    sides = {name: table[list(rows)] for name, rows in SHAPES.items()}
    return FaceTraces(np.array(times), sides, np.array(apertures, np.float64).T)


def eye_apertures(points: NDArray[np.float32]) -> tuple[float, float]:
    """Return the eye aspect ratio of the left and right eye."""
    left, right = (_aspect(points[list(eye), :2]) for eye in (_LEFT_EYE, _RIGHT_EYE))
    return left, right


def _aspect(eye: NDArray[np.float32]) -> float:
    heights = np.linalg.norm(eye[1] - eye[5]) + np.linalg.norm(eye[2] - eye[4])
    return float(heights / (2 * np.linalg.norm(eye[0] - eye[3])))
