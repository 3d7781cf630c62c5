"""Numbers of agreement, against published tables and what must hold for any."""

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hemiface.agreement import (
    measure_icc,
    measure_kappa,
    measure_limits,
    measure_retest,
    measure_rho,
)
from hemiface.errors import ConventionError

# Bland & Altman 1996, table 1: peak expiratory flow of 20 schoolchildren, four times each, l/min.
# Their within-subject variance is 460.52, and the standard deviation 21.5.
PEFR = [
    [190, 220, 200, 200], [220, 200, 240, 230], [260, 260, 240, 280], [210, 300, 280, 265],
    [270, 265, 280, 270], [280, 280, 270, 275], [260, 280, 280, 300], [275, 275, 275, 305],
    [280, 290, 300, 290], [320, 290, 300, 290], [300, 300, 310, 300], [270, 250, 330, 370],
    [320, 330, 330, 330], [335, 320, 335, 375], [350, 320, 340, 365], [360, 320, 350, 345],
    [330, 340, 380, 390], [335, 385, 360, 370], [400, 420, 425, 420], [430, 460, 480, 470],
]  # fmt: skip

# Agresti 1990, p. 44 (Hout, Duncan & Sobel 1987): how 91 husbands and wives rate the same thing,
# from "never" to "always fun". The R package vcd, whose example it is, prints for linear weights
# kappa .2374 and standard error .07832.
MARRIAGES = [[7, 7, 2, 3], [2, 8, 3, 7], [1, 5, 4, 9], [2, 8, 9, 14]]

tables = st.builds(
    lambda n, seed: (
        np.random.default_rng(seed).normal(size=(n, 1))
        + np.random.default_rng(seed + 1).normal(size=(n, 2))
    ),
    st.integers(4, 15),
    st.integers(0, 2**31),
)
grades = st.lists(st.tuples(st.integers(0, 4), st.integers(0, 4)), min_size=3, max_size=30)


def as_ratings(counts: list[list[int]]) -> tuple[list[int], list[int]]:
    pairs = [(i, j) for i, row in enumerate(counts) for j, n in enumerate(row) for _ in range(n)]
    return [i for i, _ in pairs], [j for _, j in pairs]


def test_the_intervals_of_limits_cover_the_truth_for_few_pairs() -> None:
    rng = np.random.default_rng(11)
    low, high = 0, 0
    for _ in range(600):
        limits = measure_limits(rng.normal(5.0, 2.0, size=6), np.zeros(6))
        low += limits.low_interval[0] <= 5 - 1.96 * 2 <= limits.low_interval[1]
        high += limits.high_interval[0] <= 5 + 1.96 * 2 <= limits.high_interval[1]

    assert 0.93 <= low / 600 <= 0.97
    assert 0.93 <= high / 600 <= 0.97


def test_for_many_pairs_the_intervals_are_those_of_bland_and_altman() -> None:
    # Their standard error of a limit (1999) is sd √(1/n + 1.96²/(2(n - 1))).
    away = np.random.default_rng(2).normal(size=2000)
    error = away.std(ddof=1) * math.sqrt(1 / 2000 + 1.96**2 / (2 * 1999))

    limits = measure_limits(away, np.zeros(2000))

    assert limits.low_interval == pytest.approx(
        (limits.low - 1.96 * error, limits.low + 1.96 * error), abs=0.01
    )
    assert limits.high_interval[1] - limits.high == pytest.approx(1.96 * error, abs=0.01)


def test_weighted_kappa_is_the_published_one() -> None:
    kappa = measure_kappa(*as_ratings(MARRIAGES))

    assert kappa.value == pytest.approx(0.2374, abs=5e-5)
    assert (kappa.high - kappa.low) / (2 * 1.96) == pytest.approx(0.07832, abs=5e-6)


def test_two_grades_have_one_kappa_that_can_be_worked_by_hand() -> None:
    # 20 yes-yes, 5 yes-no, 10 no-yes, 15 no-no: observed .7, by chance .5.
    first, second = as_ratings([[20, 5], [10, 15]])

    assert measure_kappa(first, second).value == pytest.approx(0.4)
    assert measure_kappa(first, second, "quadratic").value == pytest.approx(0.4)


@settings(deadline=None)
@given(grades)
def test_quadratic_kappa_is_the_concordance_of_lin(pairs: list[tuple[int, int]]) -> None:
    # King & Chinchilli 2001 (doi:10.1002/sim.845): the two are one, with moments over n.
    first, second = np.array(pairs, dtype=float).T
    whole = first.var() + second.var() + (first.mean() - second.mean()) ** 2

    kappa = measure_kappa(first, second, "quadratic").value

    if whole == 0:
        assert math.isnan(kappa)
    else:
        both = np.mean((first - first.mean()) * (second - second.mean()))
        assert kappa == pytest.approx(2 * both / whole, abs=1e-9)


def test_kappa_of_full_agreement_is_one_without_doubt_and_of_one_grade_unknown() -> None:
    whole = measure_kappa([0, 1, 2, 4], [0, 1, 2, 4])

    assert (whole.value, whole.low, whole.high) == pytest.approx((1, 1, 1))
    assert math.isnan(measure_kappa([2, 2, 2], [2, 2, 2]).value)
    one_says_nothing = measure_kappa([2, 2, 2], [1, 2, 3])
    assert one_says_nothing.value == 0
    assert math.isnan(one_says_nothing.low)


@pytest.mark.parametrize(
    ("first", "sentence"), [([0.5, 1, 2], "whole numbers"), ([0, 1, 5000], "at most 100 grades")]
)
def test_what_is_no_grade_is_refused(first: list[float], sentence: str) -> None:
    with pytest.raises(ConventionError, match=sentence):
        measure_kappa(first, [0, 1, 2])


def test_retest_is_that_of_bland_and_altman() -> None:
    retest = measure_retest(PEFR)

    assert (retest.n, retest.k) == (20, 4)
    assert retest.within_sd**2 == pytest.approx(460.52, abs=0.005)


def test_the_detectable_change_of_two_times_is_1_96_sd_of_their_differences() -> None:
    # With two times, SEM is SD/√2, so the change is 1.96 SD: half the width of the limits.
    times = np.array(PEFR)[:, :2]
    away = times[:, 0] - times[:, 1]

    retest = measure_retest(times)

    assert retest.sem == pytest.approx(away.std(ddof=1) / math.sqrt(2))
    assert retest.mdc95.value == pytest.approx(1.96 * away.std(ddof=1))
    assert retest.mdc95.low < retest.mdc95.value < retest.mdc95.high


def test_a_shift_of_all_is_in_the_within_sd_but_not_in_sem() -> None:
    retest = measure_retest([[1, 3], [4, 6], [9, 11]])

    assert retest.within_sd == pytest.approx(math.sqrt(2))
    assert retest.sem == pytest.approx(0, abs=1e-12)


def test_the_interval_of_the_detectable_change_covers_the_truth() -> None:
    rng = np.random.default_rng(7)
    truth, held = 1.96 * math.sqrt(2) * 2.0, 0
    for _ in range(400):
        change = measure_retest(rng.normal(size=(12, 1)) + 2.0 * rng.normal(size=(12, 3))).mdc95
        held += change.low <= truth <= change.high

    assert 0.92 <= held / 400 <= 0.98


def test_rho_is_that_of_ranks() -> None:
    # 1 - 6 Σd² / (n(n² - 1)) with d = 0, 1, -1, 0, 0.
    rho = measure_rho([1, 2, 3, 4, 5], [1, 30, 20, 400, 5000])

    assert rho.value == pytest.approx(0.9)
    margin = 1.96 * math.sqrt((1 + 0.81 / 2) / 2)
    assert rho.low == pytest.approx(math.tanh(math.atanh(0.9) - margin))
    assert rho.high == pytest.approx(math.tanh(math.atanh(0.9) + margin))


def test_ranks_that_say_nothing_have_no_interval() -> None:
    assert math.isnan(measure_rho([1, 1, 1, 1], [1, 2, 3, 4]).value)
    assert math.isnan(measure_rho([1, 2, 3], [1, 3, 2]).low)
    same = measure_rho([1, 2, 3, 4, 5], [1, 2, 3, 4, 5])
    assert same.value == pytest.approx(1)
    assert math.isnan(same.low)


@settings(deadline=None)
@given(tables, st.floats(1.0, 50.0), st.randoms(use_true_random=False))
def test_what_changes_agreement_and_what_does_not(table, shift, order) -> None:
    rows = order.sample(range(len(table)), len(table))
    shifted = table + np.array([0.0, 10 * shift])
    icc, rho = measure_icc(table).value, measure_rho(*table.T).value

    assert measure_icc(table[rows]).value == pytest.approx(icc)
    assert measure_rho(*table[rows].T).value == pytest.approx(rho)
    assert measure_limits(*table[rows].T).sd == pytest.approx(measure_limits(*table.T).sd)
    # A constant between raters is disagreement in numbers, and none in ranks.
    assert abs(measure_icc(shifted).value) < abs(icc)
    assert measure_rho(*shifted.T).value == pytest.approx(rho)
    assert measure_limits(*shifted.T).bias == pytest.approx(
        measure_limits(*table.T).bias - 10 * shift
    )


@settings(deadline=None)
@given(tables)
def test_perfect_agreement_is_perfect(table) -> None:
    same = np.column_stack([table[:, 0], table[:, 0]])

    assert measure_icc(same).value == pytest.approx(1)
    assert measure_limits(*same.T).sd == measure_limits(*same.T).bias == 0
    assert measure_retest(same).mdc95.value == pytest.approx(0, abs=1e-9)
