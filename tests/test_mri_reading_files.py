"""Small pictures as files, whose answers are known by thought."""

from io import BytesIO
from typing import Any

import nibabel
import numpy as np
import pydicom
from pydicom.dataset import Dataset, FileMetaDataset
from pydicom.uid import UID, ExplicitVRLittleEndian, MRImageStorage

from hemiface.types import Floats
from hemiface.volume import Volume

SHAPE = (12, 10, 9)
SPACING = np.array([0.5, 0.6, 0.7])
ORIGIN = np.array([-4.0, 3.0, 20.0])
SECRET = "Mustermann"


def spotted(spot: tuple[int, int, int] = (9, 2, 6)) -> Volume:
    """Return a picture along LPS with one bright voxel."""
    voxels = np.random.default_rng(1).integers(10, 60, SHAPE).astype(np.float32)
    voxels[spot] = 200.0
    affine = np.diag([*SPACING, 1.0])
    affine[:3, 3] = ORIGIN
    return Volume(voxels, affine)


def turned(volume: Volume, order: tuple[int, ...], flips: tuple[int, ...]) -> Volume:
    """Return the same picture with other axes first, some running backwards."""
    voxels = volume.voxels.transpose(order)[tuple(slice(None, None, f) for f in flips)]
    affine = volume.affine.copy()
    axes = volume.affine[:3, :3][:, order]
    starts = [0 if f > 0 else n - 1 for f, n in zip(flips, voxels.shape, strict=True)]
    affine[:3, :3] = axes * np.array(flips)
    affine[:3, 3] = volume.affine[:3, 3] + axes @ np.array(starts, float)
    return Volume(np.ascontiguousarray(voxels), affine)


def brightest_place(volume: Volume) -> Floats:
    return volume.places(np.unravel_index(int(volume.voxels.argmax()), volume.voxels.shape))


def nifti_image(volume: Volume, **header: Any) -> bytes:
    """Return a NIfTI file; fields of its header may be overwritten."""
    affine = np.diag([-1.0, -1.0, 1.0, 1.0]) @ volume.affine
    image: Any = nibabel.Nifti1Image(volume.voxels, affine)  # type: ignore[no-untyped-call]
    image.set_sform(affine, code=1)
    image.set_qform(affine, code=1)
    content = bytearray(image.to_bytes())
    fields = np.frombuffer(content[:348], image.header.template_dtype).copy()
    for name, value in header.items():
        fields[0][name] = value
    content[:348] = fields.tobytes()
    return bytes(content)


def dicom_slices(volume: Volume, series: str = "1.2.3.4", **fields: Any) -> list[Dataset]:
    """Return a classic series; fields may be overwritten, None takes one away."""
    return [_slice(volume, k, series, fields) for k in range(volume.voxels.shape[2])]


def _slice(volume: Volume, k: int, series: str, fields: dict[str, Any]) -> Dataset:
    dataset, spacing = _dataset(f"{series}.{k + 1}"), volume.spacing_mm
    pixels = np.rint(volume.voxels[:, :, k].T).astype("<u2")
    dataset.SeriesInstanceUID, dataset.StudyInstanceUID = series, "1.2.3"
    dataset.FrameOfReferenceUID = "1.2.3.9"
    axes = volume.affine[:3, :3] / spacing
    dataset.ImageOrientationPatient = [float(one) for one in axes[:, :2].T.ravel()]
    dataset.ImagePositionPatient = [round(float(one), 6) for one in volume.places([0, 0, k])]
    dataset.PixelSpacing = [float(spacing[1]), float(spacing[0])]
    dataset.SliceThickness, dataset.InstanceNumber = float(spacing[2]), k + 1
    _add_pixels(dataset, pixels)
    for name, value in fields.items():
        if value is None:
            delattr(dataset, name)
        else:
            setattr(dataset, name, value)
    return dataset


def enhanced(volume: Volume) -> Dataset:
    """Return one file with all slices, last first."""
    dataset, spacing = _dataset("1.2.3.5.1"), volume.spacing_mm
    dataset.SeriesInstanceUID, dataset.StudyInstanceUID = "1.2.3.5", "1.2.3"
    shared, measures, orientation = Dataset(), Dataset(), Dataset()
    measures.PixelSpacing, measures.SliceThickness = [spacing[1], spacing[0]], spacing[2]
    axes = volume.affine[:3, :3] / spacing
    orientation.ImageOrientationPatient = [float(one) for one in axes[:, :2].T.ravel()]
    shared.PixelMeasuresSequence, shared.PlaneOrientationSequence = [measures], [orientation]
    dataset.SharedFunctionalGroupsSequence = [shared]
    frames = []
    for k in reversed(range(volume.voxels.shape[2])):
        frame, place = Dataset(), Dataset()
        place.ImagePositionPatient = [round(float(one), 6) for one in volume.places([0, 0, k])]
        frame.PlanePositionSequence = [place]
        frames.append(frame)
    dataset.PerFrameFunctionalGroupsSequence = frames
    pixels = np.rint(volume.voxels.transpose(2, 1, 0)[::-1]).astype("<u2")
    dataset.NumberOfFrames = len(pixels)
    _add_pixels(dataset, pixels)
    return dataset


def _dataset(uid: str) -> Dataset:
    dataset, meta = Dataset(), FileMetaDataset()
    meta.MediaStorageSOPClassUID = dataset.SOPClassUID = MRImageStorage
    meta.MediaStorageSOPInstanceUID = dataset.SOPInstanceUID = UID(uid)
    meta.TransferSyntaxUID = ExplicitVRLittleEndian
    dataset.file_meta = meta
    dataset.Modality, dataset.PatientName, dataset.PatientID = "MR", f"{SECRET}^A", "4711-08"
    dataset.SeriesDescription = f"CISS 3D {SECRET}"
    return dataset


def _add_pixels(dataset: Dataset, pixels: Any) -> None:
    dataset.Rows, dataset.Columns = pixels.shape[-2:]
    dataset.SamplesPerPixel, dataset.PhotometricInterpretation = 1, "MONOCHROME2"
    dataset.BitsAllocated = dataset.BitsStored = 16
    dataset.HighBit, dataset.PixelRepresentation = 15, 0
    dataset.PixelData = pixels.tobytes()


def dicom_bytes(dataset: Dataset) -> bytes:
    file = BytesIO()
    pydicom.dcmwrite(file, dataset, enforce_file_format=True)
    return file.getvalue()
