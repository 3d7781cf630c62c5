"""Virtual patients on video: one still portrait comes alive, with known spasms.

Landmarks are passed in, so that this stage does not know the tracker. Spasms in a real clip are in
`hemiface.simulate.onto`.
"""

from collections.abc import Iterator
from pathlib import Path

import numpy as np

from hemiface.simulate.camera import draw_camera
from hemiface.simulate.encode import Image, Progress, counted, write_video
from hemiface.simulate.habits import Habits, Task, draw_habits
from hemiface.simulate.head import turn_head
from hemiface.simulate.mouth import drop_jaw, jaw_gain
from hemiface.simulate.options import AskedSide, check_options, planned_side
from hemiface.simulate.plan import plan_spasms
from hemiface.simulate.portrait import Landmarker, Portrait, read_portrait
from hemiface.simulate.schedule import Schedule, make_build, row, skin_drives
from hemiface.simulate.severity import Severity
from hemiface.simulate.truth import Played, make_recording, make_truth
from hemiface.simulate.warp import contract
from hemiface.types import SIDES, Floats, Measurement, Span

_CRF = 23  # an ordinary phone video


def simulate_portrait(
    out: Path,
    *,
    seed: int,
    landmarks: Landmarker,
    portrait: Path | None = None,
    side: AskedSide = "left",
    severity: Severity = "moderate",
    task: Task = "speak",
    duration_s: float = 30.0,
    fps: float = 30.0,
    size: int = 640,
    progress: Progress | None = None,
) -> Measurement:
    """Write a video of a virtual patient made from one portrait, and return the truth.

    Parameters
    ----------
    out : Path
        The video to write; .mp4, .mov or .mkv.
    seed : int
        Same seed, same patient.
    landmarks : callable
        From an RGB image to landmarks in pixels, shape (478, 3), or None.
    portrait : Path, optional
        The image to animate; by default the astronaut of scikit-image.
    side : "left", "right" or "none"
        The person's own side that has spasms.
    severity : "mild", "moderate" or "severe"
        Of the spasms.
    task : "rest", "speak", "smile" or "head_turn"
        What the person does besides.
    duration_s, fps, size : float, float, int
        Length in seconds, frames per second, and side of the square in pixels.
    progress : callable, optional
        Told the share written, 0 to 1.

    Returns
    -------
    Measurement
        The truth, with the true signals.

    Raises
    ------
    ConventionError
        If a side, severity, task or number is out of range.
    SourceError, NoFaceError
        If the portrait cannot be used.
    OutputError
        If the video cannot be written.
    """
    check_options(seed, side, severity, task=task, duration_s=duration_s, fps=fps, size=size)
    still = read_portrait(portrait, landmarks, size)
    schedule = plan_spasms(
        seed,
        side=planned_side(side),
        severity=severity,
        duration_s=duration_s,
        build=make_build([still.face]),
    )
    habits = draw_habits(seed, task=task, duration_s=duration_s)
    times_s = np.arange(round(duration_s * fps)) / fps
    played = _play(still, schedule, habits, times_s)
    images = animate(still, played, habits, seed=seed)
    frames = counted(zip(times_s.tolist(), images, strict=True), len(times_s), progress)
    n, width, height = write_video(out, frames, rate_hz=fps, crf=_CRF)
    recording = make_recording(out, n_frames=n, size=(width, height), duration_s=n / fps, task=task)
    return make_truth(
        recording,
        schedule,
        played,
        events=schedule.events,
        blinks=habits.blinks,
        observed=(Span(0.0, n / fps),),
        face_px=still.eyes_px,
        settings={"seed": seed, "severity": severity, "portrait": portrait and portrait.name},
    )


def animate(still: Portrait, played: Played, habits: Habits, *, seed: int) -> Iterator[Image]:
    """Yield the frames of a portrait that moves as it was played."""
    camera = draw_camera(seed, still.image.shape, played.times_s)
    angles, shift = habits.head.at(played.times_s)
    jaw = habits.jaw(played.times_s)
    for index in range(len(played.times_s)):
        closure = {side: float(played.closing[side][index]) for side in SIDES}
        image = drop_jaw(still.image, still.face, float(jaw[index]))
        image = contract(image, still.face, skin_drives(played.drives[:, index]), closure)
        image = turn_head(image, still.head, angles[:, index], shift[:, index])
        yield camera.expose(image, index)


def _play(still: Portrait, schedule: Schedule, habits: Habits, times_s: Floats) -> Played:
    """Join spasms and habits: skin adds up, and a lid closes what the other has left open."""
    spasms = schedule.drives(times_s)
    shut = habits.closing(times_s)
    for side in SIDES:
        lid = spasms[row("orbicularis_oculi_upper", side)] / schedule.build.opening_mm[side]
        shut[side] = 1.0 - (1.0 - shut[side]) * (1.0 - np.clip(lid, 0.0, 1.0))
    jaw = np.outer(jaw_gain(still.face), habits.jaw(times_s))
    pose = habits.head.at(times_s)[0]
    seen = np.ones(len(times_s), dtype=bool)
    return Played(times_s, spasms + habits.drives(times_s), jaw, shut, seen, pose)
