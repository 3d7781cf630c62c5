"""Chewing with the mouth shut: the jaw goes round, more on one side, the other following.

Rhythm and strength are our choice, about 1.3 chews a second.
"""

import numpy as np

from hemiface.simulate.face.fields import CHANNELS
from hemiface.simulate.people.motion import TRACK_HZ, draw_spells, wander
from hemiface.simulate.people.schedule import row
from hemiface.types import Floats

_RATE_HZ = (1.1, 1.5)
_JAW_MM = 4.5
_MUSCLES_MM = {"orbicularis_oris": 0.8, "risorius": 0.9, "mentalis": 0.9, "zygomaticus": 0.5}
_LEAN = 0.3  # how much more the side moves that the food is on
_SPELL_S, _TURN_S = 8.0, 2.5


def draw_chewing(rng: np.random.Generator, share: float, n: int) -> tuple[Floats, Floats]:
    """Return the drives of chewing, (n_channels, n), and the jaw, (n,), both mm, on the grid.

    Parameters
    ----------
    rng : Generator
        Drawn from.
    share : float
        Of the time spent chewing.
    n : int
        Points of the grid.
    """
    drives = np.zeros((len(CHANNELS), n))
    if share == 0.0:
        return drives, np.zeros(n)
    active = draw_spells(rng, share, n, _SPELL_S)
    rate_hz = rng.uniform(*_RATE_HZ) * (1.0 + 0.08 * wander(rng, n, 1.0))
    cycle = 2.0 * np.pi * np.cumsum(rate_hz) / TRACK_HZ
    size = active * np.clip(1.0 + 0.15 * wander(rng, n, 0.8), 0.4, 1.6)
    jaw = _JAW_MM * size * (0.5 - 0.5 * np.cos(cycle)) ** 1.3
    lean = _LEAN * np.tanh(2.0 * wander(rng, n, _TURN_S))
    for muscle, mm in _MUSCLES_MM.items():
        # The lips and cheeks press while the jaw closes.
        press = mm * size * (0.5 - 0.5 * np.cos(cycle - 0.4 * np.pi))
        drives[row(muscle, "left")] = press * (1.0 + lean)
        drives[row(muscle, "right")] = press * (1.0 - lean)
    return drives, jaw
