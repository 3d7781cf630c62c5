"""Spasms planted into a real clip of a healthy person, whose own movements stay.

Landmarks and frames are passed in, so that this stage knows neither the tracker nor the reader.
"""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from itertools import takewhile
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from hemiface.errors import NoFaceError
from hemiface.simulate.face.face import Face, make_faces
from hemiface.simulate.face.fields import CHANNELS
from hemiface.simulate.face.portrait import Landmarker
from hemiface.simulate.face.warp import contract
from hemiface.simulate.film.encode import Frame, Progress, counted, write_video
from hemiface.simulate.film.options import AskedSide, check_options, planned_side
from hemiface.simulate.film.truth import Played, make_recording, make_truth
from hemiface.simulate.people.plan import plan_spasms
from hemiface.simulate.people.schedule import Schedule, make_build, row, skin_drives
from hemiface.simulate.people.severity import Severity
from hemiface.types import SIDES, Floats, Measurement, Span, Spasm

_LEAST_MM = 0.25
_SHUT_READS = 0.25
_CRF = 18  # the clip was encoded before: lose little more


def simulate_onto(
    out: Path,
    *,
    seed: int,
    landmarks: Landmarker,
    frames: Callable[[], Iterable[Frame]],
    source: str = "clip",
    side: AskedSide = "left",
    severity: Severity = "moderate",
    task: str = "rest",
    duration_s: float | None = None,
    progress: Progress | None = None,
) -> Measurement:
    """Plant spasms into a real clip, write it, and return the truth.

    The clip's own blinks, speech and head turns stay and are not in the truth. Spasms come only
    where a face is tracked; outside them the frames pass unchanged to the encoder.

    Parameters
    ----------
    out, seed, side, severity, progress
        As in `simulate_portrait`.
    landmarks : callable
        As in `simulate_portrait`; called once per frame, in order.
    frames : callable
        Returns the clip's (time_s, RGB image) from the beginning; called twice.
    source : str
        Name of the clip, for the truth.
    task : str
        What the person in the clip does.
    duration_s : float, optional
        Use only the beginning of the clip; a shorter clip is not repeated.

    Raises
    ------
    ConventionError
        If a side or severity is unknown.
    NoFaceError
        If no frame shows a face.
    OutputError
        If the video cannot be written.
    """
    check_options(seed, side, severity, duration_s=duration_s)
    times_s, faces = _track(frames, landmarks, duration_s)
    seen = [face for face in faces if face is not None]
    if not seen:
        raise NoFaceError(f"The clip must show a face; none was found in {source}. Choose another.")
    step_s = float(np.median(np.diff(times_s))) if len(times_s) > 1 else 1.0
    length_s = float(times_s[-1] - times_s[0]) + step_s
    observed = _observed(times_s, faces, step_s)
    schedule = plan_spasms(
        seed,
        side=planned_side(side),
        severity=severity,
        duration_s=length_s,
        build=make_build(seen),
        observed=observed,
    )
    planted = plant(_until(frames(), duration_s), faces, schedule)
    told = counted(planted, len(times_s), progress)
    n, width, height = write_video(out, told, rate_hz=1.0 / step_s, crf=_CRF)
    return make_truth(
        make_recording(out, n_frames=n, size=(width, height), duration_s=length_s, task=task),
        schedule,
        _played_on(schedule, times_s, faces),
        events=visible_events(schedule, times_s, faces),
        blinks=(),
        observed=observed,
        face_px=float(np.median([_eyes_px(face) for face in seen])),
        settings={"seed": seed, "severity": severity, "onto": source, "blinks": "not known"},
    )


def plant(frames: Iterable[Frame], faces: list[Face | None], schedule: Schedule) -> Iterator[Frame]:
    """Yield the frames with the spasms of a schedule in them, times unchanged.

    Parameters
    ----------
    frames : iterable of (time_s, image)
        The clip.
    faces : list of Face or None
        The face of each frame, from `face.make_faces`.
    schedule : Schedule
        The spasms.
    """
    lid = {side: row("orbicularis_oculi_upper", side) for side in SIDES}
    for (time_s, image), face in zip(frames, faces, strict=False):
        drives = schedule.drives(np.array([time_s]))[:, 0]
        if face is None or not drives.any():
            yield time_s, image
            continue
        opening = schedule.build.opening_mm
        closure = {side: drives[lid[side]] / opening[side] for side in SIDES}
        yield time_s, contract(image, face, skin_drives(drives), closure)


def visible_events(
    schedule: Schedule, times_s: Floats, faces: list[Face | None]
) -> tuple[Spasm, ...]:
    """Return the spasms with the amplitude that these frames can show.

    An eye that the person has shut already cannot be shut by a spasm; a spasm of which nothing is
    left is not in the truth.
    """
    seen = [_as_seen(event, schedule, times_s, faces) for event in schedule.events]
    return tuple(event for event in seen if event.amplitude_mm >= _LEAST_MM)


def _as_seen(event: Spasm, schedule: Schedule, times_s: Floats, faces: list[Face | None]) -> Spasm:
    build, side, largest = schedule.build, event.side, 0.0
    rows = {muscle: row(muscle, side) for muscle in event.muscles}
    during = np.flatnonzero((times_s >= event.onset_s) & (times_s <= event.end_s))
    for index, drive in zip(during, schedule.drives(times_s[during]).T, strict=True):
        face = faces[index]
        if face is None:
            continue
        shown = build.gain @ drive
        open_share = face.opening_mm(side) / build.opening_mm[side]
        # The mesh of a shut eye still reads a quarter of its opening.
        lids = np.clip((open_share - _SHUT_READS) / (1 - _SHUT_READS), 0.0, 1.0)
        upper = row("orbicularis_oculi_upper", side)
        shown[upper] = drive[upper] * lids
        largest = max(largest, *(float(shown[at]) for at in rows.values()))
    return replace(event, amplitude_mm=round(min(largest, event.amplitude_mm), 4))


def _played_on(schedule: Schedule, times_s: Floats, faces: list[Face | None]) -> Played:
    drives = schedule.drives(times_s)
    opening = schedule.build.opening_mm
    shut = {s: drives[row("orbicularis_oculi_upper", s)] / opening[s] for s in SIDES}
    seen = np.array([face is not None for face in faces])
    still = np.zeros((len(CHANNELS), len(times_s)))
    return Played(times_s, drives, still, shut, seen, np.full((3, len(times_s)), np.nan))


def _track(
    frames: Callable[[], Iterable[Frame]], landmarks: Landmarker, duration_s: float | None
) -> tuple[Floats, list[Face | None]]:
    """Look at every frame once: when it is, and where the face is in it."""
    times: list[float] = []
    points: list[NDArray[np.float32] | None] = []
    for time_s, image in _until(frames(), duration_s):
        times.append(time_s)
        points.append(landmarks(image))
    return np.array(times), make_faces(points, np.array(times))


def _until(frames: Iterable[Frame], duration_s: float | None) -> Iterator[Frame]:
    return takewhile(lambda frame: duration_s is None or frame[0] < duration_s, frames)


def _observed(times_s: Floats, faces: list[Face | None], step_s: float) -> tuple[Span, ...]:
    """Return the stretches in which every frame shows a face."""
    seen = np.array([face is not None for face in faces], dtype=int)
    edges = np.flatnonzero(np.diff(np.concatenate([[0], seen, [0]])))
    ends = np.append(times_s, times_s[-1] + step_s)
    return tuple(Span(float(ends[a]), float(ends[b])) for a, b in edges.reshape(-1, 2))


def _eyes_px(face: Face) -> float:
    return float(np.linalg.norm(face.to_px(face.uv[33]) - face.to_px(face.uv[263])))
