"""Time and values as places on a drawing, and where their lines and words go."""

import math
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

_STEPS = (1.0, 2.0, 2.5, 5.0, 10.0)
_LEAST_PX = 46.0  # between two words under the axis
_MONTHS = (1, 2, 3, 6)
_YEARS = (1, 2, 5, 10, 20)


@dataclass(frozen=True)
class TimeAxis:
    """Days from `first` to `last`, both included, between two places."""

    first: date
    last: date
    left: float
    right: float

    def place(self, day: date) -> float:
        """Return where a day lies; one outside lies at the edge."""
        length = max((self.last - self.first).days, 1)
        share = min(max((day - self.first).days / length, 0.0), 1.0)
        return round(self.left + share * (self.right - self.left), 1)

    def ticks(self) -> Iterator[tuple[date, str]]:
        """Yield the days that are named, and their names: years, or months where there is room."""
        months = _months(self)
        for day in _month_starts(self.first, self.last):
            if (day.month == 1 and months <= 12) or day.month % max(months, 1) == 1 % months:
                if months <= 12:
                    yield day, f"{day.year}" if day.month == 1 else f"{day:%b}"
                elif day.month == 1 and day.year % (months // 12) == 0:
                    yield day, f"{day.year}"


def _months(axis: TimeAxis) -> int:
    """Return how many months lie between two words, so that there is room."""
    n = max((axis.last - axis.first).days / 30.44, 1.0)
    a_month = (axis.right - axis.left) / n
    offered = (*_MONTHS, *(12 * years for years in _YEARS))
    return next((one for one in offered if one * a_month >= _LEAST_PX), offered[-1])


def _month_starts(first: date, last: date) -> Iterator[date]:
    day = first if first.day == 1 else (first.replace(day=1) + timedelta(days=32)).replace(day=1)
    while day <= last:
        yield day
        day = (day + timedelta(days=32)).replace(day=1)


@dataclass(frozen=True)
class ValueAxis:
    """Values from 0 to `top` between two heights; what is larger lies at the edge."""

    top: float
    bottom_y: float
    top_y: float

    def place(self, value: float) -> float:
        """Return the height of a value."""
        share = min(max(value / self.top, 0.0), 1.0)
        return round(self.bottom_y + share * (self.top_y - self.bottom_y), 1)

    def ticks(self) -> list[float]:
        """Return the values that are named."""
        step = round_up(self.top / 3.0)
        return [step * n for n in range(math.floor(self.top / step + 1e-9) + 1)]


def round_up(value: float) -> float:
    """Return the next number of one or two figures that people like to read."""
    if value <= 0.0 or not math.isfinite(value):
        return 1.0
    size = 10.0 ** math.floor(math.log10(value))
    return next((step * size for step in _STEPS if step * size >= value * (1 - 1e-9)), 10.0 * size)
