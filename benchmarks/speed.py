"""Speed and memory: hemiface, MediaPipe's own loop and the bare network, in turns on one clip."""

import json
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from statistics import median

import numpy as np

from benchmarks.clips import OUT, loop_clip, speed_clip
from hemiface.errors import HemifaceError

MEDIAPIPE = "mediapipe==1.2.2"
_SAMPLE_S = 0.05
_WARM_UP, _N_CROPS = 20, 400
_MB = 2**20


@dataclass(frozen=True)
class Speeds:
    """Frames per second of one kind of work, one number per round.

    Attributes
    ----------
    hemiface : tuple of float
        The whole command, from its start to the written report.
    mediapipe : tuple of float
        MediaPipe's Python FaceLandmarker, start-up not counted; empty where it could not be had.
    network : tuple of float
        The landmark network alone, with two threads.
    """

    hemiface: tuple[float, ...]
    mediapipe: tuple[float, ...]
    network: tuple[float, ...]

    def over(self, other: tuple[float, ...]) -> float:
        """Return the median over rounds of hemiface's speed by another's, NaN where there is none."""
        ratios = [ours / theirs for ours, theirs in zip(self.hemiface, other, strict=False)]
        return median(ratios) if ratios else float("nan")


@dataclass(frozen=True)
class Memory:
    """Peak memory of `hemiface measure`, children included, by length of the clip."""

    minutes: tuple[float, ...]
    peak_mb: tuple[float, ...]


def measure_speed(n_rounds: int, length_s: float, tell: Callable[[str], None]) -> Speeds:
    """Time the three in turns, so that what else the machine does falls on all alike."""
    clip = speed_clip(length_s)
    python = mediapipe_python(tell)
    crop = _face_crop(clip)
    rounds: list[tuple[float, float | None, float]] = []
    for index in range(n_rounds):
        tell(f"speed: round {index + 1} of {n_rounds}")
        theirs = time_mediapipe(python, clip) if python else None
        rounds.append((time_hemiface(clip, OUT / "report"), theirs, time_network(crop)))
    return Speeds(
        hemiface=tuple(ours for ours, _, _ in rounds),
        mediapipe=tuple(theirs for _, theirs, _ in rounds if theirs is not None),
        network=tuple(bare for _, _, bare in rounds),
    )


def measure_memory(minutes: tuple[int, ...], tell: Callable[[str], None]) -> Memory:
    """Return the peak memory of the whole command on clips of these lengths."""
    peaks = []
    for length in minutes:
        clip = loop_clip(speed_clip(60.0), length)
        tell(f"memory: {length} min")
        peaks.append(peak_memory_mb(_command(clip, OUT / "report")))
    return Memory(tuple(float(length) for length in minutes), tuple(peaks))


def time_hemiface(clip: Path, out: Path) -> float:
    """Return frames per second of the whole command, from its start to the written report."""
    start_s = time.perf_counter()
    subprocess.run(_command(clip, out), check=True, capture_output=True)
    return _n_frames(clip) / (time.perf_counter() - start_s)


def time_mediapipe(python: Path, clip: Path) -> float:
    """Return frames per second of MediaPipe's loop over the clip, its start-up not counted."""
    from hemiface.track.model import read_model

    model = OUT / "face_landmarker.task"
    model.write_bytes(read_model(model.name))
    script = Path(__file__).with_name("mediapipe_loop.py")
    done = subprocess.run([python, script, model, clip], check=True, capture_output=True, text=True)
    found = json.loads(done.stdout.splitlines()[-1])
    return float(found["n_frames"] / found["seconds"])


def time_network(crop: np.ndarray) -> float:
    """Return how often per second the landmark network alone runs, with two threads."""
    from hemiface.track.model import open_network

    network = open_network("face_landmarks_detector.tflite", n_threads=2)
    for _ in range(_WARM_UP):
        network(crop)
    start_s = time.perf_counter()
    for _ in range(_N_CROPS):
        network(crop)
    return _N_CROPS / (time.perf_counter() - start_s)


def peak_memory_mb(command: list[str]) -> float:
    """Run a command; return the peak resident memory of it and its children together, in MB."""
    import psutil

    with subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE) as running:
        peak, root = 0, psutil.Process(running.pid)
        while running.poll() is None:
            peak = max(peak, _resident(root))
            time.sleep(_SAMPLE_S)
        complaint = running.stderr.read().decode() if running.stderr else ""
    if running.returncode:
        raise HemifaceError(f"{' '.join(command)} failed: {complaint.strip()}")
    return peak / _MB


def mediapipe_python(tell: Callable[[str], None]) -> Path | None:
    """Return the Python of an environment that has MediaPipe, made if missing; None if it cannot be."""
    home = OUT / "mediapipe-venv"
    python, ready = home / "bin" / "python", home / ".ready"
    if ready.exists():
        return python
    tell(f"speed: installing {MEDIAPIPE} in an environment of its own")
    try:
        subprocess.run([sys.executable, "-m", "venv", home], check=True, capture_output=True)
        subprocess.run(
            [python, "-m", "pip", "install", "-q", MEDIAPIPE], check=True, capture_output=True
        )
    except subprocess.CalledProcessError as problem:
        tell(f"speed: {MEDIAPIPE} cannot be installed, and is left out: {problem.stderr.decode()}")
        return None
    ready.touch()
    return python


def _command(clip: Path, out: Path) -> list[str]:
    hemiface = Path(sys.executable).with_name("hemiface")
    return [str(hemiface), "measure", str(clip), "--out", str(out)]


def _resident(root: object) -> int:
    import psutil

    assert isinstance(root, psutil.Process)
    total = 0
    try:
        for process in (root, *root.children(recursive=True)):
            total += process.memory_info().rss
    except psutil.NoSuchProcess:  # it ended while it was looked at
        pass
    return total


def _n_frames(clip: Path) -> int:
    import av

    with av.open(str(clip)) as container:
        return container.streams.video[0].frames


def _face_crop(clip: Path) -> np.ndarray:
    """Return the face in the first frame as the network wants it, shape (256, 256, 3), 0 to 1."""
    import cv2

    from hemiface.source.video import open_video
    from hemiface.track.landmarks import SIZE, FaceLandmarker

    with open_video(clip) as video:
        image = next(video.frames()).image
    points = FaceLandmarker().detect(image)
    if points is None:
        raise HemifaceError(f"{clip} must show a face in its first frame; make it again.")
    (left, top), (right, bottom) = points[:, :2].min(axis=0), points[:, :2].max(axis=0)
    face = image[max(0, int(top)) : int(bottom), max(0, int(left)) : int(right)]
    return np.asarray(cv2.resize(face, (SIZE, SIZE)), np.float32) / np.float32(255)
