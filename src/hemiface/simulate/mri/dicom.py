"""A volume as a classic DICOM series of MR: one file a slice, of a patient who does not exist."""

import hashlib
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from hemiface.simulate.mri.files import make_folder, missing_extra
from hemiface.simulate.mri.paint import Picture
from hemiface.types import Floats
from hemiface.volume import Volume
from hemiface.whole import written_whole

if TYPE_CHECKING:
    from pydicom.dataset import Dataset

_UNITS = 1000.0  # of brightness: fluid on T2 is 1000


@dataclass(frozen=True)
class Sequence:
    """How a scanner names what it did."""

    number: int
    description: str
    scanning: str
    repetition_ms: float
    echo_ms: float
    flip_deg: float
    is_angio: bool


_SEQUENCES: dict[Picture, Sequence] = {
    "t2": Sequence(2, "CISS 3D", "GR", 6.0, 2.7, 50.0, is_angio=False),
    "tof": Sequence(3, "TOF 3D", "GR", 22.0, 3.7, 20.0, is_angio=True),
}


def write_dicom(
    folder: Path, volume: Volume, *, kind: Picture, seed: int,
    acquired_mm: tuple[float, float, float] | None = None,
) -> tuple[Path, ...]:  # fmt: skip
    """Write a volume as DICOM, a file for each step along its third axis.

    Both pictures of a seed share patient, study and frame of reference, as on a scanner; that they
    do does not mean that the head held still. Same volume and seed, same bytes.

    Parameters
    ----------
    folder : Path
        Made if missing.
    volume : Volume
    kind : "t2" or "tof"
        CISS 3D or TOF 3D.
    seed : int
        Names the patient (Phantom^Seed) and all identifiers.
    acquired_mm : tuple of float, optional
        Voxel before interpolation; by default that of the volume.

    Returns
    -------
    tuple of Path
        What was written, from the first slice to the last.

    Raises
    ------
    OutputError
        If the folder or a file cannot be written.
    MissingExtraError
        If pydicom is absent.
    """
    try:
        import pydicom  # noqa: F401
    except ImportError as problem:
        raise missing_extra("DICOM", "pydicom") from problem
    acquired = volume.spacing_mm if acquired_mm is None else np.asarray(acquired_mm, float)
    make_folder(folder)
    written = []
    for k in range(volume.voxels.shape[2]):
        path = folder / f"{k + 1:04d}.dcm"
        with written_whole(path) as part:
            part.write_bytes(_bytes(_slice(volume, k, _SEQUENCES[kind], seed, acquired)))
        written.append(path)
    return tuple(written)


def uid(*parts: object) -> str:
    """Return a DICOM identifier that is always the same for the same parts."""
    digest = hashlib.sha256("/".join(str(part) for part in parts).encode()).digest()
    return f"2.25.{int.from_bytes(digest[:16], 'big')}"


def _bytes(dataset: "Dataset") -> bytes:
    file = BytesIO()
    dataset.save_as(file, enforce_file_format=True)
    return file.getvalue()


def _slice(volume: Volume, k: int, how: Sequence, seed: int, acquired: Floats) -> "Dataset":
    dataset = _header(k, how, seed)
    _add_identity(dataset, k, how, seed)
    _add_sequence(dataset, how)
    _add_geometry(dataset, volume, k, acquired)
    _add_pixels(dataset, volume, k)
    return dataset


def _header(k: int, how: Sequence, seed: int) -> "Dataset":
    from pydicom.dataset import Dataset, FileMetaDataset
    from pydicom.uid import PYDICOM_IMPLEMENTATION_UID, UID, ExplicitVRLittleEndian, MRImageStorage

    dataset, meta = Dataset(), FileMetaDataset()
    meta.MediaStorageSOPClassUID = dataset.SOPClassUID = MRImageStorage
    meta.MediaStorageSOPInstanceUID = dataset.SOPInstanceUID = UID(uid(seed, how.number, k))
    meta.TransferSyntaxUID = ExplicitVRLittleEndian
    meta.ImplementationClassUID = PYDICOM_IMPLEMENTATION_UID
    dataset.file_meta = meta
    return dataset


def _add_identity(dataset: "Dataset", k: int, how: Sequence, seed: int) -> None:
    dataset.PatientName, dataset.PatientID = f"Phantom^{seed}", f"PHANTOM-{seed}"
    dataset.PatientBirthDate = dataset.PatientSex = ""
    dataset.StudyInstanceUID, dataset.SeriesInstanceUID = uid(seed), uid(seed, how.number)
    dataset.FrameOfReferenceUID = uid(seed, "frame")
    dataset.StudyDate = dataset.StudyTime = dataset.StudyID = dataset.AccessionNumber = ""
    dataset.ReferringPhysicianName = dataset.PositionReferenceIndicator = ""
    dataset.StudyDescription = "Digital phantom"
    dataset.SeriesNumber, dataset.InstanceNumber = how.number, k + 1


def _add_sequence(dataset: "Dataset", how: Sequence) -> None:
    dataset.Modality, dataset.Manufacturer = "MR", "hemiface"
    dataset.ManufacturerModelName = "digital phantom"
    dataset.ImageType = ["ORIGINAL", "PRIMARY", "M", "ND"]
    dataset.BodyPartExamined, dataset.PatientPosition = "BRAIN", "HFS"
    dataset.SeriesDescription = dataset.ProtocolName = how.description
    dataset.ScanningSequence, dataset.SequenceVariant = how.scanning, "SP"
    dataset.ScanOptions, dataset.MRAcquisitionType = "", "3D"
    dataset.AngioFlag = "Y" if how.is_angio else "N"
    dataset.RepetitionTime, dataset.EchoTime = f"{how.repetition_ms:g}", f"{how.echo_ms:g}"
    dataset.FlipAngle, dataset.MagneticFieldStrength = f"{how.flip_deg:g}", "3"
    dataset.EchoTrainLength = 1


def _add_geometry(dataset: "Dataset", volume: Volume, k: int, acquired: Floats) -> None:
    n_i, n_j, _ = volume.voxels.shape
    spacing = volume.spacing_mm
    directions = volume.affine[:3, :3] / spacing
    dataset.ImageOrientationPatient = [_number(one) for one in directions[:, :2].T.ravel()]
    dataset.ImagePositionPatient = [_number(one) for one in volume.places([0, 0, k])]
    dataset.PixelSpacing = [_number(spacing[1]), _number(spacing[0])]  # between rows, columns
    dataset.SliceThickness = _number(acquired[2])
    dataset.SpacingBetweenSlices = _number(spacing[2])
    columns, rows = round(n_i * spacing[0] / acquired[0]), round(n_j * spacing[1] / acquired[1])
    dataset.AcquisitionMatrix = [0, columns, rows, 0]  # frequency along a row, phase along a column
    dataset.InPlanePhaseEncodingDirection = "COL"


def _add_pixels(dataset: "Dataset", volume: Volume, k: int) -> None:
    pixels = np.clip(np.rint(volume.voxels[:, :, k].T * _UNITS), 0, 65535).astype("<u2")
    dataset.Rows, dataset.Columns = pixels.shape
    dataset.SamplesPerPixel, dataset.PhotometricInterpretation = 1, "MONOCHROME2"
    dataset.BitsAllocated = dataset.BitsStored = 16
    dataset.HighBit, dataset.PixelRepresentation = 15, 0
    dataset.WindowCenter, dataset.WindowWidth = "600", "1200"
    dataset.PixelData = pixels.tobytes()


def _number(value: float) -> str:
    """Return a number in the 16 characters that DICOM allows."""
    return f"{float(value):.9f}"[:16]
