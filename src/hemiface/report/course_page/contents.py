"""What the page for the doctor's chart says: who, last measures, scales, treatments, answers."""

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from importlib.metadata import version
from itertools import groupby
from typing import Any

from hemiface.course.counted import affected_side
from hemiface.diagnosis import Differential, Evidence
from hemiface.diagnosis.sentences import CLOSING, say_flag
from hemiface.records import Course, Grade, Injection, Measured, Medicine, Operation, Treatment
from hemiface.report.course_page.answers import Answer, Answers, Number
from hemiface.report.course_page.chart import chart_of
from hemiface.report.course_page.drawing import draw_chart
from hemiface.report.course_page.wording import (
    say_date,
    say_injection,
    say_measure,
    say_medicine,
    say_operation,
    say_range,
    say_scale,
    say_side_effect,
    say_span,
    say_therapy,
    say_unit,
)
from hemiface.report.summary import say_number
from hemiface.report.words import LANGUAGE, MEASURES, PAGE
from hemiface.types import Side

N_MEASURES, N_SCALES, N_TREATMENTS, N_EFFECTS, N_GROUPS, N_EVIDENCE = 8, 6, 9, 5, 3, 6
"""What has room on a page; what is left out is counted."""
N_MAPPED = 3
"""So many of the last injections are told muscle by muscle."""

_DAYS_A_YEAR = 365.25


@dataclass(frozen=True)
class Listed:
    """Lines of a list, and how many earlier ones had no room."""

    lines: tuple[tuple[str, str], ...]
    n_left_out: int


def summary_contents(
    course: Course,
    made_on: date,
    *,
    name: str,
    answers: Answers,
    differential: Differential | None,
) -> dict[str, Any]:
    """Return everything the template asks for."""
    side = affected_side(course)
    chart = chart_of(course, made_on)
    return {
        "language": LANGUAGE,
        "who": name or course.person.key,
        "facts": list(_facts(course, side, made_on)),
        "red_flags": [say_flag(flag) for flag in differential.red_flags] if differential else [],
        "drawing": draw_chart(chart, curve=answers.curve) if _is_drawn(course) else "",
        "has_curve": answers.curve is not None,
        "measures": list(_last_measures(course.measured, side)),
        "scales": list(_last_grades(course.grades)),
        "treatments": _treatments(course),
        "effects": _effects(course),
        "answers": [(one, _groups(one)) for one in answers.answers],
        "evidence": _evidence(differential),
        "closing": CLOSING,
        "notice": PAGE["notice"],
        "made_on": say_date(made_on),
        "version": version("hemiface"),
    }


def _is_drawn(course: Course) -> bool:
    return bool(course.measured or course.grades or course.diary or course.treatments)


def _facts(course: Course, side: Side | None, made_on: date) -> Iterator[tuple[str, str]]:
    person = course.person
    yield "Affected side", f"{side} (the person's own)" if side else "not known"
    if person.onset is not None:
        years = (made_on - person.onset).days / _DAYS_A_YEAR
        yield "Since", f"{person.onset:%b %Y} ({say_number(years)} years)"
    if person.birth_year is not None:
        yield "Born", str(person.birth_year)
    if person.sex != "unknown":
        yield "Sex", person.sex
    recordings = {(one.on, one.recording) for one in course.measured}
    if recordings:
        days = sorted(on for on, _ in recordings)
        yield "Videos", f"{len(recordings)}, {say_date(days[0])} to {say_date(days[-1])}"
    if course.diary:
        yield "Diary", f"{len({one.at.date() for one in course.diary})} days"


def _last_measures(measured: Sequence[Measured], side: Side | None) -> Iterator[dict[str, str]]:
    """Yield the last value of each measure and task of the affected side, and how it was filmed."""
    latest: dict[tuple[str, str], Measured] = {}
    for one in measured:
        if one.side in (side, None) and math.isfinite(one.value):
            latest[one.name, one.task] = one
    known = [key for name in MEASURES for key in latest if key[0] == name]
    others = [key for key in latest if key[0] not in MEASURES]
    for key in (known + others)[:N_MEASURES]:
        yield _measure_row(latest[key])


def _measure_row(one: Measured) -> dict[str, str]:
    fps = f"{one.fps:.0f}" if math.isfinite(one.fps) else "–"
    seen = f"{one.observed_s:.0f}" if math.isfinite(one.observed_s) else "–"
    return {
        "name": say_measure(one.name, one.task),
        "value": say_number(one.value),
        "unit": say_unit(one.unit),
        "range": say_range(one.low, one.high),
        "observed": seen,
        "fps": fps,
        "on": say_date(one.on),
    }


def _last_grades(grades: Sequence[Grade]) -> Iterator[dict[str, str]]:
    latest = {(one.scale, one.version, one.by, one.side): one for one in grades}
    rows = sorted(latest.values(), key=lambda one: one.on, reverse=True)
    for one in rows[:N_SCALES]:
        side = f", {one.side} side" if one.side else ""
        yield {
            "name": f"{say_scale(one.scale, one.version)}{side}",
            "value": say_number(one.value),
            "by": one.by,
            "on": say_date(one.on),
        }


def _treatments(course: Course) -> Listed:
    newest_first = sorted(course.treatments, key=lambda one: one.on, reverse=True)
    sessions = [one for one in newest_first if isinstance(one, Injection)][:N_MAPPED]
    lines = [_treatment(one, is_mapped=one in sessions) for one in newest_first]
    return Listed(tuple(lines[:N_TREATMENTS]), max(0, len(lines) - N_TREATMENTS))


def _treatment(one: Treatment, *, is_mapped: bool) -> tuple[str, str]:
    if isinstance(one, Injection):
        return say_date(one.on), say_injection(one, by_muscle=is_mapped)
    if isinstance(one, Operation):
        return say_date(one.on), say_operation(one)
    said = say_medicine(one) if isinstance(one, Medicine) else say_therapy(one)
    return say_span(one.on, one.until), said


def _effects(course: Course) -> Listed:
    found = sorted(course.side_effects, key=lambda one: one.on, reverse=True)
    lines = [
        (
            say_span(one.on, one.until),
            say_side_effect(one).removeprefix("Side effect: ").capitalize(),
        )
        for one in found
    ]
    return Listed(tuple(lines[:N_EFFECTS]), max(0, len(lines) - N_EFFECTS))


def _groups(answer: Answer) -> list[tuple[str, list[str]]]:
    """Return the numbers of the last sessions, or of the first triggers, in words."""
    groups = [
        (group, [say_estimate(one) for one in numbers])
        for group, numbers in groupby(answer.numbers, key=lambda one: one.group)
    ]
    return groups[-N_GROUPS:] if answer.about == "toxin" else groups[:N_GROUPS]


def say_estimate(one: Number) -> str:
    """Return a number with its interval and what it is."""
    gap = "\u202f" if one.unit == "%" else " "
    unit = f"{gap}{one.unit}" if one.unit else ""
    known = say_range(one.low, one.high)
    interval = f" ({known})" if known else ""
    if not one.unit:
        return f"{say_number(one.value)}{interval} {one.label}"
    return f"{one.label} {say_number(one.value)}{unit}{interval}"


def _evidence(differential: Differential | None) -> dict[str, Any] | None:
    """Return what speaks for and against what stands first; nothing where nothing is known."""
    if differential is None or not differential.groups:
        return None
    first = differential.groups[0].conditions[0]
    if not first.supports and not first.opposes:
        return None
    return {
        "name": differential.groups[0].text,
        "supports": _say_evidence(first.supports),
        "opposes": _say_evidence(first.opposes),
        "not_asked": [one.text for one in first.not_asked][:N_EVIDENCE],
    }


def _say_evidence(found: Sequence[Evidence]) -> list[str]:
    return [
        one.finding.text if one.finding.state == "present" else f"{one.finding.text}: absent"
        for one in found[:N_EVIDENCE]
    ]
