"""Findings: what the answers come to, sign by sign, and what recordings read beside them.

A finding is present, absent or unknown, and names the questions it comes from. The rules are in
`data/findings.toml`, one per finding. A measured sign never replaces a doctor's finding.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from hemiface.diagnosis.checking import is_asked
from hemiface.diagnosis.questions import NAMES, Answers, Name, Value, read_questionnaire
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
from hemiface.records import Measured

State = Literal["present", "absent", "unknown"]


@dataclass(frozen=True)
class Finding:
    """One sign or fact.

    Attributes
    ----------
    name, text : str
        Key, and words.
    state : str
        "present", "absent" or "unknown".
    link_ids : tuple of str
        The questions it comes from; those to ask where it is unknown. Empty for a measured one.
    disputed : tuple of str
        Questions of the other questionnaire whose answers say the opposite.
    measured : Measured or None
        The measure it was read from; None: it comes from answers.
    """

    name: str
    text: str
    state: State
    link_ids: tuple[str, ...] = ()
    disputed: tuple[str, ...] = ()
    measured: Measured | None = None


def find_signs(answers: Sequence[Answers], language: str = "en") -> tuple[Finding, ...]:
    """Return every finding, known or not.

    Parameters
    ----------
    answers : sequence of Answers
        Of the history, the examination, or both. Where a patient and a clinician answered the
        same question, the clinician's answer is used, and of one author the later one given.
        Answers to questions that were not asked are not used.
    language : str

    Returns
    -------
    tuple of Finding
    """
    given, words = join_answers(answers), read_words("findings", language)
    states: dict[str, State] = {}
    found = []
    for name, rule in read_table("findings").items():
        one = _apply(name, table(rule), given, states, text(words[name]))
        states[name] = one.state
        found.append(one)
    return tuple(found)


def read_signs(measured: Sequence[Measured], language: str = "en") -> tuple[Finding, ...]:
    """Return what measures of recordings read as signs, one finding per measure and recording.

    Parameters
    ----------
    measured : sequence of Measured
        Measures that are no sign are passed over.
    language : str

    Returns
    -------
    tuple of Finding
        Marked by `measured`. Unknown where the interval includes the limit; limits are our choice.
    """
    limits, words = read_table("measured"), read_words("findings", language)
    return tuple(
        Finding(name, text(words[name]), _read(one, number(limit["limit"]) or 0.0), measured=one)
        for one in measured
        if (limit := table(limits.get(one.name))) and (name := text(limit["finding"]))
    )


def join_answers(answers: Sequence[Answers]) -> dict[str, Value]:
    """Return one answer per question that was asked; the clinician's where there are two."""
    joined: dict[str, Value] = {}
    for one in sorted(answers, key=lambda given: given.by == "clinician"):
        joined |= one.answered
    asked = {item.id: item for name in NAMES for item in read_questionnaire(name).items}
    return {
        key: value for key, value in joined.items() if key in asked and is_asked(asked[key], joined)
    }


def chosen_of(value: Value | None) -> frozenset[str]:
    """Return the options an answer chose; none where it is no choice."""
    if isinstance(value, tuple):
        return frozenset(value)
    return frozenset([value]) if isinstance(value, str) else frozenset()


def questionnaire_of(link_id: str) -> Name:
    """Return the questionnaire a question belongs to."""
    asked = {item.id for item in read_questionnaire("history").items}
    return "history" if link_id in asked else "examination"


def _apply(
    name: str, rule: Table, given: Mapping[str, Value], states: Mapping[str, State], words: str
) -> Finding:
    parts = texts(rule.get("any"))
    if parts:
        return Finding(name, words, _any_of([states[part] for part in parts]), _asks_of(parts))
    asks = [(text(line["ask"]), line) for line in rows(rule["rule"])]
    lines = [(ask, _judge(line, given.get(ask)), "else" in line) for ask, line in asks]
    known = [(ask, state, passed_over) for ask, state, passed_over in lines if state != "unknown"]
    if not known:
        return Finding(name, words, "unknown", tuple(ask for ask, _ in asks))
    first, state, _ = known[0]
    disputed = tuple(
        ask
        for ask, other, passed_over in known
        if other != state
        and not (other == "absent" and passed_over)  # not naming a sign is no denial
        and questionnaire_of(ask) != questionnaire_of(first)
    )
    return Finding(name, words, state, (first,), disputed)


def _any_of(states: Sequence[State]) -> State:
    if "present" in states:
        return "present"
    return "unknown" if "unknown" in states else "absent"


def _asks_of(names: Sequence[str]) -> tuple[str, ...]:
    rules = read_table("findings")
    asks = [text(line["ask"]) for name in names for line in rows(table(rules[name])["rule"])]
    return tuple(dict.fromkeys(asks))


def _judge(line: Table, value: Value | None) -> State:
    """Return what one answer says. What was not understood counts as not answered."""
    if isinstance(value, int | float) and not isinstance(value, bool):
        return _judge_number(line, value)
    chosen = (
        {value} if isinstance(value, str) else set(value) if isinstance(value, tuple) else set()
    )
    if not chosen:
        return "unknown"
    only = set(texts(line.get("only")))
    if only:
        return "present" if chosen <= only else "absent"
    if chosen & set(texts(line.get("present"))):
        return "present"
    return "absent" if "else" in line or chosen & set(texts(line.get("absent"))) else "unknown"


def _judge_number(line: Table, value: float) -> State:
    below, least = number(line.get("below")), number(line.get("least"))
    if below is not None:
        return "present" if value < below else "absent"
    if least is not None:
        return "present" if value >= least else "absent"
    return "unknown"


def _read(measured: Measured, limit: float) -> State:
    """Compare with a limit; the interval where there is one, since few events say little."""
    low = measured.value if measured.low != measured.low else measured.low
    high = measured.value if measured.high != measured.high else measured.high
    if low >= limit:
        return "present"
    return "absent" if high < limit else "unknown"
