"""What became of the spasms after an operation, on courses whose answer is known."""

import numpy as np
import pytest

from course_story import a_course, counted, injection, on
from hemiface.course import judge_surgery, others_free
from hemiface.records import Operation

WEEKLY = np.arange(0.0, 700.0, 7.0)
OPERATED = 140.0


def judged(after, day: float, *more):
    measured = counted(lambda d: 20.0 if d < OPERATED else after(d - OPERATED), WEEKLY)
    return judge_surgery(a_course(measured, Operation(on(OPERATED), "left"), *more), on(day))


def test_without_an_operation_there_is_nothing_to_judge():
    assert judge_surgery(a_course(counted(lambda _: 20.0, WEEKLY)), on(500)) is None
    assert judged(lambda _: 0.0, OPERATED - 1) is None


def test_free_at_once_and_free_late():
    at_once = judged(lambda _: 0.0, OPERATED + 200)
    late = judged(lambda t: 10.0 if t < 100 else 0.0, OPERATED + 200)

    assert (at_once.outcome, at_once.free_after_d) == ("free", 7.0)
    assert late.outcome == "free"
    assert late.free_after_d == pytest.approx(100, abs=7)
    assert at_once.left == 0.0
    assert at_once.high < 0.02


@pytest.mark.parametrize(("rate", "outcome"), [(6.0, "improved"), (18.0, "unchanged")])
def test_nothing_is_called_unchanged_before_a_year(rate, outcome):
    early, later = (judged(lambda _: rate, OPERATED + day) for day in (200, 370))

    assert early.outcome == "too early"
    assert later.outcome == outcome
    assert later.low < rate / 20.0 < later.high
    assert later.free_after_d is None


def test_spasms_that_come_back_after_months_without_have_recurred():
    back = judged(lambda t: 0.0 if t < 200 else 15.0, OPERATED + 300)
    assert back.outcome == "recurred"


def test_too_little_is_said():
    none_since = judge_surgery(
        a_course(counted(lambda _: 20.0, WEEKLY[WEEKLY < 140]), Operation(on(140), "left")), on(400)
    )
    assert none_since.outcome == "too little"


def test_the_usual_rate_is_not_that_under_an_injection():
    def before(day: float) -> float:
        return 4.0 if 20 < day < OPERATED else 20.0

    measured = counted(lambda d: before(d) if d < OPERATED else 10.0, WEEKLY)
    operated = a_course(measured, Operation(on(OPERATED), "left"), injection(20))
    assert judge_surgery(operated, on(OPERATED + 370)).left == pytest.approx(0.5, abs=0.02)


def test_others_are_those_of_the_published_series():
    assert [others_free(day) for day in (0, 7, 30, 365, 900)] == [0.0, 0.35, 0.51, 0.97, 0.97]
