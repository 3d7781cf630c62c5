"""Whatever the bytes are: a study, or one sentence."""

import gzip
import tempfile
import zipfile
from io import BytesIO
from pathlib import Path

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from hemiface.errors import SourceError
from hemiface.mri.reading import read_mri
from test_mri_reading_files import SECRET, dicom_bytes, dicom_slices, enhanced, nifti_image, spotted

NIFTI = nifti_image(spotted())
ENHANCED = dicom_bytes(enhanced(spotted()))
SLICES = [dicom_bytes(one) for one in dicom_slices(spotted())]


def zipped(*contents: bytes) -> bytes:
    file = BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        for number, content in enumerate(contents):
            archive.writestr(str(number), content)
    return file.getvalue()


SEEDS = st.sampled_from([NIFTI, gzip.compress(NIFTI), ENHANCED, zipped(*SLICES), SLICES[0]])
TIME = settings(max_examples=60, deadline=2000)


def holds(content: bytes) -> None:
    """Read; the only thing that may go wrong is one sentence without a name."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "x"
        path.write_bytes(content)
        said = sentence(path)
    assert SECRET not in said
    assert said.endswith(".")


def sentence(path: Path) -> str:
    try:
        study = read_mri(path)
    except SourceError as problem:
        return str(problem)
    good = all(np.isfinite(one.volume.voxels).all() for one in study.series)
    return "All are numbers." if good else "Some are none"


@TIME
@given(st.binary(max_size=2000), st.sampled_from([b"", b"DICM", b"PK\x03\x04", b"\x1f\x8b\x08"]))
def test_any_bytes(noise: bytes, magic: bytes) -> None:
    holds((bytes(128) if magic == b"DICM" else b"") + magic + noise)


@TIME
@given(SEEDS, st.floats(0.0, 1.0))
def test_cut_files(seed: bytes, share: float) -> None:
    holds(seed[: int(share * len(seed))])


@TIME
@given(SEEDS, st.lists(st.tuples(st.integers(0, 3000), st.integers(0, 255)), max_size=8))
def test_changed_bytes(seed: bytes, changes: list[tuple[int, int]]) -> None:
    content = bytearray(seed)
    for place, value in changes:
        content[place % len(content)] = value
    holds(bytes(content))


@TIME
@given(st.integers(0, 8), st.integers(132, 1200), st.integers(0, 255))
def test_one_changed_slice(number: int, place: int, value: int) -> None:
    slices = [bytearray(one) for one in SLICES]
    slices[number][place % len(slices[number])] = value
    holds(zipped(*(bytes(one) for one in slices)))
