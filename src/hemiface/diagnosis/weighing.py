"""What speaks for and against each condition, as a sum of points that anybody can add up.

Points are no probabilities: signs hang together, and nobody has counted most of them. Strong 3,
moderate 2, weak 1; the starting points tell common from rare. All of these are our choice.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Literal, cast

from hemiface.diagnosis.findings import Finding, State
from hemiface.diagnosis.ratios import LikelihoodRatio, Share, read_ratios, read_shares
from hemiface.diagnosis.tables import Cell, number, read_table, read_words, table, text, texts

Group = Literal["primary", "secondary", "synkinesis", "dystonia", "other"]
Direction = Literal["for", "against"]
Strength = Literal["strong", "moderate", "weak"]

POINTS: dict[Strength, int] = {"strong": 3, "moderate": 2, "weak": 1}
STARTING = ((50.0, 2), (5.0, 1))
"""From this share of 215 people referred (Yaltho and Jankovic 2011), %, so many points."""


@dataclass(frozen=True)
class Rule:
    """What a state of a finding says about a condition, how strongly, and who says so."""

    finding: str
    state: State
    direction: Direction
    strength: Strength
    source: str


@dataclass(frozen=True)
class Condition:
    """Something that may be behind the movement.

    Attributes
    ----------
    name, group : str
    share : float
        Of people referred as hemifacial spasm, %; 0 where not counted.
    shared : str
        What it shares its evidence with; empty: nothing.
    rules : tuple of Rule
    """

    name: str
    group: Group
    share: float
    shared: str
    rules: tuple[Rule, ...]

    @property
    def start(self) -> int:
        """Points before anything was asked."""
        return next((points for share, points in STARTING if self.share >= share), 0)


@dataclass(frozen=True)
class Evidence:
    """A finding and what it says about one condition."""

    finding: Finding
    direction: Direction
    strength: Strength
    source: str

    @property
    def points(self) -> int:
        """Positive for, negative against."""
        return POINTS[self.strength] if self.direction == "for" else -POINTS[self.strength]


@dataclass(frozen=True)
class Weighed:
    """A condition, and what speaks for and against it.

    Attributes
    ----------
    condition : Condition
    text : str
        Its name in words.
    supports, opposes : tuple of Evidence
        The strongest first.
    not_asked : tuple of Finding
        Not known, though it would bear on the condition.
    beside : tuple of Evidence
        From recordings. Shown, never counted.
    ratios : tuple of LikelihoodRatio
        Published ones of known findings.
    shares : tuple of Share
        Sensitivities or specificities of known findings that stand alone.
    """

    condition: Condition
    text: str
    supports: tuple[Evidence, ...]
    opposes: tuple[Evidence, ...]
    not_asked: tuple[Finding, ...]
    beside: tuple[Evidence, ...]
    ratios: tuple[LikelihoodRatio, ...]
    shares: tuple[Share, ...]

    @property
    def points(self) -> int:
        """Starting points, plus what speaks for, minus what speaks against."""
        found = (*self.supports, *self.opposes)
        return self.condition.start + sum(one.points for one in found)


@dataclass(frozen=True)
class Ranked:
    """A group of conditions; it stands where the best of them stands."""

    name: Group
    text: str
    conditions: tuple[Weighed, ...]

    @property
    def points(self) -> int:
        """Of the best condition."""
        return self.conditions[0].points


@cache
def read_conditions() -> tuple[Condition, ...]:
    """Return the conditions and their rules."""
    data = read_table("conditions")
    shared = {key: _rules(table(one)["evidence"]) for key, one in table(data["shared"]).items()}
    return tuple(
        Condition(
            name,
            cast(Group, one["group"]),
            number(one.get("share")) or 0.0,
            text(one.get("also")),
            (*shared.get(text(one.get("also")), ()), *_rules(one["evidence"])),
        )
        for name, cell in data.items()
        if name != "shared" and (one := table(cell))
    )


def weigh(
    findings: Sequence[Finding], measured: Sequence[Finding] = (), language: str = "en"
) -> tuple[Weighed, ...]:
    """Weigh every condition, the one with most points first.

    Parameters
    ----------
    findings : sequence of Finding
        From answers; these are counted.
    measured : sequence of Finding
        From recordings; these are shown beside.
    language : str

    Returns
    -------
    tuple of Weighed
        Equal points stand in order of the share among people referred.
    """
    known = {one.name: one for one in findings}
    words = table(read_words("conditions", language)["condition"])
    weighed = [
        _weigh(condition, text(words[condition.name]), known, measured)
        for condition in read_conditions()
    ]
    return tuple(sorted(weighed, key=lambda one: (-one.points, -one.condition.share)))


def rank_groups(weighed: Sequence[Weighed], language: str = "en") -> tuple[Ranked, ...]:
    """Gather weighed conditions into their groups, keeping the order."""
    words = table(read_words("conditions", language)["group"])
    names = dict.fromkeys(one.condition.group for one in weighed)
    return tuple(
        Ranked(
            name,
            text(words[name]),
            tuple(one for one in weighed if one.condition.group == name),
        )
        for name in names
    )


def _weigh(
    condition: Condition, words: str, known: Mapping[str, Finding], measured: Sequence[Finding]
) -> Weighed:
    found = _evidence(condition, list(known.values()))
    unknown = dict.fromkeys(
        rule.finding
        for rule in condition.rules
        if rule.finding not in known or known[rule.finding].state == "unknown"
    )
    return Weighed(
        condition,
        words,
        tuple(one for one in found if one.direction == "for"),
        tuple(one for one in found if one.direction == "against"),
        tuple(known[name] for name in unknown if name in known),
        _evidence(condition, measured),
        tuple(one for one in read_ratios() if _bears(one, condition, known)),
        tuple(
            one
            for one in read_shares()
            if one.condition == condition.name
            and one.finding in known
            and known[one.finding].state == one.state
        ),
    )


def _evidence(condition: Condition, findings: Sequence[Finding]) -> tuple[Evidence, ...]:
    found = [
        Evidence(finding, rule.direction, rule.strength, rule.source)
        for rule in condition.rules
        for finding in findings
        if (finding.name, finding.state) == (rule.finding, rule.state)
    ]
    return tuple(sorted(found, key=lambda one: -POINTS[one.strength]))


def _bears(ratio: LikelihoodRatio, condition: Condition, known: Mapping[str, Finding]) -> bool:
    is_known = ratio.finding in known and known[ratio.finding].state != "unknown"
    return is_known and ratio.condition in (condition.name, condition.shared)


def _rules(cell: Cell) -> tuple[Rule, ...]:
    sources = read_table("sources")
    lines = [texts(line) for line in cell] if isinstance(cell, list) else []
    return tuple(
        Rule(
            finding,
            cast(State, state),
            cast(Direction, direction),
            cast(Strength, strength),
            text(sources[source]),
        )
        for finding, state, direction, strength, source in lines
    )
