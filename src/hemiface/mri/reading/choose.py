"""Which of the series are used."""

import numpy as np

from hemiface.errors import SourceError
from hemiface.mri.reading.study import Sequence, Series, Study

_NAMES: dict[Sequence, str] = {
    "t2": "heavy T2", "tof": "time-of-flight", "t1": "T1", "other": "another kind",
}  # fmt: skip


def choose_series(study: Study) -> tuple[Series, Series | None]:
    """Return the heavy T2 and, if there is one, the time-of-flight to be used: the finest of each.

    Raises
    ------
    SourceError
        If there is no heavy T2.
    """
    t2 = _finest(study, "t2")
    if t2 is None:
        got = ", ".join(dict.fromkeys(_NAMES[one.kind] for one in study.series))
        raise SourceError(
            f"There must be a three-dimensional heavy T2 series; got {got}. "
            "Ask for CISS, FIESTA, DRIVE or SPACE."
        )
    return t2, _finest(study, "tof")


def _finest(study: Study, kind: Sequence) -> Series | None:
    """Return the series of a kind whose thickest side of a voxel is least, then the largest."""
    return min((one for one in study.series if one.kind == kind), key=_rank, default=None)


def _rank(series: Series) -> tuple[float, float, int]:
    thickest = round(float(series.resolution_mm.max()), 2)
    field = float(np.prod(series.volume.voxels.shape) * np.prod(series.volume.spacing_mm))
    return thickest, -field, len(series.doubts)
