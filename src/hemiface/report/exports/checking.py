"""What a course must be to be written to a file and come back the same."""

import math
import re
from collections.abc import Iterator, Mapping
from dataclasses import fields
from datetime import datetime, timedelta
from typing import get_args, get_type_hints

from hemiface.errors import ConventionError
from hemiface.records import (
    Author,
    Course,
    Dose,
    Entry,
    Grade,
    Injection,
    Measured,
    Medicine,
    Operation,
    Person,
    Sex,
    SideEffect,
    Therapy,
    Treatment,
    Trigger,
)
from hemiface.types import SIDES

_Record = Person | Measured | Grade | Entry | Treatment | Dose | SideEffect

_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff]")
_MOST_OFFSET = timedelta(hours=14)
_MOST_INTEGER = 2**31 - 1
_DATES = frozenset({"on", "until", "onset"})
_NOT_KNOWN_AS_NAN = {
    Measured: {"value", "low", "high", "observed_s", "fps"},
    Medicine: {"daily_mg"},
    Injection: {"dilution_ml", "vial_units"},
}
_CHOICES: Mapping[str, tuple[str | int | None, ...]] = {
    "sex": get_args(Sex),
    "by": get_args(Author),
    "side": (*SIDES, None),
    "affected_side": (*SIDES, None),
    "triggers": get_args(Trigger),
    "modality": get_args(get_type_hints(Therapy)["modality"]),
    "lsr": get_args(get_type_hints(Operation)["lsr"]),
    "degree": (1, 2, 3, None),
}
_OPTIONAL_TEXT = frozenset(
    {"unit", "recording", "note", "lot", "atc", "approach", "segment", "implant", "after"}
)


def check_course(course: Course) -> None:
    """Check that every part of a course can be written to a file and read again.

    Parameters
    ----------
    course : Course

    Raises
    ------
    ConventionError
        If a text is blank or has control characters, a number is infinite or missing, a time has
        no offset from UTC, or something ends before it begins.
    """
    parts = (course.measured, course.grades, course.diary, course.treatments, course.side_effects)
    for record in (course.person, *(one for part in parts for one in part)):
        _check_record(record)


def _check_record(record: _Record) -> None:
    kind = type(record).__name__
    may_be_nan = _NOT_KNOWN_AS_NAN.get(type(record), set())
    for name, value in _values(record):
        what = f"The {name} of {kind}"
        _check_value(what, name, value)
        if isinstance(value, float) and not _is_known(value, may_be_nan=name in may_be_nan):
            raise ConventionError(f"{what} must be a number; got {value}. Correct it.")
    _check_order(record)


def _is_known(value: float, *, may_be_nan: bool) -> bool:
    return math.isfinite(value) or (may_be_nan and math.isnan(value))


def _values(record: _Record) -> Iterator[tuple[str, object]]:
    """Give every plain value of a record, those in its tuples too."""
    for field in fields(record):
        yield from _plain(field.name, getattr(record, field.name))


def _plain(name: str, value: object) -> Iterator[tuple[str, object]]:
    if isinstance(value, Dose):
        yield from _values(value)
    elif name == "settings" and isinstance(value, tuple):
        for setting, amount, unit in value:
            yield from ((name, setting), (name, amount), ("unit", unit))
    elif isinstance(value, tuple):
        for one in value:
            yield from _plain(name, one)
    else:
        yield name, value


def _check_value(what: str, name: str, value: object) -> None:
    if name in _CHOICES and value not in _CHOICES[name]:
        wanted = ", ".join(str(one) for one in _CHOICES[name] if one is not None)
        raise ConventionError(f"{what} must be one of {wanted}; got {value!r}. Choose one of them.")
    if isinstance(value, str):
        _check_text(what, name, value)
    elif isinstance(value, datetime):
        _check_time(what, name, value)
    elif isinstance(value, int) and abs(value) > _MOST_INTEGER:
        raise ConventionError(f"{what} must be less than 2^31; got {value}. Correct it.")


def _check_text(what: str, name: str, value: str) -> None:
    if _CONTROL.search(value):
        raise ConventionError(
            f"{what} must be text without control characters; got {value!r}. Remove them."
        )
    if not value.strip() and (value or name not in _OPTIONAL_TEXT):
        raise ConventionError(f"{what} must not be blank; got {value!r}. Write it, or leave it.")


def _check_time(what: str, name: str, value: datetime) -> None:
    if name in _DATES:
        raise ConventionError(f"{what} must be a date without a time; got {value}. Give the date.")
    offset = value.utcoffset()
    if offset is None or abs(offset) > _MOST_OFFSET or offset % timedelta(minutes=1):
        raise ConventionError(
            f"{what} must have an offset from UTC in whole minutes, at most 14 hours; got "
            f"{value.isoformat()}. Give it with its time zone."
        )


def _check_order(record: _Record) -> None:
    if not isinstance(record, Medicine | Therapy | SideEffect) or record.until is None:
        return
    if record.until < record.on:
        raise ConventionError(
            f"{type(record).__name__} must not end before it begins; got {record.on} to "
            f"{record.until}. Correct the dates."
        )
