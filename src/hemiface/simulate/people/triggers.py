"""What makes spasms come more often: each trigger a factor of the rate, each patient their own.

Stress is the worst trigger of 44.9 % of patients (n = 321, PMID 22222858); how common the others
are is not published. Their shares, and all factors, are our choice.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal, get_args

import numpy as np

from hemiface.errors import ConventionError
from hemiface.simulate.people.state import SLEEP_FACTOR, State

Trigger = Literal[
    "stress",
    "speech",
    "reading",
    "singing",
    "sneezing",
    "eye_closure",
    "head_jerk",
    "movement",
    "fatigue",
]
MovementKind = Literal["blink", "eye_closure", "sneeze", "head_jerk", "smile", "pucker", "brow"]

TRIGGERS: tuple[Trigger, ...] = get_args(Trigger)
STRESS_RESPONDERS = 0.45
STRESS_FACTOR = (1.5, 3.0)
TRIGGER_SHARE = 0.4
TRIGGER_FACTOR = (1.2, 2.0)
"""Share of patients that any other trigger works on, and its factor: our choice."""

DELAY_S = (0.1, 0.8)
"""How long after a provoking movement its spasm comes: our choice."""

TRIGGER_OF_TASK: dict[str, Trigger | None] = {
    "rest": None,
    "speak": "speech",
    "read": "reading",
    "sing": "singing",
    "eye_closure": "eye_closure",
    "head_turn": "head_jerk",
    "smile": "movement",
    "brow_raise": "movement",
    "pucker": "movement",
    "chew": "movement",
    "sneeze": None,  # each sneeze provokes by itself
}
"""The trigger that each task works through."""

# The movements that may be followed by a spasm at once; a blink is too light for it.
_PROVOKES: dict[MovementKind, Trigger] = {
    "eye_closure": "eye_closure",
    "sneeze": "sneezing",
    "head_jerk": "head_jerk",
}


@dataclass(frozen=True)
class Movement:
    """One movement that is not a spasm: a blink, or something done at will.

    Attributes
    ----------
    kind : str
        What moved.
    onset_s, duration_s : float
        When, in seconds of the recording.
    strength : float
        0 to 1 of the person's fullest.
    """

    kind: MovementKind
    onset_s: float
    duration_s: float
    strength: float = 1.0


def draw_sensitivity(rng: np.random.Generator) -> dict[Trigger, float]:
    """Draw by what factor each trigger multiplies one patient's rate; 1 where it does nothing."""
    sensitivity: dict[Trigger, float] = {"stress": _factor(rng, STRESS_RESPONDERS, STRESS_FACTOR)}
    for trigger in TRIGGERS[1:]:
        sensitivity[trigger] = _factor(rng, TRIGGER_SHARE, TRIGGER_FACTOR)
    return sensitivity


def rate_factor(sensitivity: Mapping[Trigger, float], state: State) -> float:
    """Return by what factor a state multiplies the resting, untreated rate.

    Raises
    ------
    ConventionError
        If the task of the state is unknown.
    """
    if state.task not in TRIGGER_OF_TASK:
        raise ConventionError(
            f"The task must be one of {', '.join(TRIGGER_OF_TASK)}; got {state.task!r}. Choose one."
        )
    trigger = TRIGGER_OF_TASK[state.task]
    factor = state.rate_factor * (1.0 if trigger is None else sensitivity[trigger])
    factor *= 1.0 + (sensitivity["stress"] - 1.0) * state.stress
    factor *= 1.0 + (sensitivity["fatigue"] - 1.0) * state.fatigue
    return factor * (SLEEP_FACTOR if state.asleep else 1.0)


def provocation(sensitivity: Mapping[Trigger, float], movement: Movement) -> float:
    """Return the probability that a movement is followed by a spasm at once.

    A trigger that doubles the rate provokes a spasm every other time: our choice.
    """
    trigger = _PROVOKES.get(movement.kind)
    return 0.0 if trigger is None else 1.0 - 1.0 / sensitivity[trigger]


def _factor(rng: np.random.Generator, share: float, factors: tuple[float, float]) -> float:
    responds, factor = rng.random() < share, float(rng.uniform(*factors))
    return factor if responds else 1.0
