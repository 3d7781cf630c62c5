"""Measurements as JSON and back: the file that every other program reads.

The document's shape is published beside this module as ``measurement.schema.json``. Signals are not
in it (they are a table of their own, see `hemiface.report.tables`); NaN is written as null.
"""

import json
import math
from collections.abc import Mapping
from dataclasses import fields, is_dataclass
from importlib.resources import files
from pathlib import Path
from types import UnionType
from typing import Any, Literal, Union, get_args, get_origin, get_type_hints

import numpy as np

from hemiface.errors import OutputError, SourceError
from hemiface.types import Measurement

SCHEMA = "hemiface.measurement/1"
"""Name and version of the document, in its `schema` field."""

MAX_BYTES = 256 * 2**20
"""A measurement of ten hours stays far below this; a larger file is something else."""

_SKIPPED = {"signals"}
_PLAIN_NAMES: dict[type, str] = {str: "text", int: "a whole number", bool: "true or false"}


class _MismatchError(Exception):
    """A value is not what the schema asks for; the text says where and how."""


def to_document(m: Measurement) -> dict[str, Any]:
    """Return a measurement as plain JSON values, as `measurement.schema.json` describes them.

    Parameters
    ----------
    m : Measurement
        Its signals are left out; NaN becomes None.

    Returns
    -------
    dict
        Lists, dictionaries, text, numbers, booleans and None only.
    """
    return {"schema": SCHEMA, **_plain(m)}


def from_document(document: object) -> Measurement:
    """Return the measurement that a document describes; null becomes NaN.

    Raises
    ------
    SourceError
        If the document is not a `hemiface.measurement/1`, naming the field that is wrong.
    """
    try:
        return _measurement(document)
    except _MismatchError as problem:
        raise SourceError(f"This is not a hemiface measurement: {problem}.") from None


def write_json(m: Measurement, path: Path) -> None:
    """Write a measurement as an indented JSON document in UTF-8.

    Raises
    ------
    OutputError
        If the file cannot be written.
    """
    text = json.dumps(to_document(m), ensure_ascii=False, indent=1, allow_nan=False)
    try:
        path.write_text(text + "\n", encoding="utf-8")
    except OSError as problem:
        raise OutputError(f"{path} cannot be written: {problem.strerror}.") from problem


def read_measurement(path: Path) -> Measurement:
    """Read a measurement, found or true, from its JSON document.

    Raises
    ------
    SourceError
        If the file cannot be read, is not JSON, or is not a measurement.
    """
    try:
        return _measurement(_parse(_read_bytes(path)))
    except _MismatchError as problem:
        raise SourceError(
            f"{path} is not a hemiface measurement: {problem}. "
            "Give the .json file that `hemiface measure` or `hemiface simulate` wrote."
        ) from None


def read_schema() -> dict[str, Any]:
    """Return the published JSON Schema of the document."""
    text = files("hemiface.report").joinpath("measurement.schema.json").read_text("utf-8")
    schema: dict[str, Any] = json.loads(text)
    return schema


def _plain(value: Any) -> Any:
    if is_dataclass(value) and not isinstance(value, type):
        names = (field.name for field in fields(value) if field.name not in _SKIPPED)
        return {name: _plain(getattr(value, name)) for name in names}
    if isinstance(value, Mapping):
        return {str(key): _plain(item) for key, item in value.items()}
    if isinstance(value, (list, tuple, set, frozenset, np.ndarray)):
        return [_plain(item) for item in value]
    if isinstance(value, np.generic):
        return _plain(value.item())
    if isinstance(value, float):
        return value if math.isfinite(value) else None
    if value is None or isinstance(value, int):
        return value
    # Settings may hold paths and the like; a file name may hold bytes that are not text.
    return str(value).encode("utf-8", "replace").decode("utf-8")


def _read_bytes(path: Path) -> bytes:
    try:
        if path.stat().st_size > MAX_BYTES:
            raise _MismatchError(f"it is larger than {MAX_BYTES // 2**20} MB")
        return path.read_bytes()
    except OSError as problem:
        raise SourceError(f"{path} cannot be read: {problem.strerror}.") from problem


def _parse(data: bytes) -> object:
    try:
        return json.loads(data.decode("utf-8-sig"), parse_constant=_refuse_constant)
    except UnicodeDecodeError:
        raise _MismatchError("it is not text in UTF-8") from None
    except json.JSONDecodeError as problem:
        raise _MismatchError(f"it is not JSON (line {problem.lineno}: {problem.msg})") from None
    except (RecursionError, ValueError):  # absurd nesting, or a number of thousands of digits
        raise _MismatchError("its JSON is too deep or holds a number too long to read") from None


def _refuse_constant(token: str) -> float:
    raise _MismatchError(f"it holds {token}, where JSON has null")


def _measurement(document: object) -> Measurement:
    if not isinstance(document, dict):
        raise _MismatchError(f"a JSON object is needed, found {_describe(document)}")
    if document.get("schema") != SCHEMA:
        found = _describe(document.get("schema"))
        raise _MismatchError(f'"schema" must be "{SCHEMA}", found {found}')
    body = {name: value for name, value in document.items() if name != "schema"}
    measurement: Measurement = _build(Measurement, body, "")
    for name in ("version", "settings"):
        if name not in measurement.software:
            raise _MismatchError(f'"software.{name}" is missing')
    return measurement


def _build(kind: Any, value: object, where: str) -> Any:
    """Return `value` as the annotated type `kind`, or say where it does not fit."""
    origin = get_origin(kind)
    if origin in (Union, UnionType):
        return _build_optional(kind, value, where)
    if origin is Literal:
        return _build_literal(get_args(kind), value, where)
    if origin is tuple:
        return _build_tuple(get_args(kind)[0], value, where)
    if origin is dict:
        return _expect(value, dict, "an object", where)
    if is_dataclass(kind):
        return _build_dataclass(kind, value, where)
    if kind is float:
        return _build_float(value, where)
    if isinstance(value, bool) != (kind is bool):  # True is an int to Python, not to us
        raise _wrong(where, _PLAIN_NAMES[kind], value)
    return _expect(value, kind, _PLAIN_NAMES[kind], where)


def _build_dataclass(kind: Any, value: object, where: str) -> Any:
    found = _expect(value, dict, "an object", where)
    hints = get_type_hints(kind)
    names = [field.name for field in fields(kind) if field.name not in _SKIPPED]
    for name in names:
        if name not in found:
            raise _MismatchError(f'"{_join(where, name)}" is missing')
    for name in found:
        if name not in names:
            raise _MismatchError(f'"{_join(where, name)}" is not a field of {SCHEMA}')
    return kind(**{name: _build(hints[name], found[name], _join(where, name)) for name in names})


def _build_tuple(kind: Any, value: object, where: str) -> tuple[Any, ...]:
    items = _expect(value, list, "a list", where)
    return tuple(_build(kind, item, f"{where}[{index}]") for index, item in enumerate(items))


def _build_optional(kind: Any, value: object, where: str) -> Any:
    if value is None:
        return None
    inner = next(arg for arg in get_args(kind) if arg is not type(None))
    return _build(inner, value, where)


def _build_literal(choices: tuple[str, ...], value: object, where: str) -> str:
    if isinstance(value, str) and value in choices:
        return value
    raise _wrong(where, " or ".join(f'"{choice}"' for choice in choices), value)


def _build_float(value: object, where: str) -> float:
    if value is None:
        return math.nan
    if isinstance(value, (int, float)) and not isinstance(value, bool):
        try:
            return float(value)
        except OverflowError:
            pass
    raise _wrong(where, "a number or null", value)


def _expect(value: object, kind: Any, wanted: str, where: str) -> Any:
    if not isinstance(value, kind):
        raise _wrong(where, wanted, value)
    return value


def _wrong(where: str, wanted: str, value: object) -> _MismatchError:
    return _MismatchError(f'"{where}" must be {wanted}, found {_describe(value)}')


def _describe(value: object) -> str:
    if value is None:
        return "nothing"
    if isinstance(value, (dict, list)):
        return "an object" if isinstance(value, dict) else "a list"
    if isinstance(value, int) and abs(value) > 10**15:
        return "a very large number"
    text = json.dumps(value, ensure_ascii=False, default=str)
    return text if len(text) <= 40 else text[:39] + "…"


def _join(where: str, name: str) -> str:
    return f"{where}.{name}" if where else name
