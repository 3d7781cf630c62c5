"""The parts of the detector whose answer follows by arithmetic. Its behaviour is in contract/."""

import numpy as np
import pytest

from hemiface.spasms import detect_spasms
from hemiface.spasms.blinks import find_blinks
from hemiface.spasms.candidates import Candidate, excess_of, find_candidates, total_excess
from hemiface.spasms.features import CONSTRAINTS, FEATURES, describe
from hemiface.spasms.forest import Forest, packaged_forest
from hemiface.spasms.grid import EYE_MM, INDEX, NAMES, RATE_HZ, observed_spans, to_grid
from hemiface.spasms.judge import Judged, adapt, keep_best
from hemiface.types import Span
from signals_story import Move, blink, signals_story, smile, spasm


class TestExcess:
    @pytest.mark.parametrize(
        ("own", "other", "story"),
        [
            (0.0, 3.0, "the other side moves"),
            (-0.1, -3.0, "the other side relaxes, this one hardly"),
            (-3.0, -3.0, "both relax"),
            (-3.0, 0.0, "this side relaxes"),
            (1.0, -2.0, "the face is pulled across"),
        ],
    )
    def test_is_none_where(self, own: float, other: float, story: str) -> None:
        assert excess_of(np.array([own]), np.array([other]))[0] <= 0.0, story

    def test_of_one_side_alone_is_all_of_it(self) -> None:
        assert excess_of(np.array([3.0]), np.array([0.0]))[0] == pytest.approx(3.0)

    def test_of_both_is_less_than_their_difference(self) -> None:
        assert 0.0 < excess_of(np.array([3.0]), np.array([1.0]))[0] <= 2.0

    def test_of_the_whole_side_grows_with_every_muscle(self) -> None:
        relative = np.zeros((3, 2, len(NAMES)))
        relative[1:, 0, INDEX["zygomaticus"]] = 2.0
        relative[2, 0, INDEX["risorius"]] = 2.0
        nothing, one, two = total_excess(relative, 0)

        assert nothing == 0.0
        assert one == pytest.approx(2.0)
        assert two > one
        assert (total_excess(relative, 1) == 0.0).all()


class TestGrid:
    @pytest.mark.parametrize("rate_hz", [15.0, 30.0, 240.0])
    def test_is_even_whatever_the_frame_rate(self, rate_hz: float) -> None:
        grid = to_grid(signals_story(duration_s=5.0, rate_hz=rate_hz))

        np.testing.assert_allclose(np.diff(grid.times_s), 1 / RATE_HZ)
        assert grid.observed.all()

    def test_holds_left_then_right_and_closure_in_mm(self) -> None:
        story = signals_story(Move(2.0, 1.0, "left", 3.0), duration_s=5.0, noise=0.0)
        grid = to_grid(story)
        middle = int(2.5 * RATE_HZ)

        assert grid.values[middle, 0, INDEX["orbicularis_oculi"]] == pytest.approx(0.3 * EYE_MM)
        assert grid.values[middle, 0, INDEX["zygomaticus"]] == pytest.approx(3.0)
        assert grid.values[middle, 1] == pytest.approx(0.0)

    def test_spans_leave_out_the_gap(self) -> None:
        grid = to_grid(signals_story(duration_s=10.0, gaps=[Span(4.0, 6.0)]))
        first, second = observed_spans(grid)

        assert (first.start_s, first.end_s) == pytest.approx((0.0, 4.0), abs=2 / RATE_HZ)
        assert (second.start_s, second.end_s) == pytest.approx((6.0, 10.0), abs=2 / RATE_HZ)


class TestBlinks:
    def test_have_the_depth_of_each_eye(self) -> None:
        (found,) = find_blinks(to_grid(signals_story(blink(5.0, depth=0.8), duration_s=10.0)))

        assert found.left_closure == pytest.approx(0.8, abs=0.05)
        assert found.right_closure == pytest.approx(0.8, abs=0.05)
        assert found.onset_s == pytest.approx(5.0, abs=0.05)
        assert found.duration_s == pytest.approx(0.2, abs=0.08)

    @pytest.mark.parametrize("move", [spasm(5.0, 0.2), spasm(5.0, 0.3, "right", 9.0)])
    def test_are_of_both_eyes(self, move: Move) -> None:
        assert find_blinks(to_grid(signals_story(move, duration_s=10.0))) == ()

    def test_are_short(self) -> None:
        shut = Move(4.0, 3.0, "both", 9.0, blink(0.0).parts)

        assert find_blinks(to_grid(signals_story(shut, duration_s=12.0))) == ()

    def test_in_quick_succession_are_told_apart(self) -> None:
        story = signals_story(blink(4.0), blink(4.6), blink(5.2), duration_s=10.0)

        assert len(find_blinks(to_grid(story))) == 3


def stump(threshold: float) -> Forest:
    """Return one tree: log-odds -2 up to the threshold of the second feature, +2 above."""
    nodes = np.array([[1, 0, 0]], np.int32)
    children = np.array([[1, 1, 2]], np.int32), np.array([[2, 1, 2]], np.int32)
    split = np.array([[threshold, 0.0, 0.0]])
    return Forest(nodes, *children, split, np.array([[0.0, -2.0, 2.0]]), 0.0, 0.5)


class TestForest:
    def test_sends_values_up_to_the_threshold_left(self) -> None:
        rows = np.array([[9.0, 0.9], [9.0, 1.0], [0.0, 1.1]])
        low, high = 1 / (1 + np.exp(2)), 1 / (1 + np.exp(-2))

        np.testing.assert_allclose(stump(1.0).probability(rows), [low, low, high])

    def test_of_no_rows_is_empty(self) -> None:
        assert stump(1.0).probability(np.zeros((0, 2))).shape == (0,)

    def test_packaged_reads_the_features_there_are(self) -> None:
        forest = packaged_forest()

        assert forest.feature.max() < len(CONSTRAINTS)
        assert 0 < forest.prior < 1
        probability = forest.probability(np.zeros((1, len(CONSTRAINTS))))
        assert 0 <= probability[0] <= 1

    @pytest.mark.parametrize("name", [n for n, sign in FEATURES.items() if sign])
    def test_packaged_is_bound_by_reason(self, name: str) -> None:
        """A feature that must not make a spasm likelier (or less likely) never does."""
        rng = np.random.default_rng(0)
        grid = to_grid(
            signals_story(*(spasm(t, 0.4) for t in (3.0, 7.0)), smile(11.0), blink(15.0))
        )
        rows = describe(grid, find_candidates(grid, 0), find_candidates(grid, 1))
        rows = np.repeat(rows, 5, axis=0) * rng.uniform(0.5, 1.5, (5 * len(rows), 1))
        more, column = rows.copy(), list(FEATURES).index(name)
        more[:, column] += rng.uniform(0.1, 5.0, len(rows))

        change = packaged_forest().probability(more) - packaged_forest().probability(rows)

        assert len(rows)
        assert (FEATURES[name] * change >= -1e-9).all()


class TestAdapt:
    def test_makes_a_doubtful_one_likelier_among_sure_ones_and_rarer_among_none(self) -> None:
        doubtful = np.array([0.5])
        among_spasms = adapt(np.r_[doubtful, np.full(20, 0.99)], prior=0.1)[0]
        among_none = adapt(np.r_[doubtful, np.full(20, 0.01)], prior=0.1)[0]

        assert among_none < 0.5 < among_spasms

    def test_keeps_the_order(self) -> None:
        probability = np.linspace(0.01, 0.99, 30)

        assert (np.diff(adapt(probability, prior=0.2)) > 0).all()

    def test_of_nothing_is_nothing(self) -> None:
        assert adapt(np.zeros(0), prior=0.2).shape == (0,)


def candidate(onset: int, end: int, own: int = 0) -> Candidate:
    return Candidate(own, onset, onset + 2, onset + 4, end, 2.0, 2.0, np.zeros((2, len(NAMES))))


class TestKeepBest:
    def test_keeps_the_likelier_of_two_sides_that_overlap(self) -> None:
        sure, doubtful = Judged(candidate(10, 30), 0.9), Judged(candidate(20, 40, own=1), 0.6)

        (kept,) = keep_best([doubtful, sure], 0.5, 3)

        assert (kept.candidate.own, kept.probability) == (0, 0.9)

    def test_joins_what_overlaps_on_one_side(self) -> None:
        early, late = Judged(candidate(10, 30), 0.6), Judged(candidate(20, 70), 0.9)

        (kept,) = keep_best([early, late], 0.5, 3)

        assert (kept.candidate.onset, kept.candidate.end, kept.probability) == (10, 70, 0.9)

    def test_keeps_both_that_are_apart_in_order_of_time(self) -> None:
        late, early = Judged(candidate(100, 130), 0.9), Judged(candidate(10, 30), 0.6)

        kept = keep_best([late, early], 0.5, 3)

        assert [one.candidate.onset for one in kept] == [10, 100]

    def test_drops_the_unlikely(self) -> None:
        assert keep_best([Judged(candidate(10, 30), 0.4)], 0.5, 3) == []


def test_a_higher_threshold_finds_no_more() -> None:
    story = signals_story(*(spasm(t, 0.3, mm=t / 8) for t in range(2, 18, 2)))
    counts = [len(detect_spasms(story, threshold=t).events) for t in (0.05, 0.5, 0.95, 1.0)]

    assert counts == sorted(counts, reverse=True)
    assert counts[0] > counts[-1] == 0


def test_another_judge_may_be_asked() -> None:
    story, never = signals_story(spasm(5.0, 0.3)), stump(1e9)

    assert detect_spasms(story).events
    assert detect_spasms(story, forest=never).events == ()
