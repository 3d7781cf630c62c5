"""What holds for spasms in any signals at all, and for any spasm that is strong enough."""

from dataclasses import dataclass, replace

import numpy as np
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from hemiface.measures import affected_side, measure_spasms
from hemiface.spasms import detect_spasms
from hemiface.types import SIDES, Side, Signals, Span
from signals_story import Move, blink, mirrored, signals_story, smile, spasm

# A shared machine may be slow; what is found must not depend on it.
quick = settings(
    max_examples=25, deadline=None, derandomize=True, suppress_health_check=[HealthCheck.too_slow]
)

sides = st.sampled_from(SIDES)
seconds = st.floats(2.0, 9.0)


@dataclass(frozen=True)
class Face:
    """Twelve seconds of a face, short to print when something about it is found wrong."""

    moves: tuple[Move, ...]
    gaps: tuple[Span, ...]
    rate_hz: float
    noise: float
    seed: int

    def signals(self) -> Signals:
        return signals_story(
            *self.moves, duration_s=12.0, rate_hz=self.rate_hz, gaps=self.gaps, noise=self.noise,
            seed=self.seed,
        )  # fmt: skip


any_spasm = st.builds(
    spasm, st.floats(-1.0, 11.9), st.floats(0.05, 5.0), sides, st.floats(0.1, 6.0)
)
any_blink = st.builds(blink, seconds, st.floats(0.1, 1.0))
any_gap = st.builds(
    lambda start_s, long_s: Span(start_s, start_s + long_s), seconds, st.floats(0.01, 4.0)
)
faces = st.builds(
    lambda spasms, blinks, smiles, gaps, rate_hz, noise, seed: Face(
        (*spasms, *blinks, *smiles), tuple(gaps), rate_hz, noise, seed
    ),
    st.lists(any_spasm, max_size=5),
    st.lists(any_blink, max_size=3),
    st.lists(st.builds(smile, seconds), max_size=1),
    st.lists(any_gap, max_size=2),
    st.sampled_from([15.0, 24.0, 29.97, 60.0, 120.0]),
    st.floats(0.0, 6.0),
    st.integers(0, 9999),
)


@quick
@given(faces)
def test_whatever_is_found_is_well_formed(face: Face) -> None:
    signals = face.signals()
    found = detect_spasms(signals)

    assert [e.onset_s for e in found.events] == sorted(e.onset_s for e in found.events)
    for spasm_found in found.events:
        assert spasm_found.onset_s <= spasm_found.peak_s <= spasm_found.end_s
        assert spasm_found.duration_s > 0
        assert spasm_found.amplitude_mm > 0
        assert spasm_found.muscles
        assert len(set(spasm_found.muscles)) == len(spasm_found.muscles)
        assert spasm_found.kind == ("tonic" if spasm_found.duration_s >= 1 else "clonic")


@quick
@given(faces)
def test_spasms_lie_in_what_was_observed_and_not_on_each_other(face: Face) -> None:
    signals = face.signals()
    found, frame_s = detect_spasms(signals), 1 / signals.recording.rate_hz

    for event in found.events:
        assert any(
            span.start_s - frame_s <= event.onset_s and event.end_s <= span.end_s + frame_s
            for span in found.observed
        )
    for before, after in zip(found.events, found.events[1:], strict=False):
        assert before.end_s <= after.onset_s + 1e-9


@quick
@given(faces)
def test_observed_time_is_what_was_seen(face: Face) -> None:
    signals = face.signals()
    found, frame_s = detect_spasms(signals), 1 / signals.recording.rate_hz

    for before, after in zip(found.observed, found.observed[1:], strict=False):
        assert before.end_s < after.start_s
    # A dropped frame is bridged; each edge is known to one frame.
    seen_s = np.isfinite(signals.values).all(axis=0).sum() * frame_s
    assert seen_s - 6 * frame_s <= found.observed_s <= seen_s + 6 * frame_s + 0.2


@quick
@given(faces)
def test_a_mirror_swaps_the_sides(face: Face) -> None:
    signals = face.signals()
    here, there = detect_spasms(signals), detect_spasms(mirrored(signals))

    swapped = {"left": "right", "right": "left"}
    assert [e.side for e in there.events] == [swapped[e.side] for e in here.events]
    np.testing.assert_allclose(
        [(e.onset_s, e.end_s) for e in there.events],
        [(e.onset_s, e.end_s) for e in here.events],
        atol=1e-6,
    )


@quick
@given(faces, st.floats(0.0, 1000.0))
def test_a_later_clock_shifts_the_times(face: Face, later_s: float) -> None:
    signals = face.signals()
    here = detect_spasms(signals)
    there = detect_spasms(replace(signals, times_s=signals.times_s + later_s))

    assert [e.side for e in there.events] == [e.side for e in here.events]
    # A sum of floats may put a frame on the other side of a sample of the detector's grid.
    np.testing.assert_allclose(
        [e.onset_s - later_s for e in there.events],
        [e.onset_s for e in here.events],
        rtol=0.0,
        atol=1.01 / 60,
    )


@quick
@given(faces)
def test_measures_hold_together(face: Face) -> None:
    signals = face.signals()
    found = detect_spasms(signals)
    measures = {(m.name, m.side): m for m in measure_spasms(signals, found)}

    assert affected_side(found) in ("left", "right", "both", "none", "undetermined")
    for (name, side), m in measures.items():
        assert np.isfinite(m.value) == (m.reason is None), m
        if np.isfinite(m.low):
            assert m.low <= m.value + 1e-9, m
            assert m.value <= m.high + 1e-9, m
        if m.unit == "%" and np.isfinite(m.value):
            assert -1e-9 <= m.value <= 100 + 1e-6, m
        if name == "spasm_rate":
            assert m.n == measures["clonic_rate", side].n + measures["tonic_rate", side].n


@quick
@given(
    side=sides,
    onset_s=st.floats(1.0, 6.0),
    duration_s=st.floats(0.12, 3.0),
    mm=st.floats(1.0, 6.0),
    rate_hz=st.sampled_from([30.0, 60.0, 120.0]),
    seed=st.integers(0, 9999),
)
def test_a_strong_spasm_on_a_still_face_is_found_when_it_is(
    side: Side, onset_s: float, duration_s: float, mm: float, rate_hz: float, seed: int
) -> None:
    move = spasm(onset_s, duration_s, side, mm)
    found = detect_spasms(signals_story(move, duration_s=12.0, rate_hz=rate_hz, seed=seed))

    assert [event.side for event in found.events] == [side]
    event = found.events[0]
    assert abs(event.onset_s - onset_s) <= max(2 / 60, 1 / rate_hz)
    assert abs(event.end_s - move.end_s) <= max(2 / 60, 1 / rate_hz)
    assert abs(event.amplitude_mm - mm) <= 0.15 * mm
