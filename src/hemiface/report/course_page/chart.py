"""A course as lines, marks and bars on one axis of time: what every drawing of it shows."""

import math
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Literal

from hemiface.course.counted import affected_side
from hemiface.records import Course, Entry, Grade, Injection, Measured, Medicine, Operation, Therapy
from hemiface.report.course_page.wording import (
    say_brand,
    say_dose,
    say_injection,
    say_measure,
    say_medicine,
    say_operation,
    say_scale,
    say_side,
    say_side_effect,
    say_therapy,
    say_unit,
)
from hemiface.report.words import MEASURES
from hemiface.types import Side

Who = Literal["affected", "other", "whole"]
_Kind = tuple[str, str, str]


@dataclass(frozen=True)
class Point:
    """One value on a day, with the ends of its interval; NaN where not known."""

    on: date
    value: float
    low: float
    high: float


@dataclass(frozen=True)
class Line:
    """The points of one side."""

    who: Who
    label: str
    points: tuple[Point, ...]


@dataclass(frozen=True)
class Series:
    """One measure or scale, a line for each side."""

    key: str
    label: str
    unit: str
    lines: tuple[Line, ...]


@dataclass(frozen=True)
class DiaryDay:
    """A day of the diary: the worst burden, where one was written, and spasms noted by a tap."""

    on: date
    burden: int | None
    n_spasms: int


@dataclass(frozen=True)
class Mark:
    """Something done on one day: in short for the drawing, and in words."""

    kind: Literal["injection", "operation", "mri"]
    on: date
    short: tuple[str, str]
    text: str


@dataclass(frozen=True)
class Bar:
    """Something that lasted; `until` is None while it goes on."""

    kind: Literal["medicine", "therapy", "side_effect"]
    on: date
    until: date | None
    label: str
    text: str


@dataclass(frozen=True)
class Chart:
    """All of a course that is drawn.

    Attributes
    ----------
    first, last : date
        The time it spans.
    affected : "left", "right" or None
    series : tuple of Series
        The one to be shown first comes first.
    diary : tuple of DiaryDay
    marks : tuple of Mark
    bars : tuple of Bar
    """

    first: date
    last: date
    affected: Side | None
    series: tuple[Series, ...]
    diary: tuple[DiaryDay, ...]
    marks: tuple[Mark, ...]
    bars: tuple[Bar, ...]


def chart_of(course: Course, today: date) -> Chart:
    """Return what is drawn of a course.

    Parameters
    ----------
    course : Course
    today : date
        Where the axis ends, unless something lies later.
    """
    side = affected_side(course)
    series = (*_measures(course.measured, side), *_scales(course.grades, side))
    diary = tuple(_diary(course.diary))
    marks, bars = tuple(_marks(course)), tuple(_bars(course))
    days = [
        *(point.on for one in series for line in one.lines for point in line.points),
        *(day.on for day in diary),
        *(mark.on for mark in marks),
        *(bar.on for bar in bars),
    ]
    first = min(days, default=today - timedelta(days=364))
    return Chart(first, max([*days, today]), side, series, diary, marks, bars)


def choose(chart: Chart, key: str) -> Series | None:
    """Return the series of a key, or the first one; None where there is none."""
    found = (one for one in chart.series if one.key == key)
    return next(found, chart.series[0] if chart.series else None)


def _measures(measured: Sequence[Measured], side: Side | None) -> Iterator[Series]:
    groups: dict[_Kind, list[Measured]] = {}
    for one in measured:
        if math.isfinite(one.value):
            groups.setdefault((one.name, one.task, one.unit), []).append(one)
    for name, task, unit in sorted(groups, key=lambda one: _place(one, len(groups[one]))):
        yield Series(
            f"{name}:{task}",
            say_measure(name, task),
            say_unit(unit),
            tuple(_lines(groups[name, task, unit], side)),
        )


def _place(key: _Kind, n: int) -> tuple[int, int, _Kind]:
    """Order as the report does, and then by how often a task was filmed."""
    return (list(MEASURES).index(key[0]) if key[0] in MEASURES else len(MEASURES), -n, key)


def _lines(values: Iterable[Measured | Grade], side: Side | None) -> Iterator[Line]:
    by_side: dict[Side | None, list[Point]] = {}
    for one in values:
        by_side.setdefault(one.side, []).append(_point(one))
    for whose in sorted(by_side, key=lambda one: (one != side, str(one))):
        points = sorted(by_side[whose], key=lambda point: point.on)
        yield Line(_who(whose, side), say_side(whose, side), tuple(points))


def _point(one: Measured | Grade) -> Point:
    if isinstance(one, Grade):
        return Point(one.on, one.value, math.nan, math.nan)
    return Point(one.on, one.value, one.low, one.high)


def _who(whose: Side | None, affected: Side | None) -> Who:
    if whose is None:
        return "whole"
    return "affected" if whose == affected else "other"


def _scales(grades: Sequence[Grade], side: Side | None) -> Iterator[Series]:
    groups: dict[tuple[str, str, str], list[Grade]] = {}
    for one in grades:
        groups.setdefault((one.scale, one.version, one.by), []).append(one)
    for (key, version, by), found in sorted(groups.items()):
        label = f"{say_scale(key, version)}, by the {by}"
        yield Series(f"scale:{key}:{version}:{by}", label, "points", tuple(_lines(found, side)))


def _diary(entries: Sequence[Entry]) -> Iterator[DiaryDay]:
    days: dict[date, tuple[int | None, int]] = {}
    for entry in entries:
        worst, n = days.get(entry.at.date(), (None, 0))
        known = [one for one in (worst, entry.burden) if one is not None]
        days[entry.at.date()] = (max(known, default=None), n + entry.spasm_now)
    for on in sorted(days):
        yield DiaryDay(on, *days[on])


def _marks(course: Course) -> Iterator[Mark]:
    for one in course.treatments:
        if isinstance(one, Injection):
            units = f"{say_dose(one.total_units)} U"
            yield Mark("injection", one.on, (units, say_brand(one.brand)), say_injection(one))
        elif isinstance(one, Operation):
            yield Mark("operation", one.on, ("operation", one.side), say_operation(one))


def _bars(course: Course) -> Iterator[Bar]:
    for one in course.treatments:
        if isinstance(one, Medicine):
            yield Bar("medicine", one.on, one.until, one.name, say_medicine(one))
        elif isinstance(one, Therapy):
            label = one.kind.replace("_", " ")
            yield Bar("therapy", one.on, one.until, label, say_therapy(one))
    for effect in course.side_effects:
        label = effect.kind.replace("_", " ")
        yield Bar("side_effect", effect.on, effect.until, label, say_side_effect(effect))
