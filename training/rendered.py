"""Recordings with the answer known: rendered once, tracked once, measured anew each time."""

import hashlib
from collections.abc import Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from itertools import repeat
from multiprocessing import get_context
from pathlib import Path
from typing import Any, Literal

import numpy as np
from rich.progress import track as show_progress

from hemiface.pipeline import find_points, simulate_video, track_video
from hemiface.report.document import read_measurement
from hemiface.simulate import parse_scene
from hemiface.track.points import track_points
from hemiface.types import SIDES, Measurement, Recording, Track
from training.cache import code_digest, keep
from training.people import Clip

Kind = Literal["video", "points"]
SEVERITIES, SHARES = ("mild", "moderate", "severe"), (0.12, 0.48, 0.40)
TASKS = ("rest", "speak", "smile", "head_turn", "read", "sing", "chew")
# Half of the portraits rest, speak or smile, as most patients are asked to.
TASK_SHARES = (0.26, 0.2, 0.18, 0.12, 0.06, 0.06, 0.12)
RATES_HZ, RATE_SHARES = (24.0, 25.0, 30.0, 50.0, 60.0, 120.0), (0.2, 0.15, 0.35, 0.1, 0.12, 0.08)
# What makes a video of a portrait or onto a clip; the rest of the simulator does not touch it.
_RENDERER = ("simulate/face", "simulate/people", "simulate/film")
# One portrait in so many has no spasms at all; this share is filmed in a plain scene.
FREE_EVERY, PLAIN_SHARE = 4, 0.3
PORTRAIT_S = 15.0
# Settings of a scene, each drawn evenly from its range: our choice, what home videos show.
_SETTINGS: dict[str, tuple[float, float]] = {
    "low_light": (0.3, 0.9), "crf": (28, 37), "light_drift": (0.05, 0.3), "light_step": (-0.5, 0.3),
    "shake_mm": (0.5, 3.0), "jitter": (0.1, 0.4), "dropped": (0.02, 0.12),
    "yaw_deg": (-20.0, 20.0), "pitch_deg": (-10.0, 10.0), "roll_deg": (-15.0, 15.0),
    "opening_percent": (-30.0, 20.0), "ptosis_mm": (0.5, 3.0),
}  # fmt: skip


@dataclass(frozen=True)
class Job:
    """A video to render: who, and how; `scene` is as `hemiface.simulate.parse_scene` reads it."""

    clip: Clip
    options: dict[str, Any]
    scene: str = ""

    @property
    def name(self) -> str:
        """A name for what is kept of it, which changes with every setting."""
        told = {k: v.name if isinstance(v, Path) else v for k, v in self.options.items()}
        digest = hashlib.sha256(repr((sorted(told.items()), self.scene)).encode()).hexdigest()
        return f"{self.clip.name}__{self.options['seed']}_{digest[:8]}"


def plan_onto(clip: Clip, seed: int, index: int) -> Job:
    """Return spasms planted into a real clip."""
    draw = np.random.default_rng(seed * 1000 + index)
    side = SIDES[draw.integers(2)]
    severity = SEVERITIES[draw.choice(3, p=SHARES)]
    return Job(clip, {"seed": seed, "onto": clip.path, "side": side, "severity": severity})


def plan_portrait(photo: Clip, seed: int, index: int) -> Job:
    """Return a portrait brought to life, at any task and rate, in any scene."""
    draw = np.random.default_rng(seed * 1000 + index)
    free = (seed + index) % FREE_EVERY == 0
    side = SIDES[draw.integers(2)]
    options = {
        "seed": seed * 100 + index,
        "portrait": photo.path,
        "side": "none" if free else side,
        "severity": SEVERITIES[draw.integers(3)],
        "task": TASKS[draw.choice(len(TASKS), p=TASK_SHARES)],
        "fps": float(draw.choice(RATES_HZ, p=RATE_SHARES)),
        "size": int(draw.choice((540, 640, 720))),
        "duration_s": PORTRAIT_S,
    }
    return Job(photo, options, _draw_scene(draw, side))


def _draw_scene(draw: np.random.Generator, side: str) -> str:
    """Return a scene of one to three settings, palsy and glasses among them, or a plain one."""
    if draw.random() < PLAIN_SHARE:
        return ""
    chosen = draw.choice(list(_SETTINGS), int(draw.integers(1, 4)), replace=False)
    parts = [_setting(name, draw) for name in chosen]
    parts += ["glasses"] if draw.random() < 0.15 else []
    parts += ["palsy", f"weakness={draw.uniform(0.3, 0.8):.2f}"] if draw.random() < 0.15 else []
    uneven = side if draw.random() < 0.7 else SIDES[draw.integers(2)]
    return ",".join([*parts, f"uneven_side={uneven}"])


def _setting(name: str, draw: np.random.Generator) -> str:
    value = draw.uniform(*_SETTINGS[name])
    return f"{name}={value:.0f}" if name == "crf" else f"{name}={value:.2f}"


def see_all(
    jobs: Sequence[Job], cache: Path, kind: Kind, what: str
) -> list[tuple[Track, Measurement]]:
    """Return what the tracker sees of every video, and its truth."""
    with ProcessPoolExecutor(mp_context=get_context("spawn")) as pool:
        done = pool.map(_see, jobs, repeat(cache), repeat(kind))
        return list(show_progress(done, what, total=len(jobs)))


def see_clip(path: Path, cache: Path, kind: Kind) -> Track:
    """Return what the tracker sees of a clip."""
    tracks = cache / f"{kind}-{code_digest('track')}"
    return keep(tracks / f"{path.stem}.pkl", lambda: _track(path, kind))


def _track(path: Path, kind: Kind) -> Track:
    if kind == "video":
        return track_video(path)[0]
    points = find_points(path)
    step_s = float(np.median(np.diff(points.times_s)))
    recording = Recording(
        path.stem, kind, path.name, "", 1.0 / step_s, float(points.times_s[-1]) + step_s,
        len(points.times_s), points.width, points.height, None, "rest",
    )  # fmt: skip
    return track_points(points, recording)


def _see(job: Job, cache: Path, kind: Kind) -> tuple[Track, Measurement]:
    rendered = cache / f"videos-{code_digest(*_RENDERER)}"
    video = rendered / f"{job.name}.mp4"
    truth = video.with_suffix(".truth.json")
    if not truth.exists():
        rendered.mkdir(parents=True, exist_ok=True)
        options = dict(job.options)
        if job.scene:
            options["scene"] = parse_scene(job.scene)
        simulate_video(video, **options)
    tracks = cache / f"{kind}-{code_digest(*_RENDERER, 'track')}"
    track = keep(tracks / f"{job.name}.pkl", lambda: _track(video, kind))
    return track, read_measurement(truth)
