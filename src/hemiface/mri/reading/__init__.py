"""Reading magnetic resonance pictures safely: which they are, where they lie, how good they are."""

from hemiface.mri.reading.choose import choose_series
from hemiface.mri.reading.nifti import write_nifti
from hemiface.mri.reading.noise import estimate_snr
from hemiface.mri.reading.quality import check_quality
from hemiface.mri.reading.reader import read_mri
from hemiface.mri.reading.study import Sequence, Series, Study

__all__ = [
    "Sequence",
    "Series",
    "Study",
    "check_quality",
    "choose_series",
    "estimate_snr",
    "read_mri",
    "write_nifti",
]
