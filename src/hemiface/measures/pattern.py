"""What a movement looks like: one side by itself, one side with another movement, both eyes, none.

A description of what was seen, never a diagnosis. The limits are our choice, made on virtual
patients of `hemiface.simulate`.
"""

from collections.abc import Mapping, Sequence
from typing import Literal

from hemiface.measures.intervals import share_interval
from hemiface.types import SIDES, Measure, Notice, Side

Pattern = Literal["one_sided", "task_locked", "both_eyes", "none", "undetermined"]

# Healthy eyes blink; they are rarely shut for longer.
LONG_CLOSURES_PER_MIN = 3.0
# By chance about one spasm in ten begins with one of so many blinks: the share must surely be more.
LOCKED_PERCENT = 30.0
LEAST_PER_MIN = 1.0

_Known = Mapping[tuple[str, Side | None], Measure]
_SENTENCES = {
    "task_locked": (
        "Most contractions of one side came together with a blink or a smile. Hemifacial spasm "
        "comes by itself; movement that follows another is seen after a palsy, for example."
    ),
    "both_eyes": (
        "Both eyes were shut together again and again, for longer than a blink. Hemifacial spasm "
        "is on one side."
    ),
}


def name_pattern(measures: Sequence[Measure]) -> Pattern:
    """Return the pattern that the measures of one recording show."""
    known: _Known = {(one.name, one.side): one for one in measures}
    rates = [known["spasm_rate", side].value for side in SIDES]
    if any(rate != rate for rate in rates):
        return "undetermined"
    if _is_locked(known):
        return "task_locked"
    if known["long_closures", None].value >= max(LONG_CLOSURES_PER_MIN, *rates):
        return "both_eyes"
    return "one_sided" if max(rates) >= LEAST_PER_MIN else "none"


def pattern_notices(measures: Sequence[Measure]) -> tuple[Notice, ...]:
    """Return a sentence for the reader where the pattern is not that of hemifacial spasm."""
    pattern = name_pattern(measures)
    return tuple(
        Notice(f"pattern_{name}", text) for name, text in _SENTENCES.items() if name == pattern
    )


def _is_locked(known: _Known) -> bool:
    """Return whether spasms begin, or muscles of one side move, with blinks and smiles.

    The lower end of the interval must reach the limit: few movements say little. Blinks and smiles
    count together.
    """
    shares = [known["locked_spasms", None].low, *(_followed(known, side) for side in SIDES)]
    return any(low >= LOCKED_PERCENT for low in shares)


def _followed(known: _Known, side: Side) -> float:
    """Return the lower end of the share of blinks and smiles that one side follows, in %."""
    both = [known[name, side] for name in ("mouth_with_blink", "eye_with_smile")]
    n = sum(one.n for one in both)
    followed = sum(round(one.value * one.n / 100) for one in both if one.n)
    return share_interval(followed, n)[0] if n else 0.0
