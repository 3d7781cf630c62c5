"""Times of frames, by thought: what comes in, what is kept, what is told."""

import pytest

from hemiface.source.clock import BrokenClockError, Clock


def run(stamps: list[float | None], nominal_s: float = 0.04, tick_s: float = 1e-5) -> Clock:
    clock = Clock(nominal_s, tick_s)
    for stamp in stamps:
        clock.time(stamp)
    return clock


def codes(clock: Clock) -> list[str]:
    return [notice.code for notice in clock.notices()]


def test_times_count_from_the_first_frame() -> None:
    clock = run([5.0, 5.04, 5.08])

    assert list(clock.times_s) == pytest.approx([0, 0.04, 0.08])
    assert clock.rate_hz == pytest.approx(25)
    assert clock.duration_s == pytest.approx(0.12)
    assert codes(clock) == []


def test_times_before_zero_are_times_too() -> None:
    assert list(run([-0.04, 0.0, 0.04]).times_s) == pytest.approx([0, 0.04, 0.08])


@pytest.mark.parametrize("repeated", [0.04, 0.0405, 0.02, -3.0])
def test_a_time_that_has_passed_is_left_out_and_told(repeated: float) -> None:
    clock = run([0.0, 0.04, repeated, 0.08])

    assert list(clock.times_s) == pytest.approx([0, 0.04, 0.08])
    assert codes(clock) == ["repeated_frames"]


def test_frames_without_times_follow_at_the_stated_rate() -> None:
    clock = run([None, None, None])

    assert list(clock.times_s) == pytest.approx([0, 0.04, 0.08])
    assert codes(clock) == ["no_times"]


def test_a_frame_without_a_time_amid_others_keeps_their_clock() -> None:
    assert list(run([2.0, None, 2.08]).times_s) == pytest.approx([0, 0.04, 0.08])
    assert list(run([None, 7.0, 7.04]).times_s) == pytest.approx([0, 0.04, 0.08])


def test_the_rate_survives_whole_milliseconds() -> None:
    clock = run([round(i / 30, 3) for i in range(301)], tick_s=1e-3)

    assert clock.rate_hz == pytest.approx(30, rel=1e-4)
    assert codes(clock) == []


def test_the_rate_survives_lost_frames() -> None:
    clock = run([i / 25 for i in range(100) if i not in (40, 41, 42, 43, 44)])

    assert clock.rate_hz == pytest.approx(25)
    assert codes(clock) == ["gap"]


def test_one_frame_lasts_as_long_as_stated() -> None:
    clock = run([3.0])

    assert (clock.rate_hz, clock.duration_s) == pytest.approx((25, 0.04))


def test_nothing_lasts_no_time() -> None:
    assert run([]).duration_s == 0


def test_a_jump_breaks_the_clock() -> None:
    with pytest.raises(BrokenClockError):
        run([0.0, 0.04, 1e9])
