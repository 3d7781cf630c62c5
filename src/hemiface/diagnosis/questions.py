"""The history and the examination as questionnaires, in the shape of FHIR's Questionnaire.

Both are versioned. An item's id never changes its meaning; its words lie apart, by language.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from typing import Literal, cast, get_args

from hemiface.diagnosis.tables import (
    Cell,
    Table,
    number,
    read_table,
    read_words,
    rows,
    table,
    text,
    texts,
)
from hemiface.errors import ConventionError
from hemiface.muscles import MUSCLE
from hemiface.records import Author

Name = Literal["history", "examination"]
Kind = Literal["boolean", "choice", "integer", "decimal", "date", "text"]
Value = bool | int | float | str | date | tuple[str, ...]

NAMES: tuple[Name, ...] = get_args(Name)
CHEWING = ("masseter", "temporalis")
"""Muscles that close the jaw. The facial nerve does not move them."""


@dataclass(frozen=True)
class Option:
    """One answer to choose: its id, and its words."""

    id: str
    text: str


@dataclass(frozen=True)
class When:
    """An item is asked only when another one has this answer."""

    ask: str
    value: bool | str


@dataclass(frozen=True)
class Item:
    """One question.

    Attributes
    ----------
    id : str
        FHIR's linkId. Unique over all questionnaires.
    section : str
        Key of the part it stands in.
    text : str
        The question in words.
    type : str
        "boolean", "choice", "integer", "decimal", "date" or "text".
    options : tuple of Option
        Of a choice.
    required, repeats : bool
        Whether it must be answered when asked; whether several answers may be given.
    when : When or None
        None: always asked.
    least, most : float or None
        Limits of a number.
    """

    id: str
    section: str
    text: str
    type: Kind
    options: tuple[Option, ...] = ()
    required: bool = False
    repeats: bool = False
    when: When | None = None
    least: float | None = None
    most: float | None = None


@dataclass(frozen=True)
class Section:
    """A part of a questionnaire: its key, and its heading."""

    id: str
    text: str


@dataclass(frozen=True)
class Questionnaire:
    """A questionnaire in one language.

    Attributes
    ----------
    name, version, title, language : str
    sections : tuple of Section
    items : tuple of Item
        In the order in which they are asked.
    """

    name: Name
    version: str
    title: str
    language: str
    sections: tuple[Section, ...]
    items: tuple[Item, ...]

    @property
    def url(self) -> str:
        """Canonical name of this questionnaire, without its version."""
        return f"urn:hemiface:questionnaire:{self.name}"

    def item(self, link_id: str) -> Item:
        """Return the item of this id.

        Raises
        ------
        hemiface.errors.ConventionError
            If there is none.
        """
        for one in self.items:
            if one.id == link_id:
                return one
        raise ConventionError(
            f"A link id must be one of the {self.name}; got {link_id!r}. See its items."
        )


@dataclass(frozen=True)
class Answers:
    """What was answered to one questionnaire.

    Attributes
    ----------
    questionnaire : str
        "history" or "examination".
    version : str
        Of the questionnaire.
    answered : mapping of str to value
        By link id. A choice is the id of its option; what repeats is a tuple (a list is made one);
        what was not answered is absent. A copy is kept.
    by : str
        "patient" or "clinician". Where both answered, the clinician's answer is used.
    on : date or None
    """

    questionnaire: Name
    version: str
    answered: Mapping[str, Value]
    by: Author = "patient"
    on: date | None = None

    def __post_init__(self) -> None:
        """Make tuples of lists, as JSON gives them: a red flag must not be lost in one."""
        given = {
            key: tuple(value) if isinstance(value, list) else value
            for key, value in self.answered.items()
        }
        object.__setattr__(self, "answered", given)


@cache
def read_questionnaire(name: Name, language: str = "en") -> Questionnaire:
    """Read the history or the examination.

    Parameters
    ----------
    name : {"history", "examination"}
    language : str
        Of the words; only "en" so far.

    Raises
    ------
    hemiface.errors.ConventionError
        If there is no such questionnaire, or not in this language.
    """
    if name not in NAMES:
        raise ConventionError(
            f"A questionnaire must be one of {', '.join(NAMES)}; got {name!r}. Use one of them."
        )
    logic, words = read_table(name), read_words(name, language)
    return Questionnaire(
        name,
        text(logic["version"]),
        text(words["title"]),
        language,
        tuple(Section(key, str(words_of)) for key, words_of in table(words["section"]).items()),
        tuple(_item(row, words) for row in rows(logic["item"])),
    )


def _item(row: Table, words: Table) -> Item:
    link_id = text(row["id"])
    own = table(words[link_id])
    return Item(
        link_id,
        text(row["section"]),
        text(own["text"]),
        cast(Kind, row["type"]),
        tuple(Option(one, _option_text(one, own, words)) for one in _option_ids(row)),
        bool(row.get("required")),
        bool(row.get("repeats")),
        _when(row.get("enable_when")),
        number(row.get("least")),
        number(row.get("most")),
    )


def _option_ids(row: Table) -> tuple[str, ...]:
    if row.get("options") == "muscles":
        return (*MUSCLE, *CHEWING)
    return texts(row.get("options"))


def _option_text(option: str, own: Table, words: Table) -> str:
    """Prefer the item's own words, then those of all items, then the name of a muscle."""
    found = table(own.get("options")).get(option) or table(words["option"]).get(option)
    return text(found) if found else MUSCLE[option].label


def _when(cell: Cell | None) -> When | None:
    found = table(cell)
    if not found:
        return None
    value = found["is"]
    return When(text(found["ask"]), value if isinstance(value, bool) else text(value))
