"""What the pages of a course show, from what is kept of it."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from itertools import groupby
from typing import Any

from django.utils.translation import gettext as _

from hemiface.report.course_page import (
    NARROW,
    WIDE,
    Answer,
    Answers,
    Chart,
    Number,
    Window,
    choose,
    curve_of,
    draw_chart,
    fitted,
    read_answers,
    whole_window,
)
from hemiface.report.course_page.contents import say_estimate
from hemiface.report.course_page.drawing import weeks
from hemiface.report.course_page.wording import say_range
from hemiface.report.summary import say_number
from hemiface_clinic.course.actions import keep_chart
from hemiface_clinic.course.assembling import course_of
from hemiface_clinic.course.models import Reading
from hemiface_clinic.course.queries import reading_of, stamp_of
from hemiface_clinic.diary.queries import entries_of
from hemiface_clinic.mri.course import chart_with_mri
from hemiface_clinic.people.models import Patient
from hemiface_clinic.recordings.queries import recordings_of_patient

LARGEST_AT_ONCE, _WEIGHT_OF_A_VIDEO = 1500, 5
"""So many entries are opened while somebody waits for a page: our choice, a fifth of a second."""
_GROUPS = 3


@dataclass(frozen=True)
class Row:
    """One line of the table beside the chart."""

    on: date
    what: str
    value: str = ""
    interval: str = ""
    until: date | None = None


@dataclass(frozen=True)
class Told:
    """An answer, its last sessions or first triggers, and the rest."""

    answer: Answer
    groups: tuple[tuple[str, tuple[str, ...]], ...]
    more: tuple[tuple[str, tuple[str, ...]], ...]


def reading_at_once(patient: Patient) -> Reading | None:
    """Return what is kept of a course as it is; None where to make it would take long."""
    stamp, reading = stamp_of(patient), reading_of(patient)
    if reading is not None and reading.stamp == stamp:
        return reading
    return None if _is_long(patient) else keep_chart(patient, stamp, course_of(patient))


def reading_made(patient: Patient) -> Reading:
    """Return what is kept of a course as it is, made now if need be."""
    stamp, reading = stamp_of(patient), reading_of(patient)
    if reading is not None and reading.stamp == stamp:
        return reading
    return keep_chart(patient, stamp, course_of(patient))


def shown(reading: Reading, asked: Mapping[str, str]) -> dict[str, Any]:
    """Return what the drawing, the table beside it and the answers show.

    Parameters
    ----------
    reading : Reading
    asked : mapping
        `measure`: the key of a series; `first`, `last`: the days to be drawn, as ISO dates.
    """
    chart = chart_with_mri(reading)
    key = asked.get("measure", "")
    series = choose(chart, key)
    return {
        "series": chart.series,
        "chosen": series.key if series else "",
        "rows": _rows(chart, key),
        **_drawn(chart, reading, asked),
        **told(reading),
    }


def drawn(reading: Reading, asked: Mapping[str, str]) -> dict[str, Any]:
    """Return the drawing of the days that are asked for, and which days these are."""
    return _drawn(chart_with_mri(reading), reading, asked)


def _drawn(chart: Chart, reading: Reading, asked: Mapping[str, str]) -> dict[str, Any]:
    answers, key = answers_of(reading), asked.get("measure", "")
    curve = curve_of(chart, key, answers.curve if answers else None)
    whole = whole_window(chart, curve)
    window = _asked_for(asked, whole)
    wide, narrow = (draw_chart(chart, key, curve, window, width) for width in (WIDE, NARROW))
    return {"wide": wide, "narrow": narrow, "window": window, "whole": whole}


def _asked_for(asked: Mapping[str, str], whole: Window) -> Window:
    """Return the days that are asked for; all of them where they are not, or not understood."""
    try:
        first, last = (date.fromisoformat(asked.get(name, "")) for name in ("first", "last"))
    except ValueError:
        return whole
    return fitted(Window(first, last), whole)


def told(reading: Reading) -> dict[str, Any]:
    """Return what the answers show."""
    answers = answers_of(reading)
    return {
        "reading": reading,
        "told": [_told(one) for one in answers.answers] if answers else [],
    }


def answers_of(reading: Reading) -> Answers | None:
    """Return the last answers, be they about the course as it is or as it was."""
    return None if reading.answers is None else read_answers(reading.answers)


def _is_long(patient: Patient) -> bool:
    n_videos = recordings_of_patient(patient).count()
    return entries_of(patient).count() + _WEIGHT_OF_A_VIDEO * n_videos > LARGEST_AT_ONCE


def _told(answer: Answer) -> Told:
    groups = [
        (group, tuple(map(say_estimate, numbers)))
        for group, numbers in groupby(answer.numbers, key=_group)
    ]
    if answer.about == "toxin":
        groups.reverse()
    return Told(answer, tuple(groups[:_GROUPS]), tuple(groups[_GROUPS:]))


def _group(number: Number) -> str:
    return number.group


def _rows(chart: Chart, key: str) -> list[Row]:
    rows = [*_rows_of_values(chart, key), *_rows_of_weeks(chart), *_rows_of_treatments(chart)]
    return sorted(rows, key=lambda row: row.on, reverse=True)


def _rows_of_values(chart: Chart, key: str) -> Iterator[Row]:
    series = choose(chart, key)
    for line in series.lines if series else ():
        what = f"{series.label}, {line.label}" if series else ""
        for one in line.points:
            unit = series.unit if series else ""
            value = f"{say_number(one.value)} {unit}".rstrip()
            yield Row(one.on, what, value, say_range(one.low, one.high))


def _rows_of_weeks(chart: Chart) -> Iterator[Row]:
    for monday, burden in weeks(chart.diary):
        yield Row(monday, _("Diary: mean burden of the week"), say_number(burden))


def _rows_of_treatments(chart: Chart) -> Iterator[Row]:
    for mark in chart.marks:
        yield Row(mark.on, mark.text)
    for bar in chart.bars:
        yield Row(bar.on, bar.text, until=bar.until)
