"""What a healthy face does by itself: blinks, smiles, speech, brow raises, a moving head, and more.

All of it is on both sides, with the small differences of gain and timing that real faces show. It
is drawn in seconds from a seed, like the spasms, and independently of them.
"""

from dataclasses import dataclass
from typing import Literal

import numpy as np

from hemiface.simulate.face.fields import CHANNELS
from hemiface.simulate.people.chewing import draw_chewing
from hemiface.simulate.people.envelopes import Envelope, draw_closing, draw_gesture
from hemiface.simulate.people.glances import draw_glances, draw_reading
from hemiface.simulate.people.motion import (
    TRACK_HZ,
    Closure,
    Gesture,
    draw_spells,
    grid,
    make_gesture,
    on_grid,
    wander,
)
from hemiface.simulate.people.schedule import row
from hemiface.simulate.people.sneezes import Sneeze, draw_sneezes
from hemiface.simulate.people.triggers import Movement, MovementKind
from hemiface.types import SIDES, Blink, Floats, Side

Task = Literal["rest", "speak", "smile", "head_turn", "read", "sing", "chew", "sneeze"]


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
    glances_per_min : float
        Mean rate at which the eyes look away from the camera.
    jaw_mm, syllable_s : float
        How far the jaw drops in speech or song, and how fast.
    chewing : float
        Share of time spent chewing, lips shut.
    sneezes_per_min : float
        Mean rate.
    reads : bool
        Whether the eyes follow lines of text.
    """

    blinks_per_min: float
    smiles_per_min: float
    turns_per_min: float
    talking: float
    sway_deg: float
    glances_per_min: float = 6.0
    jaw_mm: float = 2.5
    syllable_s: float = 0.065
    chewing: float = 0.0
    sneezes_per_min: float = 0.0
    reads: bool = False


# Blinks at rest, in speech and while reading: Bentivoglio 1997, Mov Disord. The rest is our choice.
MANNERS: dict[Task, Manner] = {
    "rest": Manner(17.0, 1.0, 1.0, 0.0, 1.0),
    "speak": Manner(26.0, 4.0, 4.0, 0.6, 2.0, glances_per_min=12.0),
    "smile": Manner(17.0, 12.0, 1.0, 0.0, 1.2),
    "head_turn": Manner(20.0, 1.0, 12.0, 0.0, 1.5),
    "read": Manner(4.5, 0.5, 0.5, 0.7, 1.0, reads=True),
    "sing": Manner(17.0, 2.0, 3.0, 0.85, 2.2, jaw_mm=4.5, syllable_s=0.2),
    "chew": Manner(17.0, 0.5, 2.0, 0.0, 1.5, chewing=0.8),
    "sneeze": Manner(17.0, 0.5, 1.0, 0.0, 1.2, sneezes_per_min=4.0),
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
_WIDEST_SMILE_MM = _GESTURES["smile"]["zygomaticus"][1]
_LID_PER_MM = 0.08  # share of the opening by which the upper lid follows eyes that look down
_SPEECH_MM = {"risorius": 1.0, "orbicularis_oris": 0.8, "depressor_labii": 0.8, "mentalis": 0.6}


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
        return on_grid(self.angles_deg, times_s), on_grid(self.shift, times_s)


@dataclass(frozen=True, eq=False)
class Habits:
    """All voluntary and spontaneous movement of one recording.

    Attributes
    ----------
    closures : tuple of Closure
        The blinks.
    gestures : tuple of Gesture
        Smiles, brow raises, and the faces made in sneezing.
    speech : ndarray, shape (n_channels, n)
        Drives of speaking or chewing, mm, on a grid of 10 ms.
    jaw_mm : ndarray, shape (n,)
        How far the jaw is dropped.
    head : Head
        Its pose.
    gaze_mm : ndarray, shape (2, n)
        Where the irises are, to the person's left and up.
    sneezes : tuple of Closure
        Long closures that are no blinks.
    parted : float
        Share of the jaw's movement that parts the lips.
    """

    closures: tuple[Closure, ...]
    gestures: tuple[Gesture, ...]
    speech: Floats
    jaw_mm: Floats
    head: Head
    gaze_mm: Floats
    sneezes: tuple[Closure, ...]
    parted: float

    @property
    def movements(self) -> tuple[Movement, ...]:
        """What may provoke a spasm, or carry another muscle along."""
        blinks = [
            _movement("blink", one.envelope, max(one.depth.values())) for one in self.closures
        ]
        sneezes = [_movement("sneeze", one.envelope, 1.0) for one in self.sneezes]
        smile = [row("zygomaticus", side) for side in SIDES]
        smiles = [
            _movement("smile", one.envelope, float(one.pull_mm[smile].max()) / _WIDEST_SMILE_MM)
            for one in self.gestures
            if one.pull_mm[smile].any()
        ]
        return (*blinks, *sneezes, *smiles)

    def drives(self, times_s: Floats) -> Floats:
        """Return the drive of every channel, shape (n_channels, n_times), mm; lids apart."""
        total = on_grid(self.speech, times_s)
        for gesture in self.gestures:
            for index, channel in enumerate(CHANNELS):
                if gesture.pull_mm[index]:
                    delayed = times_s - gesture.delay_s[channel.side]
                    total[index] += gesture.pull_mm[index] * gesture.envelope.at(delayed)
        return total

    def jaw(self, times_s: Floats) -> Floats:
        """Return how far the jaw is dropped, mm, shape (n_times,)."""
        dropped: Floats = on_grid(self.jaw_mm[None], times_s)[0]
        return dropped

    def closing(self, times_s: Floats) -> dict[Side, Floats]:
        """Return how far each eye is closed by blinks, sneezes and looking down, 0 to 1."""
        follow = _LID_PER_MM * np.maximum(-self.gaze(times_s)[1], 0.0)
        shut: dict[Side, Floats] = {side: follow.copy() for side in SIDES}
        for one in self.closures + self.sneezes:
            for side in SIDES:
                depth = one.depth[side] * one.envelope.at(times_s - one.delay_s[side])
                shut[side] = np.maximum(shut[side], depth)
        return shut

    def gaze(self, times_s: Floats) -> Floats:
        """Return where the irises are, to the person's left and up, mm, shape (2, n_times)."""
        return on_grid(self.gaze_mm, times_s)

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


def _movement(kind: MovementKind, envelope: Envelope, strength: float) -> Movement:
    onset_s = float(envelope.onset_s)
    return Movement(kind, onset_s, float(envelope.offset_s) - onset_s, min(strength, 1.0))


def draw_habits(seed: int, *, task: Task, duration_s: float) -> Habits:
    """Draw what a healthy person does during a task.

    Parameters
    ----------
    seed : int
        Same seed, same movements.
    task : str
        What they were asked to do; one of `MANNERS`.
    duration_s : float
        Length of the recording.
    """
    manner = MANNERS[task]
    drives, jaw = _draw_speech(np.random.default_rng([seed, 4]), manner, duration_s)
    chewed, chewing = draw_chewing(np.random.default_rng([seed, 22]), manner.chewing, len(jaw))
    sneezes = draw_sneezes(np.random.default_rng([seed, 23]), manner.sneezes_per_min, duration_s)
    gestures = _draw_gestures(np.random.default_rng([seed, 3]), manner, duration_s)
    head = _draw_head(np.random.default_rng([seed, 5]), manner, duration_s, jaw)
    return Habits(
        _draw_blinks(np.random.default_rng([seed, 2]), manner, duration_s),
        gestures + tuple(sneeze.face for sneeze in sneezes),
        drives + chewed,
        jaw + chewing,
        _thrown(head, sneezes),
        _draw_gaze(np.random.default_rng([seed, 21]), manner, len(jaw)),
        tuple(sneeze.eyes for sneeze in sneezes),
        parted=0.0 if manner.chewing else 1.0,
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
            gestures.append(make_gesture(rng, shape, _GESTURES[name]))
    return tuple(gestures)


def _draw_speech(
    rng: np.random.Generator, manner: Manner, duration_s: float
) -> tuple[Floats, Floats]:
    """Return the drives of speaking, (n_channels, n), and the jaw, (n,), on the grid."""
    n = int(np.ceil(duration_s * TRACK_HZ)) + 1
    drives, phrases = np.zeros((len(CHANNELS), n)), draw_spells(rng, manner.talking, n)
    if not phrases.any():
        return drives, np.zeros(n)
    # Syllables come at about four a second; the jaw opens with them, the lips shape them.
    lively = wander(rng, n, manner.syllable_s)
    jaw = manner.jaw_mm * np.clip(0.9 + lively, 0.0, 3.0) * phrases
    lean = rng.normal(0.0, 0.08)
    for muscle, mm in _SPEECH_MM.items():
        shape = mm * wander(rng, n, 0.08) * phrases
        drives[row(muscle, "left")] = shape * (1.0 + lean)
        drives[row(muscle, "right")] = shape * (1.0 - lean)
    return drives, jaw


def _draw_gaze(rng: np.random.Generator, manner: Manner, n: int) -> Floats:
    return draw_reading(rng, n) if manner.reads else draw_glances(rng, manner.glances_per_min, n)


def _thrown(head: Head, sneezes: tuple[Sneeze, ...]) -> Head:
    """Return the head with what sneezes do to it."""
    angles = head.angles_deg.copy()
    for sneeze in sneezes:
        angles[1] += sneeze.pitch_deg(grid(angles.shape[1]))
    return Head(angles, head.shift)


def _draw_head(rng: np.random.Generator, manner: Manner, duration_s: float, jaw: Floats) -> Head:
    n = len(jaw)
    slow = np.stack([wander(rng, n, 0.6) for _ in range(3)])
    angles = slow * manner.sway_deg * np.array([[1.0], [0.7], [0.5]])
    for _ in range(int(rng.poisson(manner.turns_per_min * duration_s / 60.0))):
        turn = draw_gesture(rng, rng.uniform(0.8, 3.0)).starting_at(rng.uniform(0.0, duration_s))
        angles[0] += rng.choice([-1.0, 1.0]) * rng.uniform(6.0, 20.0) * turn.at(grid(n))
    nod = wander(rng, n, 0.18) * np.minimum(jaw / 2.5, 1.0)
    angles[1] += 1.5 * nod
    angles = np.clip(angles, [[-20.0], [-10.0], [-8.0]], [[20.0], [10.0], [8.0]])
    shift = np.stack([wander(rng, n, 0.7) for _ in range(3)]) * [[0.015], [0.01], [0.008]]
    return Head(angles, shift * manner.sway_deg)
