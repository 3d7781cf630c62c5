"""The spasms of one recording: when each comes, which muscles it moves, and what is true of it."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from hemiface.simulate.face.face import Face
from hemiface.simulate.face.fields import CHANNELS, LOBES, measured_gain
from hemiface.simulate.people.envelopes import Envelope
from hemiface.simulate.people.epidemiology import Condition
from hemiface.types import SIDES, Channel, Floats, Kind, Side, Spasm

TONIC_S = 1.0
"""From this duration on a spasm is tonic."""

LAG_S = 1 / 60
"""Longest delay between the first muscle of a spasm and the last."""


@dataclass(frozen=True, eq=False)
class Build:
    """What of a face the schedule must know to speak in millimetres.

    Attributes
    ----------
    opening_mm : dict of side to float
        Resting opening of each eye.
    gain : ndarray, shape (n_channels, n_channels)
        What each patch shows of each contraction, from `fields.measured_gain`.
    """

    opening_mm: dict[Side, float]
    gain: Floats


@dataclass(frozen=True, eq=False)
class Contraction:
    """One involuntary movement of a side: its shape, and how far and how late muscles follow."""

    envelope: Envelope
    side: Side
    muscles: tuple[str, ...]
    drive_mm: tuple[float, ...]
    lag_s: tuple[float, ...]

    def drives(self, times_s: Floats) -> Floats:
        """Return the drive of every channel, shape (n_channels, n_times), mm."""
        total = np.zeros((len(CHANNELS), len(times_s)))
        for muscle, mm, lag in zip(self.muscles, self.drive_mm, self.lag_s, strict=True):
            total[row(muscle, self.side)] = mm * self.envelope.at(times_s - lag)
        return total


@dataclass(frozen=True, eq=False)
class Schedule:
    """All involuntary movements of one recording; where both sides move, two at the same time.

    Attributes
    ----------
    contractions : tuple of Contraction
        In the order in which they begin.
    build : Build
        The face they are seen on.
    condition : str
        What they belong to. Only those of hemifacial spasm are spasms.
    """

    contractions: tuple[Contraction, ...]
    build: Build
    condition: Condition = "hfs"

    def drives(self, times_s: Floats) -> Floats:
        """Return the drive of every channel, shape (n_channels, n_times), mm."""
        total = np.zeros((len(CHANNELS), len(times_s)))
        for one in self.contractions:
            envelope = one.envelope
            end_s = envelope.start_s + envelope.length_s + LAG_S
            near = slice(*np.searchsorted(times_s, [envelope.start_s, end_s]))
            np.maximum(total[:, near], one.drives(times_s[near]), out=total[:, near])
        return total

    @property
    def events(self) -> tuple[Spasm, ...]:
        """The spasms as a perfect observer would report them; a mimic has none."""
        if self.condition != "hfs":
            return ()
        return tuple(_as_spasm(one, self.build) for one in self.contractions)


def row(muscle: str, side: Side) -> int:
    """Return the row of a channel in drives and signals."""
    return next(i for i, c in enumerate(CHANNELS) if c.muscle == muscle and c.side == side)


def _as_spasm(one: Contraction, build: Build) -> Spasm:
    onset_s = one.envelope.onset_s + one.lag_s[0]
    duration_s = one.envelope.offset_s + one.lag_s[-1] - onset_s
    kind: Kind = "tonic" if duration_s >= TONIC_S else "clonic"
    drive = np.zeros(len(CHANNELS))
    for muscle, mm in zip(one.muscles, one.drive_mm, strict=True):
        drive[row(muscle, one.side)] = mm
    shown = build.gain @ drive
    amplitude = max(float(shown[row(muscle, one.side)]) for muscle in one.muscles)
    return Spasm(
        onset_s=round(float(onset_s), 4),
        duration_s=round(float(duration_s), 4),
        peak_s=round(float(one.envelope.peak_s + one.lag_s[0]), 4),
        side=one.side,
        kind=kind,
        amplitude_mm=round(amplitude, 4),
        muscles=one.muscles,
    )


def make_build(faces: Sequence[Face]) -> Build:
    """Return what the schedule must know of a person seen in these faces (at least one)."""
    opening: dict[Side, float] = {
        side: max(float(np.median([face.opening_mm(side) for face in faces])), 1.0)
        for side in SIDES
    }
    # Patches crowd together in a turned face; the most frontal one tells how they share skin.
    flatness = [face.px_per_mm / float(np.abs(face.axes).max()) for face in faces]
    return Build(opening, measured_gain(faces[int(np.argmax(flatness))]))


def skin_drives(drives: Floats) -> dict[Channel, float]:
    """Return one frame's drives of the muscles that move skin, those that are not zero."""
    pairs = zip(CHANNELS, drives, strict=True)
    return {channel: float(mm) for channel, mm in pairs if mm != 0.0 and channel.muscle in LOBES}
