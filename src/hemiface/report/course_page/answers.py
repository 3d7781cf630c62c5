"""What can be said of a course: sentences and numbers with intervals, and JSON to keep them as.

Fitting may take a minute where there are many sessions, so that what comes of it is plain data
that a site can keep.
"""

import math
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import date
from typing import Any, Literal

About = Literal["toxin", "surgery", "triggers", "comparison", "change"]


@dataclass(frozen=True)
class Number:
    """One number with its interval; `group` joins those of one session or one trigger."""

    group: str
    label: str
    value: float
    low: float
    high: float
    unit: str = ""


@dataclass(frozen=True)
class Answer:
    """What can be said of one question.

    Attributes
    ----------
    about : str
    title, sentence : str
    is_told : bool
        False where there is too little to tell; the sentence then says what is missing.
    level : int
        Of the intervals, percent.
    numbers : tuple of Number
    """

    about: About
    title: str
    sentence: str
    is_told: bool
    level: int = 95
    numbers: tuple[Number, ...] = ()


@dataclass(frozen=True)
class Curve:
    """The rate of spasms that the fitted responses expect, a minute.

    Attributes
    ----------
    on : tuple of date
    value, low, high : tuple of float
        Middle, and the ends of the 90 % interval of what the injections leave.
    forecast_from : date
        From here on nothing was measured yet.
    """

    on: tuple[date, ...]
    value: tuple[float, ...]
    low: tuple[float, ...]
    high: tuple[float, ...]
    forecast_from: date


@dataclass(frozen=True)
class Answers:
    """Everything that can be said of a course, and the curve that is drawn with it."""

    answers: tuple[Answer, ...] = ()
    curve: Curve | None = None


def answers_document(answers: Answers) -> dict[str, Any]:
    """Return answers as plain JSON values; what is not known becomes None."""
    document: dict[str, Any] = _plain(asdict(answers))
    return document


def read_answers(document: Mapping[str, Any]) -> Answers:
    """Return the answers that `answers_document` wrote."""
    curve = document["curve"]
    return Answers(
        tuple(_read_answer(one) for one in document["answers"]),
        None if curve is None else _read_curve(curve),
    )


def _plain(value: Any) -> Any:
    if isinstance(value, dict):
        return {name: _plain(one) for name, one in value.items()}
    if isinstance(value, tuple | list):
        return [_plain(one) for one in value]
    if isinstance(value, date):
        return value.isoformat()
    return None if isinstance(value, float) and not math.isfinite(value) else value


def _read_answer(document: Mapping[str, Any]) -> Answer:
    numbers = tuple(_read_number(one) for one in document["numbers"])
    return Answer(**{**document, "numbers": numbers})


def _read_number(document: Mapping[str, Any]) -> Number:
    known: dict[str, Any] = {k: math.nan if one is None else one for k, one in document.items()}
    return Number(**known)


def _read_curve(document: Mapping[str, Any]) -> Curve:
    return Curve(
        tuple(date.fromisoformat(day) for day in document["on"]),
        tuple(document["value"]),
        tuple(document["low"]),
        tuple(document["high"]),
        date.fromisoformat(document["forecast_from"]),
    )
