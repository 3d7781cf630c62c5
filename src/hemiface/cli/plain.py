"""Answers as JSON, for programs."""

import json
import math
from datetime import date
from typing import Any


def dump(value: Any) -> str:
    """Return a value as JSON text."""
    return json.dumps(as_plain(value), ensure_ascii=False, indent=1, allow_nan=False)


def as_plain(value: Any) -> Any:
    """Return JSON values: what is unknown or without end becomes null."""
    if isinstance(value, dict):
        return {name: as_plain(item) for name, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [as_plain(item) for item in value]
    if isinstance(value, date):
        return value.isoformat()
    return None if isinstance(value, float) and not math.isfinite(value) else value
