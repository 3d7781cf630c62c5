"""The way in: a file, a folder or a zip becomes a study."""

import secrets
from pathlib import Path
from typing import TYPE_CHECKING

from hemiface.errors import SourceError
from hemiface.mri.reading.dicom import quietly, read_dataset
from hemiface.mri.reading.kinds import kind_of_picture
from hemiface.mri.reading.members import read_members
from hemiface.mri.reading.nifti import read_nifti
from hemiface.mri.reading.series import dicom_series
from hemiface.mri.reading.study import Series, Study

if TYPE_CHECKING:
    from pydicom.dataset import Dataset


def read_mri(path: Path, *, salt: bytes | None = None) -> Study:
    """Read magnetic resonance pictures, and leave behind whom they show.

    Parameters
    ----------
    path : pathlib.Path
        NIfTI (.nii, .nii.gz), a DICOM file, a folder of these with whatever else lies there, or a
        zip of all that. Files are told by what is in them.
    salt : bytes, optional
        Secret for new identifiers: the same salt gives the same ones. By default drawn anew.

    Returns
    -------
    Study
        A series that cannot be read is left out and told, if another one can be.

    Raises
    ------
    SourceError
        If no series can be read; a sentence without anything of the person.
    MissingExtraError
        If a package of the extra `mri` is absent.
    """
    secret = secrets.token_bytes(16) if salt is None else salt
    series: list[Series] = []
    problems: list[SourceError] = []
    groups: dict[str, list[Dataset]] = {}
    with quietly():
        for form, content in read_members(path):
            try:
                if form == "nifti":
                    series.append(_nifti_series(content))
                else:
                    dataset = read_dataset(content)
                    groups.setdefault(_group(dataset), []).append(dataset)
            except SourceError as problem:
                problems.append(problem)
        for datasets in groups.values():
            try:
                series.append(dicom_series(datasets, secret))
            except SourceError as problem:
                problems.append(problem)
    if not series:
        raise problems[0] if problems else _nothing(path)
    return Study(tuple(series), tuple(dict.fromkeys(str(one) for one in problems)))


def _group(dataset: "Dataset") -> str:
    try:
        return str(dataset.get("SeriesInstanceUID") or "")
    except Exception:  # any: a damaged header fails anywhere
        return ""


def _nifti_series(content: bytes) -> Series:
    volume, doubts = read_nifti(content)
    return Series(volume, kind_of_picture(volume), "", volume.spacing_mm, doubts)


def _nothing(path: Path) -> SourceError:
    return SourceError(
        f"{path} must hold magnetic resonance pictures (DICOM or NIfTI); it holds none. "
        "Give the folder or zip that the hospital gave you."
    )
