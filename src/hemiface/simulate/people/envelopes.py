"""The shape of one contraction over time: single twitches, clonic trains, tonic plateaus, blinks.

An envelope is drawn on a grid of one millisecond, from 0 to 1, whatever the frame rate of the video
it will be seen in. Its onset and offset are where it crosses a fifth of its peak.
"""

from dataclasses import dataclass

import numpy as np

from hemiface.types import Floats

STEP_S = 0.001
EDGE_FRACTION = 0.2
"""Onset and offset are where a contraction crosses this share of its peak."""

RISE_S = (0.03, 0.09)
DECAY_S = (0.05, 0.20)
RUN_PER_S = (5.0, 20.0)
"""Bursts a second in a run of a clonic spasm: our choice, after general descriptions."""

# Share of a half-cosine ramp that lies above EDGE_FRACTION.
_ABOVE_EDGE = 1.0 - float(np.arccos(1.0 - 2.0 * EDGE_FRACTION)) / np.pi


@dataclass(frozen=True, eq=False)
class Envelope:
    """One contraction over time, its peak 1.

    Attributes
    ----------
    start_s : float
        When the first value applies.
    values : ndarray
        One per millisecond, 0 to 1; zero outside.
    """

    start_s: float
    values: Floats

    def at(self, times_s: Floats) -> Floats:
        """Return the contraction at these times."""
        where = (np.asarray(times_s) - self.start_s) / STEP_S
        return np.interp(where, np.arange(len(self.values)), self.values, left=0.0, right=0.0)

    @property
    def length_s(self) -> float:
        """Length of the whole shape, its faint ends included."""
        return len(self.values) * STEP_S

    @property
    def onset_s(self) -> float:
        """When it first rises through the edge fraction of its peak."""
        first = int(np.argmax(self.values >= EDGE_FRACTION))
        return self.start_s + first * STEP_S

    @property
    def offset_s(self) -> float:
        """When it last falls through the edge fraction of its peak."""
        last = len(self.values) - int(np.argmax(self.values[::-1] >= EDGE_FRACTION))
        return self.start_s + last * STEP_S

    @property
    def peak_s(self) -> float:
        """When it is strongest."""
        return self.start_s + int(np.argmax(self.values)) * STEP_S

    def starting_at(self, onset_s: float) -> "Envelope":
        """Return the same contraction with its onset moved to `onset_s`."""
        return Envelope(self.start_s + onset_s - self.onset_s, self.values)


def draw_twitch(rng: np.random.Generator, duration_s: float) -> Envelope:
    """Draw a single clonic jerk: a fast rise, a short hold, a slower decay."""
    ramps = duration_s / _ABOVE_EDGE  # a short jerk has room for fast ramps only
    rise = rng.uniform(RISE_S[0], min(RISE_S[1], max(ramps - DECAY_S[0], RISE_S[0])))
    decay = rng.uniform(DECAY_S[0], min(DECAY_S[1], max(ramps - rise, DECAY_S[0])))
    hold = max(duration_s - _ABOVE_EDGE * (rise + decay), 0.0)
    return Envelope(0.0, _ramped(rise, hold, decay))


def draw_train(rng: np.random.Generator, duration_s: float) -> Envelope:
    """Draw an irregular run of jerks; it relaxes only partly between them, so it is one spasm."""
    base = draw_twitch(rng, duration_s).values
    jerks = np.zeros_like(base)
    slow, fast = RUN_PER_S
    at_s, per_s = 0.0, np.exp(rng.uniform(np.log(slow), np.log(fast)))
    while at_s < duration_s:
        width = rng.uniform(0.05, 0.09)
        jerk = _ramped(width, 0.0, rng.uniform(0.05, 0.12)) * rng.uniform(0.45, 1.0)
        _raise(jerks, jerk, at_s)
        at_s += 1.0 / float(np.clip(per_s * rng.lognormal(0.0, 0.25), slow, fast))
    floor = rng.uniform(0.35, 0.6)
    return Envelope(0.0, _to_peak(base * (floor + (1.0 - floor) * jerks)))


def draw_plateau(rng: np.random.Generator, duration_s: float) -> Envelope:
    """Draw a tonic contraction: it rises, holds with drift and flicker, and lets go."""
    rise, decay = rng.uniform(0.04, 0.15), rng.uniform(0.08, 0.30)
    hold = max(duration_s - _ABOVE_EDGE * (rise + decay), 0.05)
    base = _ramped(rise, hold, decay)
    flicker = _noise(rng, len(base), 0.04) * rng.uniform(0.03, 0.10)
    drift = _noise(rng, len(base), 0.6) * 0.08
    return Envelope(0.0, _to_peak(base * np.clip(1.0 + flicker + drift, 0.5, 1.5)))


def draw_closing(rng: np.random.Generator) -> Envelope:
    """Draw a spontaneous blink: closing in about 80 ms, opening in about 180 ms."""
    close, reopen = rng.uniform(0.06, 0.11), rng.uniform(0.12, 0.26)
    return Envelope(0.0, _ramped(close, rng.uniform(0.0, 0.05), reopen))


def draw_gesture(rng: np.random.Generator, duration_s: float) -> Envelope:
    """Draw a voluntary movement such as a smile: slower in, held with some drift, slow out."""
    rise, decay = rng.uniform(0.15, 0.6), rng.uniform(0.25, 0.9)
    hold = max(duration_s - _ABOVE_EDGE * (rise + decay), 0.1)
    base = _ramped(rise, hold, decay)
    return Envelope(0.0, _to_peak(base * (1.0 + 0.08 * _noise(rng, len(base), 0.25))))


def _ramped(rise_s: float, hold_s: float, decay_s: float) -> Floats:
    """Half a cosine up, a hold, half a cosine down, ending at zero."""
    up = 0.5 - 0.5 * np.cos(np.pi * np.linspace(0.0, 1.0, max(round(rise_s / STEP_S), 1) + 1))
    down = 0.5 + 0.5 * np.cos(np.pi * np.linspace(0.0, 1.0, max(round(decay_s / STEP_S), 1) + 1))
    return np.concatenate([up, np.ones(round(hold_s / STEP_S)), down[1:]])


def _raise(total: Floats, part: Floats, at_s: float) -> None:
    start = round(at_s / STEP_S)
    room = total[start : start + len(part)]
    np.maximum(room, part[: len(room)], out=room)


def _noise(rng: np.random.Generator, n: int, width_s: float) -> Floats:
    """Smooth noise of standard deviation about 1."""
    from scipy.ndimage import gaussian_filter1d

    sigma = width_s / STEP_S
    white = rng.standard_normal(n) * np.sqrt(2.0 * np.sqrt(np.pi) * sigma)
    smooth: Floats = gaussian_filter1d(white, sigma, mode="nearest")
    return smooth


def _to_peak(values: Floats) -> Floats:
    peak: Floats = values / values.max()
    return peak
