"""What the pages show, put together from versions."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from itertools import groupby
from typing import Any

from django.utils import formats

from hemiface_clinic.treatments.face import face_map
from hemiface_clinic.treatments.forms import Offered
from hemiface_clinic.treatments.injections import InjectionForm, doses_of, total_of
from hemiface_clinic.treatments.kinds import Kind
from hemiface_clinic.treatments.models import Record, Version
from hemiface_clinic.treatments.queries import cause_of, effects_after, versions_of
from hemiface_clinic.treatments.telling import facts_beside_days, history, title_of


@dataclass(frozen=True)
class Line:
    """One treatment or side effect on the line of time."""

    version: Version
    title: str


@dataclass(frozen=True)
class Year:
    """A year on the line of time, with what began in it."""

    year: int
    lines: tuple[Line, ...]


def lines_of(versions: Sequence[Version]) -> list[Year]:
    """Return versions year by year, in the order they come."""
    grouped = groupby(versions, key=lambda version: version.on.year)
    return [
        Year(year, tuple(Line(version, title_of(version)) for version in of_year))
        for year, of_year in grouped
    ]


def treatments_to_choose(versions: Sequence[Version]) -> list[Offered]:
    """Return the treatments that hold, for a list to choose from."""
    return [
        Offered(str(one.record_id), one.kind, f"{_day(one.on)}: {title_of(one)}", one.on)
        for one in versions
        if one.kind != Kind.SIDE_EFFECT and not one.is_error
    ]


def _day(day: date) -> str:
    return formats.date_format(day, "DATE_FORMAT")


def shown(record: Record) -> dict[str, Any]:
    """Return what the page of one record shows."""
    versions = versions_of(record)
    latest = versions[-1]
    context = {
        "record": record,
        "version": latest,
        "title": title_of(latest),
        "facts": facts_beside_days(latest),
        "steps": history(versions),
        "cause": _cause(latest),
        "effects": _effects(record, latest.on) if latest.kind != Kind.SIDE_EFFECT else [],
    }
    return context | (_session(latest) if latest.kind == Kind.INJECTION else {})


def _session(version: Version) -> dict[str, Any]:
    expiry = version.contents.get("expiry")
    return {
        "facts": InjectionForm.session_facts_of(version.contents),
        "face": face_map(version.contents),
        "doses": doses_of(version.contents),
        "total": total_of(version.contents),
        "was_expired": bool(expiry) and date.fromisoformat(expiry) < version.on,
    }


@dataclass(frozen=True)
class Linked:
    """A treatment or side effect that belongs to another, and the days between their beginnings."""

    version: Version
    title: str
    days: int


def _cause(version: Version) -> Linked | None:
    cause = cause_of(version)
    if cause is None:
        return None
    return Linked(cause, title_of(cause), (version.on - cause.on).days)


def _effects(record: Record, given: date) -> list[Linked]:
    """Return the side effects that are put down to a treatment, the first one first."""
    return [Linked(one, title_of(one), (one.on - given).days) for one in effects_after(record)]
