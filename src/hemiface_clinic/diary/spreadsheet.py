"""A diary as a table that a spreadsheet opens, and does not run."""

import csv
import io
from collections.abc import Iterable
from dataclasses import fields

from hemiface.records import Entry

COLUMNS = tuple(field.name for field in fields(Entry))
_RUNS = ("=", "+", "-", "@", "\t", "\r")
_MARK = "'"


def write_csv(entries: Iterable[Entry]) -> str:
    """Return entries as CSV with a heading; lists are joined with "; ".

    A text that a spreadsheet would run as a formula is marked with an apostrophe before it, and so
    is one that begins with an apostrophe: to take one away gives back what was written.
    """
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow(COLUMNS)
    writer.writerows([_cell(getattr(entry, name)) for name in COLUMNS] for entry in entries)
    return out.getvalue()


def _cell(value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, tuple):
        return _harmless("; ".join(value))
    if isinstance(value, str):
        return _harmless(value)
    return value.isoformat() if hasattr(value, "isoformat") else f"{value}"


def _harmless(text: str) -> str:
    return f"{_MARK}{text}" if text.startswith((*_RUNS, _MARK)) else text
