"""Numbers from lists of spasms that are known: what they must be follows by arithmetic."""

import math
import re
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import jsonschema
import numpy as np
import pytest

from hemiface.measures import affected_side, measure_spasms
from hemiface.report.document import read_schema, to_document
from hemiface.types import (
    SIDES,
    Affected,
    Blink,
    Measure,
    Measurement,
    Quality,
    Side,
    Signals,
    Span,
    Spasm,
    Spasms,
)
from signals_story import EYE, Move, blink, signals_story, spasm

MINUTE = (Span(0.0, 60.0),)
DOCUMENTED = Path(__file__).parents[1] / "docs" / "measures.md"


def event(
    onset_s: float,
    duration_s: float = 0.5,
    side: Side = "left",
    mm: float = 3.0,
    muscles: tuple[str, ...] = ("orbicularis_oculi", "zygomaticus", "risorius"),
    *,
    cut: bool = False,
) -> Spasm:
    kind = "tonic" if duration_s >= 1 else "clonic"
    peak_s = onset_s + duration_s / 2
    return Spasm(onset_s, duration_s, peak_s, side, kind, mm, muscles, cut_end=cut)


def measured(
    events: Sequence[Spasm] = (),
    blinks: Sequence[Blink] = (),
    observed: tuple[Span, ...] = MINUTE,
    signals: Signals | None = None,
) -> dict[tuple[str, Side | None], Measure]:
    story = signals or signals_story(duration_s=60.0, rate_hz=30.0, noise=0.0)
    found = measure_spasms(story, Spasms(tuple(events), tuple(blinks), observed))
    assert len({(m.name, m.side) for m in found}) == len(found)
    return {(m.name, m.side): m for m in found}


class TestRates:
    def test_three_in_a_minute_with_the_exact_poisson_interval(self) -> None:
        rate = measured([event(10), event(20), event(30)])["spasm_rate", "left"]

        assert (rate.value, rate.unit, rate.n) == (3.0, "1/min", 3)
        assert (rate.low, rate.high) == pytest.approx((0.6187, 8.7673), abs=1e-4)

    def test_none_is_zero_with_an_upper_limit(self) -> None:
        rate = measured()["spasm_rate", "left"]

        assert (rate.value, rate.low, rate.reason) == (0.0, 0.0, None)
        assert rate.high == pytest.approx(3.6889, abs=1e-4)

    def test_are_per_minute_observed(self) -> None:
        rate = measured([event(5)], observed=(Span(0, 10), Span(50, 60)))["spasm_rate", "left"]

        assert rate.value == pytest.approx(3.0)
        assert rate.observed_s == pytest.approx(20.0)

    def test_tell_clonic_from_tonic_and_add_up(self) -> None:
        m = measured([event(5), event(15, 0.99), event(25, 1.0), event(35, 4.0), event(45)])

        assert m["clonic_rate", "left"].value == 3.0
        assert m["tonic_rate", "left"].value == 2.0
        assert m["spasm_rate", "left"].value == 5.0

    def test_are_of_one_side(self) -> None:
        m = measured([event(5), event(15, side="right"), event(25, side="right")])

        assert m["spasm_rate", "left"].value == 1.0
        assert m["spasm_rate", "right"].value == 2.0

    @pytest.mark.parametrize("name", ["spasm_rate", "clonic_rate", "tonic_rate", "burden"])
    def test_are_not_given_when_too_little_was_observed(self, name: str) -> None:
        m = measured([event(1)], observed=(Span(0.0, 4.0),))[name, "left"]

        assert math.isnan(m.value)
        assert m.reason == "At least 5 s must be observed; 4.0 s were."

    def test_of_blinks_count_both_eyes_once(self) -> None:
        blinks = [Blink(t, 0.2, 0.9, 0.8) for t in np.arange(2.0, 60.0, 4.0)]
        m = measured(blinks=blinks)

        assert m["blink_rate", None].value == pytest.approx(15.0)
        assert m["blink_completeness", "left"].value == pytest.approx(90.0)
        assert m["blink_completeness", "right"].value == pytest.approx(80.0)


class TestBurden:
    def test_is_the_share_of_time_in_spasm(self) -> None:
        m = measured([event(10, 3.0), event(40, 3.0), event(50, 6.0, "right")])

        assert m["burden", "left"].value == pytest.approx(10.0)
        assert m["burden", "right"].value == pytest.approx(10.0)
        assert m["burden", None].value == pytest.approx(20.0)

    def test_leaves_out_what_was_not_observed(self) -> None:
        """Of 18-32 s, two seconds before and two after the gap of 20-30 s were seen, of 50 s."""
        m = measured([event(18.0, 14.0)], observed=(Span(0, 20), Span(30, 60)))

        assert m["burden", "left"].value == pytest.approx(8.0)

    def test_of_a_spasm_that_never_ends_is_all(self) -> None:
        assert measured([event(0.0, 60.0)])["burden", "left"].value == pytest.approx(100.0)

    @pytest.mark.parametrize(
        "observed", [MINUTE, (Span(0, 30),), (Span(30, 60),), (Span(0, 12), Span(48, 60))]
    )
    def test_lies_in_its_interval(self, observed: tuple[Span, ...]) -> None:
        spasms = [
            event(t + 1, 2.5) for span in observed for t in np.arange(*vars(span).values(), 6)
        ]

        burden = measured(spasms, observed=observed)["burden", "left"]

        assert burden.low <= burden.value <= burden.high
        assert burden.low < burden.high

    def test_interval_is_the_same_every_time(self) -> None:
        spasms = [event(t) for t in (3.0, 9.0, 33.0)]

        assert measured(spasms)["burden", "left"] == measured(spasms)["burden", "left"]


class TestOfSpasms:
    def test_duration_is_the_median_of_those_seen_whole(self) -> None:
        spasms = [event(5, 0.2), event(15, 0.4), event(25, 1.2), event(50, 9.0, cut=True)]
        duration = measured(spasms)["spasm_duration", "left"]

        assert (duration.value, duration.unit, duration.n) == (0.4, "s", 3)
        assert duration.low <= 0.4 <= duration.high

    def test_amplitude_is_the_median(self) -> None:
        amplitude = measured([event(t, mm=mm) for t, mm in ((5, 1.0), (15, 2.0), (25, 6.0))])[
            "amplitude", "left"
        ]

        assert (amplitude.value, amplitude.unit) == (2.0, "mm")

    def test_two_have_no_interval(self) -> None:
        amplitude = measured([event(5, mm=1.0), event(15, mm=2.0)])["amplitude", "left"]

        assert amplitude.value == 1.5
        assert math.isnan(amplitude.low)

    def test_none_have_no_duration_and_a_reason(self) -> None:
        duration = measured()["spasm_duration", "left"]

        assert math.isnan(duration.value)
        assert duration.reason == "There was nothing to measure."

    def test_spread_counts_the_regions_of_the_face(self) -> None:
        spasms = [event(t, muscles=("orbicularis_oculi", "orbicularis_oculi_lower", "frontalis"))
                  for t in (5, 15, 25)]  # fmt: skip
        assert measured(spasms)["spread", "left"].value == 2.0

    def test_closure_and_pull_are_those_of_the_signals(self) -> None:
        """A spasm of 3 mm closes 30 % of the opening and pulls the mouth by 3 mm."""
        moves = [spasm(t, 0.5) for t in (5.0, 15.0, 25.0)]
        signals = signals_story(*moves, duration_s=60.0, noise=0.0)
        m = measured([event(t) for t in (5, 15, 25)], signals=signals)

        assert m["eye_closure", "left"].value == pytest.approx(30.0)
        assert m["mouth_pull", "left"].value == pytest.approx(3.0)
        assert m["eye_closure", "right"].reason is not None


class TestEyes:
    def test_closed_is_the_share_of_time_more_than_half_closed(self) -> None:
        shut = Move(20.0, 6.0, "left", 9.0, EYE)
        m = measured(signals=signals_story(shut, duration_s=60.0, noise=0.0))

        assert m["eye_closed", "left"].value == pytest.approx(10.0, abs=0.2)
        assert m["eye_closed", "right"].value == 0.0

    def test_closed_leaves_out_what_was_not_observed(self) -> None:
        shut, gap = Move(20.0, 6.0, "left", 9.0, EYE), [Span(30.0, 60.0)]
        m = measured(signals=signals_story(shut, duration_s=60.0, noise=0.0, gaps=gap))

        assert m["eye_closed", "left"].value == pytest.approx(20.0, abs=0.3)

    def test_blinks_count_as_closed(self) -> None:
        signals = signals_story(blink(10.0, depth=1.0), duration_s=60.0, noise=0.0)
        assert measured(signals=signals)["eye_closed", "right"].value > 0

    def test_resting_asymmetry_is_left_minus_right(self) -> None:
        signals = replace(signals_story(), resting={"lid_left": 7.5, "lid_right": 9.0})
        m = measured(signals=signals)

        assert m["lid_opening", "left"].value == 7.5
        assert m["resting_asymmetry", None].value == pytest.approx(-1.5)

    def test_what_was_not_measured_has_a_reason(self) -> None:
        m = measured(signals=replace(signals_story(), resting={}))

        assert math.isnan(m["lid_opening", "left"].value)
        assert m["lid_opening", "left"].reason
        assert m["resting_asymmetry", None].reason


def eye_then_mouth(onset_s: float, lag_s: float) -> list[Move]:
    whole = spasm(onset_s, 0.6)
    mouth = {name: share for name, share in whole.parts.items() if name not in EYE}
    return [replace(whole, parts=EYE), replace(whole, onset_s=onset_s + lag_s, parts=mouth)]


class TestSynchrony:
    def test_is_the_share_in_which_eye_and_mouth_begin_within_two_frames(self) -> None:
        onsets, lags = (5.0, 15.0, 25.0, 35.0), (0.0, 0.03, 0.2, 0.25)
        moves = [m for pair in zip(onsets, lags, strict=True) for m in eye_then_mouth(*pair)]
        signals = signals_story(*moves, duration_s=60.0, noise=0.0)

        synchrony = measured([event(t, 0.8) for t in onsets], signals=signals)["synchrony", "left"]

        assert (synchrony.value, synchrony.unit, synchrony.n) == (50.0, "%", 4)
        # Wilson's interval of 2 in 4.
        assert (synchrony.low, synchrony.high) == pytest.approx((15.0, 85.0), abs=0.1)

    def test_needs_a_spasm_of_both(self) -> None:
        eye_only = [event(t, muscles=("orbicularis_oculi",)) for t in (5, 15)]
        assert measured(eye_only)["synchrony", "left"].reason


class TestOtherBabinski:
    def test_is_the_share_of_closures_in_which_the_brow_rises(self) -> None:
        lifting = Move(5.0, 0.5, "left", 2.0, {**EYE, "frontalis": 0.7})
        signals = signals_story(lifting, spasm(15.0, 0.5), duration_s=60.0, noise=0.0)

        m = measured([event(5), event(15)], signals=signals)["other_babinski", "left"]

        assert (m.value, m.n) == (50.0, 2)

    def test_does_not_ask_of_a_spasm_that_spares_the_eye(self) -> None:
        spared = [event(5, muscles=("zygomaticus",))]
        assert measured(spared)["other_babinski", "left"].n == 0


@pytest.mark.parametrize(
    ("n_left", "n_right", "observed_s", "side"),
    [
        (0, 0, 60.0, "none"),
        (0, 0, 4.0, "undetermined"),
        (1, 0, 60.0, "left"),
        (0, 1, 60.0, "right"),
        (1, 1, 60.0, "undetermined"),
        (9, 2, 60.0, "left"),
        (2, 9, 60.0, "right"),
        (9, 3, 60.0, "both"),
        (3, 3, 60.0, "both"),
        (30, 3, 60.0, "left"),
    ],
)
def test_the_affected_side(n_left: int, n_right: int, observed_s: float, side: Affected) -> None:
    events = [event(t, side="left") for t in range(n_left)]
    events += [event(t, side="right") for t in range(n_right)]

    assert affected_side(Spasms(tuple(events), (), (Span(0.0, observed_s),))) == side


STORIES = {
    "nothing": ([], MINUTE),
    "little observed": ([event(1)], (Span(0.0, 3.0),)),
    "nothing observed": ([], ()),
    "many": ([event(t, 0.3 + t / 20) for t in range(2, 58, 3)], MINUTE),
    "both sides": ([event(3), event(9, side="right", muscles=("platysma",))], MINUTE),
}


@pytest.mark.parametrize("story", STORIES)
def test_every_measure_has_a_value_or_a_reason_and_fits_the_schema(story: str) -> None:
    events, observed = STORIES[story]
    signals = signals_story(duration_s=60.0, rate_hz=30.0)
    spasms = Spasms(tuple(events), (), observed)
    measures = measure_spasms(signals, spasms)

    for m in measures:
        assert math.isfinite(m.value) == (m.reason is None), m
        if math.isfinite(m.low):
            assert m.low <= m.value <= m.high, m
    whole = Measurement(
        signals.recording, affected_side(spasms), spasms.events, (), measures,
        Quality(spasms.observed_s, 200.0), {"version": "0", "model_sha256": "0", "settings": {}},
    )  # fmt: skip
    jsonschema.validate(to_document(whole), read_schema())


def test_sides_are_swapped_with_the_spasms() -> None:
    here = measured([event(5), event(9, 2.0), event(30, side="right")])
    there = measured([event(5, side="right"), event(9, 2.0, "right"), event(30)])

    for name in ("spasm_rate", "tonic_rate", "burden", "amplitude", "spread"):
        for side, other in (SIDES, SIDES[::-1]):
            assert here[name, side].value == there[name, other].value


def test_every_measure_is_documented_with_its_unit() -> None:
    table = dict(re.findall(r"^\| `(\w+)` \| ([^|]*?) \|", DOCUMENTED.read_text(), re.MULTILINE))
    units = {m.name: m.unit for m in measured().values()}

    assert {name: table.get(name) for name in units} == units
