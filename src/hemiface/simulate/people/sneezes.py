"""Sneezes: both eyes shut tight for about a second, the face drawn up, the head thrown forward.

Timing and strength are our choice.
"""

from dataclasses import dataclass

import numpy as np

from hemiface.simulate.people.envelopes import STEP_S, Envelope
from hemiface.simulate.people.motion import Closure, Gesture, make_gesture
from hemiface.types import Floats, Side

_APART_S = 4.0  # at least, from one to the next
_LENGTH_S = 1.6
_BACK_DEG, _FORTH_DEG = 3.0, -8.0
_FACE: dict[str, tuple[float, float]] = {
    "orbicularis_oculi_lower": (1.0, 1.8),
    "nasalis": (0.8, 1.4),
    "levator_labii": (1.0, 2.5),
    "corrugator": (0.8, 1.8),
    "zygomaticus": (0.5, 1.5),
}


@dataclass(frozen=True, eq=False)
class Sneeze:
    """One sneeze: what eyes and face do, and when the head goes back and forth."""

    eyes: Closure
    face: Gesture
    back: Envelope
    forth: Envelope

    def pitch_deg(self, times_s: Floats) -> Floats:
        """Return how far the head is thrown, positive up."""
        pitch: Floats = _BACK_DEG * self.back.at(times_s) + _FORTH_DEG * self.forth.at(times_s)
        return pitch


def draw_sneezes(rng: np.random.Generator, per_min: float, duration_s: float) -> tuple[Sneeze, ...]:
    """Draw the sneezes of a recording: at random, but for a pause after each."""
    sneezes, room_s = [], 60.0 / per_min if per_min else np.inf
    now_s = float(rng.exponential(room_s)) if per_min else np.inf
    while now_s < duration_s - _LENGTH_S:
        sneezes.append(_draw_sneeze(rng, now_s))
        now_s += _APART_S + float(rng.exponential(max(room_s - _APART_S, 1.0)))
    return tuple(sneezes)


def _draw_sneeze(rng: np.random.Generator, start_s: float) -> Sneeze:
    burst_s = start_s + rng.uniform(0.5, 0.7)
    shut = _hump(burst_s - 0.25, 0.15, rng.uniform(0.4, 0.7), 0.3)
    face = make_gesture(rng, _hump(burst_s - 0.3, 0.25, 0.35, 0.5), _FACE)
    both: dict[Side, float] = {"left": 1.0, "right": 1.0}
    at_once: dict[Side, float] = {"left": 0.0, "right": 0.0}
    back = _hump(start_s, burst_s - start_s, 0.0, 0.1)
    forth = _hump(burst_s, 0.1, 0.1, 0.6)
    return Sneeze(Closure(shut, both, at_once), face, back, forth)


def _hump(start_s: float, rise_s: float, hold_s: float, fall_s: float) -> Envelope:
    """Half a cosine up, a hold, half a cosine down."""
    at = np.arange(0.0, rise_s + hold_s + fall_s, STEP_S)
    level = np.interp(at, [0.0, rise_s, rise_s + hold_s, at[-1]], [0.0, 1.0, 1.0, 0.0])
    return Envelope(start_s, 0.5 - 0.5 * np.cos(np.pi * level))
