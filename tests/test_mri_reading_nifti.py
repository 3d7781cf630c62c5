"""NIfTI: left stays left whatever the order of the axes; what is broken is told in a sentence."""

import gzip
from itertools import permutations, product
from pathlib import Path
from typing import Any

import nibabel
import numpy as np
import pytest

from hemiface.errors import OutputError, SourceError
from hemiface.mri.reading import read_mri, write_nifti
from hemiface.volume import Volume
from test_mri_reading_files import brightest_place, nifti_image, spotted, turned

PLACE = brightest_place(spotted())


def read(tmp_path: Path, content: bytes) -> Volume:
    path = tmp_path / "picture.nii"
    path.write_bytes(content)
    return read_mri(path).series[0].volume


def test_the_same_anatomy_in_all_48_orders_lies_in_the_same_place(tmp_path: Path) -> None:
    for order, flips in product(permutations(range(3)), product((1, -1), repeat=3)):
        volume = read(tmp_path, nifti_image(turned(spotted(), order, flips)))
        assert brightest_place(volume) == pytest.approx(PLACE, abs=1e-4)


def test_x_grows_to_the_left_of_the_person(tmp_path: Path) -> None:
    image: Any = nibabel.Nifti1Image(spotted().voxels, np.diag([1.0, 1.0, 1.0, 1.0]))  # type: ignore[no-untyped-call]
    image.set_sform(image.affine, code=1)
    volume = read(tmp_path, image.to_bytes())
    assert volume.places([1, 0, 0])[0] == -1.0  # NIfTI counts to the right


def test_units_scale_and_byte_order(tmp_path: Path) -> None:
    metres = nifti_image(spotted(), xyzt_units=3)  # micrometres: a grid of half a micrometre
    with pytest.raises(SourceError, match="A voxel must measure"):
        read(tmp_path, metres)
    scaled = read(tmp_path, nifti_image(spotted(), scl_slope=2.0, scl_inter=5.0))
    assert scaled.voxels.max() == 405.0
    image: Any = nibabel.Nifti1Image(spotted().voxels.astype(">i2"), np.eye(4))  # type: ignore[no-untyped-call]
    image.set_sform(np.eye(4), code=1)
    swapped = nibabel.Nifti1Image(image.dataobj, image.affine, image.header.as_byteswapped(">"))  # type: ignore[no-untyped-call]
    assert read(tmp_path, swapped.to_bytes()).voxels.max() == 200.0


def test_second_version_of_nifti(tmp_path: Path) -> None:
    image: Any = nibabel.Nifti2Image(spotted().voxels, np.eye(4))  # type: ignore[no-untyped-call]
    image.set_sform(np.eye(4), code=1)
    np.testing.assert_array_equal(read(tmp_path, image.to_bytes()).voxels, spotted().voxels)


def with_nan() -> Volume:
    volume = spotted()
    volume.voxels[1, 1, 1] = np.nan
    return volume


def sheared() -> dict[str, Any]:
    return {"srow_x": [-0.5, 0.2, 0.0, 1.0]}


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (nifti_image(spotted(), sform_code=0, qform_code=0), "left and right"),
        (nifti_image(spotted(), **sheared()), "right angles"),
        (nifti_image(spotted(), srow_x=0.0), "A voxel must measure"),
        (nifti_image(spotted(), srow_x=[np.nan, 0, 0, 0]), "not numbers"),
        (nifti_image(spotted(), srow_x=[0.5, 0, 0, 4]), "mirror"),
        (nifti_image(spotted(), srow_z=[0, 0, 70.0, 0]), "A voxel must measure"),
        (nifti_image(spotted(), dim=[4, 12, 10, 3, 3, 1, 1, 1]), "three dimensions; got 4"),
        (nifti_image(spotted(), dim=[3, 12, 90, 1, 1, 1, 1, 1]), "one slice"),
        (nifti_image(spotted(), dim=[3, 30, 12, 3, 1, 1, 1, 1]), "at least 8 voxels"),
        (nifti_image(spotted(), dim=[9, 1, 1, 1, 1, 1, 1, 1]), "damaged|one real number"),
        (nifti_image(spotted(), dim=[3, 30000, 30000, 30000, 1, 1, 1, 1]), "GiB"),
        (nifti_image(spotted(), dim=[3, 12, 10, -9, 1, 1, 1, 1]), "damaged"),
        (nifti_image(spotted(), datatype=128), "one real number"),
        (nifti_image(spotted(), vox_offset=1e30), "damaged"),
        (nifti_image(spotted(), magic=b"ni1"), "half of a pair"),
        (nifti_image(with_nan()), "1 are not"),
        (nifti_image(Volume(np.ones((9, 9, 9), np.float32), np.eye(4))), "all voxels are equal"),
        (nifti_image(spotted())[:2000], "ends after"),
        (nifti_image(spotted())[:346] + b"+1", "hold magnetic resonance|damaged"),
        (b"no picture", "it holds none"),
        (b"", "it holds none"),
    ],
)
def test_what_is_wrong_is_said(tmp_path: Path, content: bytes, said: str) -> None:
    for packed in (content, gzip.compress(content)):
        with pytest.raises(SourceError, match=f"{said}|it holds none"):
            read(tmp_path, packed)


def test_the_two_orientations_may_differ_a_little(tmp_path: Path) -> None:
    path = tmp_path / "a.nii"
    path.write_bytes(nifti_image(spotted(), srow_z=[0, 0, 0.7, 25.0]))
    assert "sform" in read_mri(path).series[0].doubts[0]


def test_a_bomb_is_not_unpacked(tmp_path: Path) -> None:
    bomb = gzip.compress(nifti_image(spotted()) + bytes(50_000_000))
    assert read(tmp_path, bomb).voxels.shape == (12, 10, 9)


def test_what_is_written_is_read_again(tmp_path: Path) -> None:
    volume = turned(spotted(), (2, 0, 1), (1, -1, 1))
    for name in ("a.nii", "a.nii.gz"):
        write_nifti(tmp_path / name, volume)
        again = read_mri(tmp_path / name).series[0].volume
        np.testing.assert_array_equal(again.voxels, volume.voxels)
        np.testing.assert_allclose(again.affine, volume.affine, atol=1e-5)
    first = (tmp_path / "a.nii.gz").read_bytes()
    write_nifti(tmp_path / "a.nii.gz", volume)
    assert (tmp_path / "a.nii.gz").read_bytes() == first
    with pytest.raises(OutputError):
        write_nifti(tmp_path / "nowhere" / "a.nii", volume)
    assert {one.name for one in tmp_path.iterdir()} == {"a.nii", "a.nii.gz"}
