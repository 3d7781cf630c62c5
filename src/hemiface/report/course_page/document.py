"""A chart as JSON, to be kept: days counted from 1970, intervals or null."""

import math
from collections.abc import Mapping
from datetime import date
from typing import Any

from hemiface.report.course_page.chart import (
    Bar,
    Chart,
    DiaryDay,
    Line,
    Mark,
    Point,
    Series,
)

SCHEMA = "hemiface.course-chart/1"
_EPOCH = date(1970, 1, 1).toordinal()


def chart_document(chart: Chart) -> dict[str, Any]:
    """Return a chart as plain JSON values."""
    return {
        "schema": SCHEMA,
        "first": _day(chart.first),
        "last": _day(chart.last),
        "affected": chart.affected,
        "series": [_series(one) for one in chart.series],
        "diary": [[_day(one.on), one.burden, one.n_spasms] for one in chart.diary],
        "marks": [
            {"kind": one.kind, "day": _day(one.on), "short": list(one.short), "text": one.text}
            for one in chart.marks
        ],
        "bars": [
            {
                "kind": one.kind,
                "from": _day(one.on),
                "until": None if one.until is None else _day(one.until),
                "label": one.label,
                "text": one.text,
            }
            for one in chart.bars
        ],
    }


def _day(day: date) -> int:
    return day.toordinal() - _EPOCH


def _series(one: Series) -> dict[str, Any]:
    return {
        "key": one.key,
        "label": one.label,
        "unit": one.unit,
        "lines": [_line(line) for line in one.lines],
    }


def _line(line: Line) -> dict[str, Any]:
    return {"who": line.who, "label": line.label, "points": [_point(p) for p in line.points]}


def _point(point: Point) -> list[float | None]:
    return [_day(point.on), *map(_number, (point.value, point.low, point.high))]


def _number(value: float) -> float | None:
    return round(value, 4) if math.isfinite(value) else None


def read_chart(document: Mapping[str, Any]) -> Chart:
    """Return the chart that `chart_document` wrote."""
    return Chart(
        _date(document["first"]),
        _date(document["last"]),
        document["affected"],
        tuple(_read_series(one) for one in document["series"]),
        tuple(DiaryDay(_date(day), burden, n) for day, burden, n in document["diary"]),
        tuple(_read_mark(one) for one in document["marks"]),
        tuple(_read_bar(one) for one in document["bars"]),
    )


def _read_series(document: Mapping[str, Any]) -> Series:
    lines = tuple(_read_line(one) for one in document["lines"])
    return Series(document["key"], document["label"], document["unit"], lines)


def _read_line(document: Mapping[str, Any]) -> Line:
    points = tuple(_read_point(*one) for one in document["points"])
    return Line(document["who"], document["label"], points)


def _read_point(day: int, value: float, low: float | None, high: float | None) -> Point:
    ends = (math.nan if one is None else one for one in (low, high))
    return Point(_date(day), value, *ends)


def _read_mark(document: Mapping[str, Any]) -> Mark:
    units, brand = document["short"]
    return Mark(document["kind"], _date(document["day"]), (units, brand), document["text"])


def _read_bar(document: Mapping[str, Any]) -> Bar:
    until = None if document["until"] is None else _date(document["until"])
    return Bar(
        document["kind"], _date(document["from"]), until, document["label"], document["text"]
    )


def _date(day: int) -> date:
    return date.fromordinal(day + _EPOCH)
