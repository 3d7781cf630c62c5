"""Two grades of the same scale compared: how much changed, and whether that matters to people."""

from dataclasses import dataclass
from typing import Literal

from hemiface.errors import ConventionError
from hemiface.records import Grade
from hemiface.scales.definitions import LeastChange, Scale, scale


@dataclass(frozen=True)
class Change:
    """What changed from one grade to a later one.

    Attributes
    ----------
    scale : Scale
    before, after : Grade
    difference : float
        After less before, in points of the scale.
    direction : "better", "worse" or "same"
    reaches : bool or None
        Whether it is at least the minimal important difference, either way; None where none is
        known to us.
    text : str
        One or two sentences for the reader.
    """

    scale: Scale
    before: Grade
    after: Grade
    difference: float
    direction: Literal["better", "worse", "same"]
    reaches: bool | None
    text: str


def change(before: Grade, after: Grade) -> Change:
    """Compare two grades of one scale in one version, by the same author and of the same side.

    Parameters
    ----------
    before, after : Grade

    Returns
    -------
    Change

    Raises
    ------
    ConventionError
        If the two are not of the same scale, version, author and side, if `after` is the earlier
        one, or if the scale is one of change already.
    """
    for what, first, second in (
        ("scale", before.scale, after.scale),
        ("version of the scale", before.version, after.version),
        ("author", before.by, after.by),
        ("side", before.side, after.side),
    ):
        if first != second:
            raise ConventionError(
                f"Two grades must have the same {what} to be compared; got {first} and {second}. "
                "Compare grades of one kind."
            )
    if after.on < before.on:
        raise ConventionError(
            f"The second grade must not be the earlier one; got {before.on.isoformat()} and then "
            f"{after.on.isoformat()}. Exchange them."
        )
    known = scale(before.scale, before.version)
    if known.is_change:
        raise ConventionError(
            f"{known.name} must be read by itself, since it is a change already; got two to "
            "compare. Show them one by one."
        )
    return _compare(known, before, after)


def _compare(known: Scale, before: Grade, after: Grade) -> Change:
    difference = after.value - before.value
    direction = _direction(known, difference)
    least = known.least_change
    reaches = None if least is None else abs(difference) >= abs(least.value)
    text = f"{known.name}: {_say(difference, direction)} {_judge(difference, direction, least)}"
    return Change(known, before, after, difference, direction, reaches, text)


def _direction(known: Scale, difference: float) -> Literal["better", "worse", "same"]:
    if difference == 0:
        return "same"
    return "worse" if (difference > 0) == (known.worse == "higher") else "better"


def _say(difference: float, direction: str) -> str:
    if difference == 0:
        return "no change."
    points = "point" if abs(difference) == 1 else "points"
    return f"{difference:+g} {points} ({direction})."


def _judge(difference: float, direction: str, least: LeastChange | None) -> str:
    if least is None:
        return "No minimal important difference is known to us."
    size, smallest, largest = abs(difference), *sorted((abs(least.low), abs(least.high)))
    verb = "reaches" if size >= abs(least.value) else "does not reach"
    near = ", but lies within its 95 % interval" if smallest <= size <= largest else ""
    told = " It was measured for getting better, not worse." if direction == "worse" else ""
    return (
        f"This {verb} the minimal important difference of {abs(least.value):g} ({smallest:g} to "
        f"{largest:g}){near}.{told} Source: {least.source}"
    )
