"""What every detector of spasms must do, on made signals whose answer is known by thought."""

from dataclasses import replace

import numpy as np
import pytest

from hemiface.spasms import detect_spasms
from hemiface.types import SIDES, Side, Signals, Span, Spasm, Spasms, other_side
from signals_story import (
    EYE,
    MOUTH,
    Move,
    blink,
    mirrored,
    signals_story,
    smile,
    spasm,
)

FRAME_S = 1 / 60
# The offset is where 30 % of the peak is left, in the story 20 %: less than half a frame apart; the
# noise of the film moves a crossing by less than another.
EDGE_S = 2 * FRAME_S


def only(found: Spasms) -> Spasm:
    assert len(found.events) == 1, found.events
    return found.events[0]


def times_of(found: Spasms) -> list[tuple[float, float, Side]]:
    return [(event.onset_s, event.end_s, event.side) for event in found.events]


def assert_spans(found: Spasms, *expected: Move, within_s: float = EDGE_S) -> None:
    """Each expected movement is one spasm, on its side, beginning and ending when it does."""
    assert [event.side for event in found.events] == [move.side for move in expected]
    for event, move in zip(found.events, expected, strict=True):
        assert event.onset_s == pytest.approx(move.onset_s, abs=within_s)
        assert event.end_s == pytest.approx(move.end_s, abs=within_s)


@pytest.mark.parametrize("side", SIDES)
@pytest.mark.parametrize("duration_s", [0.15, 0.4, 2.5])
def test_one_spasm_is_found_when_and_where_it_is(side: Side, duration_s: float) -> None:
    move = spasm(8.0, duration_s, side)

    found = detect_spasms(signals_story(move))

    assert_spans(found, move)
    event = only(found)
    assert event.kind == ("tonic" if duration_s >= 1 else "clonic")
    assert event.amplitude_mm == pytest.approx(3.0, rel=0.1)
    assert {"orbicularis_oculi", "zygomaticus", "risorius"} <= set(event.muscles)
    assert not event.cut_start
    assert not event.cut_end
    assert event.onset_s <= event.peak_s <= event.end_s


@pytest.mark.parametrize("parts", [EYE, MOUTH], ids=["eye", "mouth"])
def test_a_spasm_of_the_eye_or_of_the_mouth_alone_is_found(parts: dict[str, float]) -> None:
    moves = [Move(t, 0.3, "left", parts=parts) for t in (3.0, 6.0, 9.0, 12.0)]

    assert_spans(detect_spasms(signals_story(*moves)), *moves)


def test_several_spasms_are_told_apart() -> None:
    moves = [spasm(2.0, 0.2), spasm(4.0, 1.5), spasm(8.0, 0.3), spasm(12.0, 0.5)]

    assert_spans(detect_spasms(signals_story(*moves)), *moves)


def test_a_spasm_that_touches_the_start_is_found_and_marked() -> None:
    found = only(detect_spasms(signals_story(spasm(-1.0, 1.6))))

    assert found.side == "left"
    assert found.onset_s == pytest.approx(0.0, abs=EDGE_S)
    assert found.end_s == pytest.approx(0.6, abs=EDGE_S)
    assert found.cut_start
    assert not found.cut_end


def test_a_spasm_that_touches_the_end_is_found_and_marked() -> None:
    found = only(detect_spasms(signals_story(spasm(19.4, 2.0), duration_s=20.0)))

    assert found.side == "left"
    assert found.onset_s == pytest.approx(19.4, abs=EDGE_S)
    assert found.end_s == pytest.approx(20.0, abs=EDGE_S)
    assert not found.cut_start
    assert found.cut_end


def test_a_spasm_that_fills_the_whole_is_the_rest_of_that_recording() -> None:
    # Without a moment of rest nothing tells a lasting spasm from a face at rest: none is claimed.
    found = detect_spasms(signals_story(spasm(-5.0, 30.0), duration_s=20.0))

    assert found.events == ()
    assert found.observed_s == pytest.approx(20.0, abs=EDGE_S)


def test_two_a_quarter_of_a_second_apart_are_two_and_share_no_instant() -> None:
    first, second = spasm(5.0, 0.5), spasm(5.75, 0.5)

    found = detect_spasms(signals_story(first, second))

    assert_spans(found, first, second)
    assert found.events[0].end_s <= found.events[1].onset_s


def test_two_a_tenth_of_a_second_apart_are_told_as_one() -> None:
    found = detect_spasms(signals_story(spasm(5.0, 0.5), spasm(5.6, 0.5)))

    assert_spans(found, spasm(5.0, 1.1))


def test_a_still_face_has_none() -> None:
    found = detect_spasms(signals_story())

    assert found.events == ()
    assert found.blinks == ()
    assert found.observed_s == pytest.approx(20.0, abs=FRAME_S)


def test_a_constant_signal_has_none() -> None:
    still = signals_story(noise=0.0)
    for values in (np.zeros_like(still.values), np.full_like(still.values, 0.5)):
        found = detect_spasms(replace(still, values=values))

        assert found.events == ()
        assert found.blinks == ()


def test_nothing_observed_is_no_spasm_and_no_time() -> None:
    still = signals_story()
    found = detect_spasms(replace(still, values=np.full_like(still.values, np.nan)))

    assert found.events == ()
    assert found.blinks == ()
    assert found.observed == ()
    assert found.observed_s == 0.0


def test_a_spasm_hidden_in_its_middle_is_two_that_are_cut() -> None:
    found = detect_spasms(signals_story(spasm(8.0, 3.0), gaps=[Span(9.0, 10.0)]))

    assert_spans(found, Move(8.0, 1.0, "left"), Move(10.0, 1.0, "left"))
    before, after = found.events
    assert (before.cut_start, before.cut_end) == (False, True)
    assert (after.cut_start, after.cut_end) == (True, False)


def test_a_spasm_that_began_while_the_face_was_hidden_is_found_and_marked() -> None:
    found = only(detect_spasms(signals_story(spasm(8.0, 3.0), gaps=[Span(7.0, 9.0)])))

    assert found.side == "left"
    assert found.onset_s == pytest.approx(9.0, abs=EDGE_S)
    assert found.end_s == pytest.approx(11.0, abs=EDGE_S)
    assert found.cut_start
    assert not found.cut_end


def test_the_end_of_a_spasm_is_none_of_the_other_side() -> None:
    moves = [spasm(3.0, 4.0), spasm(9.0, 2.0), spasm(14.0, 4.0)]

    found = detect_spasms(signals_story(*moves), threshold=0.05)

    assert {event.side for event in found.events} == {"left"}


def test_a_dropped_frame_does_not_cut_a_spasm() -> None:
    move = spasm(8.0, 1.0)
    found = detect_spasms(signals_story(move, gaps=[Span(8.4, 8.41)]))

    assert_spans(found, move)
    assert not only(found).cut_end


def test_a_gap_is_not_observed_and_makes_no_spasm() -> None:
    found = detect_spasms(signals_story(gaps=[Span(5.0, 8.0)]))

    assert found.events == ()
    assert found.observed_s == pytest.approx(17.0, abs=2 * FRAME_S)
    assert [span.start_s for span in found.observed] == pytest.approx([0.0, 8.0], abs=FRAME_S)
    assert [span.end_s for span in found.observed] == pytest.approx([5.0, 20.0], abs=FRAME_S)


@pytest.mark.parametrize("rate_hz", [30.0, 60.0, 120.0])
def test_the_frame_rate_does_not_change_the_seconds(rate_hz: float) -> None:
    moves = [spasm(3.0, 0.2), spasm(6.0, 0.4), spasm(10.0, 1.5)]

    found = detect_spasms(signals_story(*moves, rate_hz=rate_hz))

    # Between two frames nobody knows when 20 % was reached.
    assert_spans(found, *moves, within_s=max(EDGE_S, 1 / rate_hz))
    assert found.observed_s == pytest.approx(20.0, abs=1 / rate_hz)


STORY = (spasm(3.0, 0.2), blink(5.0), spasm(6.0, 1.4), smile(9.0), blink(12.5), spasm(15.0, 0.4))


def test_mirroring_swaps_the_sides_and_nothing_else() -> None:
    signals = signals_story(*STORY)
    found, swapped = detect_spasms(signals), detect_spasms(mirrored(signals))

    assert len(found.events) == 3
    for a, b in zip(found.events, swapped.events, strict=True):
        assert b.side == other_side(a.side)
        assert b.muscles == a.muscles
        assert (b.onset_s, b.end_s, b.amplitude_mm) == pytest.approx(
            (a.onset_s, a.end_s, a.amplitude_mm)
        )
    assert len(found.blinks) == 2
    for here, there in zip(found.blinks, swapped.blinks, strict=True):
        assert there.onset_s == pytest.approx(here.onset_s)
        assert there.left_closure == pytest.approx(here.right_closure)
        assert there.right_closure == pytest.approx(here.left_closure)


def test_a_later_start_shifts_every_time() -> None:
    signals = signals_story(*STORY)
    found = detect_spasms(signals)
    later = detect_spasms(replace(signals, times_s=signals.times_s + 7.0))

    assert len(found.events) == 3
    for a, b in zip(found.events, later.events, strict=True):
        assert (b.onset_s, b.peak_s, b.end_s) == pytest.approx(
            (a.onset_s + 7.0, a.peak_s + 7.0, a.end_s + 7.0), abs=1e-6
        )
    assert [b.onset_s for b in later.blinks] == pytest.approx(
        [b.onset_s + 7.0 for b in found.blinks]
    )


def test_the_order_of_the_channels_does_not_matter() -> None:
    signals = signals_story(*STORY)
    turned = replace(signals, values=signals.values[::-1], channels=signals.channels[::-1])

    assert detect_spasms(turned) == detect_spasms(signals)


def test_the_input_is_left_as_it_was() -> None:
    signals = signals_story(*STORY, gaps=[Span(13.0, 13.6)])
    before = {name: np.copy(array) for name, array in arrays_of(signals).items()}

    detect_spasms(signals)

    for name, array in arrays_of(signals).items():
        np.testing.assert_array_equal(array, before[name], err_msg=name)


def arrays_of(signals: Signals) -> dict[str, np.ndarray]:
    return {name: value for name, value in vars(signals).items() if isinstance(value, np.ndarray)}


def test_the_same_signals_give_the_same_spasms() -> None:
    assert detect_spasms(signals_story(*STORY)) == detect_spasms(signals_story(*STORY))


def test_blinks_alone_are_blinks_and_no_spasms() -> None:
    onsets = np.arange(2.0, 58.0, 3.5)
    depths = np.linspace(0.6, 1.0, len(onsets))
    blinks = [blink(t, depth) for t, depth in zip(onsets, depths, strict=True)]

    found = detect_spasms(signals_story(*blinks, duration_s=60.0))

    assert found.events == ()
    assert [b.onset_s for b in found.blinks] == pytest.approx(onsets, abs=3 * FRAME_S)
    assert [b.left_closure for b in found.blinks] == pytest.approx(depths, abs=0.1)


def test_smiles_alone_are_no_spasms() -> None:
    smiles = [smile(t, 2.0, amplitude) for t, amplitude in ((3.0, 2.0), (8.0, 4.0), (14.0, 6.0))]

    assert detect_spasms(signals_story(*smiles)).events == ()


def test_a_smile_that_leans_is_no_spasm() -> None:
    leaning = Move(8.0, 2.0, "left", 0.6, MOUTH, rise_s=0.5, fall_s=0.6)
    both = smile(8.0, 2.0, 4.0)
    signals, more = signals_story(both), signals_story(leaning, noise=0.0)

    assert detect_spasms(replace(signals, values=signals.values + more.values)).events == ()


def test_a_spasm_during_a_smile_counts() -> None:
    signals, more = signals_story(smile(6.0, 5.0)), signals_story(spasm(8.0, 0.4), noise=0.0)

    found = detect_spasms(replace(signals, values=signals.values + more.values))

    assert_spans(found, spasm(8.0, 0.4))


@pytest.mark.parametrize("factor", [1.0, 3.0])
def test_noise_alone_is_no_spasm(factor: float) -> None:
    """At most two in ten minutes, with the noise of a good film and of a poor one."""
    found = detect_spasms(signals_story(duration_s=600.0, rate_hz=30.0, noise=factor))

    assert len(found.events) <= 2, times_of(found)


def test_a_person_with_spasms_on_both_sides_has_both() -> None:
    moves = [spasm(3.0, 0.3, "left"), spasm(6.0, 0.3, "right"), spasm(9.0, 0.3, "left")]

    assert_spans(detect_spasms(signals_story(*moves)), *moves)
