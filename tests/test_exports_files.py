"""Courses written for other programs come back the same, and bad files are told in a sentence."""

import csv
import importlib
import json
import sys
from collections import Counter
from dataclasses import fields, is_dataclass, replace
from datetime import UTC, date, datetime, timedelta, timezone
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from exports_story import COURSES, TOLD
from hemiface.errors import ConventionError, MissingExtraError, OutputError, SourceError
from hemiface.records import Course, Entry, Grade, Injection, Measured, Medicine, Person, SideEffect
from hemiface.report.exports import fhir_bundle, read_csv, read_fhir, write_csv, write_fhir
from hemiface.report.exports.cells import guard, unguard
from hemiface.report.exports.fhir.codes import UNITS

RELEASES = ("R5", "R4B")
EVERY_COURSE = settings(
    max_examples=25, deadline=None, suppress_health_check=[HealthCheck.too_slow]
)


def comparable(value: object) -> object:
    """Return a record of which NaN equals NaN, and times tell their offset."""
    if is_dataclass(value):
        return type(value), [comparable(getattr(value, one.name)) for one in fields(value)]
    if isinstance(value, tuple):
        return [comparable(one) for one in value]
    if isinstance(value, datetime):
        return value.isoformat()
    return "nan" if value != value else value


def same(first: Course, second: Course) -> bool:
    return comparable(first) == comparable(second)


def resources(course: Course, release: str) -> list[dict]:
    return [entry["resource"] for entry in fhir_bundle(course, release)["entry"]]


@pytest.mark.parametrize("release", RELEASES)
def test_a_course_comes_back_from_fhir(tmp_path: Path, release: str) -> None:
    write_fhir(TOLD, tmp_path / "course.json", release)

    assert same(read_fhir(tmp_path / "course.json"), TOLD)
    assert [one.name for one in tmp_path.iterdir()] == ["course.json"]


@EVERY_COURSE
@given(COURSES, st.sampled_from(RELEASES))
def test_every_course_comes_back_from_fhir(
    tmp_path_factory: pytest.TempPathFactory, course: Course, release: str
) -> None:
    path = tmp_path_factory.getbasetemp() / "any.json"
    write_fhir(course, path, release)

    assert same(read_fhir(path), course)


@EVERY_COURSE
@given(COURSES)
def test_every_course_comes_back_from_csv(
    tmp_path_factory: pytest.TempPathFactory, course: Course
) -> None:
    folder = tmp_path_factory.getbasetemp() / "any"
    write_csv(course, folder)

    assert same(read_csv(folder), course)


@pytest.mark.parametrize("release", RELEASES)
def test_every_record_has_its_resource(release: str) -> None:
    found = Counter(one["resourceType"] for one in resources(TOLD, release))

    assert found == {
        "Patient": 1, "Condition": 1, "Observation": 4, "QuestionnaireResponse": 2,
        "Procedure": 4, "Medication": 2, "MedicationAdministration": 2,
        "MedicationStatement": 1, "AdverseEvent": 1,
    }  # fmt: skip


@pytest.mark.parametrize(("side", "code"), [("right", "G51.31"), ("left", "G51.32")])
def test_the_side_is_in_the_code_and_no_diagnosis_is_stated(side: str, code: str) -> None:
    course = Course(Person("x", affected_side=side))  # type: ignore[arg-type]
    condition = resources(course, "R5")[1]

    assert [one["code"] for one in condition["code"]["coding"]] == [code, "8B88.2"]
    assert condition["verificationStatus"]["coding"][0]["code"] == "unconfirmed"
    assert len(resources(Course(Person("x")), "R5")) == 1, "nothing known, no condition"


def test_a_measure_has_a_ucum_unit_its_interval_and_never_a_zero_for_not_known() -> None:
    known, unknown = [one for one in resources(TOLD, "R5") if one["resourceType"] == "Observation"][
        :2
    ]

    assert known["valueQuantity"]["code"] == "/min"
    assert known["component"][0]["valueRange"]["low"]["value"] == 9.0
    assert "valueQuantity" not in unknown
    assert unknown["dataAbsentReason"]["coding"][0]["code"] == "unknown"
    assert set(UNITS) >= {"%", "s", "mm", "1/min"}


def test_units_of_toxin_are_of_one_brand() -> None:
    doses = [
        one["dosage"]["dose"]
        for one in resources(TOLD, "R5")
        if one["resourceType"] == "MedicationAdministration"
    ]

    assert [(one["value"], one["unit"], one["code"]) for one in doses] == [
        (20.0, "U (dysport)", "[arb'U]"),
        (10.0, "U (dysport)", "[arb'U]"),
    ]


def test_releases_differ_where_the_standard_does() -> None:
    """R4B has performed, R5 occurrence; R5 spells one of them with one r."""
    told = {
        release: {one["resourceType"]: one for one in resources(TOLD, release)}
        for release in RELEASES
    }

    assert "occurrenceDateTime" in told["R5"]["Procedure"]
    assert "performedDateTime" in told["R4B"]["Procedure"]
    assert "occurenceDateTime" in told["R5"]["MedicationAdministration"]
    assert "effectiveDateTime" in told["R4B"]["MedicationAdministration"]
    assert told["R4B"]["MedicationStatement"]["status"] == "completed"
    assert told["R4B"]["AdverseEvent"]["severity"]["coding"][0]["code"] == "mild"


def test_the_same_course_makes_the_same_bytes(tmp_path: Path) -> None:
    for name in ("first.json", "second.json"):
        write_fhir(TOLD, tmp_path / name)

    assert (tmp_path / "first.json").read_bytes() == (tmp_path / "second.json").read_bytes()


def broken(bundle: dict, how: str) -> str:
    """Return the text of a bundle that is wrong in one way."""
    if how == "no json":
        return json.dumps(bundle)[:-20]
    if how == "a list":
        return "[]"
    if how == "no release":
        del bundle["meta"]
    if how == "no status":
        del bundle["entry"][2]["resource"]["status"]
    if how == "wrong gender":
        bundle["entry"][0]["resource"]["gender"] = "lady"
    if how == "no patient":
        del bundle["entry"][0]
    if how == "foreign side":
        bundle["entry"][2]["resource"]["bodySite"]["coding"][0]["code"] = "middle"
    return json.dumps(bundle)


@pytest.mark.parametrize(
    ("how", "message"),
    [
        ("no json", "must be a Bundle in JSON"),
        ("a list", "must be a Bundle in JSON"),
        ("no release", "must say that it is of FHIR R5 or R4B"),
        ("no status", "must be valid FHIR R5; .*status"),
        ("wrong gender", "sex of Person must be one of"),
        ("no patient", "must be a course written by hemiface"),
        ("foreign side", "neither left nor right"),
    ],
)
def test_a_bad_bundle_is_told(tmp_path: Path, how: str, message: str) -> None:
    path = tmp_path / "bad.json"
    path.write_text(broken(fhir_bundle(TOLD), how), encoding="utf-8")

    with pytest.raises(SourceError, match=message):
        read_fhir(path)


def test_a_missing_file_or_release_is_told(tmp_path: Path) -> None:
    with pytest.raises(SourceError, match="cannot be read"):
        read_fhir(tmp_path / "none.json")
    with pytest.raises(SourceError, match="cannot be read"):
        read_csv(tmp_path)
    with pytest.raises(ConventionError, match="R5 or R4B; got 'R4'"):
        write_fhir(TOLD, tmp_path / "x.json", "R4")
    with pytest.raises(OutputError, match="cannot be written"):
        write_fhir(TOLD, tmp_path / "none" / "x.json")


def test_without_the_package_the_extra_is_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    importlib.import_module("fhir.resources.bundle")
    monkeypatch.setitem(sys.modules, "fhir.resources.bundle", None)

    with pytest.raises(MissingExtraError, match=r"hemiface\[fhir\]"):
        write_fhir(TOLD, tmp_path / "course.json")
    assert not list(tmp_path.iterdir())


ON = date(2024, 1, 1)


@pytest.mark.parametrize(
    ("course", "message"),
    [
        (Course(Person("")), "key of Person must not be blank"),
        (Course(Person("x", "lady")), "sex of Person must be one of female"),  # type: ignore[arg-type]
        (Course(Person("x"), (Measured(ON, "burden", float("inf"), "%"),)), "must be a number"),
        (Course(Person("x"), grades=(Grade(ON, "a", "1", float("nan"), "patient"),)), "a number"),
        (Course(Person("x"), diary=(Entry(datetime(2024, 1, 1)),)), "offset from UTC"),
        (Course(Person("x"), diary=(Entry(datetime(2024, 1, 1, tzinfo=UTC), note="\x00"),)),
         "control characters"),
        (Course(Person("x"), diary=(Entry(datetime(2024, 1, 1, tzinfo=UTC), burden=2**31),)),
         "less than 2"),
        (Course(Person("x"), treatments=(Medicine(ON, "a", until=date(2023, 1, 1)),)),
         "must not end before it begins"),
        (Course(Person("x"), treatments=(Injection(datetime(2024, 1, 1), "botox", ()),)),
         "a date without a time"),
        (Course(Person("x"), side_effects=(SideEffect(ON, "ptosis", degree=4),)), "one of 1, 2, 3"),
    ],
)  # fmt: skip
def test_what_no_file_can_hold_is_told_before_anything_is_written(
    tmp_path: Path, course: Course, message: str
) -> None:
    for write in (
        lambda: write_fhir(course, tmp_path / "course.json"),
        lambda: write_csv(course, tmp_path / "course"),
    ):
        with pytest.raises(ConventionError, match=message):
            write()
    assert not list(tmp_path.iterdir())


def test_offsets_from_utc_have_whole_minutes_and_fourteen_hours_at_most(tmp_path: Path) -> None:
    for offset, fits in ((14 * 3600, True), (14 * 3600 + 60, False), (21208, False)):
        zone = timezone(timedelta(seconds=offset))
        course = Course(Person("x"), diary=(Entry(datetime(2024, 1, 1, tzinfo=zone)),))
        if fits:
            write_fhir(course, tmp_path / "course.json")
        else:
            with pytest.raises(ConventionError, match="14 hours"):
                write_fhir(course, tmp_path / "course.json")


def test_the_tables_of_a_course(tmp_path: Path) -> None:
    written = write_csv(TOLD, tmp_path / "course")

    assert sorted(one.name for one in written) == [
        "diary.csv", "doses.csv", "grades.csv", "measures.csv", "person.csv", "side_effects.csv",
        "treatments.csv",
    ]  # fmt: skip
    with (tmp_path / "course" / "doses.csv").open(encoding="utf-8-sig", newline="") as file:
        assert [list(row.values()) for row in csv.DictReader(file)] == [
            ["1", "orbicularis_oculi_lower", "left", "20.0"],
            ["1", "zygomaticus", "left", "10.0"],
        ]


@pytest.mark.parametrize("sign", ["=", "+", "-", "@", "\t", "\r", "＝", "'"])
def test_no_cell_of_free_text_begins_as_a_formula(tmp_path: Path, sign: str) -> None:
    note = f"{sign}1+1"
    entry = Entry(datetime(2024, 1, 1, tzinfo=UTC), note=note, medicines=(note, "x"))
    course = Course(Person("x"), diary=(entry,))
    write_csv(course, tmp_path)

    with (tmp_path / "diary.csv").open(encoding="utf-8-sig", newline="") as file:
        (row,) = csv.DictReader(file)
    assert row["note"] == f"'{note}"
    assert row["medicines"].startswith(f"'{sign}")
    assert read_csv(tmp_path) == course


def test_numbers_are_left_alone(tmp_path: Path) -> None:
    write_csv(replace(TOLD, measured=(replace(TOLD.measured[0], low=-1.5),)), tmp_path)

    assert ",-1.5," in (tmp_path / "measures.csv").read_text(encoding="utf-8-sig")


@given(st.text(st.sampled_from("=+-@;,'\t\r\na ")))
def test_the_guard_is_undone_exactly(text: str) -> None:
    guarded = guard(text)

    assert unguard(guarded) == text
    assert not guarded.startswith(tuple("=+-@\t\r\n"))
    assert not any(f";{sign}" in guarded for sign in "=+-@")


@pytest.mark.parametrize(
    ("name", "old", "new", "message"),
    [
        ("diary.csv", "spasm_now", "spasm", "must have the columns at, side"),
        ("diary.csv", "no,", "perhaps,", "neither yes nor no"),
        ("grades.csv", "patient", "nobody", "by of Grade must be one of"),
        ("measures.csv", "2024-01-02", "soon", "line 2"),
        ("person.csv", "left", "middle", "affected_side of Person must be one of left, right"),
        ("treatments.csv", "operation", "spell", "line|course"),
    ],
)
def test_a_bad_table_is_told(tmp_path: Path, name: str, old: str, new: str, message: str) -> None:
    write_csv(TOLD, tmp_path)
    path = tmp_path / name
    text = path.read_bytes().decode("utf-8-sig")
    assert old in text
    path.write_text(text.replace(old, new), encoding="utf-8", newline="")

    with pytest.raises(SourceError, match=message):
        read_csv(tmp_path)


def test_tables_are_written_all_or_none(tmp_path: Path) -> None:
    (tmp_path / "grades.csv").mkdir()

    with pytest.raises(OutputError, match=r"grades\.csv must be a file"):
        write_csv(TOLD, tmp_path)
    assert [one.name for one in tmp_path.iterdir()] == ["grades.csv"]
