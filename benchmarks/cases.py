"""One clip seen by hemiface, and by blend-shape asymmetry and the published eye rule beside it."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np

from benchmarks.baselines import Tuned, find_by_eye_rule, find_by_shapes, tune
from benchmarks.faces import FaceTraces, read_traces
from benchmarks.memo import remember
from hemiface import pipeline
from hemiface.errors import HemifaceError
from hemiface.signals import measure_contraction
from hemiface.spasms import detect_spasms
from hemiface.spasms.forest import Forest
from hemiface.types import Measurement, Spasm

METHODS = ("hemiface", "blend shapes", "eye rule")
Tell = Callable[[str], None]


@dataclass(frozen=True, eq=False)
class Case:
    """One clip, what is true of it, and what hemiface found, with its signals."""

    name: str
    truth: Measurement
    found: Measurement


@dataclass(frozen=True, eq=False)
class Compared(Case):
    """A clip that the baselines look at too, and what they see."""

    traces: FaceTraces

    def by(self, spasms: Sequence[Spasm]) -> Measurement:
        """Return the measurement as if these spasms had been found in the same observed time."""
        return replace(self.found, spasms=tuple(spasms))


@dataclass(frozen=True)
class Refused:
    """A clip that was not measured, and why."""

    name: str
    reason: str


def measure_clip(video: Path, task: str, forest: Forest | None) -> Measurement:
    """Measure a clip as `hemiface measure` does, with another judge if one is given."""
    track, notices = pipeline.track_video(video, task=task)
    signals = measure_contraction(track)
    return pipeline.assemble(track, signals, detect_spasms(signals, forest=forest), notices)


def see(
    name: str, video: Path, truth: Measurement | None, forest: Forest | None = None
) -> Compared | Refused:
    """Let all methods look at a clip; where no truth is known, no spasms are true."""
    case = see_alone(name, video, truth, forest)
    if isinstance(case, Refused):
        return case
    traces = remember((video.read_bytes(), b"traces"), lambda: read_traces(video))
    return Compared(case.name, case.truth, case.found, traces)


def see_alone(
    name: str, video: Path, truth: Measurement | None, forest: Forest | None = None
) -> Case | Refused:
    """Let hemiface alone look at a clip."""
    task = truth.recording.task if truth else "rest"
    try:
        found = remember(
            (video.read_bytes(), task.encode(), b"" if forest is None else _content(forest)),
            lambda: measure_clip(video, task, forest),
        )
    except HemifaceError as problem:
        return Refused(name, str(problem))
    known = truth or replace(found, spasms=(), blinks=(), affected_side="none")
    return Case(name, known, found)


def _content(forest: Forest) -> bytes:
    return b"".join(np.asarray(value).tobytes() for value in vars(forest).values())


def tune_shapes(
    cases: Sequence[Compared], score: Callable[[Sequence[Measurement]], float]
) -> Tuned:
    """Return the blend-shape threshold that scores best on these very cases."""

    def score_events(events: Sequence[tuple[Spasm, ...]]) -> float:
        return score([case.by(some) for case, some in zip(cases, events, strict=True)])

    return tune([case.traces for case in cases], score_events)


def by_method(cases: Sequence[Compared], threshold: float) -> dict[str, list[Measurement]]:
    """Return what each method found in each case."""
    return {
        "hemiface": [case.found for case in cases],
        "blend shapes": [case.by(find_by_shapes(case.traces, threshold)) for case in cases],
        "eye rule": [case.by(find_by_eye_rule(case.traces)) for case in cases],
    }
