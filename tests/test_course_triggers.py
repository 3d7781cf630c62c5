"""Triggers from a diary: a planted one is found, and the others are not."""

from datetime import UTC, datetime, timedelta

import numpy as np
import pytest
from benchmarks.course.diaries import PLANTED, make_diary

from hemiface.course import trigger_effects
from hemiface.records import Course, Entry, Person

BEGIN = datetime(2026, 1, 1, 20, tzinfo=UTC)


def diary(n_days: int, burden, with_stress) -> Course:
    entries = [
        Entry(
            BEGIN + timedelta(days=day),
            burden=int(burden(day)),
            triggers=("stress",) if with_stress(day) else (),
        )
        for day in range(n_days)
    ]
    return Course(Person("p"), diary=tuple(entries))


def test_twice_the_burden_is_a_ratio_of_two():
    (stress,) = trigger_effects(diary(56, lambda d: 8 if d % 3 == 0 else 4, lambda d: d % 3 == 0))
    assert stress.ratio == pytest.approx(2.0, rel=0.02)
    assert stress.low < 2.0 < stress.high
    assert stress.found
    assert (stress.n_with, stress.n_without, stress.counted) == (19, 37, "burden")


def test_a_treatment_that_works_for_weeks_is_no_trigger():
    """Stress was named in the bad weeks only: what changes slowly is not put down to it."""
    (stress,) = trigger_effects(
        diary(84, lambda d: 8 if d < 42 else 2, lambda d: d < 42 and d % 2 == 0)
    )
    assert not stress.found
    assert 0.7 < stress.ratio < 1.4


def test_planted_triggers_are_found_and_others_rarely():
    found, false = [], []
    for seed in range(12):
        for one in trigger_effects(make_diary(seed, ratio=3.0)):
            (found if one.trigger == PLANTED else false).append(one.found)
    assert np.mean(found) >= 0.75
    assert np.mean(false) <= 0.1
    assert len(found) == 12


def test_spasms_noted_with_one_tap_are_counted_where_there_are_enough():
    effects = trigger_effects(make_diary(3, ratio=2.0))
    assert {one.counted for one in effects} == {"spasms"}
    assert [one.ratio for one in effects if not one.reason] == sorted(
        (one.ratio for one in effects if not one.reason), reverse=True
    )


@pytest.mark.parametrize(
    ("course", "reason"),
    [
        (diary(20, lambda _: 4, lambda d: d % 2), "At least 28 days"),
        (diary(40, lambda _: 4, lambda d: d < 3), "Fewer than 5 days"),
        (diary(40, lambda _: 4, lambda d: d > 2), "Fewer than 5 days"),
    ],
)
def test_too_little_is_said(course, reason):
    (one,) = trigger_effects(course)
    assert reason in one.reason
    assert np.isnan(one.ratio)
    assert not one.found


def test_a_diary_without_triggers_has_none():
    assert trigger_effects(Course(Person("p"))) == ()
    assert trigger_effects(diary(40, lambda _: 4, lambda _: False)) == ()
