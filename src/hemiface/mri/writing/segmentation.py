"""Nerves, vessels and masses as a DICOM segmentation (SEG) of the T2."""

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from hemiface.mri.results import MriFound
from hemiface.mri.writing.masks import LABELS, side_masks
from hemiface.types import Side
from hemiface.volume import Volume

if TYPE_CHECKING:
    from highdicom.seg import Segmentation, SegmentDescription
    from pydicom.dataset import Dataset

_NAME = "hemiface"


def segmentation(
    found: MriFound, t2: Volume, sources: Sequence["Dataset"], version: str
) -> "Segmentation | None":
    """Return the masks as a segment for each structure of a side; None where nothing was found.

    Parameters
    ----------
    found : MriFound
    t2 : Volume
    sources : sequence of pydicom.Dataset
        Headers of the T2, as `read_mri` gives them.
    version : str
        Of the software.
    """
    import highdicom

    painted = list(_painted(found, t2))
    if not painted:
        return None
    channels = np.stack([mask.T for _, _, mask in painted], axis=-1)
    volume = highdicom.Volume(
        channels, t2.affine[:, [2, 1, 0, 3]], "PATIENT", sources[0].FrameOfReferenceUID,
        channels={"SegmentNumber": list(range(1, len(painted) + 1))},
    )  # fmt: skip
    described = [
        _described(number, side, name, version)
        for number, (side, name, _) in enumerate(painted, start=1)
    ]
    return highdicom.seg.Segmentation(
        list(sources), volume, "BINARY", described, highdicom.UID(), 900, highdicom.UID(), 1,
        _NAME, _NAME, version, "none", content_label="NERVE_VESSEL",
        content_description="Facial nerves and vessels, measured; research only",
    )  # fmt: skip


def _painted(found: MriFound, t2: Volume) -> Iterator[tuple[Side, str, NDArray[np.uint8]]]:
    for side in found.sides:
        labels = side_masks(t2, side)
        for name, label in LABELS.items():
            mask = (labels == label).astype(np.uint8)
            if mask.any():
                yield side.side, name, mask


def _described(number: int, side: Side, name: str, version: str) -> "SegmentDescription":
    import highdicom

    from hemiface.mri.writing.codes import (
        ABNORMAL,
        BESIDE,
        FACIAL,
        FAMILY,
        MASS,
        STRUCTURE,
        VESSEL,
    )

    kinds = {
        "facial nerve": FACIAL, "vestibulocochlear nerve": BESIDE, "vessel": VESSEL, "mass": MASS,
    }  # fmt: skip
    algorithm = highdicom.AlgorithmIdentificationSequence(_NAME, FAMILY, version)
    return highdicom.seg.SegmentDescription(
        number, f"{name}, {side}", ABNORMAL if name == "mass" else STRUCTURE, kinds[name],
        "SEMIAUTOMATIC", algorithm, highdicom.UID(), f"{side} {name}",
    )  # fmt: skip
