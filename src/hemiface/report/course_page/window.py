"""A part of the axis of time, and what of a chart lies in it."""

from dataclasses import dataclass, replace
from datetime import date, timedelta

from hemiface.report.course_page.answers import Curve
from hemiface.report.course_page.chart import Chart, Line, Series

LEAST_D = 14
"""A window is never shorter: our choice, a drawing of fewer days says nothing."""


@dataclass(frozen=True)
class Window:
    """Days from `first` to `last`, both included."""

    first: date
    last: date

    def has(self, day: date) -> bool:
        """Whether a day lies in it."""
        return self.first <= day <= self.last


def whole_window(chart: Chart, curve: Curve | None = None) -> Window:
    """Return the time that a chart spans, with the forecast that is drawn in it."""
    return Window(chart.first, max(chart.last, curve.on[-1]) if curve else chart.last)


def fitted(asked: Window, whole: Window) -> Window:
    """Return a window as it was asked for, moved and cut so that it lies within the whole."""
    length = max((whole.last - whole.first).days, LEAST_D)
    days = min(max((asked.last - asked.first).days, LEAST_D), length)
    first = min(max(asked.first, whole.first), whole.first + timedelta(days=length - days))
    return Window(first, first + timedelta(days=days))


def seen_in(chart: Chart, window: Window) -> Chart:
    """Return what of a chart lies in a window."""
    return replace(
        chart,
        first=window.first,
        last=window.last,
        series=tuple(_seen(one, window) for one in chart.series),
        diary=tuple(one for one in chart.diary if window.has(one.on)),
        marks=tuple(one for one in chart.marks if window.has(one.on)),
        bars=tuple(
            one
            for one in chart.bars
            if one.on <= window.last and (one.until or window.last) >= window.first
        ),
    )


def curve_in(curve: Curve, window: Window) -> Curve | None:
    """Return what of a curve lies in a window; None where nothing does."""
    kept = [place for place, day in enumerate(curve.on) if window.has(day)]
    if not kept:
        return None
    part = slice(kept[0], kept[-1] + 1)
    return replace(
        curve,
        on=curve.on[part],
        value=curve.value[part],
        low=curve.low[part],
        high=curve.high[part],
    )


def _seen(series: Series, window: Window) -> Series:
    lines = (
        Line(line.who, line.label, tuple(one for one in line.points if window.has(one.on)))
        for line in series.lines
    )
    return replace(series, lines=tuple(lines))
