"""Tables for people who work in spreadsheets, R or pandas; types stay inside, tables at the edge.

Spasms follow BIDS events: `onset` and `duration` in seconds first, then `trial_type`. Signals
follow OpenFace: one row per frame beginning `frame, timestamp, confidence, success`, then the pose
of the head and one column per channel named ``<muscle>_<side>_<unit>``, for example
`zygomaticus_left_mm` and `orbicularis_oculi_right_fraction`. Sides are spelt out and are the
person's own.
"""

from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from hemiface.errors import OutputError
from hemiface.types import Channel, Measurement, Signals, Spasm

if TYPE_CHECKING:
    import pandas as pd

SPASM_COLUMNS = (
    "onset",
    "duration",
    "trial_type",
    "peak",
    "side",
    "kind",
    "amplitude_mm",
    "muscles",
    "cut_start",
    "cut_end",
)
"""Columns of the table of spasms; times in seconds."""


def spasms_table(m: Measurement) -> "pd.DataFrame":
    """Return one row per spasm, in order of onset.

    `trial_type` is hierarchical, ``spasm/<side>/<kind>``, as MNE reads it; `muscles` are joined by
    ``+`` in the order in which they began. Seconds from the start of the recording; NaN where
    unknown.
    """
    import pandas as pd

    rows = [_spasm_row(spasm) for spasm in sorted(m.spasms, key=lambda spasm: spasm.onset_s)]
    return pd.DataFrame(rows, columns=list(SPASM_COLUMNS))


def signals_table(m: Measurement) -> "pd.DataFrame":
    """Return one row per frame with every channel; NaN where not observed.

    `frame` counts from 1 as in OpenFace, `timestamp` is in seconds, `success` is 1 where at least
    one channel was observed, and the head's pose follows in degrees. A measurement without signals
    gives a table without rows.
    """
    import pandas as pd

    if m.signals is None:
        return pd.DataFrame({"frame": [], "timestamp": [], "confidence": [], "success": []})
    return pd.DataFrame(_frame_columns(m.signals) | _channel_columns(m.signals))


def column_name(channel: Channel) -> str:
    """Return the column of a channel, ``<muscle>_<side>_<unit>``."""
    return f"{channel.muscle}_{channel.side}_{channel.unit}"


def write_spasms_csv(m: Measurement, path: Path) -> None:
    """Write the spasms as CSV; unknown values are ``n/a``, as in BIDS.

    Raises
    ------
    OutputError
        If the file cannot be written.
    """
    try:
        spasms_table(m).to_csv(path, index=False, na_rep="n/a", lineterminator="\n")
    except OSError as problem:
        raise _cannot_write(path, problem) from problem


def write_signals_parquet(m: Measurement, path: Path) -> None:
    """Write the signals as Parquet.

    Raises
    ------
    OutputError
        If the file cannot be written.
    """
    try:
        signals_table(m).to_parquet(path, index=False, compression="zstd")
    except OSError as problem:
        raise _cannot_write(path, problem) from problem


def _spasm_row(spasm: Spasm) -> dict[str, object]:
    return {
        "onset": spasm.onset_s,
        "duration": spasm.duration_s,
        "trial_type": f"spasm/{spasm.side}/{spasm.kind}",
        "peak": spasm.peak_s,
        "side": spasm.side,
        "kind": spasm.kind,
        "amplitude_mm": spasm.amplitude_mm,
        "muscles": "+".join(spasm.muscles),
        "cut_start": spasm.cut_start,
        "cut_end": spasm.cut_end,
    }


def _frame_columns(signals: Signals) -> dict[str, object]:
    yaw, pitch, roll = signals.pose_deg
    return {
        "frame": np.arange(1, signals.times_s.size + 1),
        "timestamp": signals.times_s,
        "confidence": signals.confidence,
        "success": np.isfinite(signals.values).any(axis=0).astype(np.int8),
        "pose_yaw_deg": yaw,
        "pose_pitch_deg": pitch,
        "pose_roll_deg": roll,
    }


def _channel_columns(signals: Signals) -> dict[str, object]:
    """Values as float32: micrometres are kept, and the file is half as large."""
    names = [column_name(channel) for channel in signals.channels]
    return dict(zip(names, signals.values.astype(np.float32), strict=True))


def _cannot_write(path: Path, problem: OSError) -> OutputError:
    return OutputError(f"{path} cannot be written: {problem.strerror or problem}.")
