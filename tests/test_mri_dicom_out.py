"""What was measured as DICOM: a segmentation over the T2, and a structured report."""

from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory

import highdicom
import numpy as np
import pytest
from pydicom.dataset import Dataset

from hemiface.mri import Doubt
from hemiface.mri.reading import Series, read_mri
from hemiface.mri.writing import LABELS, masks, write_found
from hemiface.simulate.mri import write_dicom
from hemiface.volume import Volume
from test_mri_writing import example_found


@cache
def series(order: tuple[int, int, int] = (0, 1, 2)) -> Series:
    """Return an empty picture around the example, of which a scanner wrote the headers."""
    affine = np.diag([0.5, 0.5, 0.5, 1.0])
    affine[:3, 3] = -10.0
    voxels = np.random.default_rng(1).normal(0.5, 0.05, (41, 41, 41)).astype(np.float32)
    turned = Volume(voxels, affine[:, [*order, 3]])
    with TemporaryDirectory() as folder:
        write_dicom(Path(folder) / "t2", turned, kind="t2", seed=1)
        (found,) = read_mri(Path(folder) / "t2").series
    return found


def written(folder: Path, of: Series, *doubts: Doubt) -> dict[str, Path]:
    found = example_found().doubted(doubts)
    return {one.name: one for one in write_found(folder, found, of.volume, "1.0", of.sources)}


@pytest.mark.parametrize("order", [(0, 1, 2), (2, 0, 1), (1, 2, 0)])
def test_segments_lie_where_the_masks_do(tmp_path: Path, order: tuple[int, int, int]) -> None:
    of = series(order)
    read = highdicom.seg.segread(written(tmp_path, of)["segmentation.dcm"])
    names = [one.SegmentLabel for one in read.SegmentSequence]
    assert names == [f"{name}, left" for name in LABELS]
    labels = masks(of.volume, example_found())
    volume = read.get_volume(combine_segments=False)
    for channel, label in enumerate(LABELS.values()):
        where = np.argwhere(volume.array[..., channel]) @ volume.affine[:3, :3].T
        seen = np.sort(where + volume.affine[:3, 3], axis=0)
        asked = np.sort(of.volume.places(np.argwhere(labels == label)), axis=0)
        assert np.allclose(seen, asked, atol=1e-3)


def test_the_segmentation_belongs_to_the_pictures(tmp_path: Path) -> None:
    of = series()
    read = highdicom.seg.segread(written(tmp_path, of)["segmentation.dcm"])
    assert read.StudyInstanceUID == of.sources[0].StudyInstanceUID
    assert read.FrameOfReferenceUID == of.sources[0].FrameOfReferenceUID
    assert str(read.PatientName) == ""


def numbers_of(report: Path) -> dict[str, tuple[float, str]]:
    (group, *_) = groups_of(report)
    return {
        one.name.meaning: (float(one.value), one.unit.value) for one in group.get_measurements()
    }


def groups_of(report: Path) -> list[Dataset]:
    return list(highdicom.sr.srread(report).content.get_image_measurement_groups())


def test_the_report_holds_the_numbers_with_their_units(tmp_path: Path) -> None:
    report = written(tmp_path, series())["report.dcm"]
    numbers = numbers_of(report)
    assert numbers["Gap between the surfaces of vessel and nerve"] == (-0.1, "mm")
    assert numbers["Gap, lower limit of the 95 % interval"] == (-0.2, "mm")
    assert numbers["Angle between nerve and vessel"] == (90.0, "deg")
    assert "Diameter of the nerve" not in numbers  # it is not known
    conflict, mass = groups_of(report)
    answers = {
        one.name.meaning: one.value.meaning for one in conflict.get_qualitative_evaluations()
    }
    assert answers["Contact of vessel and nerve"] == "yes"
    assert answers["Grade of Campos-Benitez and Kaufmann 2008"] == "mild"
    (site,) = conflict.finding_sites
    assert site.laterality.meaning == "Left"
    assert mass.tracking_identifier == "left mass 1"


def test_the_report_is_a_draft_and_says_what_it_is_worth(tmp_path: Path) -> None:
    read = highdicom.sr.srread(written(tmp_path, series())["report.dcm"])
    assert (read.CompletionFlag, read.VerificationFlag) == ("PARTIAL", "UNVERIFIED")
    texts = [one.TextValue for one in read.ContentSequence if one.ValueType == "TEXT"]
    assert any("common in healthy people" in one for one in texts)


def test_a_doubt_that_refuses_leaves_no_number_of_the_conflict(tmp_path: Path) -> None:
    doubt = Doubt("snr", "Too noisy.", refuses=True)
    report = written(tmp_path, series(), doubt)["report.dcm"]
    assert [one.tracking_identifier for one in groups_of(report)] == ["left mass 1"]


def test_without_headers_there_is_no_dicom(tmp_path: Path) -> None:
    paths = write_found(tmp_path, example_found(), series().volume, "1.0")
    assert sorted(one.name for one in paths) == ["masks.nii.gz", "mri.json"]
