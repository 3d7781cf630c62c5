"""What really happened in a simulated recording, as a measurement like any other."""

import hashlib
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path
from typing import Any

import numpy as np

from hemiface.simulate.face.fields import CHANNELS
from hemiface.simulate.people.envelopes import EDGE_FRACTION
from hemiface.simulate.people.schedule import Schedule, row
from hemiface.types import (
    SIDES,
    Blink,
    Floats,
    Measure,
    Measurement,
    Quality,
    Recording,
    Side,
    Signals,
    Span,
    Spasm,
)

# How far the lower margin rises when the patch of the lower lid moves 1 mm.
_LOWER_MARGIN = 0.6


@dataclass(frozen=True, eq=False)
class Played:
    """What was rendered, frame by frame.

    Attributes
    ----------
    times_s : ndarray, shape (n_frames,)
        Frame times.
    drives : ndarray, shape (n_channels, n_frames)
        How far every muscle was driven, mm.
    jaw_mm : ndarray, shape (n_channels, n_frames)
        What the patches show of a dropping jaw.
    closing : dict of side to ndarray
        How far the upper lid closed each eye, 0 to 1.
    seen : ndarray of bool, shape (n_frames,)
        Whether a face was there.
    pose_deg : ndarray, shape (3, n_frames)
        Yaw, pitch and roll; NaN where unknown.
    """

    times_s: Floats
    drives: Floats
    jaw_mm: Floats
    closing: dict[Side, Floats]
    seen: Any
    pose_deg: Floats


def make_recording(
    path: Path, *, n_frames: int, size: tuple[int, int], duration_s: float, task: str
) -> Recording:
    """Return the record of a video just written; `size` is (width, height)."""
    return Recording(
        id=path.stem,
        kind="video",
        source=path.name,
        sha256=hashlib.sha256(path.read_bytes()).hexdigest(),
        rate_hz=round(n_frames / duration_s, 6),
        duration_s=duration_s,
        n_frames=n_frames,
        width=size[0],
        height=size[1],
        mirrored=False,
        task=task,
    )


def make_truth(
    recording: Recording,
    schedule: Schedule,
    played: Played,
    *,
    events: tuple[Spasm, ...],
    blinks: tuple[Blink, ...],
    observed: tuple[Span, ...],
    face_px: float,
    settings: dict[str, Any],
) -> Measurement:
    """Return the true measurement of a simulated recording.

    Parameters
    ----------
    recording : Recording
        The video.
    schedule : Schedule
        Its spasms.
    played : Played
        What was rendered, for the true signals.
    events : tuple of Spasm
        The spasms as they could be seen.
    blinks : tuple of Blink
        Those the simulator made; none are known in a real clip.
    observed : tuple of Span
        Where a face was in view.
    face_px : float
        Distance between the outer corners of the eyes.
    settings : dict
        What the simulator was asked for.
    """
    side = events[0].side if events else None
    observed_s = sum(span.duration_s for span in observed)
    stated = {"simulated": True, "edge_fraction": EDGE_FRACTION, **settings}
    return Measurement(
        recording=recording,
        affected_side=side or "none",
        spasms=events,
        blinks=blinks,
        measures=_measures(events, blinks, side, recording.task, observed_s),
        quality=Quality(observed_s, round(face_px, 1)),
        software={"version": version("hemiface"), "model_sha256": None, "settings": stated},
        signals=_signals(recording, schedule, played),
    )


def _measures(
    events: tuple[Spasm, ...],
    blinks: tuple[Blink, ...],
    side: Side | None,
    task: str,
    observed_s: float,
) -> tuple[Measure, ...]:
    minutes = observed_s / 60.0 if observed_s > 0.0 else float("nan")
    busy_s = float(sum(event.duration_s for event in events))

    def measure(name: str, value: float, unit: str, n: int, of: Side | None = side) -> Measure:
        return Measure(name, value, unit, of, task, observed_s, n)

    made = [
        measure("spasm_rate", len(events) / minutes, "1/min", len(events)),
        measure("burden", 100.0 * busy_s / (60.0 * minutes), "%", len(events)),
    ]
    for kind in ("clonic", "tonic"):
        n = sum(event.kind == kind for event in events)
        made.append(measure(f"{kind}_rate", n / minutes, "1/min", n))
    if events:
        duration_s = float(np.median([event.duration_s for event in events]))
        amplitude_mm = float(np.median([event.amplitude_mm for event in events]))
        made.append(measure("spasm_duration", duration_s, "s", len(events)))
        made.append(measure("amplitude", amplitude_mm, "mm", len(events)))
    if blinks:
        made.append(measure("blink_rate", len(blinks) / minutes, "1/min", len(blinks), None))
    return tuple(made)


def _signals(recording: Recording, schedule: Schedule, played: Played) -> Signals:
    """True contraction as each patch shows it, whatever made it: spasm, blink, smile or speech."""
    opening = schedule.build.opening_mm
    values = schedule.build.gain @ played.drives + played.jaw_mm
    for side in SIDES:
        upper = played.closing[side]
        lower = values[row("orbicularis_oculi_lower", side)]
        closure = upper + _LOWER_MARGIN * np.maximum(lower, 0.0) / opening[side]
        values[row("orbicularis_oculi_upper", side)] = upper * opening[side]
        values[row("orbicularis_oculi", side)] = np.clip(closure, 0.0, 1.0)
    values[:, ~played.seen] = np.nan
    return Signals(
        recording=recording,
        times_s=played.times_s,
        values=values,
        channels=CHANNELS,
        noise_mm=np.zeros(recording.n_frames),
        confidence=played.seen.astype(np.float64),
        pose_deg=played.pose_deg,
        resting={f"lid_{side}": mm for side, mm in opening.items()},
    )
