"""A course as a JSON file: exactly what `hemiface.records` holds, and nothing else."""

import json
import math
from dataclasses import fields, is_dataclass
from datetime import date, datetime
from functools import cache
from pathlib import Path
from types import NoneType, UnionType
from typing import Any, Literal, Union, get_args, get_origin, get_type_hints

from hemiface.errors import SourceError
from hemiface.records import Course
from hemiface.whole import written_whole

SCHEMA = "hemiface.course/1"
LARGEST_BYTES = 200_000_000

Json = dict[str, "Json"] | list["Json"] | str | float | int | bool | None


class _UnfitError(Exception):
    """What does not fit, where, and what must stand there."""


def write_course(course: Course, path: Path) -> None:
    """Write a course as JSON, whole or not at all; what is not known becomes null.

    Raises
    ------
    OutputError
        If it cannot be written.
    """
    text = json.dumps(course_document(course), indent=1, allow_nan=False, ensure_ascii=False)
    with written_whole(path) as part:
        part.write_text(text + "\n", encoding="utf-8")


def course_document(course: Course) -> dict[str, Json]:
    """Return a course as plain JSON values."""
    return {"schema": SCHEMA, **_as_object(course)}


def read_course(path: Path) -> Course:
    """Read a course that `write_course` wrote.

    Raises
    ------
    SourceError
        If it is not one; the sentence names the first thing that does not fit.
    """
    try:
        if path.stat().st_size > LARGEST_BYTES:
            raise SourceError(f"{path.name} must be below 200 MB; it is larger. Split it.")
        document = json.loads(path.read_text(encoding="utf-8"))
    except OSError as problem:
        raise SourceError(f"{path} cannot be read: {problem.strerror or problem}.") from problem
    except (ValueError, RecursionError) as problem:
        raise SourceError(f"{path.name} must be JSON; it is not. Write it again.") from problem
    return _read_document(document, path.name)


def _read_document(document: Json, name: str) -> Course:
    found = document.get("schema") if isinstance(document, dict) else None
    if not isinstance(document, dict) or found != SCHEMA:
        raise SourceError(
            f'The "schema" of {name} must be {SCHEMA}; got {found!r}. Give the JSON of a course.'
        )
    told = {key: value for key, value in document.items() if key != "schema"}
    try:
        course = _read_object(Course, told, "course")
        assert isinstance(course, Course)
    except _UnfitError as problem:
        raise SourceError(f"{name}: {problem}") from None
    return course


def _as_json(value: object, *, tagged: bool = False) -> Json:
    if is_dataclass(value) and not isinstance(value, type):
        tag: dict[str, Json] = {"record": type(value).__name__.lower()} if tagged else {}
        return tag | _as_object(value)
    if isinstance(value, tuple):
        return [_as_json(one, tagged=tagged) for one in value]
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, float) and not math.isfinite(value):
        return None
    assert isinstance(value, (str, int, float, bool, NoneType))
    return value


def _as_object(value: Any) -> dict[str, Json]:
    kind: Any = type(value)
    hints = _hints(kind)
    return {
        field.name: _as_json(getattr(value, field.name), tagged=_is_tagged(hints[field.name]))
        for field in fields(value)
    }


@cache
def _hints(kind: Any) -> dict[str, Any]:
    return get_type_hints(kind)


@cache
def _is_tagged(hint: Any) -> bool:
    """Return whether several kinds of records may stand there, so that each says which it is."""
    members = [inner for part in get_args(hint) for inner in get_args(part)]
    return sum(is_dataclass(one) for one in members) > 1


def _read(hint: Any, value: Json, where: str) -> Any:
    """Return a value as the type that must stand there."""
    origin = get_origin(hint)
    if origin is tuple:
        return _read_tuple(get_args(hint), value, where)
    if origin is Literal:
        return _one_of(get_args(hint), value, where)
    if origin in (Union, UnionType):
        return _read_union(get_args(hint), value, where)
    if is_dataclass(hint) and isinstance(hint, type):
        return _read_object(hint, value, where)
    return _read_plain(hint, value, where)


def _read_plain(hint: type, value: Json, where: str) -> Any:
    if hint is float and value is None:
        return float("nan")
    if hint is float and isinstance(value, (int, float)) and not isinstance(value, bool):
        return float(value)
    if hint in (date, datetime):
        return _read_time(hint, value, where)
    if type(value) is hint:
        return value
    raise _UnfitError(f"{where} must be a {hint.__name__}; got {_short(value)}. Mend it.")


def _read_time(hint: Any, value: Json, where: str) -> date:
    try:
        read: date = hint.fromisoformat(value)
    except (TypeError, ValueError):
        read = date.min
    is_right = type(read) is hint and (hint is date or getattr(read, "tzinfo", None) is not None)
    if read == date.min or not is_right:
        like = "2026-05-31" if hint is date else "2026-05-31T08:00:00+02:00"
        raise _UnfitError(
            f"{where} must be a {hint.__name__} like {like}; got {_short(value)}. Mend it."
        )
    return read


def _read_tuple(parts: tuple[Any, ...], value: Json, where: str) -> tuple[Any, ...]:
    if not isinstance(value, list):
        raise _UnfitError(f"{where} must be a list; got {_short(value)}. Mend it.")
    kinds = [parts[0]] * len(value) if parts[1:] == (...,) else list(parts)
    if len(kinds) != len(value):
        raise _UnfitError(f"{where} must hold {len(kinds)} values; got {len(value)}. Mend it.")
    return tuple(
        _read(kind, one, f"{where}[{i}]")
        for i, (kind, one) in enumerate(zip(kinds, value, strict=True))
    )


def _read_union(members: tuple[Any, ...], value: Json, where: str) -> Any:
    if value is None and NoneType in members:
        return None
    records: dict[str, Any] = {one.__name__.lower(): one for one in members if _is_record(one)}
    if len(records) < 2:
        return _read(next(one for one in members if one is not NoneType), value, where)
    kind = value.get("record") if isinstance(value, dict) else None
    _one_of(tuple(records), kind, f"{where}.record")
    assert isinstance(value, dict)
    told = {key: one for key, one in value.items() if key != "record"}
    return _read_object(records[str(kind)], told, where)


def _read_object(kind: Any, value: Json, where: str) -> Any:
    if not isinstance(value, dict):
        raise _UnfitError(f"{where} must be an object; got {_short(value)}. Mend it.")
    hints = _hints(kind)
    for name in value:
        if name not in hints:
            raise _UnfitError(f"{where} holds {name!r}, which it must not. Take it out.")
    read = {name: _read(hints[name], one, f"{where}.{name}") for name, one in value.items()}
    try:
        return kind(**read)
    except TypeError:
        missing = [name for name in hints if name not in value and _is_needed(kind, name)]
        raise _UnfitError(f"{where} must have {', '.join(missing)}. Add what is missing.") from None


def _is_needed(kind: Any, name: str) -> bool:
    return any(
        field.name == name and field.default is field.default_factory for field in fields(kind)
    )


def _one_of(allowed: tuple[object, ...], value: Json, where: str) -> Any:
    if value in allowed:
        return value
    choices = ", ".join(str(one) for one in allowed)
    raise _UnfitError(f"{where} must be one of {choices}; got {_short(value)}. Choose one of them.")


def _is_record(kind: Any) -> bool:
    return is_dataclass(kind)


def _short(value: Json) -> str:
    return repr(value)[:60]
