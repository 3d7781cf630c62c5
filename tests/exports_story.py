"""Courses for the tests of the exports: one that is told, and any that can be."""

from datetime import UTC, date, datetime, timedelta, timezone
from typing import get_args

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
    Therapy,
    Trigger,
)

NAN = float("nan")

TOLD = Course(
    Person("P-017", "female", 1961, "left", date(2019, 3, 1)),
    (
        Measured(
            date(2024, 1, 2), "spasm_rate", 12.5, "1/min", "left", "rest", 58.0, 12, 9.0, 16.0,
            "clip", 60.0,
        ),
        Measured(date(2024, 2, 2), "burden", NAN, "%", None, "speak"),
    ),
    (
        Grade(date(2024, 1, 2), "jankovic", "1987", 5, "clinician", None,
              (("severity", 3.0), ("frequency", 2.0))),
        Grade(date(2024, 1, 2), "hfs7", "2005", 14, "patient"),
    ),
    (
        Entry(
            datetime(2024, 1, 5, 8, 30, tzinfo=timezone(timedelta(hours=5, minutes=30))), "left", 7,
            40.0, ("eye", "cheek"), ("stress", "reading"), 6, 5.5, ("clonazepam",), False,
            "=SUM(A1:A9); worse after tea",
        ),
        Entry(datetime(2024, 1, 6, tzinfo=UTC), spasm_now=True),
    ),
    (
        Injection(
            date(2024, 1, 10), "dysport",
            (Dose("orbicularis_oculi_lower", "left", 20.0), Dose("zygomaticus", "left", 10.0)),
            "L4711", 2.5, 500.0,
        ),
        Medicine(date(2024, 2, 1), "clonazepam", "N03AE01", 0.5, date(2024, 3, 1), False),
        Therapy(date(2024, 2, 1), "physical", "electrical_stimulation", None, 8,
                (("frequency", 20.0, "Hz"), ("current", 1.5, "mA"))),
        Operation(date(2025, 1, 10), "left", approach="retrosigmoid", vessels=("AICA", "vein"),
                  segment="root exit", implant="Teflon", lsr="gone"),
        Injection(date(2024, 6, 1), "botox", ()),
    ),
    (SideEffect(date(2024, 1, 20), "ptosis", date(2024, 2, 20), 1, "injection"),),
)  # fmt: skip
"""One course with every kind of record, its treatments not in order of time."""

_TEXTS = st.text(
    st.characters(exclude_categories=("Cs", "Cc"), include_characters="\t\r\n=+-@;,'\"\\"),
    max_size=12,
).filter(lambda text: not text or bool(text.strip()))
_WORDS = _TEXTS.filter(bool)
_NUMBERS = st.floats(allow_nan=False, allow_infinity=False)
_MAYBE_NAN = _NUMBERS | st.just(NAN)
_WHOLE = st.integers(-(2**31) + 1, 2**31 - 1)
_SIDES = st.sampled_from(("left", "right"))
_NO_SIDE = st.none() | _SIDES
_DAYS = st.dates(date(1000, 1, 1), date(9000, 1, 1))
_LATER = st.none() | st.dates(date(9000, 1, 1))
_OFFSETS = st.integers(-14 * 60, 14 * 60).map(lambda minutes: timezone(timedelta(minutes=minutes)))
_MOMENTS = st.datetimes(datetime(1000, 1, 2), datetime(9000, 1, 1), timezones=_OFFSETS)


def _few(of: st.SearchStrategy) -> st.SearchStrategy:
    return st.lists(of, max_size=3).map(tuple)


_PEOPLE = st.builds(
    Person, _WORDS, st.sampled_from(("female", "male", "other", "unknown")),
    st.none() | st.integers(1, 9999), _NO_SIDE, st.none() | _DAYS,
)  # fmt: skip
_MEASURED = st.builds(
    Measured, _DAYS, _WORDS, _MAYBE_NAN, _TEXTS | st.sampled_from(("1/min", "%", "mm")), _NO_SIDE,
    _WORDS, _MAYBE_NAN, _WHOLE, _MAYBE_NAN, _MAYBE_NAN, _TEXTS, _MAYBE_NAN,
)  # fmt: skip
_GRADES = st.builds(
    Grade, _DAYS, _WORDS, _WORDS, _NUMBERS,
    st.sampled_from(("patient", "clinician", "software")), _NO_SIDE,
    _few(st.tuples(_WORDS, _NUMBERS)),
)  # fmt: skip
_ENTRIES = st.builds(
    Entry, _MOMENTS, _NO_SIDE, st.none() | _WHOLE, st.none() | _NUMBERS, _few(_WORDS),
    _few(st.sampled_from(get_args(Trigger))), st.none() | _WHOLE, st.none() | _NUMBERS,
    _few(_WORDS), st.booleans(), _TEXTS,
)  # fmt: skip
_INJECTIONS = st.builds(
    Injection, _DAYS, _WORDS, _few(st.builds(Dose, _WORDS, _SIDES, _NUMBERS)), _TEXTS, _MAYBE_NAN,
    _MAYBE_NAN,
)  # fmt: skip
_MEDICINES = st.builds(
    Medicine, _DAYS, _WORDS, _TEXTS, _MAYBE_NAN, _LATER, st.none() | st.booleans()
)
_THERAPIES = st.builds(
    Therapy, _DAYS, st.sampled_from(("physical", "nutrition", "complementary")), _WORDS, _LATER,
    st.none() | _WHOLE, _few(st.tuples(_WORDS, _NUMBERS, _TEXTS)),
)  # fmt: skip
_OPERATIONS = st.builds(
    Operation, _DAYS, _SIDES, _WORDS, _TEXTS, _few(_WORDS), _TEXTS, _TEXTS,
    st.sampled_from(("gone", "smaller", "unchanged", "not seen", "not monitored")),
)  # fmt: skip
_SIDE_EFFECTS = st.builds(
    SideEffect, _DAYS, _WORDS, _LATER, st.sampled_from((None, 1, 2, 3)), _TEXTS
)
COURSES = st.builds(
    Course, _PEOPLE, _few(_MEASURED), _few(_GRADES), _few(_ENTRIES),
    _few(st.one_of(_INJECTIONS, _MEDICINES, _THERAPIES, _OPERATIONS)), _few(_SIDE_EFFECTS),
)  # fmt: skip
"""Any course that a file can hold."""
