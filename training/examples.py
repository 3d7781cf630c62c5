"""Candidates with the answer known: from clips as they are, and with spasms rendered into them."""

import pickle
from collections.abc import Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, replace
from itertools import repeat
from multiprocessing import get_context
from pathlib import Path
from typing import Any

import numpy as np
from rich.progress import track as show_progress

from hemiface.pipeline import simulate_video, track_video
from hemiface.signals import measure_contraction
from hemiface.spasms.candidates import find_candidates
from hemiface.spasms.features import describe
from hemiface.spasms.grid import to_grid
from hemiface.types import SIDES, Floats, Measurement, Signals, Track
from training.people import Acted, Clip
from training.planted import Planted

SEVERITIES, SHARES = ("mild", "moderate", "severe"), (0.12, 0.48, 0.40)
TASKS = ("rest", "speak", "smile", "head_turn")
# One portrait in so many has no spasms at all.
FREE_EVERY = 4
MIN_MM = 0.5
_NEAR_S, _EARLY_S, _LATE_S, _INSIDE_S = 0.12, 0.08, 0.05, 0.25


@dataclass(frozen=True, eq=False)
class Example:
    """One recording with the spasms known to be in it."""

    clip: Clip
    signals: Signals
    events: tuple[Planted, ...]


def read_healthy(clips: Sequence[Clip], cache: Path) -> list[Example]:
    """Return the clips as they are, tracked once and kept in `cache`."""
    return [
        Example(clip, measure_contraction(_tracked(clip.path, cache / f"{clip.name}.pkl")), ())
        for clip in show_progress(clips, "Tracking clips")
    ]


def render_planted(clips: Sequence[Clip], seeds: Sequence[int], cache: Path) -> list[Example]:
    """Return every clip with the spasms of every seed rendered into it, kept in `cache`."""
    jobs = [_plan_onto(clip, seed, index) for seed in seeds for index, clip in enumerate(clips)]
    return _render_all(jobs, cache, "Planting spasms")


def render_portraits(photos: Sequence[Clip], seeds: Sequence[int], cache: Path) -> list[Example]:
    """Return every portrait brought to life with every seed, kept in `cache`."""
    jobs = [
        _plan_portrait(photo, seed, index) for seed in seeds for index, photo in enumerate(photos)
    ]
    return _render_all(jobs, cache, "Bringing portraits to life")


def to_rows(example: Example) -> tuple[Floats, Floats]:
    """Return the features and labels (1 spasm, 0 not) of a recording's candidates.

    Candidates that are neither, such as acted movements of unknown side or a rise inside a spasm
    already going on, are left out.
    """
    grid = to_grid(example.signals)
    sides = [find_candidates(grid, own) for own in (0, 1)]
    rows = describe(grid, *sides)
    labels = np.array(
        [
            _label(example, c.own, *grid.times_s[[c.onset, c.rise, c.end]])
            for c in (*sides[0], *sides[1])
        ]
    ).reshape(-1)
    known = np.isfinite(labels)
    return rows[known], labels[known]


def _label(example: Example, own: int, onset_s: float, rise_s: float, end_s: float) -> float:
    for event in example.events:
        near = abs(onset_s - event.onset_s) < _NEAR_S
        if event.own == own and (near or event.onset_s - _EARLY_S < rise_s < event.end_s + _LATE_S):
            late = abs(onset_s - event.onset_s) > 0.15 and rise_s > event.onset_s + _INSIDE_S
            return float("nan") if late or event.amplitude_mm < MIN_MM else 1.0
    for acted in example.clip.acted:
        if _overlap(acted, onset_s, end_s):
            return 1.0 if acted.own == own else float("nan")
    return 0.0


def _overlap(acted: Acted, onset_s: float, end_s: float) -> bool:
    return onset_s < acted.end_s + 0.2 and end_s > acted.start_s - 0.15


def _tracked(path: Path, kept: Path) -> Track:
    if not kept.exists():
        kept.parent.mkdir(parents=True, exist_ok=True)
        track, _ = track_video(path)
        kept.write_bytes(pickle.dumps(track))
    loaded = pickle.loads(kept.read_bytes())
    assert isinstance(loaded, Track)
    return loaded


def _plan_onto(clip: Clip, seed: int, index: int) -> "_Job":
    draw = np.random.default_rng(seed * 1000 + index)
    side = SIDES[draw.integers(2)]
    severity = SEVERITIES[draw.choice(3, p=SHARES)]
    return _Job(clip, {"seed": seed, "onto": clip.path, "side": side, "severity": severity})


def _plan_portrait(photo: Clip, seed: int, index: int) -> "_Job":
    draw = np.random.default_rng(seed * 1000 + index)
    free = (seed + index) % FREE_EVERY == 0
    options = {
        "seed": seed * 100 + index,
        "portrait": photo.path,
        "side": "none" if free else SIDES[draw.integers(2)],
        "severity": SEVERITIES[draw.integers(3)],
        "task": TASKS[draw.integers(len(TASKS))],
        "fps": float(draw.choice((30.0, 60.0))),
        "duration_s": 20.0,
    }
    return _Job(photo, options)


@dataclass(frozen=True)
class _Job:
    """A video to render: who, and how."""

    clip: Clip
    options: dict[str, Any]

    @property
    def name(self) -> str:
        """A name for what is kept of it."""
        chosen = (str(self.options[key]) for key in ("seed", "side", "severity"))
        return "__".join((self.clip.name, "_".join(chosen)))


def _render_all(jobs: Sequence[_Job], cache: Path, what: str) -> list[Example]:
    cache.mkdir(parents=True, exist_ok=True)
    with ProcessPoolExecutor(mp_context=get_context("spawn")) as pool:
        done = pool.map(_render, jobs, repeat(cache))
        return list(show_progress(done, what, total=len(jobs)))


def _render(job: _Job, cache: Path) -> Example:
    kept = cache / f"{job.name}.pkl"
    if not kept.exists():
        video = kept.with_suffix(".mp4")
        truth = simulate_video(video, **job.options)
        track, _ = track_video(video)
        kept.write_bytes(pickle.dumps((track, replace(truth, signals=None))))
        video.unlink()
        video.with_suffix(".truth.json").unlink()
    track, truth = pickle.loads(kept.read_bytes())
    return Example(job.clip, measure_contraction(track), tuple(_planted(truth)))


def _planted(truth: Measurement) -> list[Planted]:
    return [Planted(e.onset_s, e.end_s, SIDES.index(e.side), e.amplitude_mm) for e in truth.spasms]
