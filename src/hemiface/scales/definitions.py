"""What a scale is: its range, who fills it in, its levels in our words, and where it comes from."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Literal, TypedDict

from hemiface.errors import ConventionError
from hemiface.records import Author


@dataclass(frozen=True)
class Level:
    """What values from `lowest` up to the next level mean.

    Attributes
    ----------
    lowest : float
    text : str
        In our own words.
    name : str
        As clinicians write it, such as "III"; empty where the number itself is written.
    checked : bool
        False where the words are recalled and wait to be compared with the source.
    """

    lowest: float
    text: str
    name: str = ""
    checked: bool = True


@dataclass(frozen=True)
class Item:
    """One question of a scale; its answer is a whole number.

    Attributes
    ----------
    key, text : str
    lowest, highest : float
    levels : tuple of Level
        Empty where we do not repeat them.
    """

    key: str
    text: str
    lowest: float
    highest: float
    levels: tuple[Level, ...] = ()


@dataclass(frozen=True)
class LeastChange:
    """The minimal important difference: the least improvement that people notice.

    Attributes
    ----------
    value : float
        Negative where lower is better.
    low, high : float
        Its 95 % interval.
    source : str
    """

    value: float
    low: float
    high: float
    source: str


@dataclass(frozen=True)
class Scale:
    """One version of one scale.

    Attributes
    ----------
    key, version, name, about : str
    by : tuple of str
        Who may fill it in: "patient", "clinician".
    lowest, highest : float
    worse : "higher" or "lower"
        Which end is bad.
    whole : bool
        Whether only whole numbers are values.
    is_change : bool
        Whether a value says how things changed, so that two of them are not subtracted.
    levels : tuple of Level
    items : tuple of Item
        Questions whose answers add up to the value; empty where only the total is entered.
    crisis_item : str
        Key of the item that asks for thoughts of self-harm; empty where none does.
    least_change : LeastChange or None
        None where we have found none published.
    source, licence : str
    checked : bool
        False where range or words are our choice or recalled; `to_check` says which.
    to_check : str
    """

    key: str
    version: str
    name: str
    about: str
    by: tuple[Author, ...]
    lowest: float
    highest: float
    source: str
    licence: str
    checked: bool
    to_check: str = ""
    worse: Literal["higher", "lower"] = "higher"
    whole: bool = True
    is_change: bool = False
    levels: tuple[Level, ...] = ()
    items: tuple[Item, ...] = ()
    crisis_item: str = ""
    least_change: LeastChange | None = None

    @property
    def ships_items(self) -> bool:
        """Whether the questions themselves are here."""
        return bool(self.items)

    def level(self, value: float) -> Level | None:
        """Return the level of a value; None where the scale has no words for it."""
        reached = [one for one in self.levels if one.lowest <= value]
        return reached[-1] if reached else None


@cache
def read_scales() -> tuple[Scale, ...]:
    """Return every version of every scale, in the order in which they are listed."""
    text = files("hemiface.scales").joinpath("data/scales.toml").read_text(encoding="utf-8")
    return tuple(_scale(row) for row in tomllib.loads(text)["scale"])


def scale(key: str, version: str) -> Scale:
    """Return one version of a scale.

    Raises
    ------
    ConventionError
        If there is no such scale, or not in this version.
    """
    versions = {one.version: one for one in read_scales() if one.key == key}
    if not versions:
        keys = ", ".join(dict.fromkeys(one.key for one in read_scales()))
        raise ConventionError(f"A scale must be one of {keys}; got {key!r}. Choose one of them.")
    if version not in versions:
        raise ConventionError(
            f"The version of {key} must be one of {', '.join(versions)}; got {version!r}. "
            "Versions are never mixed: choose the one that was used."
        )
    return versions[version]


_LevelRow = TypedDict(
    "_LevelRow", {"from": float, "text": str, "name": str, "checked": bool}, total=False
)


class _ItemRow(TypedDict, total=False):
    key: str
    text: str
    lowest: float
    highest: float
    levels: list[_LevelRow]


class _ScaleRow(TypedDict, total=False):
    key: str
    by: list[Author]
    levels: list[_LevelRow]
    answers: list[_LevelRow]
    item: list[_ItemRow]
    least_change: Mapping[str, float | str]


_PARTS = frozenset({"by", "levels", "answers", "item", "least_change"})


def _scale(row: _ScaleRow) -> Scale:
    plain = {name: value for name, value in row.items() if name not in _PARTS}
    shared = _levels(row.get("answers", []))
    least = row.get("least_change")
    return Scale(
        **plain,  # type: ignore[arg-type]  # the file is ours, and the tests read all of it
        by=tuple(row["by"]),
        levels=_levels(row.get("levels", [])),
        items=tuple(_item(one, shared) for one in row.get("item", [])),
        least_change=None if least is None else LeastChange(**least),  # type: ignore[arg-type]
    )


def _item(row: _ItemRow, shared: tuple[Level, ...]) -> Item:
    levels = _levels(row.get("levels", [])) or shared
    return Item(row["key"], row["text"], row["lowest"], row["highest"], levels)


def _levels(rows: list[_LevelRow]) -> tuple[Level, ...]:
    return tuple(
        Level(one["from"], one["text"], one.get("name", ""), one.get("checked", True))
        for one in rows
    )
