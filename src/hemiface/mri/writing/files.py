"""All files of a measurement in a folder."""

import json
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from hemiface.errors import OutputError
from hemiface.mri.reading import write_nifti
from hemiface.mri.results import MriFound
from hemiface.mri.writing.document import found_document
from hemiface.mri.writing.masks import masks
from hemiface.mri.writing.segmentation import segmentation
from hemiface.mri.writing.structured import structured_report
from hemiface.volume import Volume
from hemiface.whole import written_whole

if TYPE_CHECKING:
    from pydicom.dataset import Dataset


def write_found(
    folder: Path, found: MriFound, t2: Volume, version: str, sources: Sequence["Dataset"] = ()
) -> tuple[Path, ...]:
    """Write `mri.json` and `masks.nii.gz`; of DICOM also `segmentation.dcm` and `report.dcm`.

    Each is written whole or not at all.

    Parameters
    ----------
    sources : sequence of pydicom.Dataset
        Headers of the T2, as `read_mri` gives them.

    Raises
    ------
    OutputError
        If the folder or a file cannot be written.
    """
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as problem:
        reason = problem.strerror or "it is not a folder"
        raise OutputError(f"{folder} cannot be written: {reason}. Choose another.") from problem
    told, painted = folder / "mri.json", folder / "masks.nii.gz"
    text = json.dumps(found_document(found, version), allow_nan=False)
    with written_whole(told) as part:
        part.write_text(text + "\n", encoding="utf-8")
    write_nifti(painted, Volume(masks(t2, found).astype(np.float32), t2.affine))
    return told, painted, *_write_dicom(folder, found, t2, version, sources)


def _write_dicom(
    folder: Path, found: MriFound, t2: Volume, version: str, sources: Sequence["Dataset"]
) -> list[Path]:
    if not sources:
        return []
    made = {
        "segmentation.dcm": segmentation(found, t2, sources, version),
        "report.dcm": structured_report(found, sources, version),
    }
    written = [(folder / name, dataset) for name, dataset in made.items() if dataset is not None]
    for path, dataset in written:
        with written_whole(path) as part:
            dataset.save_as(part)
    return [path for path, _ in written]
