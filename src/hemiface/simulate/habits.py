"""What a healthy face does by itself: blinks, smiles, speech, brow raises, and a moving head.

All of it is on both sides, with the small differences of gain and timing that real faces show. It
is drawn in seconds from a seed, like the spasms, and independently of them.
"""

from dataclasses import dataclass
from typing import Literal

import numpy as np

from hemiface.simulate.envelopes import Envelope, draw_closing, draw_gesture
from hemiface.simulate.fields import CHANNELS
from hemiface.simulate.schedule import row
from hemiface.types import SIDES, Blink, Floats, Side

Task = Literal["rest", "speak", "smile", "head_turn"]


@dataclass(frozen=True)
class Manner:
    """How lively a person is during a task.

    Attributes
    ----------
    blinks_per_min, smiles_per_min, turns_per_min : float
        Mean rates.
    talking : float
        Share of time spent talking.
    sway_deg : float
        Standard deviation of the slow drift of the head.
    """

    blinks_per_min: float
    smiles_per_min: float
    turns_per_min: float
    talking: float
    sway_deg: float


MANNERS: dict[Task, Manner] = {
    "rest": Manner(17.0, 1.0, 1.0, 0.0, 1.0),
    "speak": Manner(26.0, 4.0, 4.0, 0.6, 2.0),
    "smile": Manner(17.0, 12.0, 1.0, 0.0, 1.2),
    "head_turn": Manner(20.0, 1.0, 12.0, 0.0, 1.5),
}

# Muscles of each bilateral gesture and how far they pull, mm.
_GESTURES: dict[str, dict[str, tuple[float, float]]] = {
    "smile": {
        "zygomaticus": (1.5, 5.0),
        "risorius": (0.5, 2.0),
        "levator_labii": (0.3, 1.5),
        "orbicularis_oculi_lower": (0.2, 1.2),
    },
    "brow_raise": {"frontalis": (1.0, 4.0)},
}
_GESTURE_GAIN_SD = 0.12
_SPEECH_MM = {"risorius": 1.0, "orbicularis_oris": 0.8, "depressor_labii": 0.8, "mentalis": 0.6}
_TRACK_HZ = 100.0


@dataclass(frozen=True, eq=False)
class Closure:
    """One blink as drawn: a shape, and the depth and delay of each eye."""

    envelope: Envelope
    depth: dict[Side, float]
    delay_s: dict[Side, float]


@dataclass(frozen=True, eq=False)
class Gesture:
    """One bilateral movement: a shape, with each side's own pull (mm) and delay."""

    envelope: Envelope
    pull_mm: Floats
    delay_s: dict[Side, float]


@dataclass(frozen=True, eq=False)
class Head:
    """Pose of the head over time, on a regular grid of 10 ms.

    Attributes
    ----------
    angles_deg : ndarray, shape (3, n)
        Yaw (positive: to the person's left), pitch (positive: up), roll.
    shift : ndarray, shape (3, n)
        Right, down, and growth, as shares of the face's width.
    """

    angles_deg: Floats
    shift: Floats

    def at(self, times_s: Floats) -> tuple[Floats, Floats]:
        """Return angles (3, n_times) and shift (3, n_times)."""
        return _on_grid(self.angles_deg, times_s), _on_grid(self.shift, times_s)


@dataclass(frozen=True, eq=False)
class Habits:
    """All voluntary and spontaneous movement of one recording."""

    closures: tuple[Closure, ...]
    gestures: tuple[Gesture, ...]
    speech: Floats
    jaw_mm: Floats
    head: Head

    def drives(self, times_s: Floats) -> Floats:
        """Return the drive of every channel, shape (n_channels, n_times), mm; lids apart."""
        total = _on_grid(self.speech, times_s)
        for gesture in self.gestures:
            for index, channel in enumerate(CHANNELS):
                if gesture.pull_mm[index]:
                    delayed = times_s - gesture.delay_s[channel.side]
                    total[index] += gesture.pull_mm[index] * gesture.envelope.at(delayed)
        return total

    def jaw(self, times_s: Floats) -> Floats:
        """Return how far the jaw is dropped, mm, shape (n_times,)."""
        dropped: Floats = _on_grid(self.jaw_mm[None], times_s)[0]
        return dropped

    def closing(self, times_s: Floats) -> dict[Side, Floats]:
        """Return how far each eye is closed by blinks, 0 to 1."""
        shut: dict[Side, Floats] = {side: np.zeros(len(times_s)) for side in SIDES}
        for one in self.closures:
            for side in SIDES:
                depth = one.depth[side] * one.envelope.at(times_s - one.delay_s[side])
                shut[side] = np.maximum(shut[side], depth)
        return shut

    @property
    def blinks(self) -> tuple[Blink, ...]:
        """The blinks as a perfect observer would report them."""
        return tuple(
            Blink(
                onset_s=round(float(one.envelope.onset_s), 4),
                duration_s=round(float(one.envelope.offset_s - one.envelope.onset_s), 4),
                left_closure=round(float(one.depth["left"]), 4),
                right_closure=round(float(one.depth["right"]), 4),
            )
            for one in self.closures
        )


def draw_habits(seed: int, *, task: Task, duration_s: float) -> Habits:
    """Draw what a healthy person does during a task.

    Parameters
    ----------
    seed : int
        Same seed, same movements.
    task : "rest", "speak", "smile" or "head_turn"
        What they were asked to do.
    duration_s : float
        Length of the recording.
    """
    manner = MANNERS[task]
    speech, jaw = _draw_speech(np.random.default_rng([seed, 4]), manner, duration_s)
    return Habits(
        _draw_blinks(np.random.default_rng([seed, 2]), manner, duration_s),
        _draw_gestures(np.random.default_rng([seed, 3]), manner, duration_s),
        speech,
        jaw,
        _draw_head(np.random.default_rng([seed, 5]), manner, duration_s, jaw),
    )


def _draw_blinks(
    rng: np.random.Generator, manner: Manner, duration_s: float
) -> tuple[Closure, ...]:
    """Draw blinks with log-normal intervals (coefficient of variation .8)."""
    sigma = np.sqrt(np.log(1.0 + 0.8**2))
    mean_log = np.log(60.0 / manner.blinks_per_min) - sigma**2 / 2
    weaker = {side: 1.0 - abs(rng.normal(0.0, 0.04)) for side in SIDES}
    blinks, now_s = [], float(rng.lognormal(mean_log, sigma)) * rng.random()
    while now_s < duration_s - 0.6:
        depth = rng.uniform(0.35, 0.8) if rng.random() < 0.1 else rng.uniform(0.88, 1.0)
        late = float(rng.normal(0.0, 0.004))
        delay: dict[Side, float] = {"left": max(late, 0.0), "right": max(-late, 0.0)}
        envelope = draw_closing(rng).starting_at(now_s)
        deep = {side: depth * weaker[side] * rng.uniform(0.97, 1.0) for side in SIDES}
        blinks.append(Closure(envelope, deep, delay))
        now_s = max(now_s + float(rng.lognormal(mean_log, sigma)), now_s + 0.5)
    return tuple(blinks)


def _draw_gestures(
    rng: np.random.Generator, manner: Manner, duration_s: float
) -> tuple[Gesture, ...]:
    gestures = []
    for name, per_min in (("smile", manner.smiles_per_min), ("brow_raise", 1.0)):
        for _ in range(int(rng.poisson(per_min * duration_s / 60.0))):
            length_s = float(np.clip(rng.lognormal(np.log(1.5), 0.5), 0.6, 5.0))
            start_s = rng.uniform(0.0, max(duration_s - length_s, 0.1))
            shape = draw_gesture(rng, length_s).starting_at(start_s)
            late = float(rng.normal(0.0, 0.02))
            delay: dict[Side, float] = {"left": max(late, 0.0), "right": max(-late, 0.0)}
            gestures.append(Gesture(shape, _draw_pull(rng, _GESTURES[name]), delay))
    return tuple(gestures)


def _draw_pull(rng: np.random.Generator, muscles: dict[str, tuple[float, float]]) -> Floats:
    """Pull of every channel in one gesture, stronger on one side as smiles are."""
    pull = np.zeros(len(CHANNELS))
    strength, lean = rng.random(), rng.normal(0.0, _GESTURE_GAIN_SD)
    for muscle, (least, most) in muscles.items():
        mm = least + (most - least) * strength * rng.uniform(0.8, 1.0)
        pull[row(muscle, "left")] = mm * (1.0 + lean)
        pull[row(muscle, "right")] = mm * (1.0 - lean)
    return pull


def _draw_speech(
    rng: np.random.Generator, manner: Manner, duration_s: float
) -> tuple[Floats, Floats]:
    """Return the drives of speaking, (n_channels, n), and the jaw, (n,), on the grid."""
    n = int(np.ceil(duration_s * _TRACK_HZ)) + 1
    drives, phrases = np.zeros((len(CHANNELS), n)), _draw_phrases(rng, manner.talking, n)
    if not phrases.any():
        return drives, np.zeros(n)
    # Syllables come at about four a second; the jaw opens with them, the lips shape them.
    jaw = 2.5 * np.clip(0.9 + _wander(rng, n, 0.065), 0.0, 3.0) * phrases
    lean = rng.normal(0.0, 0.08)
    for muscle, mm in _SPEECH_MM.items():
        shape = mm * _wander(rng, n, 0.08) * phrases
        drives[row(muscle, "left")] = shape * (1.0 + lean)
        drives[row(muscle, "right")] = shape * (1.0 - lean)
    return drives, jaw


def _draw_phrases(rng: np.random.Generator, talking: float, n: int) -> Floats:
    """Return 1 while talking, 0 in pauses, with soft edges."""
    from scipy.ndimage import gaussian_filter1d

    if talking == 0.0:
        return np.zeros(n)
    speaking, at, on = np.zeros(n), 0, bool(rng.random() < talking)
    while at < n:
        mean_s = 2.5 if on else 2.5 * (1.0 - talking) / talking
        length = int(_TRACK_HZ * np.clip(rng.lognormal(np.log(mean_s), 0.5), 0.4, 8.0))
        speaking[at : at + length] = float(on)
        at, on = at + length, not on
    soft: Floats = gaussian_filter1d(speaking, 0.08 * _TRACK_HZ)
    return soft


def _draw_head(rng: np.random.Generator, manner: Manner, duration_s: float, jaw: Floats) -> Head:
    n = len(jaw)
    slow = np.stack([_wander(rng, n, 0.6) for _ in range(3)])
    angles = slow * manner.sway_deg * np.array([[1.0], [0.7], [0.5]])
    for _ in range(int(rng.poisson(manner.turns_per_min * duration_s / 60.0))):
        turn = draw_gesture(rng, rng.uniform(0.8, 3.0)).starting_at(rng.uniform(0.0, duration_s))
        angles[0] += rng.choice([-1.0, 1.0]) * rng.uniform(6.0, 20.0) * turn.at(_grid(n))
    nod = _wander(rng, n, 0.18) * np.minimum(jaw / 2.5, 1.0)
    angles[1] += 1.5 * nod
    angles = np.clip(angles, [[-20.0], [-10.0], [-8.0]], [[20.0], [10.0], [8.0]])
    shift = np.stack([_wander(rng, n, 0.7) for _ in range(3)]) * [[0.015], [0.01], [0.008]]
    return Head(angles, shift * manner.sway_deg)


def _wander(rng: np.random.Generator, n: int, width_s: float) -> Floats:
    """Smooth random movement of standard deviation about 1, on the grid."""
    from scipy.ndimage import gaussian_filter1d

    sigma = width_s * _TRACK_HZ
    white = rng.standard_normal(n) * np.sqrt(2.0 * np.sqrt(np.pi) * sigma)
    smooth: Floats = gaussian_filter1d(white, sigma, mode="reflect")
    return smooth


def _grid(n: int) -> Floats:
    return np.arange(n) / _TRACK_HZ


def _on_grid(rows: Floats, times_s: Floats) -> Floats:
    grid = _grid(rows.shape[1])
    return np.stack([np.interp(times_s, grid, values) for values in rows])
