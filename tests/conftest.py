"""What several tests share: the data beside the repository, a face, and patients filmed once."""

from collections.abc import Callable
from fractions import Fraction
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from film import Film
from hemiface.simulate.face.portrait import Portrait, read_portrait
from hemiface.track import measure_motion, track_head
from hemiface.track.landmarks import FaceLandmarker
from hemiface.types import Recording, Track

Image = NDArray[np.uint8]
SHARED = Path(__file__).parents[2] / "shared" / "data"


@pytest.fixture(scope="session")
def shared_data() -> Path:
    """Folder of real faces that are not part of the repository."""
    if not SHARED.is_dir():
        pytest.skip("needs the recordings of ../shared/data, which are not part of the repository")
    return SHARED


@pytest.fixture(scope="session")
def landmarker() -> FaceLandmarker:
    return FaceLandmarker(n_threads=2)


@pytest.fixture(scope="session")
def face(landmarker: FaceLandmarker) -> Portrait:
    """A still face, 400 px wide, about 150 px between the outer corners of the eyes."""
    return read_portrait(None, landmarker.detect, 400)


@pytest.fixture(scope="session")
def track_images() -> Callable[..., Track]:
    """Track pictures in memory as the frames of a recording."""

    def track(pictures: list[Image], rate_hz: float = 30.0) -> Track:
        frames = [(index / rate_hz, picture) for index, picture in enumerate(pictures)]
        head = track_head(iter(frames))
        height, width = pictures[0].shape[:2]
        recording = Recording(
            "made", "video", "made.mp4", "0" * 64, rate_hz, len(frames) / rate_hz, len(frames),
            width, height, None, "rest",
        )  # fmt: skip
        return measure_motion(iter(frames), head, recording)

    return track


@pytest.fixture(scope="session")
def severe_left(tmp_path_factory: pytest.TempPathFactory) -> Film:
    """Ten seconds of a virtual patient with severe spasms on the left, at 60 frames a second."""
    from hemiface.pipeline import simulate_video

    path = tmp_path_factory.mktemp("patient") / "severe.mp4"
    truth = simulate_video(
        path, seed=17, side="left", severity="severe", task="rest", duration_s=10.0, fps=60.0,
        size=360,
    )  # fmt: skip
    return Film(path, truth)


@pytest.fixture(scope="session")
def write_film() -> Callable[[Path, list[Image], float], Path]:
    """Write pictures as an H.264 film of constant rate."""
    import av

    def write(path: Path, pictures: list[Image], rate_hz: float) -> Path:
        with av.open(str(path), "w") as out:
            stream = out.add_stream("libx264", rate=round(rate_hz), options={"crf": "16"})
            stream.height, stream.width = pictures[0].shape[:2]
            stream.pix_fmt = "yuv420p"
            for index, picture in enumerate(pictures):
                frame = av.VideoFrame.from_ndarray(np.ascontiguousarray(picture), format="rgb24")
                frame.pts, frame.time_base = index, Fraction(1, round(rate_hz))
                out.mux(stream.encode(frame))
            out.mux(stream.encode(None))
        return path

    return write
