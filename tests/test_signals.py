"""From what was seen to what contracted, on tracks written by hand."""

from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from hemiface.muscles import MUSCLES
from hemiface.signals import measure_contraction, usual_value, with_values
from hemiface.types import SIDES, Channel, Floats, Recording, Track, other_side

N_FRAMES = 200
SKIN = tuple(Channel(m.name, side) for m in MUSCLES if m.unit == "mm" for side in SIDES)
OPEN_APERTURE, OPEN_MM = 0.3, 9.0


def still_track(**changed: Any) -> Track:
    """Return a face that does nothing for 200 frames at 50 Hz."""
    ones = np.ones(N_FRAMES)
    track = Track(
        recording=Recording(
            "story", "video", "story.mp4", "0" * 64, 50.0, 4.0, N_FRAMES, 640, 480, None, "rest"
        ),
        times_s=np.arange(N_FRAMES) / 50,
        confidence=ones,
        channels=SKIN,
        displacement_mm=np.zeros((len(SKIN), N_FRAMES)),
        mismatch=0.3 * np.ones((len(SKIN), N_FRAMES)),
        apertures=OPEN_APERTURE * np.ones((2, N_FRAMES)),
        lid_openings_mm=OPEN_MM * np.ones((2, N_FRAMES)),
        pose_deg=np.zeros((3, N_FRAMES)),
        jitter_mm=0.05 * ones,
        face_px=200.0 * ones,
        brightness=120.0 * ones,
        n_faces=1,
        resting_mm={"brow_left": 20.0, "brow_right": 20.0},
    )
    return replace(track, **changed)


def moved(row: int, mm: float, frames: slice) -> Floats:
    displacement = np.zeros((len(SKIN), N_FRAMES))
    displacement[row, frames] = mm
    return displacement


class TestUsualValue:
    def test_is_where_values_lie_closest(self) -> None:
        assert usual_value(np.array([1.0, 2.0, 2.1, 2.2, 9.0])) == pytest.approx(2.1)

    def test_of_one_value_is_that_value(self) -> None:
        assert usual_value(np.array([4.0])) == 4.0

    def test_leaves_out_what_was_not_observed(self) -> None:
        assert usual_value(np.array([np.nan, 3.0, np.nan, 3.0])) == 3.0

    def test_of_nothing_is_nan(self) -> None:
        assert np.isnan(usual_value(np.array([np.nan])))
        assert np.isnan(usual_value(np.array([])))

    def test_is_rest_while_a_spasm_fills_less_than_half(self) -> None:
        rng = np.random.default_rng(0)
        rest, spasm = rng.normal(1.0, 0.05, 550), rng.normal(5.0, 0.05, 450)
        assert usual_value(np.r_[rest, spasm]) == pytest.approx(1.0, abs=0.1)


class TestContraction:
    @pytest.mark.parametrize("rest_mm", [0.0, 1.7, -2.0])
    def test_is_counted_from_rest(self, rest_mm: float) -> None:
        row = SKIN.index(Channel("zygomaticus", "left"))
        displacement = moved(row, 3.0, slice(50, 90)) + rest_mm

        signals = measure_contraction(still_track(displacement_mm=displacement))

        expected = moved(row, 3.0, slice(50, 90))[row]
        np.testing.assert_allclose(signals.row("zygomaticus", "left"), expected, atol=1e-9)
        np.testing.assert_allclose(signals.row("zygomaticus", "right"), 0.0, atol=1e-9)

    def test_has_every_muscle_on_both_sides_with_its_unit(self) -> None:
        signals = measure_contraction(still_track())

        assert set(signals.channels) == {
            Channel(m.name, side, m.unit) for m in MUSCLES for side in SIDES
        }
        assert signals.values.shape == (len(signals.channels), N_FRAMES)

    def test_keeps_the_recorded_times(self) -> None:
        times = np.cumsum(np.random.default_rng(0).uniform(0.01, 0.05, N_FRAMES))
        np.testing.assert_array_equal(
            measure_contraction(still_track(times_s=times)).times_s, times
        )

    def test_leaves_the_track_as_it_was(self) -> None:
        track = still_track(displacement_mm=moved(0, 2.0, slice(9, 20)))
        before = track.displacement_mm.copy()
        measure_contraction(track)
        np.testing.assert_array_equal(track.displacement_mm, before)

    def test_can_be_replaced(self) -> None:
        signals = measure_contraction(still_track())
        doubled = with_values(signals, signals.values + 1)
        assert doubled.channels == signals.channels
        np.testing.assert_array_equal(doubled.values, signals.values + 1)


def with_lids(*shares: Floats) -> Track:
    """Return a track whose left and right eye are open to these shares, by every reading."""
    track, open_to = still_track(), np.array(shares)
    return replace(
        track,
        apertures=track.apertures * open_to,
        lid_openings_mm=track.lid_openings_mm * open_to,
    )


def narrowed(to: float) -> Floats:
    """Return an opening that is this share of itself in frames 100 to 120."""
    share = np.ones(N_FRAMES)
    share[100:120] = to
    return share


def closures_of(track: Track) -> tuple[Floats, Floats]:
    signals = measure_contraction(track)
    return signals.row("orbicularis_oculi", "left"), signals.row("orbicularis_oculi", "right")


OPEN = np.ones(N_FRAMES)


class TestClosure:
    def test_of_open_eyes_is_zero(self) -> None:
        np.testing.assert_allclose(closures_of(still_track()), 0.0, atol=1e-9)

    def test_of_one_shut_eye_is_one_and_of_its_fellow_zero(self) -> None:
        """A shut eye reads as 22 % of its opening, for the lashes stay between the lids."""
        left, right = closures_of(with_lids(narrowed(0.22), OPEN))
        assert left[110] == pytest.approx(1.0, abs=0.05)
        assert left[50] == pytest.approx(0.0, abs=0.01)
        assert np.abs(right).max() < 0.05

    @pytest.mark.parametrize("shut", [0.05, 0.15, 0.3])
    def test_of_a_full_blink_is_one_whatever_shut_reads_as(self, shut: float) -> None:
        left, right = closures_of(with_lids(narrowed(shut), narrowed(shut)))
        np.testing.assert_allclose(left[105:115], 1.0, atol=0.03)
        np.testing.assert_allclose(right[105:115], 1.0, atol=0.03)

    def test_grows_with_the_narrowing(self) -> None:
        depths = [closures_of(with_lids(narrowed(to), OPEN))[0][110] for to in (0.9, 0.7, 0.5, 0.3)]
        assert depths == sorted(depths)
        assert depths[0] > 0

    def test_is_of_each_eyes_own_opening(self) -> None:
        left, right = closures_of(with_lids(0.5 * narrowed(0.6), narrowed(0.6)))
        np.testing.assert_allclose(left, right, atol=1e-6)

    def test_of_an_eye_not_seen_is_not_known(self) -> None:
        hidden = np.where(np.arange(N_FRAMES) < 50, np.nan, 1.0)
        left, right = closures_of(with_lids(hidden, hidden))
        assert np.isnan(left[:50]).all()
        assert np.isnan(right[:50]).all()
        assert np.isfinite(left[50:]).all()


def with_frames(value: float, name: str, n: int = 40, row: int | None = None) -> Track:
    """Return a still track in which one quantity differs in the first frames."""
    array = np.array(getattr(still_track(), name), float)
    array[(slice(None) if row is None else row, slice(n))[2 - array.ndim :]] = value
    return still_track(**{name: array})


UNJUDGED = {
    "turned": ("pose_deg", 50.0, 0),
    "turned the other way": ("pose_deg", -50.0, 0),
    "looking down": ("pose_deg", -40.0, 1),
    "moving too fast": ("jitter_mm", 1.0, None),
    "covered": ("mismatch", 3.0, None),
    "dark": ("brightness", 10.0, None),
}


class TestObserved:
    @pytest.mark.parametrize("story", UNJUDGED)
    def test_what_cannot_be_judged_is_not_observed_and_told(self, story: str) -> None:
        name, value, row = UNJUDGED[story]

        signals = measure_contraction(with_frames(value, name, row=row))

        assert np.isnan(signals.values[:, :40]).all()
        assert np.isfinite(signals.values[:, 40:]).all()
        assert "not_judged" in {notice.code for notice in signals.notices}

    def test_a_tilted_head_is_observed(self) -> None:
        assert np.isfinite(measure_contraction(with_frames(30.0, "pose_deg", row=2)).values).all()

    def test_a_lost_face_is_not_observed_and_told(self) -> None:
        signals = measure_contraction(with_frames(0.0, "confidence"))

        assert np.isnan(signals.values[:, :40]).all()
        assert {notice.code for notice in signals.notices} == {"face_lost"}
        assert "20 %" in signals.notices[0].text


class TestNotices:
    def test_there_are_none_on_a_good_film(self) -> None:
        assert measure_contraction(still_track()).notices == ()

    @pytest.mark.parametrize(
        ("code", "changed"),
        [
            ("face_small", {"face_px": np.full(N_FRAMES, 100.0)}),
            ("several_faces", {"n_faces": 2}),
            ("low_light", {"brightness": np.full(N_FRAMES, 40.0)}),
        ],
    )
    def test_each_fault_is_told(self, code: str, changed: dict[str, Any]) -> None:
        notices = measure_contraction(still_track(**changed)).notices

        assert [notice.code for notice in notices] == [code]
        assert notices[0].text.endswith(".")


def test_the_resting_face_is_kept_and_the_openings_join_it() -> None:
    openings = np.array([[8.0], [9.5]]) * np.ones((2, N_FRAMES))

    resting = measure_contraction(still_track(lid_openings_mm=openings)).resting

    assert resting["lid_left"] == pytest.approx(8.0)
    assert resting["lid_right"] == pytest.approx(9.5)
    assert resting["brow_left"] == 20.0


def test_mirroring_the_track_mirrors_the_signals() -> None:
    rng = np.random.default_rng(1)
    track = still_track(
        displacement_mm=rng.normal(size=(len(SKIN), N_FRAMES)),
        apertures=OPEN_APERTURE * rng.uniform(0.2, 1.1, (2, N_FRAMES)),
        lid_openings_mm=OPEN_MM * rng.uniform(0.2, 1.1, (2, N_FRAMES)),
    )
    swap = [SKIN.index(Channel(c.muscle, other_side(c.side))) for c in SKIN]
    swapped = replace(
        track,
        displacement_mm=track.displacement_mm[swap],
        apertures=track.apertures[::-1],
        lid_openings_mm=track.lid_openings_mm[::-1],
    )
    here, there = measure_contraction(track), measure_contraction(swapped)
    for channel in here.channels:
        np.testing.assert_allclose(
            there.row(channel.muscle, other_side(channel.side)),
            here.row(channel.muscle, channel.side),
        )
