"""Values as the cells of a spreadsheet, and back: exact, and never a formula.

A cell is empty where nothing is known. Text that a spreadsheet could take for a formula is led by
an apostrophe, which goes again on reading (CSV injection, OWASP ASVS 5.0, 1.2.10). Lists of words
are joined by ``;``; what has parts of its own is JSON.
"""

import json
import math
import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime

# A program that splits at another sign than the comma starts a cell in the middle of ours.
_DANGEROUS = re.compile(r"\A(?=[\t\r\n])|(\A|[;,\t\r\n])(?=['=+\-@＝＋－＠])")
_GUARD = re.compile(r"(\A|[;,\t\r\n])'")
_SPLIT = re.compile(r"(?:[^;\\]|\\.)+", re.DOTALL)
_ESCAPED = re.compile(r"\\(.)", re.DOTALL)
_TRUTH = {"yes": True, "no": False}

Value = object


@dataclass(frozen=True)
class Cell:
    """How a kind of value is written into a cell and read from it."""

    write: Callable[[Value], str]
    read: Callable[[str], Value]


def guard(text: str) -> str:
    """Return text that no spreadsheet takes for a formula."""
    return _DANGEROUS.sub(lambda found: f"{found[1] or ''}'", text)


def unguard(cell: str) -> str:
    """Undo `guard`."""
    return _GUARD.sub(r"\1", cell)


def _write_words(words: Value) -> str:
    assert isinstance(words, tuple)
    return guard(";".join(re.sub(r"([;\\])", r"\\\1", word) for word in words))


def _read_words(cell: str) -> tuple[str, ...]:
    return tuple(_ESCAPED.sub(r"\1", one) for one in _SPLIT.findall(unguard(cell)))


def _write_float(value: Value) -> str:
    assert isinstance(value, int | float)
    return "" if math.isnan(value) else repr(float(value))


def _write_rows(rows: Value) -> str:
    return guard(json.dumps(rows, ensure_ascii=False)) if rows else ""


def _read_rows(cell: str) -> tuple[tuple[str | float, ...], ...]:
    rows = json.loads(unguard(cell)) if cell else []
    return tuple(tuple(row) for row in rows)


def _read_truth(cell: str) -> bool:
    if cell not in _TRUTH:
        raise ValueError(f"{cell!r} is neither yes nor no")
    return _TRUTH[cell]


def _write_moment(value: Value) -> str:
    assert isinstance(value, date)
    return value.isoformat()


def or_none(cell: Cell) -> Cell:
    """Return the same kind of cell, empty for None."""
    return Cell(
        lambda value: "" if value is None else cell.write(value),
        lambda text: None if text == "" else cell.read(text),
    )


TEXT = Cell(lambda value: guard(str(value)), unguard)
WORDS = Cell(_write_words, _read_words)
ROWS = Cell(_write_rows, _read_rows)
NUMBER = Cell(_write_float, lambda cell: float(cell) if cell else math.nan)
WHOLE = Cell(str, int)
TRUTH = Cell(lambda value: "yes" if value else "no", _read_truth)
DATE = Cell(_write_moment, date.fromisoformat)
MOMENT = Cell(_write_moment, datetime.fromisoformat)
