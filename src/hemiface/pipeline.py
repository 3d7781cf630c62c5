"""The one page where the stages meet: a video in, a measurement out."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from importlib import import_module
from pathlib import Path
from threading import Thread
from typing import Any

import numpy as np
from numpy.typing import NDArray

from hemiface import __version__
from hemiface.errors import TooLittleError
from hemiface.measures import affected_side, measure_tasks, pattern_notices
from hemiface.report.document import write_json
from hemiface.signals import measure_contraction
from hemiface.simulate import simulate_onto, simulate_portrait
from hemiface.source.points import is_points, read_points
from hemiface.source.prefetch import prefetch
from hemiface.source.video import open_video
from hemiface.spasms import detect_spasms
from hemiface.track import measure_motion, track_head
from hemiface.track.landmarks import FaceLandmarker
from hemiface.track.model import SHA256
from hemiface.track.points import track_points
from hemiface.types import (
    Measurement,
    Notice,
    Points,
    Quality,
    Recording,
    Signals,
    Spasms,
    TaskSpan,
    Track,
)

__all__ = ["assemble", "find_points", "measure", "read_points", "simulate_video", "track_video"]

Progress = Callable[[float], None]

GUIDED = "guided"
"""The task of a recording in which one was done after the other."""

REFUSE_CANTHI_PX = 60.0
MIN_DURATION_S = 1.0


def measure(
    path: str | Path,
    *,
    task: str = "rest",
    tasks: Sequence[TaskSpan] = (),
    mirrored: bool | None = None,
    progress: Progress | None = None,
) -> Measurement:
    """Measure the spasms in one video, or in the landmarks of one.

    Parameters
    ----------
    path : path
        Any video FFmpeg reads, or a file of landmarks (`hemiface.points/1`).
    task : str
        What the person was asked to do.
    tasks : sequence of TaskSpan, optional
        When several were done in one recording: each is measured too. A file of landmarks knows.
    mirrored : bool, optional
        Whether the video shows the person as a mirror does; sides are swapped back.
    progress : callable, optional
        Called with the share done, 0 to 1.

    Raises
    ------
    SourceError
        If the file is not a readable video.
    NoFaceError
        If no face is found.
    TooLittleError
        If the video is too short or the face too small.
    """
    path = Path(path)
    notices: tuple[Notice, ...] = ()
    if is_points(path):
        found = read_points(path)
        tasks = tasks or found.tasks
        recording = replace(found.recording, task=GUIDED if tasks else task)
        track, notices = track_points(found.points, recording), (_POINTS_ONLY,)
    else:
        whole = GUIDED if tasks else task
        track, notices = track_video(path, task=whole, mirrored=mirrored, progress=progress)
    signals = measure_contraction(track)
    spasms = detect_spasms(signals)
    return assemble(track, signals, spasms, notices, tasks)


def find_points(
    path: Path, *, mirrored: bool | None = None, progress: Progress | None = None
) -> Points:
    """Return the landmarks of every frame of a video, as a browser finds them.

    Raises
    ------
    SourceError
        If the file is not a readable video.
    """
    watch, landmarker = _Watch(path, progress, flipped=bool(mirrored), n_passes=1), FaceLandmarker()
    times, places, greys = [], [], []
    for time_s, image in watch.images():
        found = landmarker.follow(image)
        times.append(time_s)
        places.append(_UNSEEN if found is None else found.points * np.float32(watch.px_scale))
        greys.append(np.nan if found is None else image.mean())
    recording = watch.recording(task="", mirrored=mirrored)
    return Points(
        np.array(times), np.array(places, np.float32), np.array(greys), recording.width,
        recording.height,
    )  # fmt: skip


_POINTS_ONLY = Notice(
    "points_only",
    "Only landmarks were measured, not the video: small spasms, and many of the eye alone, are "
    "missed.",
)
_UNSEEN = np.full((478, 3), np.nan, np.float32)


def track_video(
    path: Path,
    *,
    task: str = "rest",
    mirrored: bool | None = None,
    progress: Progress | None = None,
) -> tuple[Track, tuple[Notice, ...]]:
    """Follow the face in a video: both passes, and what its reader noticed."""
    watch = _Watch(path, progress, flipped=bool(mirrored))
    Thread(target=_import_ahead, daemon=True).start()
    with _one_thread_a_picture():
        head = track_head(watch.images(), n_threads=2)
        recording = watch.recording(task=task, mirrored=mirrored)
        _check(recording, float(np.nanmedian(head.canthi_px)) * watch.px_scale)
        track = measure_motion(watch.images(), head, recording, px_scale=watch.px_scale)
    return track, watch.notices


def _import_ahead() -> None:
    """Import SciPy, which takes seconds, while the networks begin their work."""
    for name in ("spatial.transform", "signal", "ndimage", "interpolate", "special"):
        import_module(f"scipy.{name}")


@contextmanager
def _one_thread_a_picture() -> Iterator[None]:
    """Keep OpenCV from splitting small pictures: several are at work at once already."""
    import cv2

    usual = cv2.getNumThreads()
    cv2.setNumThreads(1)
    try:
        yield
    finally:
        cv2.setNumThreads(usual)


def simulate_video(
    out: Path,
    *,
    seed: int,
    portrait: Path | None = None,
    onto: Path | None = None,
    progress: Progress | None = None,
    **options: Any,
) -> Measurement:
    """Write the video of a virtual patient, and its truth as ``<stem>.truth.json`` beside it.

    Parameters
    ----------
    out : Path
        The video to write.
    seed : int
        Same seed, same patient.
    portrait, onto : Path, optional
        A picture to animate, or a clip of a healthy person to plant spasms into.
    progress : callable, optional
        Called with the share done, 0 to 1.
    **options
        `side`, `severity`, `duration_s`, and for a portrait `fps`, `size` and `task`.

    Returns
    -------
    Measurement
        The truth.
    """
    landmarker = FaceLandmarker()
    if onto is None:
        truth = simulate_portrait(
            out,
            seed=seed,
            landmarks=landmarker.detect,
            portrait=portrait,
            progress=progress,
            **options,
        )
    else:
        clip = _Watch(onto, None, flipped=False)
        truth = simulate_onto(
            out,
            seed=seed,
            landmarks=lambda image: found.points if (found := landmarker.follow(image)) else None,
            frames=clip.images,
            source=onto.name,
            progress=progress,
            **options,
        )
    write_json(truth, out.with_suffix(".truth.json"))
    return truth


def assemble(
    track: Track,
    signals: Signals,
    spasms: Spasms,
    notices: tuple[Notice, ...],
    tasks: Sequence[TaskSpan] = (),
) -> Measurement:
    """Join everything measured in one recording."""
    measures = measure_tasks(signals, spasms, tasks)
    whole = [one for one in measures if one.task == track.recording.task]
    quality = Quality(
        observed_s=spasms.observed_s,
        face_px=float(np.nanmedian(track.face_px)),
        warnings=(*notices, *signals.notices, *pattern_notices(whole)),
    )
    return Measurement(
        recording=track.recording,
        affected_side=affected_side(spasms),
        spasms=spasms.events,
        blinks=spasms.blinks,
        measures=measures,
        quality=quality,
        software=software(spasms.settings),
        signals=signals,
    )


def software(settings: dict[str, Any]) -> dict[str, Any]:
    """Return what made the numbers: version, models and settings."""
    return {
        "version": __version__,
        "model_sha256": SHA256["face_landmarker.task"],
        "settings": {**settings, "iris_model_sha256": SHA256["iris_landmark.tflite"]},
    }


def _check(recording: Recording, canthi_px: float) -> None:
    if recording.duration_s < MIN_DURATION_S:
        raise TooLittleError(
            f"A recording must last at least {MIN_DURATION_S:.0f} s; {recording.source} lasts "
            f"{recording.duration_s:.2f} s. Film a minute."
        )
    if canthi_px < REFUSE_CANTHI_PX:
        raise TooLittleError(
            f"The outer corners of the eyes must be at least {REFUSE_CANTHI_PX:.0f} px apart; in "
            f"{recording.source} they are {canthi_px:.0f} px. Film closer, or in higher resolution."
        )


class _Watch:
    """Opens the same video for each pass and counts all passes as one piece of work."""

    def __init__(
        self, path: Path, progress: Progress | None, *, flipped: bool, n_passes: int = 2
    ) -> None:
        self._path, self._progress = path, progress or (lambda _: None)
        self._flipped, self._n_passes = flipped, n_passes
        self._passes, self._told = 0, 0.0
        self.px_scale = 1.0
        self.notices: tuple[Notice, ...] = ()

    def images(self) -> Iterator[tuple[float, NDArray[np.uint8]]]:
        with open_video(self._path) as video:
            for frame in prefetch(video.frames(), 8):
                self.px_scale = frame.scale
                self._tell(frame.time_s / video.stated_duration_s)
                # A mirror swaps the sides; mirroring again gives the person's own back.
                yield frame.time_s, frame.image[:, ::-1].copy() if self._flipped else frame.image
            self._video, self.notices = video, tuple(video.notices)
            self._passes += 1

    def _tell(self, share: float) -> None:
        done = (self._passes + min(1.0, share)) / self._n_passes
        if done > self._told:  # a file may not state how long it is
            self._told = done
            self._progress(done)

    def recording(self, *, task: str, mirrored: bool | None) -> Recording:
        return self._video.recording(task=task, mirrored=mirrored)
