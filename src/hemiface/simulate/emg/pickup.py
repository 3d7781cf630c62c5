"""What electrodes pick up besides the muscle under them.

Every number here is our choice, in the range that surface recordings of the face commonly show.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from hemiface.simulate.emg.bursts import potential
from hemiface.types import Channel, Floats

NEIGHBOURS: tuple[tuple[str, str], ...] = (
    ("frontalis", "corrugator"),
    ("frontalis", "orbicularis_oculi"),
    ("corrugator", "orbicularis_oculi"),
    ("corrugator", "nasalis"),
    ("orbicularis_oculi", "zygomaticus"),
    ("nasalis", "levator_labii"),
    ("levator_labii", "zygomaticus"),
    ("levator_labii", "orbicularis_oris"),
    ("zygomaticus", "orbicularis_oris"),
    ("orbicularis_oris", "depressor_anguli_oris"),
    ("orbicularis_oris", "mentalis"),
    ("depressor_anguli_oris", "mentalis"),
    ("depressor_anguli_oris", "platysma"),
)
"""Muscles of one side whose electrodes lie beside each other."""

NEIGHBOUR_SHARE = 0.10
"""Share of a muscle's signal that a neighbouring electrode of the same side sees."""

ACROSS_SHARE: dict[str, float] = {
    "mentalis": 0.15,
    "orbicularis_oris": 0.12,
    "frontalis": 0.08,
    "corrugator": 0.08,
    "nasalis": 0.08,
    "orbicularis_oculi": 0.02,
}
"""Share that the same muscle's electrode on the other side sees; none where not named."""

_HARMONICS = {1: 1.0, 2: 0.15, 3: 0.4, 5: 0.2}
_TONE_WIDTH_S = 0.0014
# The waves of a heartbeat: centre (s), width (s), height as a share of the R wave.
_HEART = ((-0.20, 0.025, 0.12), (-0.025, 0.008, -0.12), (0.0, 0.01, 1.0), (0.028, 0.009, -0.25),
          (0.26, 0.045, 0.28))  # fmt: skip


@dataclass(frozen=True)
class Pickup:
    """How much of each contamination a recording has.

    Attributes
    ----------
    tone_uv : float
        Root mean square of the muscles' resting tone.
    noise_uv : float
        Root mean square of the white noise of electrode and amplifier.
    mains_hz : 0, 50 or 60
        Frequency of the mains; 0 for none.
    mains_uv : float
        Amplitude of the mains' fundamental; harmonics 2, 3 and 5 follow.
    ecg_uv : float
        Height of the heart's R wave.
    drift_uv : float
        Standard deviation of the slow drift of the electrodes.
    jolts_per_min : float
        Rate of jolts of a cable: a jump of some ten drifts that fades within half a second.
    crosstalk : bool
        Whether neighbours are seen, by `NEIGHBOUR_SHARE` and `ACROSS_SHARE`.
    """

    tone_uv: float = 1.5
    noise_uv: float = 1.0
    mains_hz: float = 0.0
    mains_uv: float = 8.0
    ecg_uv: float = 6.0
    drift_uv: float = 4.0
    jolts_per_min: float = 1.0
    crosstalk: bool = True


CLEAN = Pickup(tone_uv=0, noise_uv=0, ecg_uv=0, drift_uv=0, jolts_per_min=0, crosstalk=False)
"""Nothing but the muscles under the electrodes."""


def mix_matrix(channels: Sequence[Channel], sources: Sequence[Channel], pickup: Pickup) -> Floats:
    """Return what each channel sees of each source, shape (n_channels, n_sources)."""
    mix = np.array([[_share(seen, source) for source in sources] for seen in channels])
    return mix if pickup.crosstalk else np.floor(mix)


def _share(seen: Channel, source: Channel) -> float:
    if seen.side != source.side:
        return ACROSS_SHARE.get(seen.muscle, 0.0) if seen.muscle == source.muscle else 0.0
    if seen.muscle == source.muscle:
        return 1.0
    pairs = ((seen.muscle, source.muscle), (source.muscle, seen.muscle))
    return NEIGHBOUR_SHARE if any(pair in NEIGHBOURS for pair in pairs) else 0.0


def interference(rng: np.random.Generator, n_samples: int, rate_hz: float) -> Floats:
    """Draw the interference pattern of many units firing apart: noise of their spectrum, RMS 1."""
    from scipy.signal import fftconvolve

    shape, _ = potential(_TONE_WIDTH_S, rate_hz)
    white = rng.standard_normal(n_samples + len(shape) - 1)
    pattern: Floats = fftconvolve(white, shape / np.sqrt(np.sum(shape**2)), mode="valid")
    return pattern


def draw_pickup(
    seed: int, pickup: Pickup, *, n_channels: int, n_samples: int, rate_hz: float
) -> Floats:
    """Draw all contamination but cross-talk, shape (n_channels, n_samples), uV."""
    rng = np.random.default_rng([seed, 43])
    times_s = np.arange(n_samples) / rate_hz
    added = np.zeros((n_channels, n_samples))
    beats = _heartbeats(rng, times_s)
    for row in added:
        row += pickup.tone_uv * interference(rng, n_samples, rate_hz)
        row += pickup.noise_uv * rng.standard_normal(n_samples)
        row += pickup.ecg_uv * rng.uniform(0.6, 1.4) * beats
        row += _mains(rng, pickup, times_s)
        row += pickup.drift_uv * (_drift(rng, times_s) + _jolts(rng, pickup, times_s))
    return added


def _mains(rng: np.random.Generator, pickup: Pickup, times_s: Floats) -> Floats:
    gain, phase = pickup.mains_uv * rng.uniform(0.5, 1.5), rng.uniform(0, 2 * np.pi, 6)
    if pickup.mains_hz == 0:
        return np.zeros(len(times_s))
    turns = 2 * np.pi * pickup.mains_hz * times_s
    waves = [size * np.sin(k * turns + phase[k]) for k, size in _HARMONICS.items()]
    hum: Floats = gain * np.sum(waves, axis=0)
    return hum


def _heartbeats(rng: np.random.Generator, times_s: Floats) -> Floats:
    """A heart of 60-85 beats a minute that varies by 4 %, R wave 1."""
    period_s, beats, at_s = 60.0 / rng.uniform(60.0, 85.0), np.zeros(len(times_s)), 0.0
    while at_s < times_s[-1] + 1.0:
        at_s += period_s * (1.0 + 0.04 * rng.standard_normal())
        near = slice(*np.searchsorted(times_s, [at_s - 0.35, at_s + 0.45]))
        for centre, width, height in _HEART:
            beats[near] += height * np.exp(-0.5 * ((times_s[near] - at_s - centre) / width) ** 2)
    return beats


def _drift(rng: np.random.Generator, times_s: Floats) -> Floats:
    """Slow wandering below about 0.5 Hz, standard deviation 1."""
    grid = np.arange(0.0, times_s[-1] + 4.0, 2.0)
    from scipy.interpolate import CubicSpline

    wander: Floats = CubicSpline(grid, rng.standard_normal(len(grid)))(times_s)
    return wander


def _jolts(rng: np.random.Generator, pickup: Pickup, times_s: Floats) -> Floats:
    minutes = len(times_s) * (times_s[1] - times_s[0]) / 60.0
    jolted = np.zeros(len(times_s))
    for _ in range(int(rng.poisson(pickup.jolts_per_min * minutes))):
        since = times_s - rng.uniform(0.0, times_s[-1])
        size = rng.choice([-1.0, 1.0]) * rng.uniform(5.0, 12.0)
        fades = 1.0 - np.exp(-np.maximum(since, 0.0) / 0.02)
        jolted += size * fades * np.exp(-np.maximum(since, 0.0) / 0.15)
    return jolted
