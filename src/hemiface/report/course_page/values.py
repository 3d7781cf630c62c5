"""Values with their intervals and the fitted curve, in the drawing of a course."""

import math
from textwrap import wrap

from hemiface.report.course_page.answers import Curve
from hemiface.report.course_page.axis import TimeAxis, ValueAxis, round_up
from hemiface.report.course_page.chart import Line, Series
from hemiface.report.course_page.shapes import (
    BOLD_LETTER_PX,
    COLOURS,
    LETTER_PX,
    Part,
    path,
    text,
    title,
)
from hemiface.report.summary import say_number

_LINE, _PLOT, _BELOW_TITLE = 15.0, 140.0, 7.0
_DOT, _SMALL_DOT, _INTERVAL, _FINE_INTERVAL = 5.0, 3.0, 1.1, 0.3


def draw_values(series: Series, curve: Curve | None, time: TimeAxis, y: float) -> Part:
    """Return the values of a series, below their name and their sides."""
    heading, top = _draw_heading(series, time.right, y)
    axis = ValueAxis(_top(series), top + _PLOT, top)
    drawn = [heading, _draw_scale(axis, time)]
    if curve is not None:
        drawn.append(_draw_curve(curve, time, axis))
    drawn += [_draw_line(line, time, axis) for line in reversed(series.lines)]
    return Part("".join(drawn), axis.top_y, axis.bottom_y)


def _draw_heading(series: Series, right: float, y: float) -> tuple[str, float]:
    """Return name, unit and sides, and where they end; the sides stand beside where they fit."""
    unit = f" ({series.unit})" if series.unit else ""
    lines = wrap(f"{series.label}{unit}", int(right / BOLD_LETTER_PX))
    drawn = [title(y + _LINE * n, line) for n, line in enumerate(lines)]
    legend_px = sum(_legend_px(line) for line in series.lines)
    free_px = right - BOLD_LETTER_PX * len(lines[-1])
    n = len(lines) - 1 if legend_px <= free_px else len(lines)
    legend_x = right - legend_px if n < len(lines) else 4.0
    drawn.append(_draw_legend(series, legend_x, y + _LINE * n))
    return "".join(drawn), y + _LINE * (n + 1) + _BELOW_TITLE


def _legend_px(line: Line) -> float:
    return LETTER_PX * len(line.label) + 22


def _draw_legend(series: Series, x: float, y: float) -> str:
    drawn = []
    for line in series.lines:
        drawn.append(f'<circle class="{line.who}" cx="{x:g}" cy="{y + 9:g}" r="3.5" '
                     f'fill="{COLOURS[line.who]}"/>')  # fmt: skip
        drawn.append(text(x + 8, y + 13, line.label, "soft"))
        x += _legend_px(line)
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
        drawn.append(path(f"M{time.left:g} {y}H{time.right:g}", "grid", "line", 0.6))
        drawn.append(text(time.left - 6, y + 4, say_number(value), "soft", ' text-anchor="end"'))
    return "".join(drawn)


def _draw_line(line: Line, time: TimeAxis, axis: ValueAxis) -> str:
    bars = "".join(
        f"M{time.place(one.on)} {axis.place(one.low)}V{axis.place(one.high)}"
        for one in line.points
        if math.isfinite(one.low) and math.isfinite(one.high)
    )
    dots = "".join(f"M{time.place(p.on)} {axis.place(p.value)}h0" for p in line.points)
    # Dots are smaller and their intervals finer where they would cover each other.
    room = (time.right - time.left) / max(len(line.points), 1)
    fine = round(min(_INTERVAL, max(_FINE_INTERVAL, room / 3)), 2)
    dot = round(min(_DOT, max(_SMALL_DOT, room)), 1)
    whiskers = path(bars, f"interval {line.who}", line.who, fine, ' stroke-opacity=".45"')
    return (whiskers if bars else "") + path(
        dots, f"value {line.who}", line.who, dot, ' stroke-linecap="round"'
    )


def _draw_curve(curve: Curve, time: TimeAxis, axis: ValueAxis) -> str:
    days = [time.place(day) for day in curve.on]
    up = [f"{x} {axis.place(high)}" for x, high in zip(days, curve.high, strict=True)]
    down = [f"{x} {axis.place(low)}" for x, low in zip(days, curve.low, strict=True)]
    drawn = [f'<path class="band" d="M{"L".join(up)}L{"L".join(reversed(down))}Z" '
             f'fill="{COLOURS["affected"]}" fill-opacity=".14"/>']  # fmt: skip
    points = list(zip(curve.on, days, curve.value, strict=True))
    known = [f"{x} {axis.place(value)}" for day, x, value in points if day <= curve.forecast_from]
    ahead = [f"{x} {axis.place(value)}" for day, x, value in points if day >= curve.forecast_from]
    if known:
        drawn.append(path("M" + "L".join(known), "curve", "affected", 1.6))
    if len(ahead) > 1:
        dashed = ' stroke-dasharray="5 4"'
        drawn.append(path("M" + "L".join(ahead), "curve", "affected", 1.6, dashed))
        x = time.place(curve.forecast_from)
        drawn.append(text(x + 4, axis.top_y + 10, "forecast", "soft"))
    return "".join(drawn)
