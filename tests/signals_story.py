"""Signals with a physical story: known movements of a known face, with the noise of a good film.

A spasm here begins where it has risen to 20 % of its height and ends where it has fallen to 20 %,
as in `hemiface.simulate`.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import Literal

import numpy as np

from hemiface.muscles import MUSCLES
from hemiface.types import SIDES, Channel, Floats, Recording, Side, Signals, Span, other_side

OPENING_MM = 9.0
# How far each muscle of a spasm moves for every mm of the largest; closure, a fraction, per mm too.
EYE = {
    "orbicularis_oculi": 0.1,
    "orbicularis_oculi_upper": 0.8,
    "orbicularis_oculi_lower": 0.5,
    "corrugator": 0.15,
}
MOUTH = {
    "zygomaticus": 1.0,
    "risorius": 0.7,
    "levator_labii": 0.5,
    "orbicularis_oris": 0.4,
    "nasalis": 0.2,
}
EYE_AND_MOUTH = {**EYE, **MOUTH}
# Noise of one frame where nothing moves, as measured on films of a still face.
SKIN_NOISE_MM, LID_NOISE_MM, CLOSURE_NOISE = 0.025, 0.03, 0.006
# A smooth step reaches 20 % of its height after this share of its length.
_FIFTH = 0.2871
_SHARP_S = 0.06


@dataclass(frozen=True)
class Move:
    """One movement of one or both sides: a smooth rise, a plateau, a smooth fall."""

    onset_s: float
    duration_s: float
    side: Side | Literal["both"]
    amplitude_mm: float = 3.0
    parts: dict[str, float] = field(default_factory=lambda: EYE_AND_MOUTH)
    rise_s: float = _SHARP_S
    fall_s: float = _SHARP_S

    @property
    def end_s(self) -> float:
        return self.onset_s + self.duration_s

    def share(self, times_s: Floats) -> Floats:
        """Return how far it has come at each time, 0 to 1."""
        rising = (times_s - self.onset_s) / self.rise_s + _FIFTH
        falling = (self.end_s - times_s) / self.fall_s + _FIFTH
        return np.minimum(_smooth_step(rising), _smooth_step(falling))


def spasm(onset_s: float, duration_s: float, side: Side = "left", mm: float = 3.0) -> Move:
    """Return a spasm of the eye and the mouth that rises within 60 ms."""
    return Move(onset_s, duration_s, side, mm)


def blink(onset_s: float, depth: float = 0.9) -> Move:
    parts = {
        "orbicularis_oculi": 1 / OPENING_MM,
        "orbicularis_oculi_upper": 0.7,
        "orbicularis_oculi_lower": 0.06,
    }
    return Move(onset_s, 0.2, "both", depth * OPENING_MM, parts, rise_s=0.09, fall_s=0.16)


def smile(onset_s: float, duration_s: float = 2.0, amplitude_mm: float = 4.0) -> Move:
    parts = {**MOUTH, "orbicularis_oculi_lower": 0.2}
    return Move(onset_s, duration_s, "both", amplitude_mm, parts, rise_s=0.5, fall_s=0.6)


def signals_story(
    *moves: Move,
    duration_s: float = 20.0,
    rate_hz: float = 60.0,
    gaps: Sequence[Span] = (),
    noise: float = 1.0,
    seed: int = 0,
) -> Signals:
    """Return the signals of a face that makes these movements and no others.

    Parameters
    ----------
    *moves
        What moves.
    duration_s, rate_hz : float
        Length and frame rate of the film.
    gaps : sequence of Span
        When the face could not be seen.
    noise : float
        Factor on the noise of a good film.
    seed : int
        Of the noise.
    """
    times = np.arange(round(duration_s * rate_hz)) / rate_hz
    channels = tuple(Channel(m.name, side, m.unit) for m in MUSCLES for side in SIDES)
    values = np.array([_moved(channel, moves, times) for channel in channels])
    rng = np.random.default_rng(seed)
    spread = noise * np.array([_noise(channel) for channel in channels])
    values += spread[:, None] * rng.normal(size=values.shape)
    seen = ~np.any([(times >= g.start_s) & (times < g.end_s) for g in gaps], axis=0) | (not gaps)
    sway = np.sin(2 * np.pi * times / 11)
    return Signals(
        recording=_recording(duration_s, rate_hz, len(times)),
        times_s=times,
        values=np.where(seen, values, np.nan),
        channels=channels,
        noise_mm=np.where(seen, 0.06 + 0.01 * np.abs(rng.normal(size=len(times))), np.nan),
        confidence=np.where(seen, 0.98, 0.0),
        pose_deg=np.where(seen, np.outer([1.0, 0.5, 0.3], sway), np.nan),
        resting={"lid_left": OPENING_MM, "lid_right": OPENING_MM},
    )


def mirrored(signals: Signals) -> Signals:
    """Return the signals of the same person seen in a mirror: sides, yaw and roll change sign."""
    rows = [signals.row(c.muscle, other_side(c.side)) for c in signals.channels]
    resting = {f"lid_{side}": signals.resting[f"lid_{other_side(side)}"] for side in SIDES}
    turned = signals.pose_deg * np.array([[-1.0], [1.0], [-1.0]])
    return replace(signals, values=np.array(rows), pose_deg=turned, resting=resting)


def _moved(channel: Channel, moves: Sequence[Move], times_s: Floats) -> Floats:
    """Return where movements take one channel: they do not add up, the largest rules."""
    together = np.zeros_like(times_s)
    for move in moves:
        if move.side in ("both", channel.side):
            reach_mm = move.parts.get(channel.muscle, 0.0) * move.amplitude_mm
            together = np.maximum(together, reach_mm * move.share(times_s))
    return np.clip(together, 0.0, 1.0) if channel.unit == "fraction" else together


def _noise(channel: Channel) -> float:
    if channel.unit == "fraction":
        return CLOSURE_NOISE
    return LID_NOISE_MM if channel.muscle == "orbicularis_oculi_upper" else SKIN_NOISE_MM


def _smooth_step(x: Floats) -> Floats:
    inside = np.clip(x, 0.0, 1.0)
    return np.asarray(inside**2 * (3 - 2 * inside))


def _recording(duration_s: float, rate_hz: float, n_frames: int) -> Recording:
    return Recording(
        id="story", kind="video", source="story.mp4", sha256="0" * 64, rate_hz=rate_hz,
        duration_s=duration_s, n_frames=n_frames, width=640, height=640, mirrored=None, task="rest",
    )  # fmt: skip
