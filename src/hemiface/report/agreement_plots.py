"""Drawings of the page of agreement, as SVG whose colours are those of the page, light or dark."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from html import escape

import numpy as np

_WIDTH, _HEIGHT = 460.0, 320.0
_LEFT, _RIGHT, _TOP, _BOTTOM = 58.0, 14.0, 14.0, 52.0
_LABELS = 76.0  # room for the names of lines, right of a Bland-Altman plot
_LINE = 15.0  # height of a line of small text


@dataclass(frozen=True)
class Bar:
    """One bar of shares: what it is of, its height (0 to 1), its interval, and what it rests on."""

    label: str
    value: float
    low: float | None
    high: float | None
    basis: str


@dataclass(frozen=True)
class Band:
    """A horizontal line with the range it may lie in, and its name."""

    label: str
    value: float
    low: float
    high: float
    kind: str


@dataclass(frozen=True)
class _Axis:
    """A range of values, its round numbers, and where they lie on the drawing."""

    low: float
    high: float
    ticks: tuple[float, ...]
    place: Callable[[float], float]


def draw_bars(bars: Sequence[Bar], y_label: str, alt: str) -> str:
    """Return bars from 0 to 1 with their intervals."""
    y = _axis(0.0, 1.0, _HEIGHT - _BOTTOM, _TOP)
    step = (_WIDTH - _LEFT - _RIGHT) / len(bars)
    drawn = [_draw_y(y, y_label, _WIDTH - _RIGHT)]
    for index, bar in enumerate(bars):
        centre = _LEFT + step * (index + 0.5)
        drawn.append(_draw_bar(bar, centre, min(0.5 * step, 64.0), y))
    return _svg(drawn, alt)


def draw_differences(
    points: Sequence[tuple[float, float, str]],
    bands: Sequence[Band],
    labels: tuple[str, str],
    alt: str,
) -> str:
    """Return a Bland-Altman plot of (mean, difference, name) with bias and limits."""
    right = _WIDTH - _LABELS
    bands = _trim([y for _, y, _ in points], bands)
    heights = [y for _, y, _ in points] + [edge for band in bands for edge in (band.low, band.high)]
    x = _axis(*_reach([x for x, _, _ in points]), _LEFT, right)
    y = _axis(*_reach([*heights, 0.0]), _HEIGHT - _BOTTOM, _TOP)
    drawn = [_draw_x(x, labels[0], right), _draw_y(y, labels[1], right)]
    drawn += [_draw_band(band, y, right) for band in bands]
    drawn += _name_bands(bands, y, right)
    drawn += [_dot(x.place(a), y.place(b), name) for a, b, name in points]
    return _svg(drawn, alt)


def _trim(values: Sequence[float], bands: Sequence[Band]) -> list[Band]:
    """Cut the ranges of bands short where they, for few points, would leave no room for these."""
    inner = [*values, *(band.value for band in bands), 0.0]
    room = 0.75 * (max(inner) - min(inner))
    low, high = min(inner) - room, max(inner) + room
    return [replace(band, low=max(band.low, low), high=min(band.high, high)) for band in bands]


def draw_scatter(
    points: Sequence[tuple[float, float, str]], labels: tuple[str, str], alt: str
) -> str:
    """Return (true, found, name) against each other, with the line on which they are the same."""
    top = _reach([0.0, *(value for point in points for value in point[:2])])[1]
    x = _axis(0.0, top, _LEFT, _WIDTH - _RIGHT)
    y = _axis(0.0, top, _HEIGHT - _BOTTOM, _TOP)
    line = _path("reference dashed", x.place(0), y.place(0), x.place(x.high), y.place(y.high))
    drawn = [_draw_x(x, labels[0], _WIDTH - _RIGHT), _draw_y(y, labels[1], _WIDTH - _RIGHT), line]
    drawn += [_dot(x.place(a), y.place(b), name) for a, b, name in points]
    return _svg(drawn, alt)


def draw_histogram(values: Sequence[float], x_label: str, y_label: str, alt: str) -> str:
    """Return how often values lie where, about zero."""
    reach = max(abs(value) for value in values) or 1.0
    counts, edges = np.histogram(values, bins=_histogram_edges(reach))
    x = _axis(float(edges[0]), float(edges[-1]), _LEFT, _WIDTH - _RIGHT)
    y = _axis(0.0, float(counts.max()), _HEIGHT - _BOTTOM, _TOP, whole=True)
    drawn = [_draw_x(x, x_label, _WIDTH - _RIGHT), _draw_y(y, y_label, _WIDTH - _RIGHT)]
    for count, left, right in zip(counts, edges, edges[1:], strict=False):
        drawn.append(
            _rect("column", x.place(left) + 0.5, y.place(count), x.place(right) - 0.5, y.place(0))
        )
    drawn.append(_path("reference", x.place(0), _TOP, x.place(0), _HEIGHT - _BOTTOM))
    return _svg(drawn, alt)


def _histogram_edges(reach: float) -> "np.ndarray[tuple[int], np.dtype[np.float64]]":
    """Bins of one round width, an edge on zero, about ten to each side."""
    from matplotlib.ticker import MaxNLocator

    ticks = MaxNLocator(nbins=10).tick_values(0.0, reach)
    step, n = float(ticks[1] - ticks[0]), int(np.ceil(reach / (ticks[1] - ticks[0])))
    return step * np.arange(-n, n + 1, dtype=np.float64)


def _reach(values: Sequence[float]) -> tuple[float, float]:
    """Return the range of values with some room, never empty."""
    low, high = min(values), max(values)
    room = 0.06 * (high - low) or max(0.1 * abs(high), 0.5)
    return (low - room if low != 0 else 0.0), high + room


def _axis(low: float, high: float, start: float, end: float, *, whole: bool = False) -> _Axis:
    from matplotlib.ticker import MaxNLocator

    ticks = MaxNLocator(nbins=5, steps=[1, 2, 2.5, 5, 10], integer=whole).tick_values(low, high)
    inside = tuple(float(t) for t in ticks if low - 1e-9 <= t <= high + 1e-9)

    def place(value: float) -> float:
        return start + (end - start) * (value - low) / (high - low)

    return _Axis(low, high, inside, place)


def _draw_x(axis: _Axis, label: str, right: float) -> str:
    base = _HEIGHT - _BOTTOM
    ticks = [
        _text(_number(tick, "g"), axis.place(tick), base + 18, "middle") for tick in axis.ticks
    ]
    name = _text(label, (_LEFT + right) / 2, _HEIGHT - 10, "middle", "name")
    return "".join([_path("axis", _LEFT, base, right, base), *ticks, name])


def _draw_y(axis: _Axis, label: str, right: float) -> str:
    lines = [_path("grid", _LEFT, axis.place(t), right, axis.place(t)) for t in axis.ticks]
    ticks = [
        _text(_number(tick, "g"), _LEFT - 8, axis.place(tick) + 4, "end") for tick in axis.ticks
    ]
    middle = (_TOP + _HEIGHT - _BOTTOM) / 2
    turned = f'transform="rotate(-90 14 {middle:.1f})"'
    return "".join([*lines, *ticks, _text(label, 14, middle, "middle", "name", turned)])


def _draw_bar(bar: Bar, centre: float, width: float, y: _Axis) -> str:
    left, right, base = centre - width / 2, centre + width / 2, _HEIGHT - _BOTTOM
    drawn = [_rect("column", left, y.place(bar.value), right, base)]
    top = bar.value
    if bar.low is not None and bar.high is not None:
        drawn.append(_path("whisker", centre, y.place(bar.low), centre, y.place(bar.high)))
    drawn.append(_text(f"{top:.2f}", right + 4, max(y.place(top) + 4, _TOP + 8), "start", "value"))
    drawn.append(_text(bar.label, centre, base + 18, "middle", "value"))
    drawn.append(_text(bar.basis, centre, base + 36, "middle"))
    return "".join(drawn)


def _draw_band(band: Band, y: _Axis, right: float) -> str:
    area = _rect("zone", _LEFT, y.place(band.high), right, y.place(band.low))
    return area + _path(
        f"reference {band.kind}", _LEFT, y.place(band.value), right, y.place(band.value)
    )


def _name_bands(bands: Sequence[Band], y: _Axis, right: float) -> list[str]:
    """Write the names beside their lines, two lines of text each, never one over the other."""
    drawn, free = [], _TOP - _LINE
    for band in sorted(bands, key=lambda band: -band.value):
        at = max(y.place(band.value) - 3, free + _LINE)
        drawn.append(_text(_number(band.value, "+.3g"), right + 6, at, "start", "value"))
        drawn.append(_text(band.label, right + 6, at + _LINE, "start"))
        free = at + _LINE
    return drawn


def _number(value: float, how: str) -> str:
    return format(value, how).replace("-", "−")


def _dot(x: float, y: float, name: str) -> str:
    title = f"<title>{escape(name)}</title>"
    return f'<circle class="dot" cx="{x:.1f}" cy="{y:.1f}" r="5">{title}</circle>'


def _rect(kind: str, left: float, top: float, right: float, bottom: float) -> str:
    return (
        f'<rect class="{kind}" x="{left:.1f}" y="{top:.1f}" width="{max(right - left, 0):.1f}" '
        f'height="{max(bottom - top, 0):.1f}"/>'
    )


def _path(kind: str, x1: float, y1: float, x2: float, y2: float) -> str:
    return f'<path class="{kind}" d="M{x1:.1f} {y1:.1f}L{x2:.1f} {y2:.1f}"/>'


def _text(text: str, x: float, y: float, anchor: str, kind: str = "tick", more: str = "") -> str:
    return (
        f'<text class="{kind}" x="{x:.1f}" y="{y:.1f}" text-anchor="{anchor}" {more}>'
        f"{escape(text)}</text>"
    )


def _svg(drawn: Sequence[str], alt: str) -> str:
    return (
        f'<svg class="plot" viewBox="0 0 {_WIDTH:.0f} {_HEIGHT:.0f}" role="img" '
        f'aria-label="{escape(alt, quote=True)}">{"".join(drawn)}</svg>'
    )
