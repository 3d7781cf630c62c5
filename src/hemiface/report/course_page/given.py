"""Treatments and side effects in the drawing of a course, each to be reached, with its text."""

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from html import escape

from hemiface.report.course_page.axis import TimeAxis
from hemiface.report.course_page.chart import Bar, Chart, Mark
from hemiface.report.course_page.shapes import (
    COLOURS,
    LETTER_PX,
    SMALL_LETTER_PX,
    path,
    text,
    title,
)
from hemiface.report.course_page.wording import say_date, say_span

_TITLE, _MARKS, _ROW = 22.0, 34.0, 15.0
_ROWS = 5  # of bars; what has no room is in the table
_SHORT = 20  # letters of a brand


@dataclass(frozen=True)
class _Row:
    """The bars that share a height."""

    bars: tuple[Bar, ...]
    end_x: float


def draw_given(chart: Chart, time: TimeAxis, y: float) -> tuple[str, float]:
    """Return what was given and what followed of it, and where that ends."""
    if not chart.marks and not chart.bars:
        return "", y
    rows, n_left_out = _pack(chart.bars, time)
    has_mri = any(mark.kind == "mri" for mark in chart.marks)
    drawn = [title(y, f"Treatments{', side effects and MRI' if has_mri else ' and side effects'}")]
    top = y + _TITLE
    if chart.marks:
        drawn += _draw_marks(chart.marks, time, top)
        top += _MARKS
    for row in rows:
        drawn += [_draw_bar(bar, time, top) for bar in row.bars]
        top += _ROW
    if n_left_out:
        drawn.append(text(time.left, top + 10, f"and {n_left_out} more", "soft"))
        top += _ROW
    return "".join(drawn), top + 4


def _reachable(when: str, said: str, shapes: str) -> str:
    return (
        f'<g class="given" tabindex="0" role="img"><title>{escape(f"{when}: {said}")}</title>'
        f"{shapes}</g>"
    )


def _draw_marks(marks: Sequence[Mark], time: TimeAxis, y: float) -> Iterator[str]:
    free_from = -math.inf
    for mark in marks:
        words = [word if len(word) <= _SHORT else word[: _SHORT - 1] + "…" for word in mark.short]
        half = max(LETTER_PX * len(words[0]), SMALL_LETTER_PX * len(words[1])) / 2
        middle = min(max(time.place(mark.on), time.left + half), time.right - half)
        shapes = _symbol(mark, time.place(mark.on), y)
        if middle - half > free_from:
            shapes += text(middle, y + 20, words[0], "ink", ' text-anchor="middle"')
            small = ' text-anchor="middle" font-size="9.5"'
            shapes += text(middle, y + 31, words[1], "soft", small)
            free_from = middle + half + 4
        yield _reachable(say_date(mark.on), mark.text, shapes)


def _symbol(mark: Mark, x: float, y: float) -> str:
    shapes = {
        "injection": f"M{x} {y + 9}l-4.5 -8h9z",
        "operation": f"M{x - 4} {y + 1}h8v8h-8z",
        "mri": f"M{x} {y}l5 5l-5 5l-5 -5z",
    }
    return f'<path class="mark" d="{shapes[mark.kind]}" fill="{COLOURS["ink"]}"/>'


def _pack(bars: Sequence[Bar], time: TimeAxis) -> tuple[list[_Row], int]:
    """Put bars that do not meet into one row."""
    rows: list[_Row] = []
    n_left_out = 0
    for bar in sorted(bars, key=lambda one: one.on):
        start, end = time.place(bar.on), _end(bar, time)
        free = next((at for at, row in enumerate(rows) if row.end_x + 8 < start), None)
        if free is not None:
            rows[free] = _Row((*rows[free].bars, bar), end)
        elif len(rows) < _ROWS:
            rows.append(_Row((bar,), end))
        else:
            n_left_out += 1
    return rows, n_left_out


def _end(bar: Bar, time: TimeAxis) -> float:
    """Return where a bar or the word beside it ends."""
    start = time.place(bar.on)
    stop = time.place(bar.until or time.last)
    return max(stop, min(start + LETTER_PX * len(bar.label) + 8, time.right))


def _draw_bar(bar: Bar, time: TimeAxis, y: float) -> str:
    start = time.place(bar.on)
    stop = max(time.place(bar.until or time.last), start + 2)
    colour = "affected" if bar.kind == "side_effect" else "whole"
    line = path(f"M{start} {y + 13:g}H{stop}", f"bar {bar.kind}", colour, 2.4)
    at_end = start + LETTER_PX * len(bar.label) > time.right
    place, anchor = (time.right, ' text-anchor="end"') if at_end else (start, "")
    word = text(place, y + 10, bar.label, "ink", f'{anchor} font-size="10.5"')
    return _reachable(say_span(bar.on, bar.until), bar.text, line + word)
