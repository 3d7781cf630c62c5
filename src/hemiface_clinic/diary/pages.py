"""What the pages of a diary show, to its owner and to who may read it."""

from dataclasses import dataclass
from datetime import date
from itertools import groupby
from typing import Any

from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils import timezone
from django.utils.dates import WEEKDAYS_ABBR

from hemiface.records import Entry
from hemiface_clinic.diary.models import DiaryEntry
from hemiface_clinic.diary.month import Month, first_of_month, following, month_of
from hemiface_clinic.diary.queries import entries_between, entry_if_any, page_before
from hemiface_clinic.diary.telling import facts_of


@dataclass(frozen=True)
class Line:
    """One entry on a page."""

    row: DiaryEntry
    entry: Entry
    facts: tuple[tuple[str, str], ...]


def shown(request: HttpRequest, entries: QuerySet[DiaryEntry]) -> dict[str, Any]:
    """Return the calendar of a month, and some entries by day.

    The address may ask for a month (`month=2026-11`), for the entries of one day of it
    (`day=2026-11-23`), or for those that come after one in the list (`before=KEY`).
    """
    asked = request.GET
    day = _day(asked.get("day", ""))
    today = timezone.localdate()
    first = first_of_month(asked.get("month", ""), today)
    if day is not None:
        entries = entries.filter(on=day)
    page = page_before(entries, entry_if_any(entries, asked.get("before", "")))
    return {
        "month": calendar_of(entries, first) if day is None else None,
        "is_latest": following(first) > today,
        "weekdays": WEEKDAYS_ABBR.values(),
        "day": day,
        "days": [(on, list(lines)) for on, lines in groupby(map(_line, page.rows), _day_of)],
        "last": page.rows[-1] if page.has_more else None,
        "is_continued": "before" in asked,
    }


def calendar_of(entries: QuerySet[DiaryEntry], first: date) -> Month:
    """Return a month of some entries."""
    month = month_of(first, ())
    return month_of(first, [row.entry for row in entries_between(entries, first, month.last)])


def _line(row: DiaryEntry) -> Line:
    entry = row.entry
    return Line(row, entry, tuple(facts_of(entry)))


def _day_of(line: Line) -> date:
    return line.row.on


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None
