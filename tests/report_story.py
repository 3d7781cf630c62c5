"""Measurements with a physical story, for the tests of everything that shows them."""

from pathlib import Path

import numpy as np

from hemiface.muscles import MUSCLE, MUSCLES
from hemiface.types import (
    SIDES,
    Affected,
    Blink,
    Channel,
    Floats,
    Measure,
    Measurement,
    Notice,
    Quality,
    Recording,
    Side,
    Signals,
    Spasm,
)

PARTS = {
    "orbicularis_oculi": 0.7,
    "orbicularis_oculi_upper": 2.5,
    "orbicularis_oculi_lower": 2.2,
    "zygomaticus": 1.8,
    "orbicularis_oris": 0.9,
}
"""How far each muscle contracts in the story's spasms, in its own unit."""


def left_eye_story(
    duration_s: float = 60.0, rate_hz: float = 30.0, muscles: tuple[str, ...] | None = None
) -> Measurement:
    """The left eye closes for 0.2 s every 2 s, and every third time the cheek joins in.

    Both eyes blink for 0.15 s every 5 s, at 4.1 s first. The face is hidden in the third second.
    """
    recording = _recording(duration_s, rate_hz)
    onsets = np.arange(1.0, duration_s - 0.5, 2.0)
    spasms = tuple(_spasm(float(onset), index) for index, onset in enumerate(onsets))
    blinks = tuple(Blink(float(t), 0.15, 0.9, 0.92) for t in np.arange(4.1, duration_s, 5.0))
    signals = _signals(recording, spasms, blinks, muscles or tuple(MUSCLE))
    observed_s = duration_s - 1.0
    return Measurement(
        recording=recording,
        affected_side="left",
        spasms=spasms,
        blinks=blinks,
        measures=_measures(spasms, observed_s),
        quality=Quality(observed_s, 212.0, (Notice("hidden", "A hand hid the face for 1 s."),)),
        software={
            "version": "0.1.0",
            "model_sha256": "64184e229b263107bc2b804c6625db1341ff2bb731874b0bcc2fe6544e0bc9ff",
            "settings": {"spasms": {"onset_mm": 0.4, "offset_share": 0.3}, "seed": None},
        },
        signals=signals,
    )


def still_story(affected: Affected = "none", observed_s: float = 58.0) -> Measurement:
    """Nothing moves for a minute, without signals."""
    return Measurement(
        recording=_recording(60.0, 30.0),
        affected_side=affected,
        spasms=(),
        blinks=(),
        measures=(),
        quality=Quality(observed_s, 180.0),
        software={"version": "0.1.0", "model_sha256": None, "settings": {}},
    )


def _recording(duration_s: float, rate_hz: float) -> Recording:
    return Recording(
        id="story",
        kind="video",
        source="story.mp4",
        sha256="0" * 64,
        rate_hz=rate_hz,
        duration_s=duration_s,
        n_frames=round(duration_s * rate_hz),
        width=640,
        height=480,
        mirrored=None,
        task="rest",
        started_at="2026-03-04T10:30:00+00:00",
    )


def _spasm(onset_s: float, index: int) -> Spasm:
    eye = ("orbicularis_oculi_lower", "orbicularis_oculi", "orbicularis_oculi_upper")
    cheek = ("zygomaticus", "orbicularis_oris") if index % 3 == 0 else ()
    return Spasm(onset_s, 0.2, onset_s + 0.1, "left", "clonic", 2.5, eye + cheek)


def _measures(spasms: tuple[Spasm, ...], observed_s: float) -> tuple[Measure, ...]:
    n = len(spasms)
    rate = 60.0 * n / observed_s
    burden = 100.0 * 0.2 * n / observed_s
    nan = float("nan")

    def one(
        name: str, value: float, unit: str, side: Side | None, low: float, high: float
    ) -> Measure:
        return Measure(name, value, unit, side, "rest", observed_s, n, low, high)

    return (
        one("spasm_rate", rate, "1/min", "left", 0.7 * rate, 1.4 * rate),
        one("spasm_rate", 0.0, "1/min", "right", 0.0, 3.7),
        one("burden", burden, "%", "left", 0.8 * burden, 1.3 * burden),
        one("spasm_duration", 0.2, "s", "left", 0.18, 0.23),
        one("amplitude", 2.5, "mm", "left", 2.3, 2.7),
        one("blink_rate", 12.0, "1/min", None, 8.0, 17.0),
        one("resting_asymmetry", -0.6, "mm", None, -1.1, -0.1),
        Measure(
            "other_babinski", nan, "%", "left", "rest", observed_s, 0, reason="The brow was hidden."
        ),
    )


def _signals(
    recording: Recording,
    spasms: tuple[Spasm, ...],
    blinks: tuple[Blink, ...],
    muscles: tuple[str, ...],
) -> Signals:
    n = recording.n_frames
    times_s = np.arange(n) / recording.rate_hz
    chosen = [muscle for muscle in MUSCLES if muscle.name in muscles]
    channels = tuple(Channel(m.name, side, m.unit) for m in chosen for side in SIDES)
    values = np.stack([_contraction(channel, times_s, spasms, blinks) for channel in channels])
    hidden = (times_s >= 2.0) & (times_s < 3.0)
    values[:, hidden] = np.nan
    confidence = np.where(hidden, 0.1, 0.98)
    noise = np.full(n, 0.03)
    return Signals(recording, times_s, values, channels, noise, confidence, np.zeros((3, n)))


def _contraction(
    channel: Channel, times_s: Floats, spasms: tuple[Spasm, ...], blinks: tuple[Blink, ...]
) -> Floats:
    ripple = 0.02 * np.sin(97.0 * times_s + len(channel.muscle) + (channel.side == "left"))
    values = np.asarray(ripple, dtype=np.float64)
    for spasm in spasms:
        if spasm.side == channel.side and channel.muscle in spasm.muscles:
            values += PARTS[channel.muscle] * _hump(times_s, spasm.onset_s, spasm.duration_s)
    for blink in blinks:
        if channel.muscle.startswith("orbicularis_oculi"):
            values += PARTS[channel.muscle] * _hump(times_s, blink.onset_s, blink.duration_s)
    return values


def _hump(times_s: Floats, onset_s: float, duration_s: float) -> Floats:
    """Half a sine from 0 through 1 to 0."""
    phase = np.clip((times_s - onset_s) / duration_s, 0.0, 1.0)
    hump: Floats = np.sin(np.pi * phase)
    return hump


EXAMPLE = Path(__file__).parents[1] / "islands" / "tests" / "example.player.json"
"""The player's document that pytest writes and reads, and vitest reads."""


def example_story() -> Measurement:
    """A short story with few channels: the example that both test suites read."""
    return left_eye_story(12.0, 30.0, ("orbicularis_oculi", "zygomaticus"))
