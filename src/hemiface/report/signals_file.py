"""Signals in a file, so that a recording can be measured again after a doctor's review."""

import json
from dataclasses import asdict
from pathlib import Path

import numpy as np

from hemiface.errors import SourceError
from hemiface.types import Channel, Recording, Signals
from hemiface.whole import written_whole

_ARRAYS = ("times_s", "values", "noise_mm", "confidence", "pose_deg")


def write_signals(signals: Signals, path: Path) -> None:
    """Write signals as an archive of arrays (NumPy's npz), values as float32.

    Raises
    ------
    OutputError
        If it cannot be written.
    """
    about = {
        "recording": asdict(signals.recording),
        "channels": [asdict(one) for one in signals.channels],
        "resting": signals.resting,
    }
    arrays = {name: getattr(signals, name).astype(np.float32) for name in _ARRAYS[1:]}
    with written_whole(path) as part, part.open("wb") as file:
        np.savez_compressed(
            file, about=np.array(json.dumps(about)), times_s=signals.times_s, **arrays
        )


def read_signals(path: Path) -> Signals:
    """Read what `write_signals` wrote.

    Raises
    ------
    SourceError
        If it is something else, or damaged.
    """
    try:
        with path.open("rb") as file, np.load(file, allow_pickle=False) as stored:
            about = json.loads(str(stored["about"]))
            arrays = {name: stored[name].astype(np.float64) for name in _ARRAYS}
        return Signals(
            recording=Recording(**about["recording"]),
            channels=tuple(Channel(**one) for one in about["channels"]),
            resting=about["resting"],
            **arrays,
        )
    except Exception as problem:  # any: a damaged archive fails anywhere
        raise SourceError(
            f"{path.name} must hold signals as hemiface writes them; it does not. "
            "Measure the recording again."
        ) from problem
