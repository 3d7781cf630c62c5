"""Which sequence a series is: by the words of its header, else by what its picture looks like."""

import re
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from hemiface.mri.reading.deidentify import kept_words
from hemiface.mri.reading.study import Sequence
from hemiface.types import Floats
from hemiface.volume import Volume

if TYPE_CHECKING:
    from pydicom.dataset import Dataset

_OTHER_WORDS = ("FLAIR", "DWI", "ADC", "SWI", "MIP", "LOCALIZER", "SCOUT", "DIR", "STIR", "PC3D")
_T1_WORDS = ("T1", "MPRAGE", "MP2RAGE", "BRAVO", "VIBE", "SPGR", "FSPGR")
_TOF_WORDS = ("TOF", "MOTSA")
_T2_WORDS = ("CISS", "FIESTA", "DRIVE", "BTFE", "BFFE", "TRUFI", "COSMIC")
_SPIN_ECHO_WORDS = ("SPACE", "CUBE", "VISTA")  # of any weighting
_PLAIN_WORDS = ("T2", "3D", "MRA", "HR", "IAC", "TSE")
WORDS = frozenset(
    _OTHER_WORDS + _T1_WORDS + _TOF_WORDS + _T2_WORDS + _SPIN_ECHO_WORDS + _PLAIN_WORDS
)
"""Of a description only these are kept: a name may stand there."""

_FIELDS = ("SeriesDescription", "ProtocolName", "SequenceName", "PulseSequenceName")
_LONG_ECHO_MS = 60.0  # our choice
_MAX_VOXELS = 400_000  # looked at
T2_DEEP, _T2_RATIO = 0.1, 1.7  # our choice: phantoms have at least .48 on T2, at most .08 on TOF
_TOF_SHARE, _TOF_RATIO = 0.15, 1.5  # our choice
_VESSEL_MM = 2.2  # radius; vertebral arteries of the phantoms have at most 1.9
_TOP, _TOP_PERCENT = 0.6, 99.99  # few voxels, since one thin artery may be all there is


def protocol_words(dataset: "Dataset") -> tuple[str, ...]:
    """Return the known words of a series' description, in their order, each once."""
    text = " ".join(str(dataset.get(name) or "") for name in _FIELDS).upper()
    text = text.replace("B-TFE", "BTFE").replace("B-FFE", "BFFE").replace("MP-RAGE", "MPRAGE")
    found = [word for word in re.split(r"[^A-Z0-9]+", text) if word in WORDS]
    return tuple(dict.fromkeys(found))


def kind_of_words(words: tuple[str, ...], echo_ms: float) -> Sequence | None:
    """Return the sequence that words tell, or None if they tell nothing.

    Parameters
    ----------
    words : tuple of str
    echo_ms : float
        Echo time; 0 where it is not told.
    """
    told = set(words)
    if told & set(_OTHER_WORDS):
        return "other"
    if told & set(_TOF_WORDS):
        return "tof"
    if told & set(_T1_WORDS):
        return "t1"
    if told & set(_T2_WORDS):
        return "t2"
    if told & set(_SPIN_ECHO_WORDS) and ("T2" in told or echo_ms >= _LONG_ECHO_MS):
        return "t2"
    return None


def dicom_kind(dataset: "Dataset", volume: Volume) -> Sequence:
    """Return the sequence of a DICOM series."""
    if {"MIP", "PROJECTION IMAGE"} & set(kept_words(dataset, "ImageType")):
        return "other"
    try:
        echo_ms = float(dataset.get("EchoTime") or 0.0)
    except (TypeError, ValueError):
        echo_ms = 0.0
    told = kind_of_words(protocol_words(dataset), echo_ms)
    if told is not None:
        return told
    if str(dataset.get("TimeOfFlightContrast", "")).strip() in ("TRUE", "YES"):
        return "tof"
    return kind_of_picture(volume)


def kind_of_picture(volume: Volume) -> Sequence:
    """Return the sequence that a picture looks like.

    On heavy T2 fluid is one large and even bright class, far above tissue; on time-of-flight only a
    few voxels, blood, are bright. What is neither is "other": T1 is not told apart by looks.
    """
    share, ratio = deep_share(volume), fluid_ratio(volume)
    if share >= T2_DEEP and ratio >= _T2_RATIO:
        return "t2"
    if share < T2_DEEP and ratio >= _TOF_RATIO and _bright(volume)[0].mean() < _TOF_SHARE:
        return "tof"
    return "other"


def deep_share(volume: Volume) -> float:
    """Return the share of bright voxels that lie deeper than any vessel of the fossa is thick."""
    from scipy.ndimage import distance_transform_edt

    bright, spacing = _bright(volume)
    if not bright.any() or bright.all():
        return 0.0
    depth: Floats = distance_transform_edt(np.pad(bright, 1, mode="edge"), sampling=spacing)
    return float(np.mean(depth[1:-1, 1:-1, 1:-1][bright] > _VESSEL_MM))


def _bright(volume: Volume) -> tuple[NDArray[np.bool_], Floats]:
    """Return which voxels are near the brightest, noise smoothed, and the spacing of these."""
    from scipy.ndimage import gaussian_filter

    stride = _stride(volume)
    smooth = gaussian_filter(volume.voxels[::stride, ::stride, ::stride].astype(float), 0.6)
    return smooth > _TOP * np.percentile(smooth, _TOP_PERCENT), volume.spacing_mm * stride


def fluid_ratio(volume: Volume) -> float:
    """Return how much brighter the brightest of three classes is than the middle one."""
    low, high = _classes(volume)
    sample = _sample(volume)
    middle, bright = sample[(sample > low) & (sample <= high)], sample[sample > high]
    if not len(middle) or not len(bright) or np.median(middle) <= 0.0:
        return 1.0
    return float(np.median(bright) / np.median(middle))


def _sample(volume: Volume) -> Floats:
    stride = _stride(volume)
    sample: Floats = volume.voxels[::stride, ::stride, ::stride].ravel().astype(float)
    return sample


def _stride(volume: Volume) -> int:
    return int(np.ceil((volume.voxels.size / _MAX_VOXELS) ** (1 / 3)))


def _classes(volume: Volume) -> tuple[float, float]:
    """Return the two borders that part brightness into three classes (Otsu 1979)."""
    from skimage.filters import threshold_multiotsu

    sample = _sample(volume)
    low, high = np.percentile(sample, [0.1, 99.9])
    clipped = np.clip(sample, low, high)
    try:
        borders = threshold_multiotsu(clipped, classes=3, nbins=64)  # type: ignore[no-untyped-call]
    except ValueError:  # fewer than three values
        return float(low), float(high)
    return float(borders[0]), float(borders[1])
