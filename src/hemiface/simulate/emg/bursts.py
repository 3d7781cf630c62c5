"""The discharges of facial muscles in a spasm: bursts of volleys, and how an electrode sees them.

A muscle discharges while its contraction rises and while it is held; it falls back silently. So the
bursts are read off the contraction's shape, and electrical and visible spasm belong together:
the burst begins when the skin begins to move, some 10-30 ms before it has moved visibly.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from hemiface.simulate.people.envelopes import STEP_S, Envelope
from hemiface.simulate.people.schedule import TONIC_S, Contraction
from hemiface.types import Floats, Span

BURST_S = (0.005, 0.08)
"""Shortest and longest burst of a clonic spasm (our choice; Hjorth & Willison 1973, unverified)."""

BURST_HZ = (5.0, 20.0)
"""Bursts a second in a run (our choice; Hjorth and Willison 1973, unverified)."""

SPIKE_HZ = (250.0, 350.0)
"""Inter-spike rate within a burst (Nielsen 1984, Neurology, n = 62)."""

_MEAN_SPIKE_HZ = (272.0, 322.0)  # leaves room for the jitter; our choice
_SPIKE_CV = 0.04  # irregularity within a burst; our choice
_LEAST_GAP_S = 0.01  # shorter silence would not part two bursts; our choice
_HELD = 0.9  # a jerk is held while it stays above this share of its peak
_TONIC_HELD = 0.3  # drift and flicker are not yet letting go
_PROMINENCE = 0.05  # a smaller dip of the contraction is not a new jerk


@dataclass(frozen=True, eq=False)
class Burst:
    """One discharge: some motor units firing in volleys.

    Attributes
    ----------
    onset_s : float
        Time of its first volley.
    duration_s : float
        Until its last volley.
    volleys_s : ndarray
        Times of its volleys: the spikes that can be counted.
    levels : ndarray
        Strength of each volley, as a share of the strongest moment of the spasm.
    """

    onset_s: float
    duration_s: float
    volleys_s: Floats
    levels: Floats

    @property
    def end_s(self) -> float:
        """Time of its last volley."""
        return self.onset_s + self.duration_s

    def delayed(self, delay_s: float) -> "Burst":
        """Return the same burst, later."""
        later = self.volleys_s + delay_s
        return Burst(self.onset_s + delay_s, self.duration_s, later, self.levels)


def draw_bursts(rng: np.random.Generator, contraction: Contraction) -> tuple[Burst, ...]:
    """Draw the bursts behind one spasm: parted in a clonic one, fused in a tonic one."""
    shape = contraction.envelope
    tonic = shape.offset_s - shape.onset_s >= TONIC_S
    if tonic:
        volleys = _fire(rng, _held_span(shape))
        return (_burst(volleys, np.maximum(shape.at(volleys), _TONIC_HELD)),)
    bursts = []
    for span in _part(rng, _active_spans(shape)):
        volleys = _fire(rng, span)
        bursts.append(_burst(volleys, np.full(len(volleys), _level(shape, span))))
    return tuple(bursts)


def _held_span(shape: Envelope) -> Span:
    above = np.flatnonzero(shape.values >= _TONIC_HELD * shape.values.max())
    return Span(shape.start_s, shape.start_s + float(above[-1]) * STEP_S)


def _active_spans(shape: Envelope) -> list[Span]:
    """Return, for each jerk of a contraction, from where it rises to where it lets go."""
    from scipy.signal import find_peaks

    dips = find_peaks(-shape.values, prominence=_PROMINENCE)[0].tolist()
    starts = [0, *dips]
    ends = [*dips, len(shape.values)]
    spans = []
    for start, end in zip(starts, ends, strict=True):
        jerk = shape.values[start:end]
        held = float(np.flatnonzero(jerk >= _HELD * jerk.max())[-1])
        from_s = shape.start_s + start * STEP_S
        spans.append(Span(from_s, from_s + max(held * STEP_S, BURST_S[0])))
    return spans


def _part(rng: np.random.Generator, spans: Sequence[Span]) -> list[Span]:
    """Cut what is longer than a burst into a run of bursts, and join what nearly touches."""
    parts: list[Span] = []
    for span in spans:
        at_s = max(span.start_s, parts[-1].end_s + _LEAST_GAP_S if parts else span.start_s)
        while span.end_s - at_s >= BURST_S[0]:
            length_s = float(rng.uniform(0.25 * BURST_S[1], BURST_S[1]))
            end_s = min(at_s + length_s, span.end_s)
            parts.append(Span(at_s, end_s))
            at_s += max(1.0 / float(rng.uniform(*BURST_HZ)), length_s + _LEAST_GAP_S)
    return parts


def _level(shape: Envelope, span: Span) -> float:
    times_s = np.linspace(span.start_s, span.end_s, 16)
    return float(shape.at(times_s).max())


def _fire(rng: np.random.Generator, span: Span) -> Floats:
    """Fill a span with volleys at one mean rate."""
    mean_s = 1.0 / rng.uniform(*_MEAN_SPIKE_HZ)
    n = max(int(span.duration_s / mean_s), 2)
    jitter = 1.0 + _SPIKE_CV * np.clip(rng.standard_normal(n), -2.0, 2.0)
    volleys: Floats = span.start_s + np.concatenate([[0.0], np.cumsum(mean_s * jitter)])
    return volleys


def _burst(volleys: Floats, levels: Floats) -> Burst:
    return Burst(float(volleys[0]), float(volleys[-1] - volleys[0]), volleys, levels)


@dataclass(frozen=True, eq=False)
class Units:
    """The few motor units that one electrode sees in every volley.

    Attributes
    ----------
    width_s : ndarray, shape (n_units,)
        Width of each unit's potential.
    size : ndarray, shape (n_units,)
        Its share of the volley, and which way it points.
    late_s : ndarray, shape (n_units,)
        How long after the volley's first unit it comes.
    """

    width_s: Floats
    size: Floats
    late_s: Floats


def draw_units(rng: np.random.Generator, n_units: int = 4) -> Units:
    """Draw the units under one electrode: 1.0-1.8 ms wide, within 0.5 ms of each other (ours)."""
    size = rng.uniform(0.4, 1.0, n_units)
    return Units(
        rng.uniform(0.0010, 0.0018, n_units), size / size.sum(), rng.uniform(0.0, 0.0005, n_units)
    )


def potential(width_s: float, rate_hz: float) -> tuple[Floats, int]:
    """Return a unit's potential, its first phase peaking at 1, and the index of that peak.

    The first Hermite-Rodriguez function, a usual model of the surface potential (Lo Conte et al.
    1994, IEEE Trans Biomed Eng 41:1147). Its spectrum peaks at 1 / (sqrt(2) pi width).
    """
    reach = int(np.ceil(3.0 * width_s * rate_hz))
    t = (np.arange(-reach, reach + 1) / rate_hz) / width_s
    shape = -t * np.exp(-(t**2)) * np.sqrt(2.0 * np.e)
    return shape, reach - round(width_s / np.sqrt(2.0) * rate_hz)


def record(
    volleys_s: Floats, volleys_uv: Floats, units: Units, *, n_samples: int, rate_hz: float
) -> Floats:
    """Return what an electrode sees of these volleys, shape (n_samples,), uV."""
    from scipy.signal import fftconvolve

    seen = np.zeros(n_samples)
    if not len(volleys_s):
        return seen
    for width_s, size, late_s in zip(units.width_s, units.size, units.late_s, strict=True):
        shape, peak = potential(float(width_s), rate_hz)
        train = _impulses((volleys_s + late_s) * rate_hz, volleys_uv * size, n_samples)
        seen += fftconvolve(train, shape)[peak : peak + n_samples]
    return seen


def _impulses(where: Floats, sizes: Floats, n: int) -> Floats:
    """Put impulses between samples: each is shared by its two neighbours."""
    inside = (where >= 0) & (where < n - 1)
    first, sizes = where[inside].astype(int), sizes[inside]
    share = where[inside] - first
    train = np.bincount(first, sizes * (1.0 - share), n) + np.bincount(first + 1, sizes * share, n)
    return np.asarray(train[:n], dtype=np.float64)
