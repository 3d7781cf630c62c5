"""What to ask, examine or order next, each with its reason and its source."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal, cast

from hemiface.diagnosis.findings import Finding, State, questionnaire_of
from hemiface.diagnosis.questions import Value
from hemiface.diagnosis.red_flags import RedFlag
from hemiface.diagnosis.tables import Table, read_table, read_words, rows, table, text, texts
from hemiface.diagnosis.weighing import POINTS, Ranked, Weighed

CLOSE_POINTS = 2
"""Two groups no further apart than this read much alike; our choice."""
_MOST_QUESTIONS = 5  # our choice


@dataclass(frozen=True)
class Step:
    """One thing to do.

    Attributes
    ----------
    name, kind : str
        `kind` is "ask", "examine" or "order".
    text, reason, source : str
    """

    name: str
    kind: Literal["ask", "examine", "order"]
    text: str
    reason: str
    source: str


@dataclass(frozen=True)
class Situation:
    """What is known when a next step is looked for."""

    given: Mapping[str, Value]
    findings: tuple[Finding, ...]
    measured: tuple[Finding, ...]
    flags: tuple[RedFlag, ...]
    groups: tuple[Ranked, ...]


def next_steps(situation: Situation, language: str = "en") -> tuple[Step, ...]:
    """Return what to order, then what to examine, then what to ask.

    Parameters
    ----------
    situation : Situation
    language : str

    Returns
    -------
    tuple of Step
    """
    words = read_words("next_steps", language)
    steps = (
        *_standing(situation, words),
        *_questions(situation, words),
        *_comparisons(situation, words),
    )
    kinds = ("order", "examine", "ask")
    return tuple(sorted(steps, key=lambda one: kinds.index(one.kind)))


def _standing(situation: Situation, words: Table) -> list[Step]:
    sources = read_table("sources")
    return [
        Step(
            name,
            cast(Literal["ask", "examine", "order"], table(cell)["kind"]),
            text(table(words[name])["text"]),
            text(table(words[name])["reason"]),
            text(sources[text(table(cell)["source"])]),
        )
        for name, cell in read_table("next_steps").items()
        if any(_applies(line, situation) for line in rows(table(cell)["when"]))
    ]


def _applies(line: Table, situation: Situation) -> bool:
    states = {one.name: one.state for one in situation.findings}
    if "finding" in line:
        return states[text(line["finding"])] == "present"
    if "unknown" in line:
        return states[text(line["unknown"])] == "unknown"
    if "flag" in line:
        return line["flag"] in {flag.name for flag in situation.flags}
    if "unanswered" in line:
        return text(line["unanswered"]) not in situation.given
    if "answer" in line:
        link_id, wanted = texts(line["answer"])
        value = situation.given.get(link_id)
        return wanted == value or (isinstance(value, tuple) and wanted in value)
    if "among" in line:
        return _leads(situation.groups, texts(line["among"]))
    return _emg_may_part(situation.groups)


def _leads(groups: Sequence[Ranked], names: Sequence[str]) -> bool:
    return groups[0].name in names and bool(groups[0].conditions[0].supports)


def are_close(groups: Sequence[Ranked]) -> bool:
    """Tell whether the first two groups read much alike."""
    return groups[0].points - groups[1].points <= CLOSE_POINTS


def _emg_may_part(groups: Sequence[Ranked]) -> bool:
    """Tell whether EMG is of use: it tells hemifacial spasm from others, not its causes."""
    return are_close(groups) and {one.name for one in groups[:2]} != {"primary", "secondary"}


def _questions(situation: Situation, words: Table) -> list[Step]:
    """Ask what would move the groups apart the most."""
    leaders = [group.conditions[0] for group in situation.groups]
    weights = {
        one.name: _spread(one.name, leaders)
        for one in situation.findings
        if one.state == "unknown" and one.name in _askable()
    }
    by_weight = sorted(
        (one for one in situation.findings if weights.get(one.name)),
        key=lambda one: -weights[one.name],
    )
    return [_question(one, leaders, words) for one in by_weight[:_MOST_QUESTIONS]]


def _askable() -> set[str]:
    return {name for name, rule in read_table("findings").items() if "rule" in table(rule)}


def _spread(finding: str, leaders: Sequence[Weighed]) -> int:
    """Return how far an answer can move the first conditions of the groups apart, in points."""
    states: tuple[State, State] = ("present", "absent")
    moves = [[_move(finding, state, one) for one in leaders] for state in states]
    return max(max(of_state) - min(of_state) for of_state in moves)


def _move(finding: str, state: State, weighed: Weighed) -> int:
    signs = {"for": 1, "against": -1}
    return sum(
        signs[rule.direction] * POINTS[rule.strength]
        for rule in weighed.condition.rules
        if (rule.finding, rule.state) == (finding, state)
    )


def _question(finding: Finding, leaders: Sequence[Weighed], words: Table) -> Step:
    looked = questionnaire_of(finding.link_ids[0]) == "examination"
    kind: Literal["ask", "examine"] = "examine" if looked else "ask"
    bearing = [
        (one.text, rule.source)
        for one in leaders
        for rule in one.condition.rules
        if rule.finding == finding.name
    ]
    said = table(words[kind])
    return Step(
        f"{kind}.{finding.name}",
        kind,
        text(said["text"]).format(finding=finding.text),
        text(said["reason"]).format(conditions=", ".join(dict.fromkeys(n for n, _ in bearing))),
        " ".join(dict.fromkeys(source for _, source in bearing)),
    )


def _comparisons(situation: Situation, words: Table) -> list[Step]:
    """Send the doctor to look where a recording reads what the doctor did not find."""
    found = {one.name: one.state for one in situation.findings}
    said = table(words["compare"])
    differing = {
        one.name: one
        for one in situation.measured
        if one.state != "unknown" and one.state != found[one.name]
    }
    return [
        Step(
            f"compare.{one.name}",
            "examine",
            text(said["text"]).format(finding=one.text, state=one.state),
            text(said["reason"]),
            text(read_table("sources")["own"]),
        )
        for one in differing.values()
    ]
