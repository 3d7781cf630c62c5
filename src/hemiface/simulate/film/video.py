"""Virtual patients on video: one still portrait comes alive, with known spasms.

Landmarks are passed in, so that this stage does not know the tracker. Spasms in a real clip are in
`hemiface.simulate.film.onto`.
"""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import datetime
from pathlib import Path

import numpy as np

from hemiface.simulate.face.fields import CHANNELS
from hemiface.simulate.face.gaze import look
from hemiface.simulate.face.glasses import fit_glasses
from hemiface.simulate.face.head import turn_head
from hemiface.simulate.face.mouth import drop_jaw, jaw_gain
from hemiface.simulate.face.portrait import Landmarker, Portrait, read_portrait
from hemiface.simulate.face.warp import contract
from hemiface.simulate.film.camera import draw_camera
from hemiface.simulate.film.clock import draw_frame_times
from hemiface.simulate.film.encode import Image, Progress, counted, write_video
from hemiface.simulate.film.options import AskedSide, check_options, planned_side
from hemiface.simulate.film.rest import settle
from hemiface.simulate.film.scene import Scene
from hemiface.simulate.film.shake import draw_shake, shake
from hemiface.simulate.film.truth import Played, make_recording, make_truth
from hemiface.simulate.people.epidemiology import Condition
from hemiface.simulate.people.habits import Habits, Task, draw_habits
from hemiface.simulate.people.patient import draw_patient
from hemiface.simulate.people.plan import plan_spasms
from hemiface.simulate.people.schedule import Schedule, make_build, row, skin_drives
from hemiface.simulate.people.severity import Severity
from hemiface.simulate.people.state import State
from hemiface.types import SIDES, Blink, Floats, Measurement, Side, Span

_LEAST_YAW_DEG, _MOST_YAW_DEG = -21.0, 21.0  # further, the portrait shows that it is flat
_BLINK_LEFT = 0.5  # share of a blink that full weakness leaves: lids also fall by themselves


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
    condition: Condition = "hfs",
    state: State | None = None,
    scene: Scene | None = None,
    filmed_at: datetime | None = None,
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
    task : str
        What the person does besides; one of `habits.MANNERS`.
    duration_s, fps, size : float, float, int
        Length in seconds, frames per second, and side of the square in pixels.
    condition : str
        What the person has: "hfs", or one of its mimics, which have no spasms in the truth.
    state : State, optional
        How they feel and are treated; by default as usual, with one spasm at least.
    scene : Scene, optional
        What camera, place and resting face add; by default nothing.
    filmed_at : datetime, optional
        Written into the file, as phones do.
    progress : callable, optional
        Told the share written, 0 to 1.

    Returns
    -------
    Measurement
        The truth, with the true signals.

    Raises
    ------
    ConventionError
        If a side, severity, task, scene or number is out of range.
    SourceError, NoFaceError
        If the portrait cannot be used.
    OutputError
        If the video cannot be written.
    """
    check_options(seed, side, severity, task=task, duration_s=duration_s, fps=fps, size=size)
    scene = scene or Scene()
    frame = (scene.width, scene.height) if scene.width else None
    still = settle(read_portrait(portrait, landmarks, size, frame), scene)
    habits = draw_habits(seed, task=task, duration_s=duration_s)
    own = planned_side(side)
    schedule = plan_spasms(
        seed,
        side=own,
        severity=severity,
        duration_s=duration_s,
        build=make_build([still.face]),
        patient=own and draw_patient(seed, condition=condition, severity=severity, side=own),
        state=state,
        movements=habits.movements,
    )
    times_s = draw_frame_times(seed, scene, duration_s=duration_s, fps=fps)
    played = _play(still, schedule, habits, times_s, scene)
    moving = _ahead(animate(still, played, habits, scene))
    images = film(moving, still, scene, seed, times_s)
    frames = counted(zip(times_s.tolist(), images, strict=True), len(times_s), progress)
    n, width, height = write_video(
        out,
        frames,
        rate_hz=fps,
        crf=scene.crf,
        rotation_deg=scene.rotation_deg,
        filmed_at=filmed_at,
    )
    length_s = round(duration_s * fps) / fps
    recording = make_recording(
        out, n_frames=n, size=(width, height), duration_s=length_s, task=task
    )
    return make_truth(
        recording,
        schedule,
        played,
        events=schedule.events,
        blinks=weaken_blinks(habits.blinks, scene),
        observed=(Span(0.0, length_s),),
        face_px=still.eyes_px,
        settings={
            "seed": seed,
            "severity": severity,
            "portrait": portrait and portrait.name,
            "scene": str(scene),
            "condition": schedule.condition,
            "sneezes_s": [round(one.envelope.onset_s, 4) for one in habits.sneezes],
        },
    )


def animate(still: Portrait, played: Played, habits: Habits, scene: Scene) -> Iterator[Image]:
    """Yield the frames of a portrait that moves as it was played."""
    shift = habits.head.at(played.times_s)[1]
    jaw, gaze = habits.jaw(played.times_s), habits.gaze(played.times_s)
    glasses = fit_glasses(still.image, still.face) if scene.glasses else None
    for index in range(len(played.times_s)):
        closure = {side: float(played.closing[side][index]) for side in SIDES}
        image = look(still.image, still.face, gaze[:, index])
        image = drop_jaw(image, still.face, float(jaw[index]), habits.parted)
        image = contract(image, still.face, skin_drives(played.drives[:, index]), closure)
        image = glasses.put_on(image) if glasses else image
        yield turn_head(image, still.head, played.pose_deg[:, index], shift[:, index])


def _ahead(images: Iterator[Image]) -> Iterator[Image]:
    """Yield the images while the next is made on another core."""
    with ThreadPoolExecutor(1) as pool:
        coming = pool.submit(next, images, None)
        while (image := coming.result()) is not None:
            coming = pool.submit(next, images, None)
            yield image


def film(
    images: Iterator[Image],
    still: Portrait,
    scene: Scene,
    seed: int,
    times_s: Floats,
) -> Iterator[Image]:
    """Yield the frames as a camera in this scene records them."""
    camera = draw_camera(seed, still.image.shape, times_s, scene)
    moves = draw_shake(seed, scene, times_s)
    for index, image in enumerate(images):
        seen = shake(image, moves[:, index], still.face.px_per_mm)
        yield camera.expose(seen, index)


def weaken_blinks(blinks: tuple[Blink, ...], scene: Scene) -> tuple[Blink, ...]:
    """Return the blinks as deep as a weak side can make them."""
    kept = {side: _blink_kept(scene, side) for side in SIDES}
    return tuple(
        replace(
            one,
            left_closure=round(one.left_closure * kept["left"], 4),
            right_closure=round(one.right_closure * kept["right"], 4),
        )
        for one in blinks
    )


def _blink_kept(scene: Scene, side: Side) -> float:
    return 1.0 - (1.0 - _BLINK_LEFT) * scene.weakness * (side == scene.uneven_side)


def _play(
    still: Portrait, schedule: Schedule, habits: Habits, times_s: Floats, scene: Scene
) -> Played:
    """Join spasms and habits: skin adds up, and a lid closes what the other has left open."""
    spasms, wanted = schedule.drives(times_s), habits.drives(times_s)
    wanted[_rows(scene.uneven_side)] *= 1.0 - scene.weakness
    shut = habits.closing(times_s)
    for side in SIDES:
        lid = spasms[row("orbicularis_oculi_upper", side)] / schedule.build.opening_mm[side]
        open_ = 1.0 - _blink_kept(scene, side) * shut[side]
        shut[side] = 1.0 - open_ * (1.0 - np.clip(lid, 0.0, 1.0))
    jaw = np.outer(jaw_gain(still.face, habits.parted), habits.jaw(times_s))
    held = np.array([[scene.yaw_deg], [scene.pitch_deg], [scene.roll_deg]])
    pose = habits.head.at(times_s)[0] + held
    pose[0] = np.clip(pose[0], _LEAST_YAW_DEG, _MOST_YAW_DEG)
    seen = np.ones(len(times_s), dtype=bool)
    return Played(times_s, spasms + wanted, jaw, shut, seen, pose)


def _rows(side: Side) -> list[int]:
    return [index for index, channel in enumerate(CHANNELS) if channel.side == side]
