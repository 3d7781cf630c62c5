"""Speed: hemiface, MediaPipe's own loop and the bare network, in turns on one clip."""

import json
import resource
import subprocess
import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import median

import numpy as np
from numpy.typing import NDArray

from benchmarks.cases import Tell
from benchmarks.clips import OUT, speed_clip
from benchmarks.results import Row, Table, Target
from hemiface.errors import NoFaceError

MEDIAPIPE = "mediapipe==1.2.2"
_WARM_UP, _N_CROPS = 20, 400
_NETWORK = "face_landmarks_detector.tflite"


@dataclass(frozen=True)
class Pace:
    """How fast some work went.

    Attributes
    ----------
    fps : float
        Frames per second of wall-clock time.
    cpu_ms : float
        Processor time per frame, all cores together: hardly changes with other work around.
    """

    fps: float
    cpu_ms: float


@dataclass(frozen=True)
class Round:
    """The three kinds of work, done one after the other; MediaPipe may not be there."""

    hemiface: Pace
    mediapipe: Pace | None
    network: Pace


def measure_speed(n_rounds: int, length_s: float, tell: Tell) -> Table:
    """Time the three in turns, so that what else the machine does falls on all alike."""
    clip = speed_clip(length_s)
    python, crop = mediapipe_python(tell), _face_crop(clip)
    rounds = []
    for index in range(n_rounds):
        tell(f"speed: round {index + 1} of {n_rounds}")
        theirs = time_mediapipe(python, clip) if python else None
        rounds.append(Round(time_hemiface(clip, OUT / "report"), theirs, time_network(crop)))
    return _table(rounds, f"{_n_frames(clip)} frames, {n_rounds} rounds")


def time_hemiface(clip: Path, out: Path) -> Pace:
    """Time the whole command, from its start to the written report."""
    start_s, before_s = time.perf_counter(), _children_cpu_s()
    subprocess.run(measure_command(clip, out), check=True, capture_output=True)
    return _pace(_n_frames(clip), time.perf_counter() - start_s, _children_cpu_s() - before_s)


def time_mediapipe(python: Path, clip: Path) -> Pace:
    """Time MediaPipe's loop over the clip, its start-up not counted."""
    from hemiface.track.model import read_model

    model = OUT / "face_landmarker.task"
    model.write_bytes(read_model(model.name))
    script = Path(__file__).with_name("mediapipe_loop.py")
    command = [str(python), str(script), str(model), str(clip)]
    done = subprocess.run(command, check=True, capture_output=True, text=True)
    found = json.loads(done.stdout.splitlines()[-1])
    return _pace(found["n_frames"], found["wall_s"], found["cpu_s"])


def time_network(crop: NDArray[np.float32]) -> Pace:
    """Time the landmark network alone, with two threads."""
    from hemiface.track.model import open_network

    network = open_network(_NETWORK, n_threads=2)
    for _ in range(_WARM_UP):
        network(crop)
    start_s, before_s = time.perf_counter(), time.process_time()
    for _ in range(_N_CROPS):
        network(crop)
    return _pace(_N_CROPS, time.perf_counter() - start_s, time.process_time() - before_s)


def mediapipe_python(tell: Tell) -> Path | None:
    """Return the Python of an environment with MediaPipe, made if missing; None if it cannot be."""
    home = OUT / "mediapipe-venv"
    python, ready = home / "bin" / "python", home / ".ready"
    if ready.exists():
        return python
    tell(f"speed: installing {MEDIAPIPE} in an environment of its own")
    try:
        for command in ([sys.executable, "-m", "venv", str(home)], _pip_install(python)):
            subprocess.run(command, check=True, capture_output=True, text=True)
    except subprocess.CalledProcessError as problem:
        why = (problem.stderr or "no reason given").strip().splitlines()[-1]
        tell(f"speed: {MEDIAPIPE} cannot be installed and is left out: {why}")
        return None
    ready.touch()
    return python


def measure_command(clip: Path, out: Path) -> list[str]:
    """Return the command that measures a clip and writes its report."""
    hemiface = Path(sys.executable).with_name("hemiface")
    return [str(hemiface), "measure", str(clip), "--out", str(out)]


def _table(rounds: Sequence[Round], n: str) -> Table:
    ours = [one.hemiface for one in rounds]
    theirs = [one.mediapipe for one in rounds if one.mediapipe]
    network = [one.network for one in rounds]
    others = (_fps(theirs), _fps(network))
    rows = (
        Row("frames a second (median)", _fps(ours), None, others, n),
        Row(
            "processor time per frame, ms", _cpu_ms(ours), None, (_cpu_ms(theirs), _cpu_ms(network))
        ),
        Row("hemiface over MediaPipe's loop", _ratio(ours, theirs), Target(2.0)),
        Row("hemiface over the bare network", _ratio(ours, network), Target(0.5)),
    )
    note = (
        "The whole of `hemiface measure`, from its start to the written report, beside MediaPipe's "
        "Python FaceLandmarker in VIDEO mode doing nothing else (its start-up not counted), and "
        "the landmark network alone with two threads, nothing to decode. In turns on the same "
        "clip, 640 px, 30 fps; ratios are medians over the rounds."
    )
    return Table("Speed", note, ("MediaPipe's loop", "bare network"), rows)


def _ratio(ours: Sequence[Pace], others: Sequence[Pace]) -> float:
    ratios = [own.fps / other.fps for own, other in zip(ours, others, strict=False)]
    return median(ratios) if ratios else float("nan")


def _fps(paces: Sequence[Pace]) -> float:
    return median(pace.fps for pace in paces) if paces else float("nan")


def _cpu_ms(paces: Sequence[Pace]) -> float:
    return median(pace.cpu_ms for pace in paces) if paces else float("nan")


def _pace(n_frames: int, wall_s: float, cpu_s: float) -> Pace:
    return Pace(n_frames / wall_s, 1000 * cpu_s / n_frames)


def _pip_install(python: Path) -> list[str]:
    return [str(python), "-m", "pip", "install", "-q", MEDIAPIPE]


def _children_cpu_s() -> float:
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def _n_frames(clip: Path) -> int:
    import av

    with av.open(str(clip)) as container:
        return int(container.streams.video[0].frames)


def _face_crop(clip: Path) -> NDArray[np.float32]:
    """Return the face in the first frame as the network wants it, shape (256, 256, 3), 0 to 1."""
    import cv2

    from hemiface.source.video import open_video
    from hemiface.track.landmarks import SIZE, FaceLandmarker

    with open_video(clip) as video:
        image = next(video.frames()).image
    points = FaceLandmarker().detect(image)
    if points is None:
        raise NoFaceError(f"{clip} must show a face in its first frame; make it again.")
    (left, top), (right, bottom) = points[:, :2].min(axis=0), points[:, :2].max(axis=0)
    face = image[max(0, int(top)) : int(bottom), max(0, int(left)) : int(right)]
    return np.asarray(cv2.resize(face, (SIZE, SIZE)), np.float32) / np.float32(255)
