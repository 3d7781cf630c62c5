"""A month of a diary on a page or two, for the doctor: PDF that a screen reader can read too.

It tells what was written, and counts. It draws no conclusion: how much more often the spasms come
with a trigger is for `hemiface.course.trigger_effects`, whose place in `pdf.html` is marked.
"""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from importlib.util import find_spec
from typing import TYPE_CHECKING

from django.db.models import QuerySet
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.translation import get_language

from hemiface.records import Entry
from hemiface_clinic.card import shown_card
from hemiface_clinic.diary.chart import Chart, chart_of
from hemiface_clinic.diary.choices import TRIGGERS
from hemiface_clinic.diary.models import DiaryEntry
from hemiface_clinic.diary.month import Day, days_of, first_of_month, month_of
from hemiface_clinic.diary.queries import entries_between

if TYPE_CHECKING:
    from django_stubs_ext import StrPromise

NOTE_LINES, LINE_CHARACTERS, DATE_CHARACTERS = 56, 90, 18  # what fits on the second page


@dataclass(frozen=True)
class Period:
    """Some days, both ends included."""

    first: date
    last: date


@dataclass(frozen=True)
class Note:
    """Words of the patient."""

    at: datetime
    text: str


@dataclass(frozen=True)
class Summary:
    """What the page says.

    Attributes
    ----------
    period : Period
    n_entries, n_days, n_spasms : int
        Entries, days with one, and one-tap notes of a spasm.
    days : tuple of Day
    chart : Chart
    triggers : tuple of (str, int)
        Name, and how many entries name it, the most frequent first.
    medicines : tuple of (str, int)
        Name, and on how many days it was taken.
    notes : tuple of Note
        The newest, in order of time.
    n_left_out : int
        Earlier notes for which there was no room.
    """

    period: Period
    n_entries: int
    n_days: int
    n_spasms: int
    days: tuple[Day, ...]
    chart: Chart
    triggers: tuple[tuple["str | StrPromise", int], ...]
    medicines: tuple[tuple[str, int], ...]
    notes: tuple[Note, ...]
    n_left_out: int


def period_of(month: str, today: date) -> Period:
    """Return a month that is written as `2026-11`; this one, where it is none."""
    first = first_of_month(month, today)
    return Period(first, month_of(first, ()).last)


def summarize(period: Period, entries: Sequence[Entry]) -> Summary:
    """Return what the entries of a period say, in order of time."""
    days = days_of(entries)
    notes = [Note(entry.at, entry.note) for entry in entries if entry.note]
    kept = _that_fit(notes)
    triggers = Counter(name for entry in entries for name in entry.triggers)
    return Summary(
        period=period,
        n_entries=len(entries),
        n_days=len(days),
        n_spasms=sum(day.n_spasms for day in days),
        days=tuple(days),
        chart=chart_of(days, period.first, period.last),
        triggers=tuple((TRIGGERS[name], n) for name, n in triggers.most_common()),
        medicines=_days_taken(entries),
        notes=kept,
        n_left_out=len(notes) - len(kept),
    )


def write_pdf(name: str, period: Period, entries: QuerySet[DiaryEntry]) -> bytes:
    """Return the summary of a patient's entries as PDF/UA-1."""
    rows = entries_between(entries, period.first, period.last)
    context = {
        "name": name,
        "summary": summarize(period, [row.entry for row in rows]),
        "card": shown_card(),
        "language": get_language() or "en",
        "now": timezone.localtime(),
    }
    return _as_pdf(render_to_string("diary/pdf.html", context))


def can_write_pdf() -> bool:
    """Whether this installation has what makes a PDF."""
    return find_spec("weasyprint") is not None


def _as_pdf(page: str) -> bytes:
    from weasyprint import HTML

    content: bytes = HTML(string=page, url_fetcher=_fetch_nothing).write_pdf(pdf_variant="pdf/ua-1")
    return content


def _fetch_nothing(url: str, *_: object, **__: object) -> None:
    raise ValueError(f"The page must hold all that it shows; it asks for {url}.")


def _that_fit(notes: Sequence[Note]) -> tuple[Note, ...]:
    kept: list[Note] = []
    room = NOTE_LINES
    for note in reversed(notes):
        room -= _n_lines(note)
        if room < 0:
            break
        kept.append(note)
    return tuple(reversed(kept))


def _n_lines(note: Note) -> int:
    first, *rest = note.text.splitlines() or [""]
    lengths = [DATE_CHARACTERS + len(first), *map(len, rest)]
    return sum(1 + length // LINE_CHARACTERS for length in lengths)


def _days_taken(entries: Iterable[Entry]) -> tuple[tuple[str, int], ...]:
    taken = {(name, entry.at.date()) for entry in entries for name in entry.medicines}
    return tuple(Counter(name for name, _ in sorted(taken)).most_common())
