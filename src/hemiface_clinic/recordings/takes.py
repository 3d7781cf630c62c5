"""What a sender says of a recording: read with care, kept in a form that can be relied on."""

import json
import math
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from hemiface.errors import HemifaceError
from hemiface_clinic.recordings.bounds import MAX_S

KINDS = ("video", "points")
TASKS = (
    "rest", "speak", "read", "sing", "eye_closure", "smile", "brow_raise", "pucker", "head_turn",
)  # fmt: skip
_MOST_TASKS, _NAME_CHARACTERS = 60, 120


class TakeError(HemifaceError):
    """What is said of a recording cannot be."""


def read_take(said: Mapping[str, str]) -> dict[str, Any]:
    """Return what is said of a recording.

    Parameters
    ----------
    said : mapping
        `kind` ("video" or "points"), `filename`, `tasks` (JSON: `task`, `start_s`, `end_s`),
        `mirrored` ("true" or "false"), `started_at` (ISO 8601); all but the kind may be left out.

    Raises
    ------
    TakeError
        If something of it cannot be.
    """
    kind = said.get("kind", "video")
    if kind not in KINDS:
        raise TakeError(f"The kind must be video or points; got {kind[:20]}.")
    return {
        "kind": kind,
        "filename": tidy(said.get("filename", "")),
        "tasks": _tasks(said.get("tasks", "[]")),
        "mirrored": {"true": True, "false": False}.get(said.get("mirrored", "")),
        "started_at": _moment(said.get("started_at", "")),
    }


def tidy(name: str) -> str:
    """Return a file's name for showing it: nothing in it turns or breaks the line."""
    last = name.replace("\\", "/").rpartition("/")[2]
    return "".join(letter for letter in last if letter.isprintable())[:_NAME_CHARACTERS]


def _tasks(text: str) -> list[dict[str, Any]]:
    try:
        spans = [(one["task"], float(one["start_s"]), float(one["end_s"]))
                 for one in json.loads(text)]  # fmt: skip
    except (ValueError, TypeError, KeyError) as problem:
        raise TakeError("Tasks must have a name, a start and an end; these have not.") from problem
    if len(spans) > _MOST_TASKS:
        raise TakeError(f"There must be at most {_MOST_TASKS} tasks; got {len(spans)}.")
    for task, start_s, end_s in spans:
        if task not in TASKS or not 0.0 <= start_s < end_s <= MAX_S or math.isnan(start_s):
            raise TakeError("Each task must be a known one and end after it begins; one does not.")
    return [{"task": task, "start_s": start, "end_s": end} for task, start, end in sorted(
        spans, key=lambda span: span[1]
    )]  # fmt: skip


def _moment(text: str) -> str | None:
    try:
        return datetime.fromisoformat(text).isoformat() if text else None
    except ValueError as problem:
        raise TakeError("The start must be a date and time, ISO 8601; it is not.") from problem
