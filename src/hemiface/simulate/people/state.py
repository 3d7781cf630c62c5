"""The state a patient is in while they are recorded: what they do, how they feel, how treated."""

from dataclasses import dataclass

SLEEP_FACTOR = 0.3
"""Rate in sleep against waking. Spasms fell in all of 12 sleepers and vanished in none
(PMID 30902436); the factor itself is our choice."""


@dataclass(frozen=True)
class State:
    """What of the moment changes a patient's spasms and resting face.

    Attributes
    ----------
    task : str
        What they were asked to do: rest, speak, read, sing, eye_closure, head_turn, smile ...
    stress, fatigue : float
        0 none to 1 most.
    asleep : bool
        Rate falls to `SLEEP_FACTOR`.
    rate_factor, amplitude_factor : float
        What treatment leaves of rate and amplitude, 1 untreated.
    ptosis_mm : float
        How far the upper lid of the affected side hangs lower than its own rest.
    droop_mm : float
        How far the mouth corner of the affected side hangs.
    palsy : float
        Share of the affected side's movement that is lost, 0 to 1.
    """

    task: str = "rest"
    stress: float = 0.0
    fatigue: float = 0.0
    asleep: bool = False
    rate_factor: float = 1.0
    amplitude_factor: float = 1.0
    ptosis_mm: float = 0.0
    droop_mm: float = 0.0
    palsy: float = 0.0


RESTING = State()
"""Awake, calm, untreated, doing nothing."""
