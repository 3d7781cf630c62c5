"""A month of a diary as a calendar: how bad the worst of each day was."""

import calendar
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from hemiface.records import Entry


@dataclass(frozen=True)
class Day:
    """One day of a diary.

    Attributes
    ----------
    on : date
    n_entries : int
    burden : int or None
        The worst of the day, 0 to 10.
    n_spasms : int
        One-tap notes of a spasm.
    """

    on: date
    n_entries: int = 0
    burden: int | None = None
    n_spasms: int = 0


@dataclass(frozen=True)
class Month:
    """A month, in weeks from Monday to Sunday; None where the week belongs to another month."""

    first: date
    weeks: tuple[tuple[Day | None, ...], ...]

    @property
    def last(self) -> date:
        """The last day."""
        return following(self.first) - timedelta(days=1)

    @property
    def before(self) -> date:
        """The first day of the month before."""
        return (self.first - timedelta(days=1)).replace(day=1)

    @property
    def after(self) -> date:
        """The first day of the month after."""
        return following(self.first)


def following(first: date) -> date:
    """Return the first day of the month after one that begins on `first`."""
    return (first + timedelta(days=31)).replace(day=1)


def first_of_month(text: str, today: date) -> date:
    """Return the first day of a month written as `2026-11`; of this one, where it is none."""
    try:
        first = date.fromisoformat(f"{text}-01")
    except ValueError:
        first = today
    return min(max(first, date(2000, 1, 1)), today).replace(day=1)


def month_of(first: date, entries: Iterable[Entry]) -> Month:
    """Return the month that begins on `first`, with its entries."""
    days = {day.on: day for day in days_of(entries)}
    weeks = calendar.Calendar().monthdatescalendar(first.year, first.month)
    return Month(
        first,
        tuple(
            tuple(days.get(on, Day(on)) if on.month == first.month else None for on in week)
            for week in weeks
        ),
    )


def days_of(entries: Iterable[Entry]) -> list[Day]:
    """Return the days on which something was written, in order."""
    by_day: dict[date, list[Entry]] = {}
    for entry in entries:
        by_day.setdefault(entry.at.date(), []).append(entry)
    return [_day(on, by_day[on]) for on in sorted(by_day)]


def _day(on: date, entries: list[Entry]) -> Day:
    burdens = [entry.burden for entry in entries if entry.burden is not None]
    n_spasms = sum(entry.spasm_now for entry in entries)
    return Day(on, len(entries), max(burdens, default=None), n_spasms)
