"""The face models: verified by their hash, opened from memory, run through LiteRT.

`face_landmarker.task` is Google's MediaPipe face landmarker v2: a zip file that holds a face
detector, a network of 478 landmarks, and the metric geometry of the canonical face.
`iris_landmark.tflite` is MediaPipe's single-eye network. `MODEL_CARD.md` and `NOTICE` say more.
"""

import hashlib
import io
import zipfile
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

import numpy as np
from numpy.typing import NDArray

from hemiface.errors import SourceError
from hemiface.types import Floats

SHA256 = {
    "face_landmarker.task": "64184e229b263107bc2b804c6625db1341ff2bb731874b0bcc2fe6544e0bc9ff",
    "iris_landmark.tflite": "d1744d2a09c25f501d39eba4faff47e53ecca8852c5ce19bce8eeac39357521f",
}

# A vertex of the canonical face is x, y, z, u, v; the buffer stores each as a tagged 32-bit float.
_TAGGED_FLOAT = np.dtype([("tag", "u1"), ("value", "<f4")])
_VERTEX_TAG, _N_VERTICES, _VERTEX_SIZE = b"\x1d", 468, 5


def read_model(name: str) -> bytes:
    """Return a packaged model file after checking its SHA-256.

    Raises
    ------
    SourceError
        If the packaged file is not the one this version was built with.
    """
    data = (files("hemiface.track") / name).read_bytes()
    found = hashlib.sha256(data).hexdigest()
    if found != SHA256[name]:
        raise SourceError(
            f"The model {name} must have SHA-256 {SHA256[name]}; got {found}. Reinstall hemiface."
        )
    return data


@cache
def bundle() -> dict[str, bytes]:
    """Return the files of the face landmarker by name."""
    with zipfile.ZipFile(io.BytesIO(read_model("face_landmarker.task"))) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


@cache
def canonical_face() -> Floats:
    """Return the vertices of the canonical face, shape (468, 3), in cm.

    x points to the person's left, y up, z out of the face; the first 468 landmarks in order.
    """
    data = bundle()["geometry_pipeline_metadata_landmarks.binarypb"]
    start, n_floats = data.index(_VERTEX_TAG), _N_VERTICES * _VERTEX_SIZE
    run = np.frombuffer(data, _TAGGED_FLOAT, n_floats, start)
    vertices = run["value"].reshape(_N_VERTICES, _VERTEX_SIZE)[:, :3].astype(np.float64)
    vertices.flags.writeable = False
    return vertices


@cache
def mirror_pairs() -> NDArray[np.intp]:
    """Return, for each canonical vertex, the vertex at the mirrored place, shape (468,)."""
    face = canonical_face()
    flipped = face * (-1.0, 1.0, 1.0)
    distance = np.linalg.norm(face[None] - flipped[:, None], axis=2)
    return np.asarray(distance.argmin(axis=1))


@dataclass(frozen=True, eq=False)
class Network:
    """One LiteRT network with a single image input."""

    interpreter: Any
    input_index: int
    output_indices: tuple[int, ...]

    def __call__(self, image: NDArray[np.float32]) -> tuple[NDArray[np.float32], ...]:
        """Run the network on an image, shape (height, width, 3), already normalised."""
        self.interpreter.set_tensor(self.input_index, image[None])
        self.interpreter.invoke()
        return tuple(self.interpreter.get_tensor(index)[0] for index in self.output_indices)


def open_network(name: str, *, n_threads: int = 1) -> Network:
    """Open one network of the face landmarker, e.g. ``"face_landmarks_detector.tflite"``."""
    return _open(bundle()[name], n_threads)


def open_eye_network() -> Network:
    """Open the network that reads the lids of a single eye."""
    return _open(read_model("iris_landmark.tflite"), 1)


def _open(model: bytes, n_threads: int) -> Network:
    from ai_edge_litert.interpreter import Interpreter

    interpreter = Interpreter(model_content=model, num_threads=n_threads)
    interpreter.allocate_tensors()
    outputs = tuple(detail["index"] for detail in interpreter.get_output_details())
    return Network(interpreter, interpreter.get_input_details()[0]["index"], outputs)
