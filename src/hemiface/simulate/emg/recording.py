"""Virtual patients on surface EMG: the spasms of a schedule as muscles discharge them.

The same schedule that moves a face on video drives the bursts here, so one patient can be seen by
camera and by electrodes. Writing to EDF+ is in `hemiface.simulate.emg.edf`.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from hemiface.errors import ConventionError
from hemiface.simulate.emg.bursts import Burst
from hemiface.simulate.emg.pickup import Pickup, draw_pickup, mix_matrix
from hemiface.simulate.emg.sources import (
    ELECTRODES,
    SOURCES,
    Act,
    draw_discharges,
    draw_sources,
    spasm_signal,
    true_bursts,
    true_spasms,
    voluntary_signal,
)
from hemiface.simulate.face.fields import CHANNELS
from hemiface.simulate.people.schedule import Build, Schedule
from hemiface.types import SIDES, Blink, Channel, Floats, Side, Spasm

DEFAULT_MUSCLES = ("frontalis", "orbicularis_oculi", "orbicularis_oris", "mentalis")
"""Electrodes of an ordinary recording, on both sides (our choice)."""

RATES_HZ = (1000.0, 10_000.0)
DURATIONS_S = (1.0, 7200.0)
MAINS_HZ = (0.0, 50.0, 60.0)


@dataclass(frozen=True, eq=False)
class Emg:
    """A surface EMG whose truth is known.

    Attributes
    ----------
    values_uv : ndarray, shape (n_channels, n_samples)
        What was recorded.
    channels : tuple of Channel
        What each row is; unit "uV".
    rate_hz : float
        Samples a second; the first at 0 s.
    spasms : tuple of Spasm
        True spasms, timed from the first volley to the last; amplitude in mm, as on video.
    bursts : tuple of tuple of Burst
        True bursts of each channel's own muscle.
    blinks : tuple of Blink
        Spontaneous blinks in it.
    acts : tuple of Act
        Voluntary contractions in it.
    """

    values_uv: Floats
    channels: tuple[Channel, ...]
    rate_hz: float
    spasms: tuple[Spasm, ...]
    bursts: tuple[tuple[Burst, ...], ...]
    blinks: tuple[Blink, ...] = ()
    acts: tuple[Act, ...] = ()

    @property
    def duration_s(self) -> float:
        """Length in seconds."""
        return float(self.values_uv.shape[1] / self.rate_hz)

    @property
    def times_s(self) -> Floats:
        """Times of the samples, shape (n_samples,)."""
        return np.arange(self.values_uv.shape[1]) / self.rate_hz

    def row(self, muscle: str, side: Side) -> Floats:
        """Return the values of one channel, shape (n_samples,), uV."""
        return np.asarray(self.values_uv[self.channels.index(Channel(muscle, side, "uV"))])

    def bursts_of(self, muscle: str, side: Side) -> tuple[Burst, ...]:
        """Return the true bursts of one channel."""
        return self.bursts[self.channels.index(Channel(muscle, side, "uV"))]


def unseen_build() -> Build:
    """Return a face for schedules that no camera sees: eyes open 10 mm, no skin shared."""
    return Build({"left": 10.0, "right": 10.0}, np.eye(len(CHANNELS)))


def channels_of(muscles: Sequence[str] = DEFAULT_MUSCLES) -> tuple[Channel, ...]:
    """Return channels for these muscles on both sides, left first."""
    return tuple(Channel(muscle, side, "uV") for side in SIDES for muscle in muscles)


def simulate_emg(
    schedule: Schedule,
    *,
    seed: int,
    duration_s: float,
    rate_hz: float = 2000.0,
    channels: Sequence[Channel] | None = None,
    blinks: Sequence[Blink] = (),
    acts: Sequence[Act] = (),
    pickup: Pickup | None = None,
) -> Emg:
    """Return the surface EMG of a virtual patient's spasms.

    Within a spasm the muscles discharge in bursts of 5-80 ms, 5-20 a second (our choice), that
    fuse in a tonic spasm; within a burst volleys come at 250-350 Hz (Nielsen 1984, Neurology). All
    muscles of the side fire in the same volleys, within 3 ms of each other. Amplitudes follow the
    drive of the schedule; their size is our choice.

    Parameters
    ----------
    schedule : Schedule
        The spasms, such as `plan_spasms` draws.
    seed : int
        Same seed and schedule, same values to the bit. What a muscle discharges does not depend on
        which channels are recorded.
    duration_s : float
        Length, 1 s to two hours; what begins later is left out.
    rate_hz : float
        Samples a second, 1000 to 10 000.
    channels : sequence of Channel, optional
        Electrodes over muscles of `ELECTRODES`, unit "uV"; by default `DEFAULT_MUSCLES`, both
        sides.
    blinks : sequence of Blink
        Spontaneous blinks, such as `draw_habits` draws.
    acts : sequence of Act
        Voluntary contractions of both sides.
    pickup : Pickup, optional
        Contamination; by default a good recording without mains hum. `emg_pickup.CLEAN` has none.

    Returns
    -------
    Emg
        The recording with its truth.

    Raises
    ------
    ConventionError
        If the length, the rate, the mains or a channel cannot be.
    """
    pickup = Pickup() if pickup is None else pickup
    chosen = channels_of() if channels is None else tuple(channels)
    check_recording(duration_s, rate_hz)
    _check_electrodes(chosen, pickup)
    sources = draw_sources(seed)
    discharges = draw_discharges(seed, schedule, duration_s)
    n = round(duration_s * rate_hz)
    values = draw_pickup(seed, pickup, n_channels=len(chosen), n_samples=n, rate_hz=rate_hz)
    mix = mix_matrix(chosen, SOURCES, pickup)
    for source, seen in zip(sources, mix.T, strict=True):
        if seen.any():
            fired = spasm_signal(source, discharges, schedule.build, n_samples=n, rate_hz=rate_hz)
            fired += voluntary_signal(source, blinks, acts, n_samples=n, rate_hz=rate_hz)
            values += np.outer(seen, fired)
    own = [sources[SOURCES.index(channel)] for channel in chosen]
    return Emg(
        values,
        chosen,
        rate_hz,
        true_spasms(schedule, sources, discharges, duration_s),
        tuple(true_bursts(one, discharges, schedule.build, duration_s) for one in own),
        tuple(blinks),
        tuple(acts),
    )


def check_recording(duration_s: float, rate_hz: float) -> None:
    """Refuse a length or a rate that no EMG can have.

    Raises
    ------
    ConventionError
        Naming what it must be, and what it was.
    """
    ranges = (("duration", duration_s, DURATIONS_S, "s"), ("rate", rate_hz, RATES_HZ, "Hz"))
    for name, value, (low, high), unit in ranges:
        if not low <= value <= high:
            raise ConventionError(
                f"The {name} of an EMG must be from {low:g} to {high:g} {unit}; got {value:g}. "
                "Give a value in that range."
            )


def _check_electrodes(channels: Sequence[Channel], pickup: Pickup) -> None:
    if pickup.mains_hz not in MAINS_HZ:
        raise ConventionError(
            f"The mains must have 50 or 60 Hz, or 0 for none; got {pickup.mains_hz:g}. "
            "Choose one of them."
        )
    for channel in channels:
        if channel not in SOURCES:
            raise ConventionError(
                f"An EMG channel must lie over one of {', '.join(ELECTRODES)} with unit uV; got "
                f"{channel.muscle} in {channel.unit}. Choose one of them."
            )
    if not channels or len(set(channels)) < len(channels):
        raise ConventionError(
            f"An EMG needs at least one channel and each once; got {len(channels)}. List them anew."
        )
