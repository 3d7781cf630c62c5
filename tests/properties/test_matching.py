"""What must hold for any two lists of events, and any ratings."""

import math
import random
from itertools import permutations

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from hemiface.agreement import TOLERANCE_S, match_events, measure_icc
from hemiface.types import Spasm

moments = st.integers(0, 80).map(lambda tick: tick / 20)
spasms = st.builds(
    lambda onset_s, ticks, side: Spasm(onset_s, ticks / 20, onset_s, side, "clonic", 1.0, ()),
    moments,
    st.integers(1, 12),
    st.sampled_from(["left", "right"]),
)
lists = st.lists(spasms, max_size=6)


def may_match(a: Spasm, b: Spasm) -> bool:
    overlap = a.onset_s < b.end_s and b.onset_s < a.end_s
    return a.side == b.side and (overlap or abs(a.onset_s - b.onset_s) <= TOLERANCE_S)


def most_pairs(found: list[Spasm], truth: list[Spasm]) -> int:
    """Try everything."""
    few, many = sorted((found, truth), key=len)
    return max(sum(map(may_match, few, chosen)) for chosen in permutations(many, len(few)))


@settings(deadline=None)
@given(lists, lists)
def test_matching_is_one_to_one_allowed_and_largest(found: list[Spasm], truth: list[Spasm]) -> None:
    pairs = match_events(found, truth)

    assert len({i for i, _ in pairs}) == len({j for _, j in pairs}) == len(pairs)
    assert all(may_match(found[i], truth[j]) for i, j in pairs)
    assert len(pairs) == most_pairs(found, truth)


@settings(deadline=None)
@given(lists, lists)
def test_matching_is_symmetric(found: list[Spasm], truth: list[Spasm]) -> None:
    def away_s(pairs: list[tuple[int, int]], a: list[Spasm], b: list[Spasm]) -> float:
        return round(sum(abs(a[i].onset_s - b[j].onset_s) for i, j in pairs), 9)

    there, back = match_events(found, truth), match_events(truth, found)

    assert len(there) == len(back)
    assert away_s(there, found, truth) == away_s(back, truth, found)


@settings(deadline=None)
@given(lists, lists, st.randoms(use_true_random=False))
def test_the_order_of_events_does_not_matter(
    found: list[Spasm], truth: list[Spasm], order: random.Random
) -> None:
    shuffled = order.sample(found, len(found))

    assert len(match_events(shuffled, truth)) == len(match_events(found, truth))


@settings(deadline=None)
@given(lists)
def test_a_list_matches_itself_whole(events: list[Spasm]) -> None:
    pairs = match_events(events, events)

    assert len(pairs) == len(events)
    assert all(events[i].onset_s == events[j].onset_s for i, j in pairs)


@settings(deadline=None)
@given(st.integers(3, 12), st.integers(2, 5), st.integers(0, 2**32 - 1), st.floats(0.1, 100))
def test_icc_does_not_depend_on_the_unit(n: int, k: int, seed: int, gain: float) -> None:
    rng = np.random.default_rng(seed)
    ratings = rng.normal(size=(n, 1)) + rng.normal(size=(n, k))

    icc, scaled = measure_icc(ratings), measure_icc(gain * ratings + 7)

    assert abs(icc.value - scaled.value) < 1e-6
    assert icc.value <= 1
    assert icc.low <= icc.value <= icc.high or (icc.value < 0 and math.isnan(icc.low))
