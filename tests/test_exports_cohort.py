"""The table for research: nothing that tells who somebody is, and how small its groups are."""

from dataclasses import replace
from datetime import date
from pathlib import Path

import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings

from exports_story import COURSES, TOLD
from hemiface.errors import ConventionError
from hemiface.records import (
    Course,
    Grade,
    Injection,
    Measured,
    Medicine,
    Operation,
    Person,
    Therapy,
)
from hemiface.report.exports import cohort_table, measure_anonymity, write_cohort

SECRET = b"0123456789abcdef"
ON = date(2024, 6, 1)


def person(key: str, **about: object) -> Course:
    """One person measured once."""
    return Course(Person(key, **about), (Measured(ON, "burden", 5.0, "%"),))  # type: ignore[arg-type]


def test_one_row_per_measure_grade_and_treatment() -> None:
    table = cohort_table([TOLD], secret=SECRET)

    assert list(table["part"]) == ["measure"] * 2 + ["grade"] * 2 + ["treatment"] * 5
    assert set(table["born"]) == {"1960-1964"}
    assert list(table["name"])[-5:] == [
        "injection dysport", "medicine N03AE01", "physical electrical_stimulation",
        "operation microvascular_decompression", "injection botox",
    ]  # fmt: skip
    assert table.loc[table["name"] == "injection dysport", "value"].item() == 30.0


def test_days_count_from_the_first_treatment() -> None:
    table = cohort_table([TOLD], secret=SECRET)

    assert list(table["day"]) == [-8, 23, -8, -8, 0, 22, 22, 366, 143]
    assert table["until_day"].dropna().tolist() == [51]


def test_days_count_from_the_first_record_of_the_untreated() -> None:
    course = replace(TOLD, treatments=())

    assert list(cohort_table([course], secret=SECRET)["day"]) == [0, 31, 0, 0]


def test_nothing_of_what_was_written_goes_out() -> None:
    """Every free text says a name; no cell of the table does, nor any date."""
    said = "Meera Rao"
    course = Course(
        Person(said, "female", 1961, "left"),
        (Measured(ON, said, 1.0, said, "left", said, recording=said),),
        (Grade(ON, said, said, 3, "clinician"),),
        (),
        (
            Injection(ON, said, (), lot=said),
            Medicine(ON, said, said),
            Therapy(ON, "complementary", said, settings=((said, 1.0, said),)),
            Operation(ON, "left", said, said, (said,), said, said),
        ),
    )
    text = cohort_table([course], secret=SECRET).to_csv()

    assert "Meera" not in text
    assert "2024" not in text
    assert text.count("other") >= 8


def test_study_numbers_hang_on_the_secret_alone() -> None:
    def number(key: str, secret: bytes) -> str:
        return str(cohort_table([person(key)], secret=secret)["study_number"].item())

    assert number("a", SECRET) == number("a", SECRET)
    assert len({number("a", SECRET), number("b", SECRET), number("a", SECRET[::-1])}) == 3
    with pytest.raises(ConventionError, match="at least 16 bytes; got 5"):
        number("a", b"short")


def test_the_order_of_people_tells_nothing() -> None:
    people = [person(f"P-{number:03d}") for number in range(20)]
    first = cohort_table(people, secret=SECRET)

    pd.testing.assert_frame_equal(first, cohort_table(people[::-1], secret=SECRET))


@pytest.mark.parametrize(
    ("year", "band"),
    [(None, "unknown"), (1964, "1960-1964"), (1965, "1965-1969"), (1935, "1935-1939"),
     (1934, "aged 90 or more"), (1920, "aged 90 or more")],
)  # fmt: skip
def test_years_of_birth_are_in_bands_of_five_and_the_oldest_are_one_group(
    year: int | None, band: str
) -> None:
    table = cohort_table([person("x", birth_year=year)], secret=SECRET)

    assert set(table["born"]) == {band}


def test_small_groups_are_told(tmp_path: Path) -> None:
    people = [person(f"f{number}", sex="female", birth_year=1961) for number in range(6)]
    people += [person(f"m{number}", sex="male", birth_year=1942) for number in range(2)]
    told = write_cohort(people, tmp_path / "cohort.csv", secret=SECRET)

    assert (told.n_people, told.n_rows, told.smallest_group) == (8, 8, 2)
    assert told.small_groups == (("male", "1940-1944", 2),)
    assert len(pd.read_csv(tmp_path / "cohort.csv")) == 8


def test_nobody_makes_an_empty_table() -> None:
    assert measure_anonymity(cohort_table([], secret=SECRET)).smallest_group == 0


def test_one_person_is_there_once() -> None:
    with pytest.raises(ConventionError, match="another person; got 2 of 1"):
        cohort_table([person("x"), person("x")], secret=SECRET)


@settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(COURSES)
def test_any_course_makes_one_row_a_record(course: Course) -> None:
    table = cohort_table([course], secret=SECRET)

    assert len(table) == len(course.measured) + len(course.grades) + len(course.treatments)
