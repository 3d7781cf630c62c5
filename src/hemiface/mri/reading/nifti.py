"""NIfTI, in and out: the only place that knows that its axes are RAS."""

import gzip
import zlib
from io import BytesIO
from pathlib import Path
from typing import Any

import numpy as np

from hemiface.errors import SourceError
from hemiface.mri.reading.geometry import checked_volume, lost_orientation, missing_extra
from hemiface.mri.reading.members import MAX_BYTES
from hemiface.types import Floats
from hemiface.volume import Volume
from hemiface.whole import written_whole

BinaryFile = BytesIO | gzip.GzipFile

_MAX_OFFSET = 64 * 1024**2  # of the voxels, behind the header and its extensions
_MM = {0: 1.0, 1: 1000.0, 2: 1.0, 3: 0.001}  # no unit is taken for mm, as all readers do
_TURN_LIMIT, _SHIFT_LIMIT_MM = 0.02, 1.0


def flipped(affine: Floats) -> Floats:
    """Return an affine with x and y turned round: from LPS to RAS, and from RAS to LPS."""
    turned: Floats = np.diag([-1.0, -1.0, 1.0, 1.0]) @ affine
    return turned


def read_nifti(content: bytes) -> tuple[Volume, tuple[str, ...]]:
    """Return the volume of a NIfTI file (packed or not), and doubts.

    No more is unpacked than the header announces, so a bomb does not go off.

    Raises
    ------
    SourceError
        If it is no whole, three-dimensional picture of which left and right are known.
    MissingExtraError
        If nibabel is absent.
    """
    file: BinaryFile = BytesIO(content)
    if content[:2] == b"\x1f\x8b":
        file = gzip.GzipFile(fileobj=file)
    try:
        header = _header(file)
        voxels = _voxels(header, file)
    except (EOFError, zlib.error, OSError, ValueError, OverflowError) as problem:
        raise _broken() from problem
    affine, doubts = _affine(header)
    return checked_volume(voxels, flipped(affine)), doubts


def _header(file: BinaryFile) -> Any:
    try:
        from nibabel.nifti1 import Nifti1Header
        from nibabel.nifti2 import Nifti2Header
    except ImportError as problem:
        raise missing_extra("NIfTI", "nibabel") from problem
    first = file.read(540)
    is_second = first[4:7] in (b"n+2", b"ni2")
    kind, length = (Nifti2Header, 540) if is_second else (Nifti1Header, 348)
    if len(first) < length:
        raise _broken()
    header = kind(first[:length], check=False)  # type: ignore[no-untyped-call]
    if bytes(header["magic"])[:2] != b"n+":
        raise SourceError(
            "A NIfTI picture must be one file (.nii or .nii.gz); got half of a pair. Convert it."
        )
    file.seek(0)
    return header


def _voxels(header: Any, file: BinaryFile) -> Any:
    kind, shape = _kind(header), _shape(header)
    offset = int(header["vox_offset"]) or header.single_vox_offset
    size = int(np.prod(shape, dtype=object)) * kind.itemsize
    if not 0 < size <= MAX_BYTES:
        raise SourceError(
            f"A picture must have at most {MAX_BYTES // 1024**3} GiB; its header claims more. "
            "Export it again."
        )
    if not 348 <= offset <= _MAX_OFFSET:
        raise _broken()
    file.read(offset)
    content = file.read(size)
    if len(content) < size:
        raise SourceError(
            f"The file must hold {size} bytes of voxels; it ends after {len(content)}. "
            "Copy or export it again."
        )
    stored = np.frombuffer(content, kind).reshape(shape, order="F")
    return _scaled(header, stored)


def _kind(header: Any) -> np.dtype[Any]:
    code, order = int(header["datatype"]), header.endianness
    names = {2: "u1", 4: "i2", 8: "i4", 16: "f4", 64: "f8", 256: "i1", 512: "u2", 768: "u4",
             1024: "i8", 1280: "u8"}  # fmt: skip
    if code not in names:
        raise SourceError(
            "A voxel must be one real number; the header tells of another kind (colour, complex "
            "or unknown). Export the picture of brightness."
        )
    kind: np.dtype[Any] = np.dtype(order + names[code])
    return kind


def _shape(header: Any) -> tuple[int, ...]:
    dims = [int(one) for one in header["dim"]]
    n = dims[0]
    if not 1 <= n <= 7 or min(dims[1 : n + 1]) < 1:
        raise _broken()
    shape = dims[1 : n + 1]
    while len(shape) > 3 and shape[-1] == 1:
        shape.pop()
    if len(shape) > 3:
        raise SourceError(
            f"A picture must have three dimensions; got {len(shape)}, with {shape[3]} volumes. "
            "Give one volume."
        )
    return tuple(shape + [1] * (3 - len(shape)))


def _scaled(header: Any, stored: Any) -> Any:
    slope, inter = float(header["scl_slope"]), float(header["scl_inter"])
    if not np.isfinite(slope) or slope == 0.0:
        slope, inter = 1.0, 0.0
    inter = inter if np.isfinite(inter) else 0.0
    with np.errstate(all="ignore"):
        return (stored * slope + inter).astype(np.float32)


def _affine(header: Any) -> tuple[Floats, tuple[str, ...]]:
    """Return the RAS affine in mm, by the sform where there is one, and doubts."""
    scale = np.diag([_MM.get(int(header["xyzt_units"]) & 7, 1.0)] * 3 + [1.0])
    sform = scale @ _sform(header) if int(header["sform_code"]) > 0 else None
    qform = scale @ _qform(header) if int(header["qform_code"]) > 0 else None
    if sform is None:
        if qform is None:
            raise lost_orientation()
        return qform, ()
    return sform, () if qform is None else _disagreement(sform, qform)


def _sform(header: Any) -> Floats:
    rows = [header["srow_x"], header["srow_y"], header["srow_z"], [0.0, 0.0, 0.0, 1.0]]
    return np.array(rows, float)


def _qform(header: Any) -> Floats:
    try:
        return np.asarray(header.get_qform(), float)
    except Exception as problem:  # nibabel names many
        raise lost_orientation() from problem


def _disagreement(sform: Floats, qform: Floats) -> tuple[str, ...]:
    if not np.isfinite(qform).all() or not np.isfinite(sform).all():
        return ()
    handed = np.linalg.det(sform[:3, :3]) * np.linalg.det(qform[:3, :3])
    if handed < 0.0:
        raise SourceError(
            "Both orientations in a NIfTI header must agree; one is the mirror of the other. "
            "Export the original series again."
        )
    turn = np.abs(sform[:3, :3] - qform[:3, :3]).max()
    size = float(np.linalg.norm(sform[:3, :3], axis=0).max())
    shift = np.abs(sform[:3, 3] - qform[:3, 3]).max()
    if turn <= _TURN_LIMIT * size and shift <= _SHIFT_LIMIT_MM:
        return ()
    return ("The two orientations in the file differ; the first (sform) was taken.",)


def _broken() -> SourceError:
    return SourceError(
        "A NIfTI file must have a whole header and its voxels; this one is damaged. "
        "Copy or export it again."
    )


def write_nifti(path: Path, volume: Volume) -> None:
    """Write a volume as NIfTI, packed if the name ends in .gz; same volume, same bytes.

    Masks and labels (whole numbers from 0 to 255) become bytes, all else 32-bit numbers.

    Parameters
    ----------
    path : pathlib.Path
    volume : Volume

    Raises
    ------
    OutputError
        If the file cannot be written; nothing is left half-written.
    MissingExtraError
        If nibabel is absent.
    """
    try:
        from nibabel.nifti1 import Nifti1Image
    except ImportError as problem:
        raise missing_extra("NIfTI", "nibabel") from problem
    labels = np.clip(volume.voxels, 0, 255).astype(np.uint8)
    stored = labels if np.array_equal(labels, volume.voxels) else volume.voxels
    image: Any = Nifti1Image(stored, flipped(volume.affine))  # type: ignore[no-untyped-call]
    image.header.set_xyzt_units("mm")
    image.set_sform(image.affine, code=1)
    image.set_qform(image.affine, code=1)
    content = image.to_bytes()
    with written_whole(path) as part:
        part.write_bytes(gzip.compress(content, mtime=0) if path.suffix == ".gz" else content)
