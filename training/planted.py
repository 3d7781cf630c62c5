"""Spasms planted at signal level: unlimited labelled examples from recordings of healthy people.

A contraction drags the skin around it; each channel gets what the field of every contracting
muscle does at its place. Everything a renderer would fix is drawn at random: reach, direction,
gain, lags.
"""

from dataclasses import dataclass, replace

import numpy as np

from hemiface.muscles import MUSCLES
from hemiface.track.model import canonical_face
from hemiface.types import SIDES, Floats, Signals, other_side

CALM_SHARE = 0.3
SKIN = tuple(muscle for muscle in MUSCLES if muscle.unit == "mm")
# How often each muscle joins a spasm of the lower face.
_JOIN = {
    "zygomaticus": 0.28, "risorius": 0.17, "levator_labii": 0.15, "depressor_anguli_oris": 0.1,
    "mentalis": 0.1, "depressor_labii": 0.08, "nasalis": 0.07, "platysma": 0.05,
}  # fmt: skip


@dataclass(frozen=True)
class Planted:
    """One planted spasm."""

    onset_s: float
    end_s: float
    own: int
    amplitude_mm: float


def plant(signals: Signals, rng: np.random.Generator) -> tuple[Signals, list[Planted]]:
    """Return signals with spasms on one side, and what was planted; sometimes nothing."""
    if rng.random() < 0.15:
        return signals, []
    own, times = int(rng.integers(2)), signals.times_s
    values = signals.values.copy()
    usual, pattern = np.exp(rng.uniform(np.log(0.6), np.log(4.0))), rng.random()
    events = []
    for start, rise, hold, fall, kind in _moments(times[-1], rng):
        amplitude = float(np.clip(usual * np.exp(rng.normal(0, 0.35)), 0.4, 5.0))
        drive = _envelope(times, start, rise, hold, fall, kind, rng)
        muscles = _muscles(pattern if rng.random() < 0.7 else rng.random(), rng)
        reached = _contract(values, times, drive, own, amplitude, muscles, rng)
        above = times[drive > 0.2 * max(drive.max(), 1e-9)]
        if len(above) and drive.max() > 0:
            events.append(Planted(float(above[0]), float(above[-1]), own, reached))
    return replace(signals, values=values), events


def plant_faint(signals: Signals, rng: np.random.Generator) -> tuple[Signals, list[Planted]]:
    """Return signals with spasms as landmarks show them: less, and some on the other side.

    On a warped face the mesh under-reads the moving side by about 40 % and moves the still side by
    a quarter of it (measured); how much varies.
    """
    planted, events = plant(signals, rng)
    moved = planted.values - signals.values
    places = {(one.muscle, one.side): row for row, one in enumerate(signals.channels)}
    mirror = [places[one.muscle, other_side(one.side)] for one in signals.channels]
    gain, leak = rng.uniform(0.35, 0.8), rng.uniform(0.05, 0.3)
    values = signals.values + gain * moved + leak * moved[mirror]
    less = [replace(one, amplitude_mm=gain * one.amplitude_mm) for one in events]
    return replace(signals, values=values), less


def add_motion(signals: Signals, other: Signals, rng: np.random.Generator) -> Signals:
    """Return a new healthy face: the movements of two people added, the second at another time."""
    shift, gain = rng.uniform(0, other.times_s[-1]), rng.uniform(0.3, 0.9)
    at = (signals.times_s + shift) % max(other.times_s[-1], 1e-6)
    rows = [np.interp(at, other.times_s, np.nan_to_num(row)) for row in other.values]
    noise = np.hypot(
        signals.noise_mm, gain * np.interp(at, other.times_s, np.nan_to_num(other.noise_mm))
    )
    pose = [np.interp(at, other.times_s, np.nan_to_num(row)) for row in other.pose_deg]
    return replace(
        signals,
        values=signals.values + gain * np.array(rows),
        pose_deg=signals.pose_deg
        + gain * (np.array(pose) - np.median(pose, axis=1, keepdims=True)),
        noise_mm=noise,
    )


def vary(signals: Signals, rng: np.random.Generator) -> Signals:
    """Return the same movements on a slightly different face, camera and clock."""
    values, times = signals.values * np.exp(rng.normal(0, 0.1)), signals.times_s
    if rng.random() < CALM_SHARE:
        # The same person hardly moving: in a calm face even the mouth alone is a spasm.
        calm = rng.uniform(0.05, 0.3)
        values[2:] *= calm
        signals = replace(signals, pose_deg=signals.pose_deg * calm)
    right = np.array([channel.side == "right" for channel in signals.channels])
    values[right] *= np.exp(rng.normal(0, 0.08))
    if rng.random() < 0.4:
        values += (
            rng.normal(0, rng.uniform(0.02, 0.1), values.shape) * _unit_sizes(signals)[:, None]
        )
    if rng.random() < 0.5:
        times = times * np.exp(rng.uniform(-0.3, 0.3))
    kept = slice(int(rng.integers(2)), None, 2) if rng.random() < 0.2 else slice(None)
    return replace(
        signals,
        times_s=times[kept] - times[kept][0],
        values=values[:, kept],
        noise_mm=signals.noise_mm[kept],
        confidence=signals.confidence[kept],
        pose_deg=signals.pose_deg[:, kept],
    )


def _unit_sizes(signals: Signals) -> Floats:
    return np.array([0.11 if channel.unit == "fraction" else 1.0 for channel in signals.channels])


def _moments(
    length_s: float, rng: np.random.Generator
) -> list[tuple[float, float, float, float, str]]:
    found, at, gap = [], rng.uniform(0.2, 1.5), rng.choice([1.0, 3.0])
    while at < length_s - 0.1:
        kind = rng.choice(["twitch", "group", "tonic"], p=[0.6, 0.2, 0.2])
        low, high = {"twitch": (0.02, 0.35), "group": (0.4, 1.5), "tonic": (1.0, 4.0)}[kind]
        rise, hold, fall = rng.uniform(0.03, 0.1), rng.uniform(low, high), rng.uniform(0.05, 0.22)
        found.append((at, rise, hold, fall, str(kind)))
        at += rise + hold + fall + rng.exponential(gap) + 0.25
    return found


def _envelope(
    times: Floats, start: float, rise: float, hold: float, fall: float, kind: str,
    rng: np.random.Generator,
) -> Floats:  # fmt: skip
    def step(x: Floats) -> Floats:
        clipped = np.clip(x, 0, 1)
        return np.asarray(clipped**2 * (3 - 2 * clipped))

    drive = step((times - start) / rise) * (1 - step((times - start - rise - hold) / fall))
    if kind != "twitch":
        depth = rng.uniform(0, 0.35) if kind == "tonic" else rng.uniform(0.2, 0.8)
        beat = 0.5 - 0.5 * np.cos(2 * np.pi * rng.uniform(3, 9) * (times - start))
        drive = drive * (
            1 - depth * beat * ((times > start + rise) & (times < start + rise + hold))
        )
    return np.asarray(drive)


def _muscles(pattern: float, rng: np.random.Generator) -> list[str]:
    muscles = []
    if pattern < 0.8:
        muscles += ["orbicularis_oculi", "orbicularis_oculi_lower"]
        if rng.random() < 0.3:
            muscles.append("frontalis" if rng.random() < 0.6 else "corrugator")
    if pattern > 0.28:
        names, shares = list(_JOIN), np.array(list(_JOIN.values()))
        size = int(rng.integers(1, 5))
        muscles += list(rng.choice(names, size, replace=False, p=shares / shares.sum()))
    return muscles


def _contract(
    values: Floats, times: Floats, drive: Floats, own: int, amplitude: float,
    muscles: list[str], rng: np.random.Generator,
) -> float:  # fmt: skip
    """Add one spasm to the rows of `values`; return the largest displacement in mm."""
    face, largest = canonical_face(), 0.0
    by_name = {muscle.name: muscle for muscle in MUSCLES}
    places, pulls = _places(face)
    lateral = 1.0 if own == 0 else -1.0
    for name in muscles:
        if name == "orbicularis_oculi":
            largest = max(largest, _close_eye(values, drive, own, amplitude, rng))
            continue
        muscle = by_name[name]
        at = face[list(getattr(muscle, SIDES[own]))].mean(axis=0)[:2] + rng.normal(0, 0.25, 2)
        reach = rng.uniform(0.5, 1.0) if "lower" in name else rng.uniform(0.7, 1.8)
        turn = np.arctan2(muscle.pull[1], muscle.pull[0]) + rng.normal(0, 0.3)
        direction = np.array([np.cos(turn) * lateral, np.sin(turn)])
        falloff = np.exp(-0.5 * ((places - at) ** 2).sum(axis=1) / reach**2)
        falloff /= 1 + np.exp(-4 * (places[:, 0] * lateral + 0.3))
        size = amplitude * rng.uniform(0.4, 1.0) * (0.6 if "lower" in name else 1.0)
        seen = np.interp(times - rng.uniform(0, 0.02), times, drive)
        seen = seen * (1 + 0.08 * rng.normal(size=len(times)))
        skin = np.outer(falloff * (pulls @ direction), size * rng.uniform(0.7, 1.0) * seen)
        values[2:] += skin
        largest = max(largest, size)
    return largest


def _close_eye(
    values: Floats, drive: Floats, own: int, amplitude: float, rng: np.random.Generator
) -> float:
    """Close one eye: its reading gains less the more it was closed already."""
    depth = float(np.clip(amplitude * rng.uniform(0.1, 0.35), 0.08, 1.0))
    closing = np.clip(depth * drive, 0, 1) * (1 + 0.05 * rng.normal(size=len(drive)))
    gain = rng.uniform(0.7, 1.1)
    values[own] += gain * closing * (1 - np.clip(values[own], 0, 1))
    upper = 2 + 2 * [m.name for m in SKIN].index("orbicularis_oculi_upper") + own
    values[upper] += np.minimum(closing * rng.uniform(4, 8), rng.uniform(2, 4)) * 0.8
    return depth * 9.0


def _places(face: Floats) -> tuple[Floats, Floats]:
    """Return where each skin channel is and which way it is read, (n, 2) each, from row 2 on."""
    places, pulls = [], []
    for muscle in SKIN:
        for side in SIDES:
            places.append(face[list(getattr(muscle, side))].mean(axis=0)[:2])
            pull = np.array(muscle.pull) / np.hypot(*muscle.pull)
            pulls.append(pull * (1.0 if side == "left" else -1.0, 1.0))
    return np.array(places), np.array(pulls)
