"""Grades made by the rules of their scale, and what they say."""

import math
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime

from hemiface.errors import ConventionError
from hemiface.records import Author, Grade
from hemiface.scales.definitions import Item, Level, Scale, scale
from hemiface.types import SIDES, Side

CRISIS = (
    "You wrote that you have had thoughts of being better off dead or of hurting yourself. Thank "
    "you for saying so; such thoughts are common and can be helped. Please talk today with "
    "someone you trust or with a doctor, and if you might act on them call the emergency service "
    "of the place where you are, now."
)
"""Shown to the patient; no number stands here, for none is right everywhere. Our choice."""

NOT_ANSWERED = (
    "The question about thoughts of self-harm was not answered here, so nothing is known of them: "
    "ask."
)


@dataclass(frozen=True)
class Reading:
    """What a grade says.

    Attributes
    ----------
    scale : Scale
    level : Level or None
        None where the scale has no words for the value.
    crisis : bool
        Whether the answers open the crisis path.
    sentences : tuple of str
        For the reader; a crisis first.
    doubt : str
        What of the scale waits to be compared with its source; empty: nothing.
    """

    scale: Scale
    level: Level | None
    crisis: bool
    sentences: tuple[str, ...]
    doubt: str


def grade(
    scale: Scale,
    given: float | Mapping[str, float],
    *,
    on: date,
    by: Author,
    side: Side | None = None,
) -> Grade:
    """Return a grade that keeps the rules of its scale.

    Parameters
    ----------
    scale : Scale
    given : float or mapping of str to float
        The value, or the answers by the key of their item, which are added up. A scale that asks
        for thoughts of self-harm takes answers only.
    on : date
    by : "patient" or "clinician"
    side : "left", "right" or None
        The person's own.

    Raises
    ------
    ConventionError
        If a value, an answer, the author or the side is not one of this scale.
    """
    if by not in scale.by:
        wanted = " or ".join(scale.by)
        raise ConventionError(
            f"{scale.name} must be filled in by the {wanted}; got {by}. Give who filled it in."
        )
    if side is not None and side not in SIDES:
        raise ConventionError(f"A side must be left or right; got {side!r}. Leave it out.")
    if isinstance(on, datetime) or not isinstance(on, date):
        raise ConventionError(f"A grade must have a date without a time; got {on!r}. Give a date.")
    items = _check_answers(scale, given) if isinstance(given, Mapping) else ()
    value = sum(answer for _, answer in items) if isinstance(given, Mapping) else given
    if scale.crisis_item and not items:
        raise ConventionError(
            f"{scale.name} must be given with its answers, since one of them must never be missed; "
            "got a total only. Give every answer."
        )
    _check_number(scale.name, value, scale.lowest, scale.highest, whole=scale.whole)
    return Grade(on, scale.key, scale.version, float(value), by, side, items)


def needs_help(scale: Scale, answers: Mapping[str, float]) -> bool:
    """Tell whether answers open the crisis path; they need not be complete.

    Ask it first: a form that is refused for a missing answer must not hide this one. Anything but
    "not at all" counts.
    """
    return bool(scale.crisis_item) and answers.get(scale.crisis_item, 0) > 0


def read_grade(grade: Grade) -> Reading:
    """Return what a grade says, in sentences.

    Raises
    ------
    ConventionError
        If its scale is not known in its version.
    """
    known = scale(grade.scale, grade.version)
    level, answers = known.level(grade.value), dict(grade.items)
    crisis = needs_help(known, answers)
    unasked = bool(known.crisis_item) and known.crisis_item not in answers
    sentences = (
        *((CRISIS,) if crisis else ()),
        *((NOT_ANSWERED,) if unasked else ()),
        _say_value(known, grade.value, level),
    )
    return Reading(known, level, crisis, sentences, known.to_check)


def _say_value(known: Scale, value: float, level: Level | None) -> str:
    shown = level.name if level is not None and level.name else f"{value:g}"
    meaning = "" if level is None else f": {level.text}"
    recalled = "" if level is None or level.checked else " (recalled, to be checked)"
    return f"{known.name}: {shown} of {_highest(known)}{meaning}{recalled}."


def _highest(known: Scale) -> str:
    top = known.level(known.highest)
    return top.name if top is not None and top.name else f"{known.highest:g}"


def _check_answers(scale: Scale, answers: Mapping[str, float]) -> tuple[tuple[str, float], ...]:
    keys = [item.key for item in scale.items]
    if not keys:
        raise ConventionError(
            f"{scale.name} must be given as a total, since its questions are not here; got "
            "answers. Give the total."
        )
    missing = [key for key in keys if key not in answers]
    unknown = [key for key in answers if key not in keys]
    if missing or unknown:
        found = f"{', '.join(missing)} missing" if missing else f"{', '.join(unknown)} unknown"
        raise ConventionError(
            f"{scale.name} must have an answer to each of {', '.join(keys)}; got {found}. "
            "Answer them all, and nothing else."
        )
    return tuple((item.key, _answer(scale, item, answers[item.key])) for item in scale.items)


def _answer(scale: Scale, item: Item, answer: float) -> float:
    name = f"{scale.name}, {item.key},"
    _check_number(name, answer, item.lowest, item.highest, whole=True)
    return float(answer)


def _check_number(name: str, value: float, lowest: float, highest: float, *, whole: bool) -> None:
    kind = "a whole number" if whole else "a number"
    right = (
        isinstance(value, int | float)
        and not isinstance(value, bool)
        and math.isfinite(value)
        and lowest <= value <= highest
        and (not whole or value == int(value))
    )
    if not right:
        raise ConventionError(
            f"{name} must be {kind} from {lowest:g} to {highest:g}; got {value!r}. Correct it."
        )
