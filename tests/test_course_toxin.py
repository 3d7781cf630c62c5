"""The response to botulinum toxin, on courses whose curve is known."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from course_story import a_course, counted, injection, on
from hemiface.course import fit_toxin
from hemiface.course.toxin_model import block
from hemiface.records import Operation

WEEKLY = np.arange(0.0, 365.0, 7.0)
SESSIONS = (28.0, 140.0, 252.0)
TAU, T50, MOST = 10.0, 80.0, 1.4


def left(day: float) -> float:
    since = day - np.array(SESSIONS)
    return float(np.prod(1.0 - block(since, np.log(TAU), np.log(T50), np.array(MOST))))


def treated():
    measured = counted(lambda d: 25 * left(d), WEEKLY, size_mm=lambda d: 2 * left(d))
    return a_course(measured, *map(injection, SESSIONS))


def test_onset_peak_and_end_are_found():
    days = np.arange(0.0, 300.0, 0.25)
    curve = block(days, np.log(TAU), np.log(T50), np.array(MOST))
    felt = days[(curve >= 0.2 * curve.max()).argmax()]
    ended = days[(days > days[curve.argmax()]) & (curve <= 0.5 * curve.max())][0]

    fit = fit_toxin(treated())

    assert (fit.reason, fit.side, fit.n_visits) == ("", "left", len(WEEKLY))
    for response in fit.responses:
        assert response.seen is True
        assert response.onset_d.value == pytest.approx(felt, abs=1.5)
        assert response.end_d.value == pytest.approx(ended, abs=7.0)
        assert response.peak_share.value == pytest.approx(curve.max(), abs=0.06)
        assert response.end_d.low < response.end_d.value < response.end_d.high
        first, low, high = response.ends_on
        assert low < first < high


def test_another_curve_than_the_models_is_followed_too():
    """A straight rise over ten days, a level until day 70, and a straight fall until day 130."""

    def rest(day: float) -> float:
        since = [day - session for session in SESSIONS]
        return min(1 - 0.8 * np.interp(s, [0, 10, 70, 130], [0, 1, 1, 0]) for s in since)

    measured = counted(lambda d: 25 * rest(d), WEEKLY, size_mm=lambda d: 2 * rest(d))
    fit = fit_toxin(a_course(measured, *map(injection, SESSIONS)))

    for response in fit.responses[:2]:
        assert response.onset_d.value == pytest.approx(2.0, abs=3.0)
        assert response.end_d.value == pytest.approx(100.0, abs=14.0)


def test_a_session_that_did_nothing_is_told_from_those_that_did():
    def rest(day: float) -> float:
        since = day - np.array([SESSIONS[0], SESSIONS[2]])
        return float(np.prod(1.0 - block(since, np.log(TAU), np.log(T50), np.array(MOST))))

    measured = counted(lambda d: 25 * rest(d), WEEKLY, size_mm=lambda d: 2 * rest(d))
    fit = fit_toxin(a_course(measured, *map(injection, SESSIONS)))

    assert [one.seen for one in fit.responses] == [True, False, True]
    assert fit.responses[1].end_d is None
    assert fit.responses[1].ends_on is None


def test_what_is_left_is_whole_before_the_first_session_and_a_band_after():
    fit = fit_toxin(treated())

    before, later = fit.left([on(10)])[:, 0], fit.left([on(28 + 25)])[:, 0]

    assert before.tolist() == [1.0, 1.0, 1.0]
    assert later[1] <= later[0] <= later[2]
    assert later[0] == pytest.approx(left(28 + 25), abs=0.08)


def test_visits_after_an_operation_are_left_out():
    course = treated()
    operated = replace(course, treatments=(*course.treatments, Operation(on(300), "left")))

    assert fit_toxin(operated).n_visits == sum(day < 300 for day in WEEKLY)


@pytest.mark.parametrize(
    ("course", "sentence"),
    [
        (a_course(counted(lambda _: 20.0, WEEKLY)), "No injection is written down"),
        (a_course(counted(lambda _: 20.0, WEEKLY[:4]), injection(7)), "At least 6 days"),
        (a_course(counted(lambda _: 20.0, WEEKLY), injection(400)), "No video within two months"),
        (a_course(counted(lambda _: 20.0, range(8, 29, 3)), injection(7)), "No video before"),
    ],
)
def test_too_little_is_said(course, sentence):
    fit = fit_toxin(course)
    assert sentence in fit.reason
    assert fit.responses == ()
    assert fit.left([on(30)]).tolist() == [[1.0]] * 3


@settings(max_examples=8, deadline=None)
@given(
    brands=st.lists(st.sampled_from(["a", "b"]), min_size=3, max_size=3),
    factor=st.sampled_from([0.02, 0.3, 3.0]),
)
def test_any_rate_and_brands_give_ordered_intervals(brands, factor):
    measured = counted(lambda d: 25 * factor * left(d), WEEKLY)
    sessions = [injection(day, brand) for day, brand in zip(SESSIONS, brands, strict=True)]

    for response in fit_toxin(a_course(measured, *sessions)).responses:
        for one in (response.peak_share, response.onset_d, response.peak_d, response.end_d):
            assert one is None or one.low <= one.value <= one.high
