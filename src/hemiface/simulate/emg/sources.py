"""What the muscles under the electrodes fire in spasms, blinks and voluntary acts."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Literal

import numpy as np

from hemiface.simulate.emg.bursts import Burst, Units, draw_bursts, draw_units, record
from hemiface.simulate.emg.pickup import interference
from hemiface.simulate.people.schedule import Build, Contraction, Schedule
from hemiface.simulate.people.severity import LARGEST_MM
from hemiface.types import SIDES, Blink, Channel, Floats, Spasm

ELECTRODES: dict[str, tuple[str, ...]] = {
    "frontalis": ("frontalis",),
    "corrugator": ("corrugator",),
    "orbicularis_oculi": ("orbicularis_oculi_lower", "orbicularis_oculi_upper"),
    "nasalis": ("nasalis",),
    "levator_labii": ("levator_labii",),
    "zygomaticus": ("zygomaticus", "risorius"),
    "orbicularis_oris": ("orbicularis_oris",),
    "depressor_anguli_oris": ("depressor_anguli_oris", "depressor_labii"),
    "mentalis": ("mentalis",),
    "platysma": ("platysma",),
}
"""Where an electrode can lie, and which contracting muscles are then under it."""

VOLLEY_UV = 400.0
"""Peak of a volley at full contraction; a spasm of a fifth of it gives 80 uV (our choice)."""

VOLUNTARY_UV = 150.0
"""Root mean square of a muscle's strongest voluntary contraction (our choice)."""

BLINK_UV = 40.0
"""Root mean square of orbicularis oculi in a complete blink (our choice)."""

SPREAD_S = 0.003
"""Longest delay between two muscles of a side, as in an R1-like arc (size unverified)."""

ActKind = Literal["eye_closure", "smile", "brow_raise", "pucker"]

ACTS: dict[ActKind, dict[str, float]] = {
    "eye_closure": {"orbicularis_oculi": 0.7, "corrugator": 0.3, "nasalis": 0.2},
    "smile": {"zygomaticus": 0.7, "levator_labii": 0.3, "orbicularis_oculi": 0.15},
    "brow_raise": {"frontalis": 0.7},
    "pucker": {"orbicularis_oris": 0.7, "mentalis": 0.35, "depressor_anguli_oris": 0.15},
}
"""Share of full voluntary contraction of each muscle, on both sides (our choice)."""

SOURCES = tuple(Channel(muscle, side, "uV") for side in SIDES for muscle in ELECTRODES)
"""Every muscle that discharges, whether an electrode lies over it or not."""

_RAMP_S = 0.15  # a voluntary contraction's rise and fall
_LID = "orbicularis_oculi_upper"


@dataclass(frozen=True)
class Act:
    """One voluntary contraction of both sides: from `start_s`, for `duration_s`."""

    kind: ActKind
    start_s: float
    duration_s: float


@dataclass(frozen=True, eq=False)
class Discharge:
    """One spasm of the schedule with its bursts, as the facial nerve fires them."""

    index: int
    contraction: Contraction
    bursts: tuple[Burst, ...]


@dataclass(frozen=True, eq=False)
class Source:
    """One muscle of one person: what lies under an electrode.

    Attributes
    ----------
    channel : Channel
        Which muscle and side.
    delay_s : float
        How much later than the first muscle it fires.
    units : Units
        The motor units that are seen.
    seed : tuple of int
        For what varies from volley to volley.
    """

    channel: Channel
    delay_s: float
    units: Units
    seed: tuple[int, ...]


def draw_sources(seed: int) -> tuple[Source, ...]:
    """Draw the muscles of one person, one for each of `SOURCES`."""
    made = []
    for index, channel in enumerate(SOURCES):
        rng = np.random.default_rng([seed, 41, index])
        delay_s = float(rng.uniform(0.0, SPREAD_S))
        made.append(Source(channel, delay_s, draw_units(rng), (seed, 42, index)))
    return tuple(made)


def draw_discharges(seed: int, schedule: Schedule, duration_s: float) -> tuple[Discharge, ...]:
    """Draw the bursts of every spasm that begins within the recording."""
    return tuple(
        Discharge(i, one, draw_bursts(np.random.default_rng([seed, 40, i]), one))
        for i, one in enumerate(schedule.contractions)
        if one.envelope.start_s < duration_s
    )


def share_of(contraction: Contraction, channel: Channel, build: Build) -> float:
    """Return how strongly a spasm drives the muscles under an electrode, 0 to 1."""
    if contraction.side != channel.side:
        return 0.0
    full = {**LARGEST_MM, _LID: build.opening_mm[channel.side]}
    under = ELECTRODES[channel.muscle]
    pairs = zip(contraction.muscles, contraction.drive_mm, strict=True)
    return max((mm / full[muscle] for muscle, mm in pairs if muscle in under), default=0.0)


def true_bursts(
    source: Source, discharges: Sequence[Discharge], build: Build, duration_s: float
) -> tuple[Burst, ...]:
    """Return the bursts of one muscle that begin within the recording."""
    fired = (d for d in discharges if share_of(d.contraction, source.channel, build) > 0.0)
    bursts = (burst.delayed(source.delay_s) for d in fired for burst in d.bursts)
    return tuple(burst for burst in bursts if burst.onset_s < duration_s)


def true_spasms(
    schedule: Schedule,
    sources: Sequence[Source],
    discharges: Sequence[Discharge],
    duration_s: float,
) -> tuple[Spasm, ...]:
    """Return the spasms as perfect electrodes would time them: first volley to last."""
    events, found = schedule.events, []
    for d in discharges:
        delays = [
            source.delay_s
            for source in sources
            if share_of(d.contraction, source.channel, schedule.build) > 0.0
        ]
        if delays and d.bursts[0].onset_s + min(delays) < duration_s:
            found.append(_retimed(events[d.index], d.bursts, delays, duration_s))
    return tuple(found)


def _retimed(
    event: Spasm, bursts: Sequence[Burst], delays: Sequence[float], duration_s: float
) -> Spasm:
    onset_s = bursts[0].onset_s + min(delays)
    end_s = bursts[-1].end_s + max(delays)
    strongest = max(bursts, key=lambda burst: float(burst.levels.max()))
    peak_s = float(strongest.volleys_s[int(np.argmax(strongest.levels))]) + min(delays)
    return replace(
        event,
        onset_s=round(onset_s, 4),
        duration_s=round(min(end_s, duration_s) - onset_s, 4),
        peak_s=round(min(peak_s, duration_s), 4),
        cut_end=end_s > duration_s,
    )


def spasm_signal(
    source: Source,
    discharges: Sequence[Discharge],
    build: Build,
    *,
    n_samples: int,
    rate_hz: float,
) -> Floats:
    """Return what one muscle discharges in all spasms, shape (n_samples,), uV."""
    times, sizes = [np.zeros(0)], [np.zeros(0)]
    for d in discharges:
        share = share_of(d.contraction, source.channel, build)
        rng = np.random.default_rng([*source.seed, d.index])
        for burst in d.bursts if share > 0.0 else ():
            n = len(burst.volleys_s)
            times.append(burst.volleys_s + source.delay_s + 0.0001 * rng.standard_normal(n))
            sizes.append(VOLLEY_UV * share * burst.levels * rng.lognormal(0.0, 0.2, n))
    volleys = np.concatenate(times), np.concatenate(sizes)
    return record(*volleys, source.units, n_samples=n_samples, rate_hz=rate_hz)


def voluntary_signal(
    source: Source,
    blinks: Sequence[Blink],
    acts: Sequence[Act],
    *,
    n_samples: int,
    rate_hz: float,
) -> Floats:
    """Return what one muscle discharges in blinks and acts, shape (n_samples,), uV."""
    rng = np.random.default_rng([*source.seed, 0, 0])
    strength = _blinking(source, blinks, n_samples, rate_hz) if blinks else np.zeros(n_samples)
    for act in acts:
        share = ACTS[act.kind].get(source.channel.muscle, 0.0) * rng.uniform(0.9, 1.1)
        first, last = act.start_s, act.start_s + act.duration_s
        near = _near(first, last, n_samples, rate_hz)
        times_s = np.arange(near.start, near.stop) / rate_hz
        ramp = np.minimum(times_s - first, last - times_s) / min(_RAMP_S, act.duration_s / 2)
        strength[near] += VOLUNTARY_UV * share * np.clip(ramp, 0.0, 1.0)
    return strength * interference(rng, n_samples, rate_hz) if strength.any() else strength


def _blinking(source: Source, blinks: Sequence[Blink], n_samples: int, rate_hz: float) -> Floats:
    """Strength of orbicularis oculi in blinks: it fires while the lid goes down, then rests."""
    strength = np.zeros(n_samples)
    if source.channel.muscle != "orbicularis_oculi":
        return strength
    for blink in blinks:
        depth = blink.left_closure if source.channel.side == "left" else blink.right_closure
        first, last = blink.onset_s - 0.02, blink.onset_s + 0.35 * blink.duration_s
        near = _near(first, last, n_samples, rate_hz)
        since = np.arange(near.start, near.stop) / rate_hz - first
        strength[near] += BLINK_UV * depth * np.sin(np.pi * np.clip(since / (last - first), 0, 1))
    return strength


def _near(first_s: float, last_s: float, n_samples: int, rate_hz: float) -> slice:
    ends = np.clip([np.ceil(first_s * rate_hz), np.ceil(last_s * rate_hz)], 0, n_samples)
    return slice(int(ends[0]), int(ends[1]))
