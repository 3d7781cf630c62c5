"""What moves with what: muscles of one side that follow a blink or a smile, eyes that shut as one.

After a palsy, nerve fibres that grew back to another muscle move it along: the mouth with each
blink, the eye with each smile (synkinesis). The contractions of hemifacial spasm come by
themselves, on one side; those of blepharospasm shut both eyes.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from hemiface.types import SIDES, Floats, Side, Signals, Span, Spasm, other_side

HALF_CLOSED = 0.5
# Within this time of its beginning, what follows a movement belongs to it; our choice.
LOCKED_S = 0.15
# A blink takes .1-.4 s (our working range); eyes more than half closed for this long do not blink.
LONG_S = 0.5
_TOLERANCE = 0.35
_SMILE_MM, _SMILE_S = 1.0, 0.3
_BEFORE_S = (0.30, 0.05)


@dataclass(frozen=True)
class Follower:
    """What may follow a movement: which muscles, how far at least beyond their fellows, and how
    their height during the movement is taken. The least is our choice, above the noise.
    """

    muscles: tuple[str, ...]
    least: float
    height: Callable[[Floats], np.float64]


MOUTH = Follower(("zygomaticus", "risorius", "levator_labii"), 0.5, np.nanmax)
EYE = Follower(("orbicularis_oculi",), 0.15, np.nanmedian)  # a blink within a smile is short


def both_eyes_shut(signals: Signals) -> tuple[float, int]:
    """Return the share of observed time in which both eyes are more than half closed, in %, and
    the frames it rests on.
    """
    both = _lesser_closure(signals)
    known = both[np.isfinite(both)]
    return (100 * float((known > HALF_CLOSED).mean()) if len(known) else float("nan")), len(known)


def count_long_closures(signals: Signals) -> int:
    """Count the times both eyes are more than half closed for longer than a blink."""
    shut = np.nan_to_num(_lesser_closure(signals)) > HALF_CLOSED
    return sum(span.duration_s >= LONG_S for span in _spans(signals.times_s, shut))


def _lesser_closure(signals: Signals) -> Floats:
    lesser: Floats = np.minimum(*(signals.row("orbicularis_oculi", side) for side in SIDES))
    return lesser


def count_mouth_with_blink(
    signals: Signals, blinks: Sequence[Span], spasms: Sequence[Spasm], side: Side
) -> tuple[int, int]:
    """Count the blinks that the mouth of one side follows, and all blinks outside its spasms."""
    free = [blink for blink in blinks if not _in_spasm(blink, spasms, side)]
    followed = [_follows(signals, blink, MOUTH, side) for blink in free]
    return sum(followed), len(free)


def count_eye_with_smile(signals: Signals, spasms: Sequence[Spasm], side: Side) -> tuple[int, int]:
    """Count the smiles that the eye of one side follows, and all smiles outside its spasms."""
    free = [smile for smile in find_smiles(signals) if not _in_spasm(smile, spasms, side)]
    followed = [_follows(signals, smile, EYE, side) for smile in free]
    return sum(followed), len(free)


def find_smiles(signals: Signals) -> list[Span]:
    """Return the stretches in which both corners of the mouth are drawn up or aside."""
    pull = [
        np.fmax(signals.row("zygomaticus", side), signals.row("risorius", side)) for side in SIDES
    ]
    smiling = np.nan_to_num(np.minimum(*pull)) > _SMILE_MM
    spans = _spans(signals.times_s, smiling)
    return [span for span in spans if span.duration_s >= _SMILE_S]


def count_locked(spasms: Sequence[Spasm], movements: Sequence[Span]) -> tuple[int, int]:
    """Count the spasms that begin with a movement of both sides, and all spasms."""
    onsets = np.array([movement.start_s for movement in movements])
    locked = [bool((np.abs(onsets - spasm.onset_s) <= LOCKED_S).any()) for spasm in spasms]
    return sum(locked), len(spasms)


def _in_spasm(movement: Span, spasms: Sequence[Spasm], side: Side) -> bool:
    """Return whether a spasm of that side that did not begin with the movement meets it."""
    first_s, last_s = movement.start_s - _BEFORE_S[0], movement.end_s + LOCKED_S
    return any(
        spasm.side == side
        and abs(spasm.onset_s - movement.start_s) > LOCKED_S
        and spasm.onset_s < last_s
        and spasm.end_s > first_s
        for spasm in spasms
    )


def _follows(signals: Signals, movement: Span, follower: Follower, side: Side) -> bool:
    """Return whether a muscle of one side moves along, beyond what its fellow does."""
    times, start_s = signals.times_s, movement.start_s
    before = (times >= start_s - _BEFORE_S[0]) & (times < start_s - _BEFORE_S[1])
    during = (times >= start_s) & (times <= movement.end_s + LOCKED_S)

    def rise(muscle: str, of: Side) -> float:
        values = signals.row(muscle, of)
        if not np.isfinite(values[before]).any() or not np.isfinite(values[during]).any():
            return float("nan")  # exceeds nothing
        return float(follower.height(values[during]) - np.nanmedian(values[before]))

    beyond = [
        rise(muscle, side) - (1 + _TOLERANCE) * max(0.0, rise(muscle, other_side(side)))
        for muscle in follower.muscles
    ]
    return any(one >= follower.least for one in beyond)


def _spans(times_s: Floats, on: NDArray[np.bool_]) -> list[Span]:
    edges = np.flatnonzero(np.diff(np.r_[0, on.astype(int), 0])).reshape(-1, 2)
    last = len(times_s) - 1
    return [Span(float(times_s[a]), float(times_s[min(b, last)])) for a, b in edges]
