"""A phantom as NIfTI, DICOM and JSON: the same places, the same bytes, nothing half-written."""

import json
from collections.abc import Sequence
from dataclasses import fields, is_dataclass, replace
from pathlib import Path

import numpy as np
import pytest
from click.testing import CliRunner

from hemiface.cli import main
from hemiface.errors import ConventionError, OutputError, SourceError
from hemiface.simulate.mri import (
    Phantom,
    PhantomOptions,
    plot_phantom,
    read_truth,
    simulate_mri,
    truth_json,
    write_dicom,
    write_phantom,
)
from hemiface.types import Floats

nibabel = pytest.importorskip("nibabel")
pydicom = pytest.importorskip("pydicom")

OPTIONS = PhantomOptions(
    side="right", clearance_mm=-0.2, site="detachment", vessel="artery", t2_mm=(0.8, 0.7, 0.9),
    mass="angle", nasty=frozenset({"oblique"}),
)  # fmt: skip


@pytest.fixture(scope="module")
def phantom() -> Phantom:
    return simulate_mri(21, options=OPTIONS)


def _read_series(paths: Sequence[Path]) -> tuple[Floats, Floats]:
    """Return brightness (i, j, k) and affine to LPS, as a reader of DICOM makes them."""
    slices = [pydicom.dcmread(path) for path in paths]
    first, second = slices[0], slices[1]
    row, column = np.array(first.ImageOrientationPatient, float).reshape(2, 3)
    between_rows, between_columns = (float(one) for one in first.PixelSpacing)
    affine = np.eye(4)
    affine[:3, 0], affine[:3, 1] = row * between_columns, column * between_rows
    affine[:3, 3] = first.ImagePositionPatient
    affine[:3, 2] = np.subtract(second.ImagePositionPatient, first.ImagePositionPatient)
    return np.stack([one.pixel_array.T for one in slices], axis=2), affine


def test_nifti_holds_the_voxels_at_their_places_in_ras(phantom: Phantom, tmp_path: Path) -> None:
    written = write_phantom(tmp_path / "out", phantom)
    assert [path.name for path in written] == ["t2.nii.gz", "tof.nii.gz", "truth.json"]
    image = nibabel.load(written[0])
    np.testing.assert_array_equal(np.asarray(image.dataobj), phantom.t2.voxels)
    place = phantom.t2.places([3, 5, 7])
    ras = (image.affine @ [3, 5, 7, 1])[:3]
    np.testing.assert_allclose(ras * [-1, -1, 1], place, atol=1e-4)
    assert image.header.get_xyzt_units()[0] == "mm"
    assert (int(image.header["sform_code"]), int(image.header["qform_code"])) == (1, 1)


def test_the_right_side_lies_on_the_right_in_nifti(phantom: Phantom, tmp_path: Path) -> None:
    """In RAS x grows to the person's right."""
    image = nibabel.load(write_phantom(tmp_path, phantom)[0])
    middle = image.affine @ [*(np.array(image.shape) / 2.0), 1.0]
    assert middle[0] > 10.0


def test_dicom_and_nifti_agree(phantom: Phantom, tmp_path: Path) -> None:
    written = write_dicom(tmp_path / "t2", phantom.t2, kind="t2", seed=21)
    bright, affine = _read_series(written)
    np.testing.assert_allclose(affine, phantom.t2.affine, atol=1e-6)
    np.testing.assert_allclose(bright, phantom.t2.voxels * 1000.0, atol=0.51)


def test_dicom_names_what_it_is(phantom: Phantom, tmp_path: Path) -> None:
    assert phantom.tof is not None
    t2 = write_dicom(tmp_path / "t2", phantom.t2, kind="t2", seed=21)
    tof = write_dicom(tmp_path / "tof", phantom.tof, kind="tof", seed=21)
    first, second, other = (pydicom.dcmread(path) for path in (t2[0], t2[1], tof[0]))
    assert (first.Modality, str(first.PatientName)) == ("MR", "Phantom^21")
    assert (first.SeriesDescription, other.SeriesDescription) == ("CISS 3D", "TOF 3D")
    assert (first.AngioFlag, other.AngioFlag) == ("N", "Y")
    assert first.MRAcquisitionType == "3D"
    assert first.FrameOfReferenceUID == other.FrameOfReferenceUID
    assert first.StudyInstanceUID == other.StudyInstanceUID
    assert first.SeriesInstanceUID == second.SeriesInstanceUID != other.SeriesInstanceUID
    assert first.SOPInstanceUID != second.SOPInstanceUID
    assert all(one.is_valid for one in (first.SOPInstanceUID, first.StudyInstanceUID))
    assert float(first.SliceThickness) == pytest.approx(0.9)
    n_i, n_j, n_k = phantom.t2.voxels.shape
    assert (first.Columns, first.Rows, len(t2)) == (n_i, n_j, n_k)
    assert first.AcquisitionMatrix == [0, n_i, n_j, 0]


def test_dicom_tells_the_acquired_voxel_of_an_interpolated_picture(tmp_path: Path) -> None:
    options = PhantomOptions(nasty=frozenset({"zoomed"}), t2_mm=(0.8, 0.8, 0.8), with_tof=False,
                             clearance_mm=1.0, site="cisternal")  # fmt: skip
    zoomed = simulate_mri(2, options=options)
    path = write_dicom(
        tmp_path, zoomed.t2, kind="t2", seed=2, acquired_mm=zoomed.truth.t2_mm
    )[0]  # fmt: skip
    first = pydicom.dcmread(path)
    assert [float(one) for one in first.PixelSpacing] == pytest.approx([0.4, 0.4])
    assert first.AcquisitionMatrix == [0, first.Columns // 2, first.Rows // 2, 0]


def test_same_phantom_same_bytes(phantom: Phantom, tmp_path: Path) -> None:
    again = simulate_mri(21, options=OPTIONS)
    for one, other in zip(
        (*write_phantom(tmp_path / "a", phantom),
         *write_dicom(tmp_path / "a/t2", phantom.t2, kind="t2", seed=21)),
        (*write_phantom(tmp_path / "b", again),
         *write_dicom(tmp_path / "b/t2", again.t2, kind="t2", seed=21)),
        strict=True,
    ):  # fmt: skip
        assert one.read_bytes() == other.read_bytes(), one.name


def _assert_alike(one: object, other: object) -> None:
    if is_dataclass(one):
        assert type(one) is type(other)
        for field in fields(one):
            _assert_alike(getattr(one, field.name), getattr(other, field.name))
    elif isinstance(one, tuple):
        assert isinstance(other, tuple)
        for first, second in zip(one, other, strict=True):
            _assert_alike(first, second)
    elif isinstance(one, (np.ndarray, float)):
        np.testing.assert_allclose(one, other, atol=1e-5)
    else:
        assert one == other


def test_the_truth_is_read_as_it_was_written(phantom: Phantom, tmp_path: Path) -> None:
    path = write_phantom(tmp_path, phantom)[-1]
    truth = read_truth(path)
    _assert_alike(truth, phantom.truth)
    assert truth_json(truth) == path.read_text()
    document = json.loads(path.read_text())
    assert document["schema"] == "hemiface.mri-truth/1"
    assert document["sides"][0]["is_contact"] is True


@pytest.mark.parametrize(
    "text", ["", "[]", "{}", "nonsense", '{"schema": "hemiface.mri-truth/1"}', '{"schema": 7}']
)
def test_what_is_no_truth_is_refused(text: str, tmp_path: Path) -> None:
    path = tmp_path / "truth.json"
    path.write_text(text)
    with pytest.raises(SourceError, match="must hold the truth of a phantom"):
        read_truth(path)
    with pytest.raises(SourceError, match="cannot be read"):
        read_truth(tmp_path / "absent.json")


def test_what_was_changed_to_another_type_is_refused(phantom: Phantom, tmp_path: Path) -> None:
    document = json.loads(truth_json(phantom.truth))
    for name, value in (("site", "elbow"), ("place", [1.0]), ("gap_mm", "wide"), ("grade", None)):
        changed = json.loads(json.dumps(document))
        changed["sides"][0][name] = value
        path = tmp_path / f"{name}.json"
        path.write_text(json.dumps(changed))
        with pytest.raises(SourceError, match="must hold the truth"):
            read_truth(path)


def test_a_file_in_the_way_of_the_folder_is_told(phantom: Phantom, tmp_path: Path) -> None:
    (tmp_path / "taken").write_text("")
    with pytest.raises(OutputError, match="cannot be written"):
        write_phantom(tmp_path / "taken", phantom)
    with pytest.raises(OutputError, match="cannot be written"):
        write_dicom(tmp_path / "taken", phantom.t2, kind="t2", seed=1)


def test_the_picture_is_drawn_with_and_without_a_tof(phantom: Phantom, tmp_path: Path) -> None:
    plot_phantom(phantom, tmp_path / "all.png", through="mass")
    plot_phantom(replace(phantom, tof=None), tmp_path / "t2.png", side="right")
    sizes = [(tmp_path / name).stat().st_size for name in ("all.png", "t2.png")]
    assert sizes[0] > sizes[1] > 50_000
    with pytest.raises(ConventionError, match="must end in"):
        plot_phantom(phantom, tmp_path / "all.gif")


def test_the_command_writes_a_phantom(tmp_path: Path) -> None:
    out = tmp_path / "phantom"
    arguments = ["simulate", "mri", str(out), "--seed", "3", "--side", "left", "--no-tof",
                 "--clearance", "-0.1", "--site", "cisternal", "--dicom"]  # fmt: skip
    result = CliRunner().invoke(main, arguments)
    assert result.exit_code == 0, result.output
    assert "left: gap -0.10 mm" in result.output
    assert {path.name for path in out.iterdir()} == {"t2.nii.gz", "truth.json", "dicom"}
    assert read_truth(out / "truth.json").side("left").distance_mm == pytest.approx(-0.1, abs=0.003)


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        ([], "either --seed N or --case NAME"),
        (["--seed", "1", "--case", "loop"], "as it is"),
        (["--case", "loop", "--snr", "20"], "as it is"),
        (["--case", "dragon"], "must be one of"),
        (["--seed", "1", "--clearance", "9"], "must be from -1 to 3"),
    ],
)
def test_the_command_tells_what_is_wrong(arguments: list[str], told: str, tmp_path: Path) -> None:
    result = CliRunner().invoke(main, ["simulate", "mri", str(tmp_path / "out"), *arguments])
    assert result.exit_code != 0
    assert told in result.output
    assert not (tmp_path / "out").exists()


def test_the_command_lists_its_cases(tmp_path: Path) -> None:
    result = CliRunner().invoke(main, ["simulate", "mri", str(tmp_path), "--case", "list"])
    assert "vertebral artery" in result.output
