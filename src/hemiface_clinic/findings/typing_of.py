"""Answers as JSON keeps them, and as the library reads them."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from hemiface.diagnosis import Questionnaire, Value

Contents = dict[str, Any]


def as_contents(answered: Mapping[str, Value]) -> Contents:
    """Return answers as JSON can keep them."""
    return {key: _plain(value) for key, value in answered.items()}


def as_values(questionnaire: Questionnaire, contents: Mapping[str, Any]) -> dict[str, Value]:
    """Return kept answers as the library reads them; what is no longer asked is left out."""
    types = {item.id: item.type for item in questionnaire.items}
    return {
        key: date.fromisoformat(value) if types[key] == "date" else value
        for key, value in contents.items()
        if key in types
    }


def _plain(value: Value) -> Any:
    if isinstance(value, date):
        return value.isoformat()
    return list(value) if isinstance(value, tuple) else value
