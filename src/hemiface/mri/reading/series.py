"""Slices into one volume: in order, evenly spaced, none missing."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from hemiface.errors import SourceError
from hemiface.mri.reading.deidentify import deidentify, kept_words
from hemiface.mri.reading.dicom import Slice, damaged, read_slices
from hemiface.mri.reading.geometry import checked_volume
from hemiface.mri.reading.kinds import dicom_kind, protocol_words
from hemiface.mri.reading.study import Series
from hemiface.types import Floats
from hemiface.volume import Volume

if TYPE_CHECKING:
    from pydicom.dataset import Dataset

_SAME_TURN = 1e-3  # of direction cosines
_SAME_PLACE_MM = 0.01
_UNEVEN = 0.05  # of a step, our choice
_DRIFT = 0.02  # sideways for each mm across, our choice: 1 degree
_ZOOM_LIMIT = 5.0  # no scanner interpolates more; a header that says so is wrong
_INTERPOLATED = 1.15


def dicom_series(datasets: Sequence["Dataset"], salt: bytes) -> Series:
    """Return one series of all files that share a series identifier.

    Parameters
    ----------
    datasets : sequence of pydicom.Dataset
        At least one.
    salt : bytes
        For new identifiers.

    Raises
    ------
    SourceError
        If they do not make one whole volume.
    """
    try:
        return _series(datasets, salt)
    except SourceError:
        raise
    except Exception as problem:  # any: a damaged header fails anywhere
        raise damaged() from problem


def _series(datasets: Sequence["Dataset"], salt: bytes) -> Series:
    planes = [(one, owner) for owner in _once(datasets) for one in read_slices(owner)]
    ordered = _ordered(planes)
    slices = [one for one, _ in ordered]
    step = _step(slices)
    first, owner = ordered[0]
    volume = checked_volume(_stacked(slices, owner), _affine(first, step))
    resolution = _resolution(owner, volume)
    owners = list(dict.fromkeys(id(one) for _, one in ordered))
    by_id = {id(one): one for _, one in ordered}
    return Series(
        volume,
        dicom_kind(owner, volume),
        " ".join(protocol_words(owner)),
        resolution,
        _doubts(owner, volume, resolution),
        tuple(deidentify(by_id[one], salt) for one in owners),
    )


def _once(datasets: Sequence["Dataset"]) -> list["Dataset"]:
    """Return the files without copies, and without projections of the same series."""
    kept: dict[str, Dataset] = {}
    for number, one in enumerate(datasets):
        if not {"MIP", "PROJECTION IMAGE"} & set(kept_words(one, "ImageType")):
            kept.setdefault(str(one.get("SOPInstanceUID") or number), one)
    return list(kept.values()) or list(datasets)


def _ordered(planes: list[tuple[Slice, "Dataset"]]) -> list[tuple[Slice, "Dataset"]]:
    """Return slices of one direction and size, along their normal."""
    first = planes[0][0]
    if len(planes) == 1:
        raise SourceError("A picture must be a volume; got one slice. Give the whole series.")
    for one, _ in planes:
        if one.pixels.shape != first.pixels.shape or not np.allclose(
            one.spacing_mm, first.spacing_mm, rtol=1e-3
        ):
            raise _mixed("size")
        if not np.allclose(one.along_row, first.along_row, atol=_SAME_TURN) or not np.allclose(
            one.along_column, first.along_column, atol=_SAME_TURN
        ):
            raise _mixed("direction")
    return sorted(planes, key=lambda plane: float(plane[0].position @ first.normal))


def _mixed(what: str) -> SourceError:
    return SourceError(
        f"All slices of a series must have the same {what}; these differ. Give one series only."
    )


def _step(slices: list[Slice]) -> Floats:
    """Return the way from one slice to the next, mm, shape (3,)."""
    places = np.array([one.position for one in slices])
    normal = slices[0].normal
    steps = np.diff(places @ normal)
    if (steps < _SAME_PLACE_MM).any():
        raise SourceError(
            f"Each slice must have its own place; {int((steps < _SAME_PLACE_MM).sum())} lie where "
            "another does. Give one series with one picture of each place."
        )
    middle = float(np.median(steps))
    if np.abs(steps / middle - 1.0).max() > _UNEVEN:
        raise SourceError(
            f"Slices must be evenly spaced; steps go from {steps.min():.2f} to {steps.max():.2f} "
            "mm, so slices are missing. Copy or export the whole series again."
        )
    way: Floats = (places[-1] - places[0]) / (len(places) - 1)
    if np.linalg.norm(way - (way @ normal) * normal) > _DRIFT * (way @ normal):
        raise SourceError(
            "Slices must lie straight behind each other; these drift sideways. "
            "Export the original series."
        )
    return way


def _stacked(slices: list[Slice], owner: "Dataset") -> NDArray[np.float32]:
    """Return voxels (columns, rows, slices); where low means white, turned round."""
    voxels = np.stack([one.pixels.T for one in slices], axis=2)
    if str(owner.get("PhotometricInterpretation", "")).strip() == "MONOCHROME1":
        voxels = voxels.max() + voxels.min() - voxels
    return voxels


def _affine(first: Slice, step: Floats) -> Floats:
    affine = np.eye(4)
    affine[:3, 0] = first.along_row * first.spacing_mm[0]
    affine[:3, 1] = first.along_column * first.spacing_mm[1]
    affine[:3, 2] = step
    affine[:3, 3] = first.position
    return affine


def _resolution(owner: "Dataset", volume: Volume) -> Floats:
    """Return the voxel as acquired: field of view over acquired lines, and slice thickness."""
    spacing, size = volume.spacing_mm, volume.voxels.shape
    columns, rows = _acquired(owner)
    thickness = _number(_measure(owner, "PixelMeasuresSequence", "SliceThickness"))
    told = np.array([
        size[0] * spacing[0] / columns if columns > 0 else 0.0,
        size[1] * spacing[1] / rows if rows > 0 else 0.0,
        thickness,
    ])  # fmt: skip
    return np.where((told > spacing) & (told < _ZOOM_LIMIT * spacing), told, spacing)


def _acquired(owner: "Dataset") -> tuple[float, float]:
    """Return how many columns and rows were acquired; 0 where it is not told.

    The four numbers of AcquisitionMatrix are frequency rows and columns, phase rows and columns
    (DICOM PS3.3 C.8.3.1).
    """
    matrix = owner.get("AcquisitionMatrix")
    if matrix is not None and len(matrix) == 4:
        numbers = [_number(one) for one in matrix]
        return max(numbers[1], numbers[3]), max(numbers[0], numbers[2])
    steps = [
        _number(_measure(owner, "MRFOVGeometrySequence", name))
        for name in (
            "MRAcquisitionFrequencyEncodingSteps",
            "MRAcquisitionPhaseEncodingStepsInPlane",
        )
    ]
    phase = str(_measure(owner, "MRFOVGeometrySequence", "InPlanePhaseEncodingDirection"))
    return (steps[1], steps[0]) if phase == "ROW" else (steps[0], steps[1])


def _measure(owner: "Dataset", macro: str, name: str) -> Any:
    """Return a field of a classic header, or of the groups of an enhanced one."""
    if owner.get(name) is not None:
        return owner.get(name)
    for groups in ("SharedFunctionalGroupsSequence", "PerFrameFunctionalGroupsSequence"):
        for group in list(owner.get(groups) or [])[:1]:
            for inner in list(group.get(macro) or [])[:1]:
                if inner.get(name) is not None:
                    return inner.get(name)
    return None


def _number(value: Any) -> float:
    try:
        number = float(value)
    except (TypeError, ValueError):
        return 0.0
    return number if np.isfinite(number) else 0.0


def _doubts(owner: "Dataset", volume: Volume, resolution: Floats) -> tuple[str, ...]:
    spacing = volume.spacing_mm
    found = []
    if (resolution > _INTERPOLATED * spacing).any():
        acquired = " × ".join(f"{one:.2f}" for one in resolution)
        found.append(f"The scanner interpolated; the voxel as acquired has {acquired} mm.")
    thickness = _number(_measure(owner, "PixelMeasuresSequence", "SliceThickness"))
    if 0.0 < thickness < spacing[2] / _INTERPOLATED:
        found.append("There are gaps between the slices.")
    if "MPR" in kept_words(owner, "ImageType"):
        found.append("The series was reformatted from another; the original is better.")
    if str(owner.get("BurnedInAnnotation", "")).strip() == "YES":
        found.append("Text may be burnt into the picture; look before you share it.")
    return tuple(found)
