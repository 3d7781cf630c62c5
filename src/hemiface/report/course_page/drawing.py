"""A course drawn as SVG: values above, diary below them, treatments under both, one time axis.

The colours stand in the drawing, for paper; a page with a dark look gives others by its classes.
"""

import math
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from html import escape

from hemiface.report.course_page.answers import Curve
from hemiface.report.course_page.axis import TimeAxis, ValueAxis, round_up
from hemiface.report.course_page.chart import Bar, Chart, DiaryDay, Line, Mark, Series, choose
from hemiface.report.course_page.window import Window, curve_in, seen_in, whole_window
from hemiface.report.course_page.wording import say_date
from hemiface.report.summary import say_number

WIDTH = 720.0
_LEFT, _RIGHT = 46.0, 12.0
_TITLE, _PLOT, _GAP, _DIARY, _MARKS, _ROW, _AXIS = 22.0, 140.0, 20.0, 46.0, 34.0, 15.0, 20.0
_ROWS = 5  # of bars; what has no room is in the table
_WORST = 10.0
_WEEKLY_ABOVE_D = 400
_SHORT = 20  # letters of a brand
_A_LETTER, _A_SMALL_LETTER = 6.2, 4.7
_COLOURS = {
    "affected": "#c8553d", "other": "#5b6b7b", "whole": "#0f5c63", "line": "#ddd6c8",
    "ink": "#1f2629", "soft": "#555d62",
}  # fmt: skip


@dataclass(frozen=True)
class _Row:
    """The bars that share a height."""

    bars: tuple[Bar, ...]
    end_x: float


def draw_chart(
    chart: Chart, key: str = "", curve: Curve | None = None, window: Window | None = None
) -> str:
    """Return a course as SVG.

    Parameters
    ----------
    chart : Chart
    key : str
        Of the series to be drawn; the first one where there is none of it.
    curve : Curve, optional
        Drawn behind the rate of spasms.
    window : Window, optional
        The days to be drawn; by default all of them.
    """
    shown = curve_of(chart, key, curve)
    window = window or whole_window(chart, shown)
    shown = shown and curve_in(shown, window)
    chart = seen_in(chart, window)
    series = choose(chart, key)
    time = TimeAxis(chart.first, chart.last, _LEFT, WIDTH - _RIGHT)
    parts: list[str] = []
    lanes: list[tuple[float, float]] = []
    y = 0.0
    if series is not None:
        parts.append(_draw_values(series, shown, time, y))
        lanes.append((y + _TITLE, y + _TITLE + _PLOT))
        y += _TITLE + _PLOT + _GAP
    if chart.diary:
        parts.append(_draw_diary(chart.diary, time, y))
        lanes.append((y + _TITLE, y + _TITLE + _DIARY))
        y += _TITLE + _DIARY + _GAP
    given, bottom = _draw_given(chart, time, y)
    parts.append(given)
    grid = _draw_time(time, bottom, lanes, chart.marks)
    body = grid + "".join(parts)
    height = bottom + _AXIS
    return (
        f'<svg class="course" xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH:g} {height:g}"'
        ' role="img" font-family="Source Sans 3 Variable, Source Sans 3, sans-serif" font-size="12"'
        f' fill="{_COLOURS["ink"]}"><title>{escape(describe(chart, series))}</title>{body}</svg>'
    )


def curve_of(chart: Chart, key: str, curve: Curve | None) -> Curve | None:
    """Return the curve if it belongs to the series of a key: it is one of the rate of spasms."""
    series = choose(chart, key)
    return curve if series is not None and series.key.startswith("spasm_rate:") else None


def describe(chart: Chart, series: Series | None) -> str:
    """Return what the drawing shows, for those who do not see it."""
    parts = [f"Course from {say_date(chart.first)} to {say_date(chart.last)}"]
    if series is not None:
        parts += [_describe_line(line, series) for line in series.lines]
    if chart.diary:
        parts.append(f"diary of {len(chart.diary)} days")
    for kind in ("injection", "operation"):
        n = sum(mark.kind == kind for mark in chart.marks)
        if n:
            parts.append(f"{n} {kind}{'' if n == 1 else 's'}")
    return "; ".join(parts) + "."


def _describe_line(line: Line, series: Series) -> str:
    values = [point.value for point in line.points]
    if not values:
        return f"{series.label}, {line.label}: nothing measured in this time"
    span = f"{say_number(min(values))} to {say_number(max(values))} {series.unit}".rstrip()
    last = f"{say_number(values[-1])} {series.unit}".rstrip()
    return f"{series.label}, {line.label}: {len(values)} values from {span}, the last {last}"


def _draw_time(
    time: TimeAxis, bottom: float, lanes: Sequence[tuple[float, float]], marks: Sequence[Mark]
) -> str:
    drawn = []
    for day, name in time.ticks():
        x = time.place(day)
        drawn.append(_path(_through(x, lanes), "grid", "line", 0.6))
        is_last = x + 3 + _A_LETTER * len(name) > WIDTH
        place, anchor = (x - 3, ' text-anchor="end"') if is_last else (x + 3, "")
        drawn.append(_text(place, bottom + 14, name, "soft", anchor))
    for mark in marks:
        dash = ' stroke-dasharray="2 3"' if mark.kind == "injection" else ""
        width = 0.6 if dash else 1.4
        drawn.append(_path(_through(time.place(mark.on), lanes), mark.kind, "ink", width, dash))
    drawn.append(_path(f"M{time.left:g} {bottom:g}H{time.right:g}", "base", "ink", 0.8))
    return "".join(drawn)


def _through(x: float, lanes: Sequence[tuple[float, float]]) -> str:
    return "".join(f"M{x} {top:g}V{bottom:g}" for top, bottom in lanes)


def _draw_values(series: Series, curve: Curve | None, time: TimeAxis, y: float) -> str:
    axis = ValueAxis(_top(series), y + _TITLE + _PLOT, y + _TITLE)
    unit = f" ({series.unit})" if series.unit else ""
    drawn = [_title(y, f"{series.label}{unit}"), _draw_scale(axis, time)]
    drawn += [_draw_legend(series, y)]
    if curve is not None:
        drawn.append(_draw_curve(curve, time, axis))
    drawn += [_draw_line(line, time, axis) for line in reversed(series.lines)]
    return "".join(drawn)


def _top(series: Series) -> float:
    """Return where the axis ends: above every value, and above most ends of intervals."""
    points = [point for line in series.lines for point in line.points]
    values = [point.value for point in points if math.isfinite(point.value)]
    highs = sorted(point.high for point in points if math.isfinite(point.high))
    usual = highs[int(0.9 * (len(highs) - 1))] if highs else 0.0
    return round_up(max([*values, usual, 1e-9]))


def _draw_scale(axis: ValueAxis, time: TimeAxis) -> str:
    drawn = []
    for value in axis.ticks():
        y = axis.place(value)
        drawn.append(_path(f"M{time.left:g} {y}H{time.right:g}", "grid", "line", 0.6))
        drawn.append(_text(time.left - 6, y + 4, say_number(value), "soft", ' text-anchor="end"'))
    return "".join(drawn)


def _draw_legend(series: Series, y: float) -> str:
    x, drawn = WIDTH - _RIGHT, []
    for line in reversed(series.lines):
        x -= _A_LETTER * len(line.label) + 22
        drawn.append(f'<circle class="{line.who}" cx="{x:g}" cy="{y + 9:g}" r="3.5" '
                     f'fill="{_COLOURS[line.who]}"/>')  # fmt: skip
        drawn.append(_text(x + 8, y + 13, line.label, "soft"))
    return "".join(drawn)


def _draw_line(line: Line, time: TimeAxis, axis: ValueAxis) -> str:
    bars = "".join(
        f"M{time.place(one.on)} {axis.place(one.low)}V{axis.place(one.high)}"
        for one in line.points
        if math.isfinite(one.low) and math.isfinite(one.high)
    )
    dots = "".join(f"M{time.place(p.on)} {axis.place(p.value)}h0" for p in line.points)
    size = 5.0 if len(line.points) < 120 else 3.2
    whiskers = _path(bars, f"interval {line.who}", line.who, 1.1, ' stroke-opacity=".45"')
    return (whiskers if bars else "") + _path(
        dots, f"value {line.who}", line.who, size, ' stroke-linecap="round"'
    )


def _draw_curve(curve: Curve, time: TimeAxis, axis: ValueAxis) -> str:
    days = [time.place(day) for day in curve.on]
    up = [f"{x} {axis.place(high)}" for x, high in zip(days, curve.high, strict=True)]
    down = [f"{x} {axis.place(low)}" for x, low in zip(days, curve.low, strict=True)]
    band = f'<path class="band" d="M{"L".join(up)}L{"L".join(reversed(down))}Z" fill="{_COLOURS["affected"]}" fill-opacity=".14"/>'  # noqa: E501
    points = list(zip(curve.on, days, curve.value, strict=True))
    known = [f"{x} {axis.place(value)}" for day, x, value in points if day <= curve.forecast_from]
    ahead = [f"{x} {axis.place(value)}" for day, x, value in points if day >= curve.forecast_from]
    drawn = [band, _path("M" + "L".join(known), "curve", "affected", 1.6)] if known else [band]
    if len(ahead) > 1:
        drawn.append(_path("M" + "L".join(ahead), "curve", "affected", 1.6,
                           ' stroke-dasharray="5 4"'))  # fmt: skip
        drawn.append(
            _text(time.place(curve.forecast_from) + 4, axis.top_y + 10, "forecast", "soft")
        )
    return "".join(drawn)


def _draw_diary(diary: Sequence[DiaryDay], time: TimeAxis, y: float) -> str:
    by_week = (time.last - time.first).days > _WEEKLY_ABOVE_D
    bars = (
        weeks(diary)
        if by_week
        else [(one.on, one.burden) for one in diary if one.burden is not None]
    )
    axis = ValueAxis(_WORST, y + _TITLE + _DIARY, y + _TITLE)
    width = max(1.0, (7 if by_week else 1) * (time.right - time.left)
                / max((time.last - time.first).days, 1) - 0.4)  # fmt: skip
    free = axis.bottom_y - 1.2  # a day without burden is not a day without an entry
    said = "Burden in the diary, the mean of a week" if by_week else "Burden in the diary"
    path = "".join(
        f"M{time.place(on) + width / 2:.1f} {axis.bottom_y:g}V{min(axis.place(burden), free):g}"
        for on, burden in bars
    )
    return (
        _title(y, f"{said} (0 to 10)")
        + _path(f"M{time.left:g} {axis.bottom_y:g}H{time.right:g}", "grid", "line", 0.6)
        + "".join(
            _text(time.left - 6, axis.place(value) + 4, f"{value:g}", "soft", ' text-anchor="end"')
            for value in (0, _WORST)
        )
        + _path(path, "diary", "other", round(width, 2), ' stroke-opacity=".7"')
    )


def weeks(diary: Iterable[DiaryDay]) -> list[tuple[date, float]]:
    """Return the mean of the days' worst burden, by the Monday of each week."""
    found: dict[date, list[int]] = {}
    for one in diary:
        if one.burden is not None:
            found.setdefault(one.on - timedelta(days=one.on.weekday()), []).append(one.burden)
    return [(monday, sum(found[monday]) / len(found[monday])) for monday in sorted(found)]


def _draw_given(chart: Chart, time: TimeAxis, y: float) -> tuple[str, float]:
    if not chart.marks and not chart.bars:
        return "", y
    rows, n_left_out = _pack(chart.bars, time)
    drawn = [_title(y, "Treatments and side effects")]
    top = y + _TITLE
    if chart.marks:
        drawn += _draw_marks(chart.marks, time, top)
        top += _MARKS
    for row in rows:
        drawn += [_draw_bar(bar, time, top) for bar in row.bars]
        top += _ROW
    if n_left_out:
        drawn.append(_text(time.left, top + 10, f"and {n_left_out} more", "soft"))
        top += _ROW
    return "".join(drawn), top + 4


def _draw_marks(marks: Sequence[Mark], time: TimeAxis, y: float) -> Iterator[str]:
    free_from = -math.inf
    for mark in marks:
        x = time.place(mark.on)
        shape = (
            f"M{x} {y + 9}l-4.5 -8h9z" if mark.kind == "injection" else f"M{x - 4} {y + 1}h8v8h-8z"
        )
        yield f'<path class="mark" d="{shape}" fill="{_COLOURS["ink"]}"><title>{escape(mark.text)}</title></path>'  # noqa: E501
        words = [word if len(word) <= _SHORT else word[: _SHORT - 1] + "…" for word in mark.short]
        half = max(_A_LETTER * len(words[0]), _A_SMALL_LETTER * len(words[1])) / 2
        middle = min(max(x, time.left + half), time.right - half)
        if middle - half > free_from:
            yield _text(middle, y + 20, words[0], "ink", ' text-anchor="middle"')
            yield _text(middle, y + 31, words[1], "soft", ' text-anchor="middle" font-size="9.5"')
            free_from = middle + half + 4


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
    return max(stop, min(start + _A_LETTER * len(bar.label) + 8, time.right))


def _draw_bar(bar: Bar, time: TimeAxis, y: float) -> str:
    start, stop = (
        time.place(bar.on),
        max(time.place(bar.until or time.last), time.place(bar.on) + 2),
    )
    colour = "affected" if bar.kind == "side_effect" else "whole"
    line = _path(f"M{start} {y + 13:g}H{stop}", f"bar {bar.kind}", colour, 2.4)
    at_end = start + _A_LETTER * len(bar.label) > time.right
    place, anchor = (time.right, ' text-anchor="end"') if at_end else (start, "")
    return line + _text(place, y + 10, bar.label, "ink", f'{anchor} font-size="10.5"')


def _title(y: float, text: str) -> str:
    return _text(0, y + 13, text, "ink", ' font-weight="600"')


def _path(d: str, classes: str, colour: str, width: float, more: str = "") -> str:
    return (
        f'<path class="{classes}" d="{d}" fill="none" stroke="{_COLOURS[colour]}" '
        f'stroke-width="{width:g}"{more}/>'
    )


def _text(x: float, y: float, text: str, colour: str, more: str = "") -> str:
    return f'<text class="in-{colour}" x="{x:g}" y="{y:g}" fill="{_COLOURS[colour]}"{more}>{escape(text)}</text>'  # noqa: E501
