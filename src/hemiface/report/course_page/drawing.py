"""A course drawn as SVG: values above, diary below them, treatments under both, one time axis."""

from collections.abc import Iterable, Sequence
from datetime import date, timedelta
from html import escape

from hemiface.report.course_page.answers import Curve
from hemiface.report.course_page.axis import TimeAxis, ValueAxis
from hemiface.report.course_page.chart import Chart, DiaryDay, Line, Mark, Series, choose
from hemiface.report.course_page.given import draw_given
from hemiface.report.course_page.shapes import COLOURS, LETTER_PX, Part, path, text, title
from hemiface.report.course_page.values import draw_values
from hemiface.report.course_page.window import Window, curve_in, seen_in, whole_window
from hemiface.report.course_page.wording import say_date
from hemiface.report.summary import say_number

WIDE, NARROW = 720.0, 360.0
"""Widths of a drawing whose words are 12 px high: for paper or a desk, and for a phone."""
_LEFT, _RIGHT = 46.0, 12.0
_TITLE, _GAP, _DIARY, _AXIS = 22.0, 20.0, 46.0, 20.0
_WORST = 10.0
_LEAST_DAY_PX = 1.6  # narrower days are drawn as weeks


def draw_chart(
    chart: Chart,
    key: str = "",
    curve: Curve | None = None,
    window: Window | None = None,
    width: float = WIDE,
) -> str:
    """Return a course as SVG.

    Treatments and side effects can be reached by the keyboard, and say their text.

    Parameters
    ----------
    chart : Chart
    key : str
        Of the series to be drawn; the first one where there is none of it.
    curve : Curve, optional
        Drawn behind the rate of spasms.
    window : Window, optional
        The days to be drawn; by default all of them.
    width : float
        Of the drawing in px, with words of 12 px.
    """
    shown = curve_of(chart, key, curve)
    window = window or whole_window(chart, shown)
    shown = shown and curve_in(shown, window)
    chart = seen_in(chart, window)
    series = choose(chart, key)
    time = TimeAxis(chart.first, chart.last, _LEFT, width - _RIGHT)
    parts: list[Part] = []
    y = 0.0
    if series is not None:
        parts.append(draw_values(series, shown, time, y))
        y = parts[-1].bottom + _GAP
    if chart.diary:
        parts.append(_draw_diary(chart.diary, time, y))
        y = parts[-1].bottom + _GAP
    given, bottom = draw_given(chart, time, y)
    read_aloud = escape(describe(chart, series))
    seen = _draw_time(time, bottom, parts, chart.marks) + "".join(part.svg for part in parts)
    return (
        f'<svg class="course" xmlns="http://www.w3.org/2000/svg" role="group" '
        f'viewBox="0 0 {width:g} {bottom + _AXIS:g}" fill="{COLOURS["ink"]}" '
        'font-family="Source Sans 3 Variable, Source Sans 3, sans-serif" font-size="12">'
        f'<title>{read_aloud}</title><g aria-hidden="true">{seen}</g>{given}</svg>'
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
    n_mri = sum(mark.kind == "mri" for mark in chart.marks)
    if n_mri:
        parts.append(f"{n_mri} MRI")
    return "; ".join(parts) + "."


def _describe_line(line: Line, series: Series) -> str:
    values = [point.value for point in line.points]
    if not values:
        return f"{series.label}, {line.label}: nothing measured in this time"
    span = f"{say_number(min(values))} to {say_number(max(values))} {series.unit}".rstrip()
    last = f"{say_number(values[-1])} {series.unit}".rstrip()
    return f"{series.label}, {line.label}: {len(values)} values from {span}, the last {last}"


def _draw_time(time: TimeAxis, bottom: float, parts: Sequence[Part], marks: Sequence[Mark]) -> str:
    drawn = []
    for day, name in time.ticks():
        x = time.place(day)
        drawn.append(path(_through(x, parts), "grid", "line", 0.6))
        is_last = x + 3 + LETTER_PX * len(name) > time.right + _RIGHT
        place, anchor = (x - 3, ' text-anchor="end"') if is_last else (x + 3, "")
        drawn.append(text(place, bottom + 14, name, "soft", anchor))
    for mark in (one for one in marks if one.kind != "mri"):
        dash = ' stroke-dasharray="2 3"' if mark.kind == "injection" else ""
        width = 0.6 if dash else 1.4
        drawn.append(path(_through(time.place(mark.on), parts), mark.kind, "ink", width, dash))
    drawn.append(path(f"M{time.left:g} {bottom:g}H{time.right:g}", "base", "ink", 0.8))
    return "".join(drawn)


def _through(x: float, parts: Sequence[Part]) -> str:
    return "".join(f"M{x} {part.top:g}V{part.bottom:g}" for part in parts)


def _draw_diary(diary: Sequence[DiaryDay], time: TimeAxis, y: float) -> Part:
    axis = ValueAxis(_WORST, y + _TITLE + _DIARY, y + _TITLE)
    day_px = (time.right - time.left) / max((time.last - time.first).days, 1)
    by_week = day_px < _LEAST_DAY_PX
    said = "Burden in the diary, the mean of a week" if by_week else "Burden in the diary"
    drawn = [
        title(y, f"{said} (0 to 10)"),
        path(f"M{time.left:g} {axis.bottom_y:g}H{time.right:g}", "grid", "line", 0.6),
        *(text(time.left - 6, axis.place(value) + 4, f"{value:g}", "soft", ' text-anchor="end"')
          for value in (0, _WORST)),
        _draw_burdens(weeks(diary) if by_week else _days(diary), time, axis,
                      max(1.0, (7 if by_week else 1) * day_px - 0.4)),
    ]  # fmt: skip
    return Part("".join(drawn), axis.top_y, axis.bottom_y)


def _draw_burdens(
    burdens: Iterable[tuple[date, float]], time: TimeAxis, axis: ValueAxis, width: float
) -> str:
    free = axis.bottom_y - 1.2  # a day without burden is not a day without an entry
    bars = "".join(
        f"M{time.place(on) + width / 2:.1f} {axis.bottom_y:g}V{min(axis.place(burden), free):g}"
        for on, burden in burdens
    )
    return path(bars, "diary", "other", round(width, 2), ' stroke-opacity=".7"')


def _days(diary: Iterable[DiaryDay]) -> list[tuple[date, float]]:
    return [(one.on, one.burden) for one in diary if one.burden is not None]


def weeks(diary: Iterable[DiaryDay]) -> list[tuple[date, float]]:
    """Return the mean of the days' worst burden, by the Monday of each week."""
    found: dict[date, list[int]] = {}
    for one in diary:
        if one.burden is not None:
            found.setdefault(one.on - timedelta(days=one.on.weekday()), []).append(one.burden)
    return [(monday, sum(found[monday]) / len(found[monday])) for monday in sorted(found)]
