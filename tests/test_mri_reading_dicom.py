"""DICOM: slices in order, left stays left, broken series told, nothing of the person kept."""

import re
import zipfile
from collections.abc import Sequence
from io import BytesIO
from itertools import permutations, product
from pathlib import Path
from typing import Any

import numpy as np
import pydicom
import pytest
from pydicom.dataset import Dataset
from pydicom.uid import UID, JPEG2000Lossless, JPEGLSLossless, RLELossless

from hemiface.errors import SourceError
from hemiface.mri.reading import Study, members, read_mri, zipped
from hemiface.volume import Volume
from test_mri_reading_files import (
    SECRET,
    SPACING,
    brightest_place,
    dicom_bytes,
    dicom_slices,
    enhanced,
    nifti_image,
    spotted,
    turned,
)

PLACE = brightest_place(spotted())


def read(tmp_path: Path, datasets: Sequence[Dataset], **more: Any) -> Study:
    """Read a zip of files, in no order."""
    path = tmp_path / "study.zip"
    with zipfile.ZipFile(path, "w") as archive:
        for number in np.random.default_rng(0).permutation(len(datasets)):
            archive.writestr(f"a/{SECRET}/{number}", dicom_bytes(datasets[int(number)]))
    return read_mri(path, **more)


def only(study: Study) -> Volume:
    (series,) = study.series
    return series.volume


def oblique() -> Volume:
    """Return the spotted picture on a stack turned about two axes."""
    volume, (a, b) = spotted(), (0.3, -0.4)
    about_x = [[1, 0, 0], [0, np.cos(a), -np.sin(a)], [0, np.sin(a), np.cos(a)]]
    about_z = [[np.cos(b), -np.sin(b), 0], [np.sin(b), np.cos(b), 0], [0, 0, 1]]
    affine = volume.affine.copy()
    affine[:3, :3] = np.array(about_x) @ np.array(about_z) @ affine[:3, :3]
    return Volume(volume.voxels, affine)


def test_the_same_anatomy_in_all_directions_lies_in_the_same_place(tmp_path: Path) -> None:
    for order, flips in product(permutations(range(3)), ((1, 1, 1), (1, -1, -1), (-1, 1, 1))):
        picture = turned(spotted(), order, flips)
        assert brightest_place(only(read(tmp_path, dicom_slices(picture)))) == pytest.approx(PLACE)


def test_an_oblique_stack(tmp_path: Path) -> None:
    volume = only(read(tmp_path, dicom_slices(oblique())))
    assert brightest_place(volume) == pytest.approx(brightest_place(oblique()), abs=1e-5)
    assert volume.spacing_mm == pytest.approx(SPACING, abs=1e-5)


def test_enhanced_is_read_like_classic(tmp_path: Path) -> None:
    path = tmp_path / "one"
    path.write_bytes(dicom_bytes(enhanced(spotted())))
    volume = only(read_mri(path))
    np.testing.assert_array_equal(volume.voxels, spotted().voxels)
    np.testing.assert_allclose(volume.affine, spotted().affine, atol=1e-6)


def signed(dataset: Dataset) -> Dataset:
    dataset.PixelRepresentation, dataset.RescaleIntercept, dataset.RescaleSlope = 1, 100, 0.5
    values = np.frombuffer(dataset.PixelData, "<u2").astype("<i2") - 200
    dataset.PixelData = values.tobytes()
    return dataset


def narrow(dataset: Dataset) -> Dataset:
    dataset.BitsAllocated, dataset.BitsStored, dataset.HighBit = 8, 8, 7
    dataset.PixelData = np.frombuffer(dataset.PixelData, "<u2").astype("u1").tobytes()
    return dataset


def test_signed_narrow_rescaled_and_inverted_pixels(tmp_path: Path) -> None:
    wanted = spotted().voxels
    got = only(read(tmp_path, [signed(one) for one in dicom_slices(spotted())]))
    np.testing.assert_allclose(got.voxels, wanted / 2.0)
    got = only(read(tmp_path, [narrow(one) for one in dicom_slices(spotted())]))
    np.testing.assert_array_equal(got.voxels, wanted)
    slices = dicom_slices(spotted(), PhotometricInterpretation="MONOCHROME1")
    assert only(read(tmp_path, slices)).voxels[9, 2, 6] == wanted.min()


@pytest.mark.parametrize("syntax", [RLELossless, JPEGLSLossless])
def test_compressed_pixels(tmp_path: Path, syntax: Any) -> None:
    slices = dicom_slices(spotted())
    for one in slices:
        one.compress(syntax, generate_instance_uid=False)
    np.testing.assert_array_equal(only(read(tmp_path, slices)).voxels, spotted().voxels)


def test_an_unknown_compression_is_told(tmp_path: Path) -> None:
    slices = dicom_slices(spotted())
    for one in slices:
        one.compress(RLELossless, generate_instance_uid=False)
        one.file_meta.TransferSyntaxUID = JPEG2000Lossless
    with pytest.raises(SourceError, match=r"got JPEG 2000 .* Export the series uncompressed"):
        read(tmp_path, slices)


def holed() -> list[Dataset]:
    slices = dicom_slices(spotted())
    return slices[:4] + slices[5:]


def doubled() -> list[Dataset]:
    again = dicom_slices(spotted())[3]
    again.SOPInstanceUID = again.file_meta.MediaStorageSOPInstanceUID = UID("1.2.3.77")
    return [*dicom_slices(spotted()), again]


def drifting() -> list[Dataset]:
    slices = dicom_slices(spotted())
    for k, one in enumerate(slices):
        one.ImagePositionPatient = [float(one.ImagePositionPatient[0]) + 0.2 * k,
                                    *one.ImagePositionPatient[1:]]  # fmt: skip
    return slices


def scouted() -> list[Dataset]:
    slices = dicom_slices(spotted())
    slices[4].ImageOrientationPatient = [0, 1, 0, 0, 0, -1]
    return slices


BAD = [
    (holed(), "slices are missing"),
    (doubled(), "1 lie where another does"),
    (drifting(), "drift sideways"),
    (scouted(), "same direction"),
    (dicom_slices(spotted())[:1], "one slice"),
    (dicom_slices(spotted())[:5], "at least 8 voxels"),
    (dicom_slices(spotted(), ImageOrientationPatient=None), "left and right"),
    (dicom_slices(spotted(), ImageOrientationPatient=[1, 0, 0, 1, 0, 0]), "left and right"),
    (dicom_slices(spotted(), ImagePositionPatient=None), "left and right"),
    (dicom_slices(spotted(), PixelSpacing=[0.001, 0.001]), "A voxel must measure"),
    (dicom_slices(spotted(), PixelSpacing=[70, 70]), "A voxel must measure"),
    (dicom_slices(spotted(), RescaleSlope="1e300"), "must be a number"),
    (dicom_slices(spotted(), Modality="CT"), "must be of MR; got CT"),
    (dicom_slices(spotted(), Modality=SECRET.upper()), "got another kind"),
    (dicom_slices(spotted(), PixelData=None), "this one has none"),
    (dicom_slices(spotted(), SamplesPerPixel=3), "must be grey"),
    (dicom_slices(spotted(), Rows=60000), "damaged"),
    (dicom_slices(spotted(), NumberOfFrames=2_000_000_000), "damaged"),
]


@pytest.mark.parametrize(("slices", "said"), BAD)
def test_what_is_wrong_is_said(tmp_path: Path, slices: list[Dataset], said: str) -> None:
    with pytest.raises(SourceError, match=said) as caught:
        read(tmp_path, slices)
    assert SECRET not in str(caught.value)


def test_each_series_is_read_and_what_fails_is_told(tmp_path: Path) -> None:
    folder = tmp_path / "disc" / "deep"
    folder.mkdir(parents=True)
    good = dicom_slices(spotted(), "1.2.9")
    for number, one in enumerate([*good, good[2], *holed()]):  # one file is there twice
        (folder / f"IM{number}").write_bytes(dicom_bytes(one))
    (tmp_path / "disc" / "README.txt").write_text("how to view")
    (tmp_path / "disc" / "t2.nii").write_bytes(nifti_image(spotted()))
    study = read_mri(tmp_path / "disc")
    assert len(study.series) == 2
    assert [one.description for one in study.series] == ["", "CISS 3D"]
    assert study.series[1].kind == "t2"
    (told,) = study.left_out
    assert "missing" in told


def test_true_resolution_comes_from_the_acquired_lines(tmp_path: Path) -> None:
    slices = dicom_slices(spotted(), AcquisitionMatrix=[0, 6, 10, 0], SliceThickness=1.4)
    series = read(tmp_path, slices).series[0]
    assert series.resolution_mm == pytest.approx([1.0, 0.6, 1.4])
    assert "interpolated" in series.doubts[0]
    absurd = read(tmp_path, dicom_slices(spotted(), AcquisitionMatrix=[0, 1, 0, 0])).series[0]
    assert absurd.resolution_mm == pytest.approx(SPACING)


def hidden() -> list[Dataset]:
    """Return a series with names wherever they may stand."""
    slices = dicom_slices(
        spotted(), StudyDate="20260102", PatientBirthDate="19500101", InstitutionName=SECRET,
        BodyPartExamined=SECRET.upper(), ImageType=["ORIGINAL", SECRET.upper()], PatientSex="F",
        ManufacturerModelName=SECRET, SequenceName=SECRET, PatientPosition="HFS",
        ImageComments=SECRET, DeviceSerialNumber="4711-08", StudyID="4711-08",
    )  # fmt: skip
    for one in slices:
        one.add_new(0x00091001, "LO", SECRET)
        one.add_new(0x00104000, "LT", SECRET)
        inner = Dataset()
        inner.CodeMeaning, inner.PersonName = SECRET, SECRET
        one.RequestAttributesSequence = [inner]
    return slices


def test_nothing_of_the_person_is_kept(tmp_path: Path) -> None:
    series = read(tmp_path, hidden()).series[0]
    for source in series.sources:
        # New identifiers are random digits, in which any number may stand.
        told = re.sub(r"2\.25\.\d+", "", str(source.to_json()) + str(source.file_meta))
        for secret in (SECRET, SECRET.upper(), "4711", "20260102", "1950", '"1.2.3'):
            assert secret not in told
        assert "PixelData" not in source
        assert source.PatientPosition == "HFS"
        assert source.ImageType == "ORIGINAL"
    assert series.description == "CISS 3D"
    assert SECRET not in repr(series)


def test_new_identifiers_are_the_same_for_the_same_salt(tmp_path: Path) -> None:
    first, second = (read(tmp_path, hidden(), salt=b"a").series[0].sources for _ in range(2))
    other = read(tmp_path, hidden(), salt=b"b").series[0].sources
    assert [one.SOPInstanceUID for one in first] == [one.SOPInstanceUID for one in second]
    assert len({one.SOPInstanceUID for one in first}) == 9
    assert len({one.SeriesInstanceUID for one in first}) == 1
    assert first[0].StudyInstanceUID != other[0].StudyInstanceUID
    assert [float(one.ImagePositionPatient[2]) for one in first] == sorted(
        float(one.ImagePositionPatient[2]) for one in first
    )


def test_what_is_kept_can_be_written(tmp_path: Path) -> None:
    source = read(tmp_path, hidden()).series[0].sources[0]
    again = pydicom.dcmread(BytesIO(dicom_bytes(source)))
    assert again.Rows == 10
    assert again.PatientName == ""


def test_zips_that_are_bombs_or_locked_or_nested(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "bad.zip"

    def zip_of(*contents: bytes, packing: int = zipfile.ZIP_DEFLATED) -> bytes:
        file = BytesIO()
        with zipfile.ZipFile(file, "w", packing) as archive:
            for number, content in enumerate(contents):
                archive.writestr(f"../../{SECRET}{number}", content)
        return file.getvalue()

    def said(content: bytes) -> str:
        path.write_bytes(content)
        with pytest.raises(SourceError) as caught:
            read_mri(path)
        assert SECRET not in str(caught.value)
        return str(caught.value)

    assert "grow at most" in said(zip_of(bytes(20_000_000)))
    assert "another zip" in said(zip_of(zip_of(b"a")))
    assert "it holds none" in said(zip_of(b"text"))
    assert "damaged" in said(zip_of(nifti_image(spotted()))[:-40])
    good = zip_of(nifti_image(spotted()), packing=zipfile.ZIP_STORED)
    assert "damaged" in said(good.replace(b"\x00\x00\x48\x43", b"\x00\x00\x48\x44", 1))  # the spot
    locked = bytearray(good)
    locked[6] |= 1
    locked[good.index(b"PK\x01\x02") + 8] |= 1
    assert "password" in said(bytes(locked))
    monkeypatch.setattr(members, "MAX_FILES", 2)
    assert "at most 2 files" in said(zip_of(b"a", b"b", b"c"))
    monkeypatch.setattr(members, "MAX_BYTES", 1000)
    assert "at most 0 GiB" in said(zip_of(bytes(range(256)) * 10))
    assert zipped.MAX_RATIO < 1000
    assert [one.name for one in tmp_path.iterdir()] == ["bad.zip"]


def test_a_file_deflated_as_a_whole_is_refused(tmp_path: Path) -> None:
    content = dicom_bytes(dicom_slices(spotted())[0])
    path = tmp_path / "a.dcm"
    path.write_bytes(content.replace(b"1.2.840.10008.1.2.1\x00", b"1.2.840.10008.1.2.1.99"))
    with pytest.raises(SourceError, match="deflated"):
        read_mri(path)


def test_a_path_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(SourceError, match="cannot be read"):
        read_mri(tmp_path / "nothing")
    with pytest.raises(SourceError, match="it holds none"):
        read_mri(tmp_path)
