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
    NARROW,
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
from hemiface.simulate.course.records import as_course
from hemiface.simulate.course.simulate import simulate_course
from hemiface.simulate.course.treatments import Surgery, Toxin

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


def test_treatments_and_side_effects_can_be_reached_and_say_their_day_and_text():
    svg = ET.fromstring(draw_chart(CHART))
    reached = [one for one in svg.iter() if one.get("tabindex") == "0"]
    assert [one[0].text for one in reached] == [
        "12 Mar 2026: Botulinum toxin, Botox: left 2.5 U",
        "31 May 2026: Microvascular decompression, left side; vessel AICA",
        "14 Mar 2026 to 11 Apr 2026: Carbamazepine, 400 mg a day",
        "16 Mar 2026 to 1 Apr 2026: Side effect: ptosis, mild",
    ]


@pytest.mark.parametrize("key", [one.key for one in CHART.series])
def test_on_a_phone_the_names_are_broken_and_nothing_lies_outside(key):
    svg = draw_chart(CHART, key, CURVE, width=NARROW)
    assert svg.count('viewBox="0 0 360 ') == 1
    drawn = [one for one in ET.fromstring(svg).iter() if one.tag.endswith(("text", "circle"))]
    for one in drawn:
        start, words = float(one.get("x") or one.get("cx") or "nan"), one.text or ""
        length = 5.0 * len(words)  # a letter is not narrower in the mean
        ends = {None: (start, start + length), "end": (start - length, start)}
        middle = (start - length / 2, start + length / 2)
        left, right = ends.get(one.get("text-anchor"), middle)
        assert left >= -4.0, words
        assert right <= 364.0, words


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


def test_doses_stand_as_they_were_recorded_and_the_side_once():
    doses = (Dose("zygomaticus", "left", 3.75), Dose("mentalis", "left", 1.25))
    told = summary_html(replace(COURSE, treatments=(Injection(DAY, "xeomin", doses),)), later(9))
    assert "Xeomin: left 5 U (zygomaticus 3.75; mentalis 1.25)" in told
    both = (*doses, Dose("zygomaticus", "right", 0.625))
    told = summary_html(replace(COURSE, treatments=(Injection(DAY, "xeomin", both),)), later(9))
    assert "left 5 U (zygomaticus 3.75; mentalis 1.25), right 0.625 U (zygomaticus 0.625)" in told


def test_an_empty_course_is_an_honest_page():
    page = summary_html(Course(person=Person(key="P-2")), DAY)
    assert "Nothing is written down yet." in page
    assert "P-2" in page


def test_a_course_of_too_little_says_what_is_missing():
    answers = answer_course(COURSE, later(100))
    assert {one.about for one in answers.answers} == {"toxin", "surgery", "triggers"}
    assert all("Too " in one.sentence for one in answers.answers if not one.is_told)
    assert answers.curve is None


def ten_years() -> Course:
    """Return a course with more of everything than has room on a page."""
    sites = ("orbicularis_oculi_upper", "orbicularis_oculi_lower", "zygomaticus", "mentalis")
    doses = tuple(Dose(site, side, 2.75) for site in sites for side in ("left", "right"))
    names, tasks = ("spasm_rate", "burden", "amplitude", "lid_opening"), ("rest", "speak")
    return replace(
        COURSE,
        measured=tuple(
            replace(RATE, on=later(30 * month), name=name, task=task)
            for month in range(120)
            for name in names
            for task in tasks
        ),
        grades=tuple(Grade(DAY, "smc", str(year), 3.0, "clinician") for year in range(9)),
        treatments=tuple(Injection(later(100 * n), "onabotulinumtoxin", doses) for n in range(36)),
        side_effects=tuple(SideEffect(later(100 * n), "ptosis", degree=2) for n in range(36)),
    )


def test_the_pdf_is_tagged_has_a_title_and_two_pages_at_most():
    pytest.importorskip("weasyprint", reason="needs WeasyPrint and Pango", exc_type=OSError)
    numbers = tuple(
        Number(f"session {n}", label, 3.0, 2.0, 4.0, "days")
        for n in range(36)
        for label in ("felt after", "greatest after", "fallen to half after")
    )
    told = Answer(
        "toxin", "Response", "A sentence that says what was found. " * 5, True, 90, numbers
    )
    answers = Answers((told, replace(told, about="surgery"), replace(told, about="triggers")))
    content = summary_pdf(ten_years(), later(3650), name="Asha Rao", answers=answers)
    assert content.startswith(b"%PDF-1.7")
    objects = content + b"".join(unpacked(content))
    assert b"/MarkInfo" in objects
    assert b"/Lang" in objects
    assert n_pages(content) in (1, 2)


def test_two_years_with_three_injections_and_an_operation_fit_on_one_page():
    pytest.importorskip("weasyprint", reason="needs WeasyPrint and Pango", exc_type=OSError)
    given = [*(Toxin(25.0, float(day)) for day in (40, 150, 265)), Surgery(400.0)]
    begin = date(2024, 1, 1)
    course = as_course(simulate_course(7, treatments=given, days=730, every_days=7.0), begin)
    today = begin + timedelta(days=730)
    content = summary_pdf(course, today, answers=answer_course(course, today))
    assert n_pages(content) == 1


def n_pages(pdf: bytes) -> int:
    objects = pdf + b"".join(unpacked(pdf))
    return len(re.findall(rb"/Type\s*/Page\b", objects))


def unpacked(pdf: bytes) -> Iterator[bytes]:
    """Yield the streams of a PDF that are compressed."""
    for stream in re.findall(rb"stream\r?\n(.*?)\r?\nendstream", pdf, re.DOTALL):
        with suppress(zlib.error):
            yield zlib.decompress(stream)
