"""What habits are made of: movements of both sides, and random curves on a grid of 10 ms."""

from dataclasses import dataclass

import numpy as np

from hemiface.simulate.face.fields import CHANNELS
from hemiface.simulate.people.envelopes import Envelope
from hemiface.simulate.people.schedule import row
from hemiface.types import Floats, Side

TRACK_HZ = 100.0
_LATE_SD_S = 0.02
_LEAN_SD = 0.12  # how much stronger one side smiles than the other


@dataclass(frozen=True, eq=False)
class Closure:
    """One closure of both eyes as drawn: a shape, and the depth and delay of each eye."""

    envelope: Envelope
    depth: dict[Side, float]
    delay_s: dict[Side, float]


@dataclass(frozen=True, eq=False)
class Gesture:
    """One bilateral movement: a shape, with each side's own pull (mm) and delay."""

    envelope: Envelope
    pull_mm: Floats
    delay_s: dict[Side, float]


def make_gesture(
    rng: np.random.Generator, shape: Envelope, muscles: dict[str, tuple[float, float]]
) -> Gesture:
    """Draw a movement of both sides, a little later and weaker on one of them.

    Parameters
    ----------
    rng : Generator
        Drawn from: the delay, then the strength.
    shape : Envelope
        Its course.
    muscles : dict of muscle to (least, most)
        How far they pull, mm.
    """
    late = float(rng.normal(0.0, _LATE_SD_S))
    delay: dict[Side, float] = {"left": max(late, 0.0), "right": max(-late, 0.0)}
    return Gesture(shape, _draw_pull(rng, muscles), delay)


def wander(rng: np.random.Generator, n: int, width_s: float) -> Floats:
    """Smooth random movement of standard deviation about 1, on the grid."""
    from scipy.ndimage import gaussian_filter1d

    sigma = width_s * TRACK_HZ
    white = rng.standard_normal(n) * np.sqrt(2.0 * np.sqrt(np.pi) * sigma)
    smooth: Floats = gaussian_filter1d(white, sigma, mode="reflect")
    return smooth


def draw_spells(rng: np.random.Generator, share: float, n: int, mean_s: float = 2.5) -> Floats:
    """Return 1 in spells that take a share of the time, 0 in pauses, with soft edges."""
    from scipy.ndimage import gaussian_filter1d

    if share == 0.0:
        return np.zeros(n)
    active, at, on = np.zeros(n), 0, bool(rng.random() < share)
    while at < n:
        length_s = mean_s if on else mean_s * (1.0 - share) / share
        drawn = np.clip(rng.lognormal(np.log(length_s), 0.5), 0.4, 3.2 * mean_s)
        length = int(TRACK_HZ * drawn)
        active[at : at + length] = float(on)
        at, on = at + length, not on
    soft: Floats = gaussian_filter1d(active, 0.08 * TRACK_HZ)
    return soft


def grid(n: int) -> Floats:
    """Times of the grid's points, s."""
    return np.arange(n) / TRACK_HZ


def on_grid(rows: Floats, times_s: Floats) -> Floats:
    """Return rows given on the grid at other times."""
    at = grid(rows.shape[1])
    return np.stack([np.interp(times_s, at, values) for values in rows])


def _draw_pull(rng: np.random.Generator, muscles: dict[str, tuple[float, float]]) -> Floats:
    """Pull of every channel in one gesture, stronger on one side as smiles are."""
    pull = np.zeros(len(CHANNELS))
    strength, lean = rng.random(), rng.normal(0.0, _LEAN_SD)
    for muscle, (least, most) in muscles.items():
        mm = least + (most - least) * strength * rng.uniform(0.8, 1.0)
        pull[row(muscle, "left")] = mm * (1.0 + lean)
        pull[row(muscle, "right")] = mm * (1.0 - lean)
    return pull
