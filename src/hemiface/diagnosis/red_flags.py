"""Red flags, by rule: what cannot wait. Safety rules of ours, each waiting for a sign-off.

A flag is raised by any answer of anybody. A denial elsewhere does not take it back.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal, cast

from hemiface.diagnosis.questions import Answers, Value
from hemiface.diagnosis.tables import (
    Table,
    number,
    read_table,
    read_words,
    rows,
    table,
    text,
    texts,
)

Urgency = Literal["urgent", "soon"]


@dataclass(frozen=True)
class RedFlag:
    """Something that cannot wait.

    Attributes
    ----------
    name : str
    urgency : str
        "urgent": care now; "soon": a picture or a visit soon.
    text, action : str
        What was found, and what to do.
    link_ids : tuple of str
        The questions whose answers raised it.
    source : str
        Empty: a safety rule of ours.
    reviewed : bool
        Whether a clinician has signed the rule off.
    """

    name: str
    urgency: Urgency
    text: str
    action: str
    link_ids: tuple[str, ...]
    source: str
    reviewed: bool


def find_red_flags(answers: Sequence[Answers], language: str = "en") -> tuple[RedFlag, ...]:
    """Return the red flags that answers raise, the urgent ones first.

    Parameters
    ----------
    answers : sequence of Answers
        Every answer is looked at, also one that was not asked for or that another one denies.
    language : str

    Returns
    -------
    tuple of RedFlag
    """
    words = read_words("red_flags", language)
    found = [
        _flag(name, table(cell), table(words[name]), raised)
        for name, cell in read_table("red_flags").items()
        if (raised := _raised_by(table(cell), answers))
    ]
    return tuple(sorted(found, key=lambda one: one.urgency == "soon"))


def _raised_by(flag: Table, answers: Sequence[Answers]) -> tuple[str, ...]:
    found = [
        text(line["ask"])
        for line in rows(flag["rule"])
        for one in answers
        if _applies(line, one.answered.get(text(line["ask"])))
    ]
    return tuple(dict.fromkeys(found))


def _applies(line: Table, value: Value | None) -> bool:
    if isinstance(value, int | float) and not isinstance(value, bool):
        below, least = number(line.get("below")), number(line.get("least"))
        return (below is not None and value < below) or (least is not None and value >= least)
    chosen = (
        {value} if isinstance(value, str) else set(value) if isinstance(value, tuple) else set()
    )
    return bool(chosen & set(texts(line.get("any_of"))))


def _flag(name: str, flag: Table, words: Table, raised_by: tuple[str, ...]) -> RedFlag:
    sources = read_table("sources")
    return RedFlag(
        name,
        cast(Urgency, flag["urgency"]),
        text(words["text"]),
        text(words["action"]),
        raised_by,
        text(sources.get(text(flag.get("source")))),
        bool(flag["reviewed"]),
    )
