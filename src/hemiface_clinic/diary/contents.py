"""What an entry holds, as JSON: only what was given."""

from collections.abc import Mapping
from dataclasses import asdict, fields
from datetime import datetime
from typing import Any

from hemiface.records import Entry

_PARTS = tuple(field for field in fields(Entry) if field.name != "at")
_LISTS = frozenset(field.name for field in _PARTS if isinstance(field.default, tuple))


def packed(entry: Entry) -> dict[str, Any]:
    """Return what was given, by name, without its time."""
    held = asdict(entry)
    return {part.name: held[part.name] for part in _PARTS if _is_given(held[part.name])}


def unpacked(held: Mapping[str, Any], at: datetime) -> Entry:
    """Return the entry again."""
    parts: dict[str, Any] = {
        name: tuple(value) if name in _LISTS else value for name, value in held.items()
    }
    return Entry(at=at, **parts)


def _is_given(value: object) -> bool:
    return value is not False and value not in (None, "", ())
