"""The gap along the nerve as a drawing, and the places behind it."""

import json
import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

WIDTH, HEIGHT = 720.0, 240.0
_LEFT, _RIGHT, _TOP, _BOTTOM = 52.0, 12.0, 14.0, 40.0
_LEAST_TOP_MM, _MOST_TOP_MM, _LEAST_LOW_MM = 2.0, 6.0, -0.5


@dataclass(frozen=True)
class Tick:
    """A mark on an axis."""

    at: float
    label: str


@dataclass(frozen=True)
class Row:
    """One place along the nerve, for the table."""

    s_mm: float
    gap_mm: float
    low_mm: float
    high_mm: float
    place: str


@dataclass(frozen=True)
class Profile:
    """A drawing of the gap along one nerve.

    Attributes
    ----------
    side : str
    line, band, other : str
        Paths: the gap, its interval, and the gap of the other side.
    zero_y, detachment_x : float
        Where the gap is none, and where the nerve leaves the pons.
    nearest : tuple of float or None
        Where the gap is least.
    places : str
        JSON for the viewer: rows of x in the drawing, y, and the place (LPS mm).
    rows : tuple of Row
        Every millimetre.
    """

    side: str
    line: str
    band: str
    other: str
    zero_y: float
    detachment_x: float
    nearest: tuple[float, float] | None
    x_ticks: tuple[Tick, ...]
    y_ticks: tuple[Tick, ...]
    places: str
    rows: tuple[Row, ...]


@dataclass(frozen=True)
class _Axes:
    first: float
    last: float
    low: float
    high: float

    def x(self, s_mm: float) -> float:
        share = (s_mm - self.first) / max(self.last - self.first, 1e-6)
        return round(_LEFT + share * (WIDTH - _LEFT - _RIGHT), 1)

    def y(self, gap_mm: float) -> float:
        share = (min(max(gap_mm, self.low), self.high) - self.low) / (self.high - self.low)
        return round(HEIGHT - _BOTTOM - share * (HEIGHT - _BOTTOM - _TOP), 1)


def profile_of(side: str, found: dict[str, Any], other: dict[str, Any] | None) -> Profile | None:
    """Return the drawing of one side; None where there are no numbers."""
    rows = _known(found["profile"])
    if len(rows) < 2:
        return None
    axes = _axes(rows)
    beside = _known(other["profile"]) if other else []
    least = min(rows, key=lambda row: row[1])
    return Profile(
        side, _line(axes, [(row[0], row[1]) for row in rows]), _band(axes, rows),
        _line(axes, [(s, gap) for s, gap, *_ in beside if axes.first <= s <= axes.last]),
        axes.y(0.0), axes.x(0.0), (axes.x(least[0]), axes.y(least[1])),
        tuple(_ticks(axes.first, axes.last, 5.0, axes.x)),
        tuple(_ticks(axes.low, axes.high, 1.0, axes.y)),
        json.dumps([[axes.x(row[0]), axes.y(row[1]), *row[4:]] for row in rows]),
        tuple(_table(rows)),
    )  # fmt: skip


def _known(rows: Sequence[Sequence[float | None]]) -> list[list[float]]:
    return [[float(one) for one in row if one is not None] for row in rows if None not in row]


def _axes(rows: list[list[float]]) -> _Axes:
    least = min(row[2] for row in rows if row[1] <= min(one[1] for one in rows) + 0.5)
    most = max(row[1] for row in rows)
    low = max(min(least, _LEAST_LOW_MM), -3.0)
    return _Axes(rows[0][0], rows[-1][0], low, min(max(most, _LEAST_TOP_MM), _MOST_TOP_MM))


def _path(axes: _Axes, points: Sequence[tuple[float, float]]) -> str:
    return "M" + "L".join(f"{axes.x(s)} {axes.y(gap)}" for s, gap in points) if points else ""


def _line(axes: _Axes, points: Sequence[tuple[float, float]]) -> str:
    """Return the path of a gap as far as the drawing reaches; what is wider is left out."""
    parts, part = [], list[tuple[float, float]]()
    for point in [*points, (math.inf, math.inf)]:
        if point[1] <= axes.high:
            part.append(point)
        elif part:
            parts.append(_path(axes, part))
            part = []
    return "".join(parts)


def _band(axes: _Axes, rows: list[list[float]]) -> str:
    upper = [(row[0], row[3]) for row in rows]
    lower = [(row[0], row[2]) for row in reversed(rows)]
    return _path(axes, [*upper, *lower]) + "Z"


def _ticks(first: float, last: float, step: float, place: Any) -> Iterator[Tick]:
    value = step * -(-first // step)
    while value <= last + 1e-6:
        yield Tick(place(value), f"{value + 0.0:g}")
        value += step


def _table(rows: list[list[float]]) -> Iterator[Row]:
    seen = None
    for s_mm, gap, low, high, *place in rows:
        if round(s_mm) != seen:
            seen = round(s_mm)
            yield Row(s_mm, gap, low, high, ",".join(f"{one:.2f}" for one in place))
