"""Agreement by thought, and against published tables."""

import math
from dataclasses import replace

import numpy as np
import pytest

from hemiface.agreement import (
    BANDS_MM,
    Events,
    compare,
    events_of,
    match_events,
    measure_icc,
    measure_limits,
    pool,
)
from hemiface.errors import ConventionError
from hemiface.types import Blink, Measurement, Quality, Recording, Side, Span, Spasm

RECORDING = Recording("a", "video", "a.mp4", "0", 30.0, 60.0, 1800, 640, 480, None, "rest")


def spasm(
    onset_s: float, duration_s: float = 0.2, side: Side = "left", amplitude_mm: float = 2.0
) -> Spasm:
    kind = "clonic" if duration_s < 1 else "tonic"
    return Spasm(onset_s, duration_s, onset_s, side, kind, amplitude_mm, ("zygomaticus",))


def measurement(
    *spasms: Spasm, blinks: tuple[Blink, ...] = (), observed_s: float = 60.0
) -> Measurement:
    return Measurement(
        RECORDING, "left", spasms, blinks, (), Quality(observed_s, 200.0), {"version": "0"}
    )


def test_overlap_or_a_near_onset_makes_a_match() -> None:
    truth = [spasm(1.0, 2.0), spasm(5.0), spasm(8.0)]
    found = [spasm(2.5), spasm(5.34), spasm(7.79, 0.1), spasm(20.0)]

    assert match_events(found, truth) == [(0, 0)]
    assert match_events([spasm(4.8, 0.1), spasm(7.86, 0.05)], truth) == [(1, 2)]


def test_matching_is_one_to_one() -> None:
    assert match_events([spasm(1.0), spasm(1.05)], [spasm(1.0, 0.5)]) == [(0, 0)]


def test_the_most_pairs_win_over_the_nearest() -> None:
    # The nearest pair, (0, 1), would leave two events alone.
    found, truth = [spasm(1.10, 0.01), spasm(1.22, 0.01)], [spasm(1.0, 0.01), spasm(1.11, 0.01)]

    assert match_events(found, truth) == [(0, 0), (1, 1)]


def test_sides_are_not_mixed_unless_asked() -> None:
    found, truth = [spasm(1.0, side="right")], [spasm(1.0, side="left")]

    assert match_events(found, truth) == []
    assert match_events(found, truth, any_side=True) == [(0, 0)]
    both = [spasm(1.0, side="right"), spasm(1.0, side="left")]
    assert match_events(both, truth, any_side=True) == [(1, 0)]


def test_blinks_match_without_a_side() -> None:
    assert match_events([Blink(1.0, 0.2, 1, 1)], [Blink(1.1, 0.2, 1, 1)]) == [(0, 0)]


def test_thousands_of_events_are_matched() -> None:
    truth = [spasm(float(i)) for i in range(5000)]

    assert match_events([spasm(i + 0.1) for i in range(5000)], truth) == [
        (i, i) for i in range(5000)
    ]


def test_a_measurement_agrees_with_itself() -> None:
    m = measurement(spasm(1), spasm(3, 2.0), spasm(8, side="right"), blinks=(Blink(5, 0.2, 1, 1),))

    a = compare(m, m)

    assert (a.n_found, a.n_truth, a.n_matched) == (3, 3, 3)
    assert a.blinks is not None
    assert (a.precision, a.recall, a.f1, a.side_agreement, a.blinks.f1) == (1, 1, 1, 1, 1)
    assert (a.onset_error_median_s, a.onset_error_p90_s, a.duration_error_median_s) == (0, 0, 0)
    assert (a.false_per_min, a.burden_error, a.rate_error) == (0, 0, 0)


def test_nothing_found_where_there_is_nothing_is_right() -> None:
    a = compare(measurement(), measurement())

    assert a.blinks is not None
    assert (a.precision, a.recall, a.f1, a.blinks.f1) == (1, 1, 1, 1)
    assert (a.false_per_min, a.burden_error, a.rate_error) == (0, 0, 0)
    assert math.isnan(a.onset_error_median_s)
    assert math.isnan(a.side_agreement)


def test_errors_are_those_of_arithmetic() -> None:
    truth = measurement(spasm(1, 1.0), spasm(10, 1.0), spasm(20, 1.0), spasm(30, 1.0))
    found = measurement(spasm(1.1, 1.0), spasm(10, 0.7), spasm(20, 1.0, "right"), spasm(50, 0.5))

    a = compare(found, truth)

    assert (a.n_found, a.n_truth, a.n_matched) == (4, 4, 2)
    assert (a.precision, a.recall, a.f1) == (0.5, 0.5, 0.5)
    assert a.onset_error_median_s == pytest.approx(0.05)
    assert a.onset_error_p90_s == pytest.approx(0.09)
    assert a.duration_error_median_s == pytest.approx(0.15)
    assert a.side_agreement == pytest.approx(2 / 3)
    assert a.false_per_min == pytest.approx(2)
    assert a.burden_error == pytest.approx(100 * (3.2 - 4.0) / 60)
    assert a.rate_error == 0


def test_rates_are_of_the_time_each_observed() -> None:
    truth = measurement(spasm(1), spasm(10))
    found = measurement(spasm(1), spasm(10), observed_s=30.0)

    assert compare(found, truth).rate_error == pytest.approx(1.0)


def test_burden_counts_overlapping_time_once() -> None:
    truth = measurement(spasm(1, 3.0))
    found = measurement(spasm(1, 2.0), spasm(2, 2.0, "right"))

    assert compare(found, truth).burden_error == pytest.approx(0.0)


def test_unseen_edges_do_not_count_as_errors() -> None:
    truth = measurement(spasm(1, 4.0), spasm(10, 1.0))
    found = measurement(replace(spasm(2, 3.0), cut_start=True), spasm(10.1, 1.0))

    a = compare(found, truth)

    assert a.n_matched == 2
    assert a.onset_error_median_s == pytest.approx(0.1)
    assert a.duration_error_median_s == pytest.approx(0.0)


def test_faint_spasms_are_neither_rewarded_nor_punished() -> None:
    truth = measurement(spasm(1), spasm(5, amplitude_mm=0.3))

    missed = compare(measurement(spasm(1)), truth)
    seen = compare(measurement(spasm(1), spasm(5)), truth)

    for a in (missed, seen):
        assert (a.n_found, a.n_truth, a.n_matched, a.f1) == (1, 1, 1, 1)
        assert a.rate_error == a.burden_error == a.false_per_min == 0


def test_a_faint_spasm_does_not_take_the_match_of_a_strong_one() -> None:
    # The found one lies nearer to the faint one.
    truth = measurement(spasm(1.0, 0.3), spasm(1.2, 0.3, amplitude_mm=0.3))

    assert compare(measurement(spasm(1.2, 0.3)), truth).f1 == 1


def test_bands_judge_amplitudes_apart() -> None:
    truth = measurement(
        spasm(1, amplitude_mm=0.7), spasm(5, amplitude_mm=2), spasm(9, amplitude_mm=3)
    )
    found = measurement(
        spasm(5, amplitude_mm=0.9),  # a strong one, under-read
        spasm(9, amplitude_mm=3),
        spasm(20, amplitude_mm=0.6),  # false
    )

    faint, strong = compare(found, truth).bands

    assert (faint.low_mm, faint.high_mm, strong.low_mm, strong.high_mm) == (0.5, 1, 1, math.inf)
    assert (faint.n_found, faint.n_truth, faint.n_matched) == (1, 1, 0)
    assert (strong.n_found, strong.n_truth, strong.n_matched, strong.f1) == (2, 2, 2, 1)


def test_errors_keep_their_sign() -> None:
    truth = measurement(spasm(1, 1.0), spasm(10, 1.0), spasm(20, 1.0))
    found = measurement(spasm(1.1, 1.0), spasm(9.9, 1.3), spasm(20.3, 1.0))

    a = compare(found, truth)

    assert a.onset_s.each == pytest.approx((0.1, -0.1, 0.3))
    assert a.onset_s.mean == pytest.approx(0.1)
    # Percentiles 2.5 and 97.5 of three lie a twentieth of the way from the ends.
    assert (a.onset_s.low, a.onset_s.high) == pytest.approx((-0.1 + 0.05 * 0.2, 0.3 - 0.05 * 0.2))
    assert a.duration_s.mean == pytest.approx(0.1)


def test_a_spasm_of_unknown_amplitude_is_asked_for_but_lies_in_no_band() -> None:
    unknown = spasm(5, amplitude_mm=math.nan)
    strong = spasm(1)

    marked = Events((strong, unknown))

    assert compare(measurement(strong), marked).recall == 0.5
    assert compare(measurement(strong, spasm(5)), marked).f1 == 1
    assert [band.n_truth for band in compare(measurement(strong), marked).bands] == [0, 1]
    assert compare(measurement(strong), Events((unknown,))).bands == ()


def test_blinks_that_nobody_marked_are_not_missed() -> None:
    blinked = measurement(blinks=(Blink(5, 0.2, 1, 1),))

    assert compare(blinked, Events(())).blinks is None
    seen = compare(blinked, Events((), blinks=())).blinks
    assert seen is not None
    assert (seen.n_found, seen.n_truth) == (1, 0)


def test_who_does_not_say_how_long_they_watched_watched_as_long() -> None:
    a = compare(measurement(spasm(1, 3.0), observed_s=30.0), Events((spasm(1, 3.0), spasm(9, 3.0))))

    assert (a.found_per_min, a.true_per_min) == (2, 4)
    assert (a.found_burden, a.true_burden) == pytest.approx((10, 20))
    assert (a.rate_error, a.burden_error) == pytest.approx((-0.5, -10))
    nobody = compare(Events((spasm(1),)), Events((spasm(1),)))
    assert math.isnan(nobody.rate_error)
    assert nobody.f1 == 1


def test_only_what_both_observed_is_compared() -> None:
    found = measurement(spasm(1), spasm(30), spasm(50))
    truth = Events((spasm(1), spasm(12)), observed=(Span(0, 10), Span(45, 60)), observed_s=25)

    a = compare(found, truth)

    assert (a.n_found, a.n_truth, a.n_matched) == (2, 1, 1)
    assert (a.found_per_min, a.true_per_min) == pytest.approx((2 * 60 / 25, 60 / 25))


def test_events_beyond_the_recording_are_refused() -> None:
    with pytest.raises(ConventionError, match="recording of 60 s; one begins at 5000 s"):
        compare(measurement(spasm(5)), Events((spasm(5000),)))


def test_a_measurement_and_its_events_compare_alike() -> None:
    m = measurement(spasm(1), spasm(3, 2.0))

    assert repr(compare(events_of(m), m)) == repr(compare(m, m))


def test_pooled_events_weigh_the_same() -> None:
    whole = compare(measurement(*map(spasm, range(1, 10))), measurement(*map(spasm, range(1, 10))))
    missed = compare(measurement(), measurement(spasm(1)))

    pooled = pool([whole, missed])

    assert (pooled.spasms.n_truth, pooled.spasms.n_matched) == (10, 9)
    assert pooled.spasms.f1 == pytest.approx(18 / 19)
    assert [(band.low_mm, band.high_mm) for band in pooled.bands] == list(BANDS_MM)
    assert pooled.bands[1].n_truth == 10
    assert pooled.onset_s.each == (0.0,) * 9
    assert (pooled.rate.found, pooled.rate.true) == ((9, 0), (9, 1))
    assert pooled.rate.limits is not None
    assert pooled.rate.limits.bias == pytest.approx(-0.5)
    assert math.isnan(pooled.spasms.f1_low)


def test_the_interval_of_f1_is_over_recordings() -> None:
    perfect = compare(measurement(spasm(1)), measurement(spasm(1)))
    missed = compare(measurement(), measurement(spasm(1)))

    alike = pool([perfect] * 6).spasms
    apart = pool([perfect, missed] * 6).spasms

    assert (alike.f1_low, alike.f1_high) == (1, 1)
    assert apart.f1_low < apart.f1 < apart.f1_high
    # Of 12 recordings, a 2.5 % chance draws at most 3 of the 6 perfect: F1 = 6 / 15.
    assert apart.f1_low == pytest.approx(0.4)
    assert pool([perfect, missed] * 6) == pool([perfect, missed] * 6)


def test_one_recording_has_no_limits() -> None:
    pooled = pool([compare(measurement(spasm(1)), measurement(spasm(1)))])

    assert pooled.rate.limits is None
    assert math.isnan(pooled.rate.icc.value)


# Shrout & Fleiss 1979, table 2: six targets, four judges. Their table 4 gives ICC(2,1) = .29;
# the interval .02 to .76 is what standard packages give for these data.
SHROUT_FLEISS = [
    [9, 2, 5, 8],
    [6, 1, 3, 2],
    [8, 4, 6, 8],
    [7, 1, 2, 6],
    [10, 5, 6, 9],
    [6, 2, 4, 7],
]

# Bland & Altman 1986, table 1: peak expiratory flow by two meters, first readings, l/min.
WRIGHT = [494, 395, 516, 434, 476, 557, 413, 442, 650, 433, 417, 656, 267, 478, 178, 423, 427]
MINI = [512, 430, 520, 428, 500, 600, 364, 380, 658, 445, 432, 626, 260, 477, 259, 350, 451]


def test_icc_is_that_of_shrout_and_fleiss() -> None:
    icc = measure_icc(SHROUT_FLEISS)

    assert round(icc.value, 2) == 0.29
    assert (round(icc.low, 2), round(icc.high, 2)) == (0.02, 0.76)


def test_icc_leaves_out_what_a_rater_left_out() -> None:
    assert measure_icc([*SHROUT_FLEISS, [1, math.nan, 3, 4]]) == measure_icc(SHROUT_FLEISS)


def test_icc_of_raters_who_agree_is_one_and_of_a_constant_unknown() -> None:
    icc = measure_icc([[1, 1], [2, 2], [3, 3]])

    assert (icc.value, icc.low, icc.high) == (1, 1, 1)
    assert math.isnan(measure_icc(np.ones((4, 3))).value)


def test_limits_are_those_of_bland_and_altman() -> None:
    limits = measure_limits(WRIGHT, MINI)

    assert limits.n == 17
    assert round(limits.bias, 1) == -2.1
    assert round(limits.sd, 1) == 38.8
    assert (limits.low, limits.high) == pytest.approx(
        (-2.1 - 1.96 * 38.8, -2.1 + 1.96 * 38.8), abs=0.1
    )
    # The standard error of the bias is 9.4, t of 16 degrees of freedom 2.12.
    assert (limits.bias_low, limits.bias_high) == pytest.approx((-22.0, 17.8), abs=0.1)


@pytest.mark.parametrize("ratings", [[[1, 2]], [[1], [2]], [1, 2, 3], [[1, math.nan], [2, 3]]])
def test_too_few_ratings_are_refused(ratings: list[float]) -> None:
    with pytest.raises(ConventionError, match="at least 2 complete targets by 2 raters"):
        measure_icc(ratings)


def test_unpaired_numbers_are_refused() -> None:
    with pytest.raises(ConventionError, match="got 3 and 2 numbers"):
        measure_limits([1, 2, 3], [1, 2])
