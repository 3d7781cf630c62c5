"""A course on a page: lines, marks and bars on one axis; what is said; the page for the chart."""

import math
import re
import xml.etree.ElementTree as ET
import zlib
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hemiface.records import (
    Course,
    Dose,
    Entry,
    Grade,
    Injection,
    Measured,
    Medicine,
    Operation,
    Person,
    SideEffect,
)
from hemiface.report.course_page import (
    Answer,
    Answers,
    Curve,
    Number,
    Window,
    answer_course,
    answers_document,
    chart_document,
    chart_of,
    choose,
    draw_chart,
    fitted,
    read_answers,
    read_chart,
    summary_html,
    summary_pdf,
    whole_window,
)
from hemiface.report.course_page.axis import TimeAxis, ValueAxis, round_up
from hemiface.report.course_page.drawing import weeks

NAN = math.nan
DAY = date(2026, 3, 2)
RATE = Measured(DAY, "spasm_rate", 6.0, "1/min", "left", "rest", 60.0, 6, 2.2, 13.1, fps=30.0)


def later(days: int) -> date:
    return DAY + timedelta(days=days)


COURSE = Course(
    person=Person(key="P-1", affected_side="left", birth_year=1970),
    measured=(
        RATE,
        replace(RATE, side="right", value=0.0, low=0.0, high=3.7, n=0),
        replace(RATE, on=later(30), value=1.0, low=0.1, high=5.6, n=1),
        replace(RATE, on=later(30), name="strength", value=NAN, unit="mm"),
    ),
    grades=(Grade(DAY, "smc", "2012", 3.0, "clinician", "left"),),
    diary=(
        Entry(datetime(2026, 3, 2, 9, tzinfo=UTC), burden=7, spasm_now=True),
        Entry(datetime(2026, 3, 2, 20, tzinfo=UTC), burden=4),
        Entry(datetime(2026, 3, 4, 20, tzinfo=UTC), spasm_now=True),
    ),
    treatments=(
        Injection(later(10), "botox", (Dose("zygomaticus", "left", 2.5),)),
        Medicine(later(12), "carbamazepine", "N03AF01", 400.0, until=later(40)),
        Operation(later(90), "left", "microvascular_decompression", vessels=("AICA",)),
    ),
    side_effects=(SideEffect(later(14), "ptosis", until=later(30), degree=1),),
)
CHART = chart_of(COURSE, later(100))
CURVE = Curve(
    (later(0), later(20), later(100), later(120)),
    (5.0, 1.0, 3.5, 4.0),
    (4.0, 0.5, 1.5, 2.0),
    (6.0, 2.0, 5.0, 6.0),
    later(100),
)


def texts(svg: str) -> list[str]:
    return [one.text or "" for one in ET.fromstring(svg).iter() if one.tag.endswith("text")]


def test_the_affected_side_comes_first_and_what_is_not_known_is_no_point():
    rate = choose(CHART, "spasm_rate:rest")
    assert [line.who for line in rate.lines] == ["affected", "other"]
    assert [point.value for point in rate.lines[0].points] == [6.0, 1.0]
    assert not [one for one in CHART.series if one.key.startswith("strength")]


def test_a_day_of_the_diary_has_its_worst_burden_and_its_taps():
    assert [(one.burden, one.n_spasms) for one in CHART.diary] == [(7, 1), (None, 1)]
    assert weeks(CHART.diary) == [(date(2026, 3, 2), 7.0)]


def test_the_axis_spans_everything_and_today():
    assert (CHART.first, CHART.last) == (DAY, later(100))


def test_scales_are_series_of_their_own_named_by_version_and_author():
    (scale,) = [one for one in CHART.series if one.key.startswith("scale:")]
    assert scale.label.endswith("version 2012, by the clinician")


def test_what_is_kept_as_json_comes_back_as_it_was():
    assert repr(read_chart(chart_document(CHART))) == repr(CHART)
    answers = Answers(
        (Answer("toxin", "T", "S.", True, 90, (Number("g", "l", 1.5, 1.0, NAN, "days"),)),), CURVE
    )
    assert repr(read_answers(answers_document(answers))) == repr(answers)


def test_the_drawing_is_svg_that_says_what_it_shows():
    svg = draw_chart(CHART, "spasm_rate:rest", CURVE)
    title = next(one.text for one in ET.fromstring(svg).iter() if one.tag.endswith("title"))
    assert "left side, affected: 2 values from 1 to 6" in title
    assert "1 injection" in title
    assert "1 operation" in title
    assert {"2.5 U", "Botox", "operation", "carbamazepine", "ptosis", "forecast"} <= set(texts(svg))


def test_a_later_value_lies_further_right_and_a_larger_one_higher():
    time = TimeAxis(DAY, later(100), 40.0, 700.0)
    assert time.place(DAY) == 40.0
    assert time.place(later(50)) == pytest.approx(370.0)
    assert time.place(later(500)) == 700.0
    values = ValueAxis(10.0, 200.0, 50.0)
    assert [values.place(one) for one in (0.0, 5.0, 10.0, 99.0)] == [200.0, 125.0, 50.0, 50.0]


@given(st.floats(1e-6, 1e9))
def test_an_axis_ends_at_a_round_number_above_the_value(value):
    top = round_up(value)
    assert value * (1 - 1e-9) <= top <= 2.5 * value * (1 + 1e-9)


@given(st.integers(20, 8000), st.integers(300, 2000))
def test_names_under_the_axis_stay_apart(days, width):
    axis = TimeAxis(DAY, later(days), 0.0, float(width))
    places = [axis.place(day) for day, _ in axis.ticks()]
    assert all(b - a > 40.0 for a, b in pairwise(places))


def test_a_window_shows_only_its_days_and_never_leaves_the_whole():
    whole = whole_window(CHART, CURVE)
    assert (whole.first, whole.last) == (DAY, later(120))
    asked = fitted(Window(later(110), later(300)), whole)
    assert (asked.first, asked.last) == (DAY, later(120))
    part = fitted(Window(later(-10), later(20)), whole)
    assert (part.first, part.last) == (DAY, later(30))
    shown = texts(draw_chart(CHART, "spasm_rate:rest", CURVE, Window(later(60), later(110))))
    assert "operation" in shown
    assert "Botox" not in shown
    assert "ptosis" not in shown


@given(st.integers(-400, 400), st.integers(-400, 400))
def test_any_window_can_be_asked_for(first, last):
    whole = whole_window(CHART)
    got = fitted(Window(later(first), later(last)), whole)
    assert whole.first <= got.first < got.last <= whole.last
    ET.fromstring(draw_chart(CHART, window=got))


def test_words_that_people_wrote_cannot_become_markup():
    evil = replace(COURSE, treatments=(Medicine(DAY, "<script>alert(1)</script>"),))
    assert "<script" not in draw_chart(chart_of(evil, DAY))
    assert "<script" not in summary_html(evil, DAY, name="<script>x</script>")


def test_the_page_for_the_chart_says_what_was_recorded_and_leaves_nothing_unknown_as_a_number():
    page = summary_html(COURSE, later(100), name="Asha Rao")
    told = re.sub(r"<[^>]+>", " ", page)
    wanted = (
        "Asha Rao", "left (the person's own)", "Botulinum toxin, Botox: left 2.5 U",
        "vessel AICA", "400 mg a day", "Samsung Medical Center", "0.1 to 5.6",
    )  # fmt: skip
    for words in wanted:
        assert words in told.replace("&#39;", "'")
    assert "nan" not in told.lower().split()


def test_an_empty_course_is_an_honest_page():
    page = summary_html(Course(person=Person(key="P-2")), DAY)
    assert "Nothing is written down yet." in page
    assert "P-2" in page


def test_a_course_of_too_little_says_what_is_missing():
    answers = answer_course(COURSE, later(100))
    assert {one.about for one in answers.answers} == {"toxin", "surgery", "triggers"}
    assert all("Too " in one.sentence for one in answers.answers if not one.is_told)
    assert answers.curve is None


def test_the_pdf_is_tagged_has_a_title_and_two_pages_at_most():
    pytest.importorskip("weasyprint", reason="needs WeasyPrint and Pango", exc_type=OSError)
    content = summary_pdf(COURSE, later(100), name="Asha Rao")
    assert content.startswith(b"%PDF-1.7")
    objects = content + b"".join(unpacked(content))
    assert b"/MarkInfo" in objects
    assert b"/Lang" in objects
    assert 1 <= len(re.findall(rb"/Type\s*/Page\b", objects)) <= 2


def unpacked(pdf: bytes) -> Iterator[bytes]:
    """Yield the streams of a PDF that are compressed."""
    for stream in re.findall(rb"stream\r?\n(.*?)\r?\nendstream", pdf, re.DOTALL):
        with suppress(zlib.error):
            yield zlib.decompress(stream)
