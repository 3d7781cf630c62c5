"""Whether pictures are good enough to be measured in, in words."""

from collections.abc import Iterator
from itertools import product

import numpy as np

from hemiface.mri.reading.deidentify import kept_words
from hemiface.mri.reading.kinds import T2_DEEP, deep_share, fluid_ratio
from hemiface.mri.reading.motion import ghost_share
from hemiface.mri.reading.noise import estimate_snr
from hemiface.mri.reading.study import Series
from hemiface.mri.results import Doubt
from hemiface.types import Floats
from hemiface.volume import Volume

REFUSED_SNR, DOUBTED_SNR = 12.0, 15.0  # reference of the project, measured on phantoms
MAX_VOXEL_MM = 0.8
MAX_GHOST = 0.04
"""Our choice: phantoms without ghosts stay below .02, those with one of .12 lie above .08."""
MIN_FIELD_MM = 18.0  # a nerve from the pons to the meatus, our choice
BOTH_SIDES_MM = 60.0
"""Our choice: two meatus lie some 5 cm apart."""
MIN_FLUID_RATIO = 1.5  # of the brightest of three classes to the middle one, our choice
MIN_OVERLAP = 0.3
_HEADS = frozenset({"HEAD", "BRAIN", "SKULL", "IAC", "EAR", "FACE", "NECK", "HEADNECK"})
_ROUNDING_MM = 0.01


def check_quality(t2: Series, tof: Series | None) -> tuple[Doubt, ...]:
    """Return what speaks against measuring; if any doubt refuses, show pictures but no number.

    Parameters
    ----------
    t2 : Series
    tof : Series or None

    Returns
    -------
    tuple of Doubt
        Empty if all is well. Keys: "file", "sequence", "body_part", "coarse", "field", "one_side",
        "contrast", "snr", "motion", "no_tof", "apart".
    """
    return (*_of_t2(t2), *_of_tof(t2, tof))


def _of_t2(t2: Series) -> Iterator[Doubt]:
    for sentence in t2.doubts:
        yield Doubt("file", sentence)
    if t2.kind in ("tof", "t1"):
        yield Doubt(
            "sequence",
            f"The first picture must be heavy T2; it is {t2.kind.upper()}. "
            "Give CISS, FIESTA, DRIVE or SPACE.",
            refuses=True,
        )
    yield from _body_part(t2)
    if t2.resolution_mm.max() > MAX_VOXEL_MM + _ROUNDING_MM:
        size = " × ".join(f"{one:.2f}" for one in t2.resolution_mm)
        yield Doubt(
            "coarse",
            f"A voxel must have at most {MAX_VOXEL_MM:g} mm as acquired; got {size} mm. "
            "Ask for thinner slices.",
            refuses=True,
        )
    yield from _field(t2.volume)
    yield from _contrast(t2.volume)
    yield from _snr(t2)
    yield from _motion(t2, "T2")


def _body_part(series: Series) -> Iterator[Doubt]:
    part = kept_words(series.sources[0], "BodyPartExamined") if series.sources else ()
    if part and part[0] not in _HEADS:
        yield Doubt(
            "body_part",
            f"The picture must show the head; its header says {part[0]}. "
            "Give the head, or have the header corrected.",
            refuses=True,
        )


def _field(volume: Volume) -> Iterator[Doubt]:
    low, high = _box(volume)
    size = high - low
    if size.min() < MIN_FIELD_MM:
        got = " × ".join(f"{one:.0f}" for one in size)
        yield Doubt(
            "field",
            f"The field must have at least {MIN_FIELD_MM:g} mm each way; got {got} mm. "
            "Give the whole series.",
            refuses=True,
        )
    elif size[0] < BOTH_SIDES_MM:
        yield Doubt(
            "one_side",
            f"The field is {size[0]:.0f} mm wide, so only one side can be measured; "
            "the other is needed to compare.",
        )


def _contrast(volume: Volume) -> Iterator[Doubt]:
    if deep_share(volume) < T2_DEEP or fluid_ratio(volume) < MIN_FLUID_RATIO:
        yield Doubt(
            "contrast",
            "Fluid must be bright and nerves and vessels dark; here they are not. "
            "Give a heavy T2 series of the posterior fossa.",
            refuses=True,
        )


def _snr(t2: Series) -> Iterator[Doubt]:
    snr = estimate_snr(t2.volume)
    if np.isnan(snr):
        yield Doubt("snr", "The noise could not be told: no fluid is even enough.")
    elif snr < REFUSED_SNR:
        yield Doubt(
            "snr",
            f"Signal over noise must be at least {REFUSED_SNR:g}; it is about {snr:.0f}. "
            "Ask for a longer scan or a head coil.",
            refuses=True,
        )
    elif snr < DOUBTED_SNR:
        yield Doubt(
            "snr",
            f"Signal over noise should be at least {DOUBTED_SNR:g}; it is about {snr:.0f}, "
            "so distances are less sure.",
        )


def _motion(series: Series, name: str) -> Iterator[Doubt]:
    share = ghost_share(series.volume)
    if share > MAX_GHOST:
        yield Doubt(
            "motion",
            f"The {name} shows a copy of itself ({share:.0%} as bright), as movement makes; "
            "look at the picture before you trust a number.",
        )


def _of_tof(t2: Series, tof: Series | None) -> Iterator[Doubt]:
    if tof is None:
        yield Doubt(
            "no_tof",
            "There is no time-of-flight series; where nerve and vessel touch they are hard to "
            "tell apart.",
        )
        return
    for sentence in tof.doubts:
        yield Doubt("file", f"Time-of-flight: {sentence}")
    if tof.kind in ("t2", "t1"):
        yield Doubt(
            "sequence",
            f"The second picture must be time-of-flight; it is {tof.kind.upper()}. "
            "Give the TOF, or none.",
            refuses=True,
        )
    if _overlap(t2.volume, tof.volume) < MIN_OVERLAP:
        yield Doubt(
            "apart",
            "Both pictures must show the same place; they hardly overlap. "
            "Give two series of one sitting, or the T2 alone.",
            refuses=True,
        )
    if tof.resolution_mm.max() > MAX_VOXEL_MM + _ROUNDING_MM:
        yield Doubt(
            "coarse",
            f"The time-of-flight has voxels of {tof.resolution_mm.max():.2f} mm; "
            "thin vessels may be missed.",
        )
    yield from _motion(tof, "time-of-flight")


def _box(volume: Volume) -> tuple[Floats, Floats]:
    """Return the lowest and highest LPS corner of the field, mm."""
    n = np.array(volume.voxels.shape)
    corners = volume.places(np.array(list(product(*((-0.5, one - 0.5) for one in n)))))
    return corners.min(axis=0), corners.max(axis=0)


def _overlap(first: Volume, second: Volume) -> float:
    """Return the share of the first field (box along LPS) that the second covers."""
    (low, high), (other_low, other_high) = _box(first), _box(second)
    common = np.clip(np.minimum(high, other_high) - np.maximum(low, other_low), 0.0, None)
    return float(np.prod(common) / np.prod(high - low))
