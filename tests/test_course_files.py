"""A course as a file: exactly what was written comes back, and what does not fit is named."""

import json
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings

from exports_story import COURSES
from hemiface.course import course_document, read_course, write_course
from hemiface.errors import SourceError
from hemiface.records import Course, Entry, Injection, Medicine, Person

SMALL = Course(
    Person("p1", birth_year=1960, affected_side="left"),
    diary=(Entry(datetime(2026, 5, 1, 20, tzinfo=UTC), burden=4, triggers=("stress",)),),
    treatments=(Medicine(date(2026, 4, 1), "carbamazepine"), Injection(date(2026, 5, 1), "b", ())),
)


@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(course=COURSES)
def test_what_was_written_comes_back(tmp_path: Path, course: Course) -> None:
    write_course(course, tmp_path / "course.json")
    # NaN differs from itself; its document does not.
    assert course_document(read_course(tmp_path / "course.json")) == course_document(course)


@pytest.mark.parametrize(
    ("path", "value", "sentence"),
    [
        (["person", "affected_side"], "top", "course.person.affected_side must be one of left"),
        (["person", "birth_year"], "1960", "course.person.birth_year must be a int"),
        (["person", "name"], "A", "course.person holds 'name', which it must not"),
        (["diary", 0, "at"], "2026-05-01T20:00:00", "course.diary\\[0\\].at must be a datetime"),
        (["diary", 0, "triggers"], "stress", "course.diary\\[0\\].triggers must be a list"),
        (["treatments", 0, "record"], "pill", "treatments\\[0\\].record must be one of injection"),
        (["treatments", 1, "on"], "2026-02-30", "treatments\\[1\\].on must be a date like"),
        (["schema"], "other/1", 'The "schema" of course.json must be hemiface.course/1'),
    ],
)
def test_what_does_not_fit_is_named(tmp_path: Path, path: list, value: object, sentence: str):
    write_course(SMALL, tmp_path / "course.json")
    document = json.loads((tmp_path / "course.json").read_text())
    inner = document
    for step in path[:-1]:
        inner = inner[step]
    inner[path[-1]] = value
    (tmp_path / "course.json").write_text(json.dumps(document))

    with pytest.raises(SourceError, match=sentence):
        read_course(tmp_path / "course.json")


def test_what_is_missing_is_named(tmp_path: Path) -> None:
    write_course(SMALL, tmp_path / "course.json")
    document = json.loads((tmp_path / "course.json").read_text())
    del document["treatments"][1]["brand"]
    (tmp_path / "course.json").write_text(json.dumps(document))

    with pytest.raises(SourceError, match=r"treatments\[1\] must have brand"):
        read_course(tmp_path / "course.json")


@pytest.mark.parametrize("text", ["", "{", "[1]", "null", '"x"', "[" * 100_000])
def test_what_is_no_course_is_refused(tmp_path: Path, text: str) -> None:
    (tmp_path / "x.json").write_text(text)
    with pytest.raises(SourceError):
        read_course(tmp_path / "x.json")


def test_a_failure_leaves_what_was_there(tmp_path: Path) -> None:
    path = tmp_path / "course.json"
    write_course(SMALL, path)
    before = path.read_bytes()
    with pytest.raises(AssertionError):
        write_course(replace(SMALL, grades=(object(),)), path)  # type: ignore[arg-type]
    assert path.read_bytes() == before
    assert [one.name for one in tmp_path.iterdir()] == ["course.json"]
