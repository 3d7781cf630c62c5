"""The worst burden of each day of a month, as bars of an SVG that stands on its own."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from hemiface_clinic.diary.choices import MOST
from hemiface_clinic.diary.month import Day

WIDTH, HEIGHT = 640, 150
_LEFT, _TOP, _BOTTOM = 26, 8, 40
_GRID = (0, 5, MOST)


@dataclass(frozen=True)
class Bar:
    """One day on the chart, in the units of its picture.

    Attributes
    ----------
    label : str
        Day of the month.
    x, y, width, height : float
        The bar; without height where nobody wrote how bad the day was.
    middle : float
    burden : int or None
    n_spasms : int
    """

    label: str
    x: float
    y: float
    width: float
    height: float
    middle: float
    burden: int | None
    n_spasms: int


@dataclass(frozen=True)
class Chart:
    """Bars, and the lines behind them as (number, height on the picture)."""

    bars: tuple[Bar, ...]
    lines: tuple[tuple[int, float], ...]
    width: int = WIDTH
    height: int = HEIGHT
    left: int = _LEFT

    @property
    def base(self) -> float:
        """Where the bars stand."""
        return _y(0)


def chart_of(days: Sequence[Day], first: date, last: date) -> Chart:
    """Return the chart of the days from `first` to `last`, both included."""
    return Chart(tuple(_bars(days, first, last)), tuple((grade, _y(grade)) for grade in _GRID))


def _bars(days: Sequence[Day], first: date, last: date) -> Iterator[Bar]:
    by_date = {day.on: day for day in days}
    n_days = (last - first).days + 1
    step = (WIDTH - _LEFT) / n_days
    for number in range(n_days):
        on = first + timedelta(days=number)
        yield _bar(by_date.get(on, Day(on)), _LEFT + number * step, step)


def _bar(day: Day, x: float, step: float) -> Bar:
    y = _y(day.burden or 0)
    return Bar(
        label=str(day.on.day),
        x=round(x + 0.15 * step, 1),
        y=y,
        width=round(0.7 * step, 1),
        height=round(_y(0) - y, 1),
        middle=round(x + 0.5 * step, 1),
        burden=day.burden,
        n_spasms=day.n_spasms,
    )


def _y(burden: int) -> float:
    return round(_TOP + (HEIGHT - _TOP - _BOTTOM) * (1 - burden / MOST), 1)
