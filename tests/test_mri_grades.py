"""Grades follow from the numbers, as the publications word them."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hemiface.mri.grades import (
    DEEP_MM,
    GRADES,
    TOUCH_MM,
    PublishedGrades,
    grade,
    grades_within,
    published_grades,
)
from test_mri_writing import example_found

_GAPS = st.floats(-2.0, 5.0)


@pytest.mark.parametrize(
    ("gap", "displacement", "name"),
    [(1.0, 0.0, "apart"), (0.0, 0.0, "touching"), (-0.1, 1.0, "displaced"), (-0.5, 1.0, "deep")],
)
def test_a_gap_has_its_grade(gap: float, displacement: float, name: str) -> None:
    assert GRADES[grade(gap, displacement)] == name


@given(_GAPS, _GAPS, st.floats(0.0, 2.0), st.floats(0.0, 1.0))
def test_an_interval_allows_the_grade_of_each_gap_in_it(
    one: float, other: float, displacement: float, share: float
) -> None:
    low, high = sorted((one, other))
    inside = min(max(low + share * (high - low), low), high)
    assert grade(inside, displacement) in grades_within(low, high, displacement)


def test_an_interval_across_borders_allows_what_lies_on_both_sides() -> None:
    assert grades_within(0.5, 1.0, 0.0) == (0,)
    assert grades_within(TOUCH_MM - 0.1, TOUCH_MM + 0.1, 0.0) == (0, 1)
    assert grades_within(-DEEP_MM - 0.1, TOUCH_MM + 0.1, 0.0) == (0, 1, 3)


@pytest.mark.parametrize(
    ("measured", "campos", "deformity"),
    [
        ({"grade": 0}, "none", "none"),
        ({"grade": 1, "depth_mm": 0.1}, "mild", "contact"),
        ({"grade": 3, "depth_mm": 0.5}, "moderate", "deformity"),
        ({"grade": 2, "displacement_mm": 0.8}, "severe", "deformity"),
        ({"grade": 3, "depth_mm": 0.5, "displacement_mm": 0.8}, "severe", "deformity"),
    ],
)
def test_publications_would_call_it(measured: dict[str, float], campos, deformity) -> None:
    (side,) = example_found().sides
    assert side.conflict is not None
    found = replace(side.conflict, **measured)
    assert published_grades(found) == PublishedGrades(campos, deformity)
