"""DICOM: from bytes to slices, each with its place; no header is believed before it is checked."""

import logging
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from io import BytesIO
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from hemiface.errors import SourceError
from hemiface.mri.reading.geometry import lost_orientation, missing_extra
from hemiface.types import Floats

if TYPE_CHECKING:
    from pydicom.dataset import Dataset

_DEFLATED = b"1.2.840.10008.1.2.1.99"  # unpacked as a whole, so a bomb could hide in it
_MAX_SIDE, _MAX_FRAMES = 4096, 20_000
_MAX_VALUES = 2**29  # 2 GiB as float32
_UNIT_LIMIT = 0.01  # of direction cosines


@dataclass(frozen=True, eq=False)
class Slice:
    """One plane of voxels.

    Attributes
    ----------
    pixels : numpy.ndarray
        Shape (n_rows, n_columns), float32, rescaled.
    position : numpy.ndarray
        Middle of the first voxel, LPS mm.
    along_row, along_column : numpy.ndarray
        Unit vectors to the next column and to the next row.
    spacing_mm : numpy.ndarray
        To the next column and to the next row, shape (2,).
    """

    pixels: NDArray[np.float32]
    position: Floats
    along_row: Floats
    along_column: Floats
    spacing_mm: Floats

    @property
    def normal(self) -> Floats:
        """Unit vector across the slice."""
        across: Floats = np.cross(self.along_row, self.along_column)
        return across


@contextmanager
def quietly() -> Iterator[None]:
    """Keep pydicom from saying what stands in a header, in warnings or in the log."""
    log = logging.getLogger("pydicom")
    level = log.level
    log.setLevel(logging.CRITICAL + 1)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            yield
    finally:
        log.setLevel(level)


def read_dataset(content: bytes) -> "Dataset":
    """Return a DICOM file of a magnetic resonance picture.

    Raises
    ------
    SourceError
        If it is damaged, or no picture of this kind.
    MissingExtraError
        If pydicom is absent.
    """
    try:
        from pydicom import dcmread
    except ImportError as problem:
        raise missing_extra("DICOM", "pydicom") from problem
    if _DEFLATED in content:
        raise SourceError(
            "A DICOM file must not be deflated as a whole; this one is. Export it uncompressed."
        )
    try:
        dataset = dcmread(BytesIO(content), force=content[128:132] != b"DICM")
        modality, has_pixels = str(dataset.get("Modality", "")), "PixelData" in dataset
    except Exception as problem:  # any: a damaged header fails anywhere
        raise damaged() from problem
    if modality != "MR":
        got = modality if modality in _MODALITIES else "another kind"
        raise SourceError(f"A picture must be of MR; got {got}. Give the MR series.")
    if not has_pixels:
        raise SourceError("A DICOM file must hold a picture; this one has none. Export it again.")
    return dataset


_MODALITIES = frozenset({"CT", "PT", "US", "CR", "DX", "XA", "NM", "SR", "SEG", "PR", "OT", "KO"})


def read_slices(dataset: "Dataset") -> tuple[Slice, ...]:
    """Return the planes of a file: one if it is classic, many if it is enhanced.

    Raises
    ------
    SourceError
    """
    try:
        pixels = _pixels(dataset)
        frames = dataset.get("PerFrameFunctionalGroupsSequence") or None
        if frames is None:
            if len(pixels) != 1:
                raise lost_orientation()
            return (_slice(dataset, [dataset], pixels[0]),)
        shared = list(dataset.get("SharedFunctionalGroupsSequence") or [])
        if len(frames) != len(pixels):
            raise damaged()
        return tuple(
            _slice(dataset, [frame, *shared], one)
            for frame, one in zip(frames, pixels, strict=True)
        )
    except SourceError:
        raise
    except Exception as problem:  # any: a damaged header fails anywhere
        raise damaged() from problem


def _pixels(dataset: "Dataset") -> NDArray[Any]:
    """Return stored values, shape (n_frames, n_rows, n_columns)."""
    n_frames = int(dataset.get("NumberOfFrames") or 1)
    rows, columns = int(dataset.get("Rows") or 0), int(dataset.get("Columns") or 0)
    if int(dataset.get("SamplesPerPixel") or 1) != 1:
        raise SourceError("A picture must be grey; this one has colours. Give the MR series.")
    if not (0 < rows <= _MAX_SIDE and 0 < columns <= _MAX_SIDE and 0 < n_frames <= _MAX_FRAMES):
        raise damaged()
    if rows * columns * n_frames > _MAX_VALUES:
        raise damaged()
    try:
        pixels: NDArray[Any] = dataset.pixel_array.reshape(n_frames, rows, columns)
    except Exception as problem:
        raise _undecoded(dataset) from problem
    return pixels


def _undecoded(dataset: "Dataset") -> SourceError:
    syntax = getattr(getattr(dataset, "file_meta", None), "TransferSyntaxUID", None)
    if syntax is not None and syntax.is_transfer_syntax and syntax.is_compressed:
        return SourceError(
            f"The pixels must be uncompressed, RLE or JPEG-LS; got {syntax.name} or damaged ones. "
            'Export the series uncompressed ("Explicit VR Little Endian").'
        )
    return damaged()


def _slice(dataset: "Dataset", groups: list["Dataset"], pixels: NDArray[Any]) -> Slice:
    def of(macro: str, name: str) -> Any:
        for group in groups:
            inner = [group] if group is dataset else list(group.get(macro) or [])
            if inner and inner[0].get(name) is not None:
                return inner[0].get(name)
        return None

    turned = _numbers(of("PlaneOrientationSequence", "ImageOrientationPatient"), 6)
    position = _numbers(of("PlanePositionSequence", "ImagePositionPatient"), 3)
    along_row, along_column = turned[:3], turned[3:]
    lengths = np.array([np.linalg.norm(along_row), np.linalg.norm(along_column)])
    if np.abs(lengths - 1.0).max() > _UNIT_LIMIT or abs(along_row @ along_column) > _UNIT_LIMIT:
        raise lost_orientation()
    spacing = _numbers(of("PixelMeasuresSequence", "PixelSpacing"), 2)[::-1]
    slope = of("PixelValueTransformationSequence", "RescaleSlope")
    inter = of("PixelValueTransformationSequence", "RescaleIntercept")
    return Slice(
        (pixels * float(1.0 if slope is None else slope) + float(inter or 0.0)).astype(np.float32),
        position, along_row / lengths[0], along_column / lengths[1], spacing,
    )  # fmt: skip


def _numbers(value: Any, n: int) -> Floats:
    """Return a field as n finite numbers, or raise that the place is not told."""
    try:
        numbers = np.array([float(one) for one in value], float)
    except (TypeError, ValueError) as problem:
        raise lost_orientation() from problem
    if numbers.shape != (n,) or not np.isfinite(numbers).all():
        raise lost_orientation()
    return numbers


def damaged() -> SourceError:
    """Return the error for a file that is not whole."""
    return SourceError(
        "A DICOM file must be whole; this one is damaged. Copy or export the series again."
    )
