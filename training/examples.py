"""Candidates with the answer known: from clips as they are, and with spasms rendered into them."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from rich.progress import track as show_progress

from hemiface.signals import measure_contraction
from hemiface.spasms.candidates import find_candidates
from hemiface.spasms.features import describe
from hemiface.spasms.grid import to_grid
from hemiface.types import SIDES, Floats, Measurement, Signals
from training.people import Acted, Clip
from training.planted import Planted
from training.rendered import Job, Kind, plan_onto, plan_portrait, see_all, see_clip

MIN_MM = 0.5
_NEAR_S, _EARLY_S, _LATE_S, _INSIDE_S = 0.12, 0.08, 0.05, 0.25


@dataclass(frozen=True, eq=False)
class Example:
    """One recording with the spasms known to be in it."""

    clip: Clip
    signals: Signals
    events: tuple[Planted, ...]


def read_healthy(clips: Sequence[Clip], cache: Path, kind: Kind) -> list[Example]:
    """Return the clips as they are, tracked once and kept in `cache`."""
    return [
        Example(clip, measure_contraction(see_clip(clip.path, cache, kind)), ())
        for clip in show_progress(clips, "Tracking clips")
    ]


def render_planted(
    clips: Sequence[Clip], seeds: Sequence[int], cache: Path, kind: Kind
) -> list[Example]:
    """Return every clip with the spasms of every seed rendered into it, kept in `cache`."""
    jobs = [plan_onto(clip, seed, index) for seed in seeds for index, clip in enumerate(clips)]
    return _measure_all(jobs, cache, kind, "Planting spasms")


def render_portraits(
    photos: Sequence[Clip], seeds: Sequence[int], cache: Path, kind: Kind
) -> list[Example]:
    """Return every portrait brought to life with every seed, kept in `cache`."""
    jobs = [
        plan_portrait(photo, seed, index) for seed in seeds for index, photo in enumerate(photos)
    ]
    return _measure_all(jobs, cache, kind, "Bringing portraits to life")


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


def _planted(truth: Measurement) -> list[Planted]:
    return [Planted(e.onset_s, e.end_s, SIDES.index(e.side), e.amplitude_mm) for e in truth.spasms]


def _measure_all(jobs: Sequence[Job], cache: Path, kind: Kind, what: str) -> list[Example]:
    seen = see_all(jobs, cache, kind, what)
    return [
        Example(job.clip, measure_contraction(track), tuple(_planted(truth)))
        for job, (track, truth) in zip(jobs, seen, strict=True)
    ]
