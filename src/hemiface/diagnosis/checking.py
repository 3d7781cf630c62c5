"""Answers are checked field by field, and every bad field is named at once."""

import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime

from hemiface.diagnosis.questions import Answers, Item, Questionnaire, Value


@dataclass(frozen=True)
class Problem:
    """What is wrong with one field.

    Attributes
    ----------
    link_id : str
        Of the field; "questionnaire" or "version" where the answers belong to another one.
    code : str
        "wrong", "unknown", "missing", "not_asked", "type", "option", "range" or "none_and_more".
    text : str
        One sentence for the reader.
    """

    link_id: str
    code: str
    text: str


def check_answers(questionnaire: Questionnaire, answers: Answers) -> tuple[Problem, ...]:
    """Return what is wrong with answers, in the order of the questions; empty if all is well.

    Parameters
    ----------
    questionnaire : Questionnaire
    answers : Answers
        Not changed. Answers with problems can still be weighed: what is not understood counts
        as not answered.
    """
    known = {item.id for item in questionnaire.items}
    return (
        *_check_identity(questionnaire, answers),
        *(
            Problem(link_id, "unknown", f"{link_id} must be a question of the "
                    f"{questionnaire.name}; it is not. Leave it out.")
            for link_id in answers.answered
            if link_id not in known
        ),
        *(found for item in questionnaire.items for found in _check(item, answers.answered)),
    )  # fmt: skip


def is_asked(item: Item, answered: Mapping[str, Value]) -> bool:
    """Tell whether a question is asked, given the other answers."""
    return item.when is None or answered.get(item.when.ask) == item.when.value


def _check_identity(questionnaire: Questionnaire, answers: Answers) -> Iterator[Problem]:
    for field, wanted, got in (
        ("questionnaire", questionnaire.name, answers.questionnaire),
        ("version", questionnaire.version, answers.version),
    ):
        if got != wanted:
            yield Problem(
                field, "wrong", f"The {field} must be {wanted}; got {got}. Answer it again."
            )


def _check(item: Item, answered: Mapping[str, Value]) -> Iterator[Problem]:
    asked, given = is_asked(item, answered), item.id in answered
    if given and not asked:
        yield Problem(
            item.id,
            "not_asked",
            f"“{item.text}” must be left empty after what was answered before.",
        )
    if asked and item.required and (not given or answered[item.id] == ()):
        yield Problem(item.id, "missing", f"“{item.text}” must be answered.")
    if given:
        yield from _check_value(item, answered[item.id])


def _check_value(item: Item, value: Value) -> Iterator[Problem]:
    if item.repeats != isinstance(value, tuple):
        several = "several answers" if item.repeats else "one answer"
        yield Problem(item.id, "type", f"“{item.text}” must have {several}.")
        return
    for one in value if isinstance(value, tuple) else (value,):
        yield from _check_one(item, one)
    if isinstance(value, tuple) and "none" in value and len(value) > 1:
        yield Problem(
            item.id, "none_and_more", f"“{item.text}” must have either “none” or other answers."
        )


def _check_one(item: Item, value: Value) -> Iterator[Problem]:
    if not _has_type(item, value):
        yield Problem(item.id, "type", f"“{item.text}” must be answered with {_WANTED[item.type]}.")
    elif item.options and value not in {option.id for option in item.options}:
        offered = ", ".join(option.id for option in item.options)
        yield Problem(item.id, "option", f"“{item.text}” must be one of {offered}; got {value}.")
    elif isinstance(value, int | float) and not _in_range(item, value):
        yield Problem(
            item.id, "range", f"“{item.text}” must be from {item.least:g} to {item.most:g}; got "
            f"{value:g}."
        )  # fmt: skip


_WANTED = {
    "boolean": "yes or no",
    "choice": "one of the answers offered",
    "integer": "a whole number",
    "decimal": "a number",
    "date": "a date",
    "text": "words",
}


def _has_type(item: Item, value: Value) -> bool:
    if isinstance(value, bool) or item.type == "boolean":
        return isinstance(value, bool) and item.type == "boolean"
    if item.type == "date":
        return isinstance(value, date) and not isinstance(value, datetime)
    if item.type == "decimal":
        return isinstance(value, int | float) and math.isfinite(value)
    return isinstance(value, int if item.type == "integer" else str)


def _in_range(item: Item, value: float) -> bool:
    least = -math.inf if item.least is None else item.least
    most = math.inf if item.most is None else item.most
    return least <= value <= most
