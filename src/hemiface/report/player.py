"""The document of the `<spasm-player>` element: events, and signals packed small.

``hemiface.player/1`` holds `duration_s`, `affected_side`, `spasms` and `blinks` as in the
measurement, `unseen` spans, and per channel the contraction as base64 of little-endian int16 with
its `scale` (unit per count; -32768 where not observed), on frame times as base64 of little-endian
float64. Ten minutes at 60 frames a second and 28 channels take 3 MB.
"""

import base64
from typing import Any

import numpy as np

from hemiface.muscles import MUSCLE
from hemiface.report.document import to_document
from hemiface.report.summary import unseen_spans
from hemiface.report.words import PLAYER, SIDES
from hemiface.types import Channel, Floats, Measurement

SCHEMA = "hemiface.player/1"
NOT_OBSERVED = -32768
_MOST_COUNTS = 32767


def player_document(m: Measurement) -> dict[str, Any]:
    """Return what the player needs to show a measurement, as plain JSON values."""
    whole = to_document(m)
    times_s = m.signals.times_s if m.signals is not None else np.zeros(0)
    return {
        "schema": SCHEMA,
        "duration_s": m.recording.duration_s,
        "affected_side": m.affected_side,
        "spasms": whole["spasms"],
        "blinks": whole["blinks"],
        "unseen": [{"start_s": s.start_s, "end_s": s.end_s} for s in unseen_spans(m.signals)],
        "times_s": _base64(times_s.astype("<f8")),
        "channels": _pack_channels(m),
        "words": _words(m),
    }


def pack(values: Floats) -> tuple[float, str]:
    """Return the scale and the base64 of values as int16; NaN becomes -32768.

    The error is at most half a count: 1/65534 of the largest value.
    """
    seen = np.isfinite(values)
    largest = float(np.abs(values[seen]).max()) if seen.any() else 0.0
    scale = largest / _MOST_COUNTS or 1.0
    counts = np.full(values.shape, NOT_OBSERVED, dtype="<i2")
    counts[seen] = np.rint(values[seen] / scale)
    return scale, _base64(counts)


def _pack_channels(m: Measurement) -> list[dict[str, Any]]:
    if m.signals is None:
        return []
    rows = zip(m.signals.channels, m.signals.values, strict=True)
    return [_pack_channel(channel, values) for channel, values in rows]


def _pack_channel(channel: Channel, values: Floats) -> dict[str, Any]:
    known = MUSCLE.get(channel.muscle)
    scale, packed = pack(values)
    return {
        "muscle": channel.muscle,
        "label": known.label if known else channel.muscle,
        "side": channel.side,
        "unit": channel.unit,
        "scale": scale,
        "values": packed,
    }


def _words(m: Measurement) -> dict[str, str]:
    """The player's words; the legend says which side is the affected one."""
    sides = {
        f"{side}Side": PLAYER["affectedSide" if m.affected_side == side else "plainSide"].format(
            side=str(SIDES[side]).capitalize()
        )
        for side in ("left", "right")
    }
    return {**PLAYER, **sides}


def _base64(values: "np.ndarray[Any, np.dtype[Any]]") -> str:
    return base64.b64encode(values.tobytes()).decode("ascii")
