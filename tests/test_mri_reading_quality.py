"""Which sequence, which series, how good: on phantoms whose noise is known."""

from dataclasses import replace
from functools import cache
from pathlib import Path

import numpy as np
import pytest

from hemiface.errors import SourceError
from hemiface.mri.reading import (
    Series,
    Study,
    check_quality,
    choose_series,
    estimate_snr,
    read_mri,
)
from hemiface.mri.reading.kinds import kind_of_picture, kind_of_words
from hemiface.mri.results import Doubt
from hemiface.simulate.mri import Phantom, PhantomOptions, simulate_mri, write_dicom, write_phantom
from hemiface.volume import Volume


@cache
def phantom(snr: float = 25.0, *nasty: str) -> Phantom:
    asked = PhantomOptions(
        snr=snr, t2_mm=(0.5, 0.5, 0.8), with_tof=snr == 25.0 and not nasty,
        nasty=frozenset(nasty),  # type: ignore[arg-type]
    )  # fmt: skip
    return simulate_mri(5, "standard", options=asked)


def t2(volume: Volume | None = None) -> Series:
    volume = volume or phantom().t2
    return Series(volume, "t2", "CISS", volume.spacing_mm)


def tof() -> Series:
    volume = phantom().tof
    assert volume is not None
    return Series(volume, "tof", "TOF", volume.spacing_mm)


def keys(doubts: tuple[Doubt, ...], *, refusing: bool = False) -> set[str]:
    return {one.key for one in doubts if one.refuses or not refusing}


def scaled(volume: Volume, factor: float) -> Volume:
    return Volume(volume.voxels, volume.affine @ np.diag([factor, factor, factor, 1.0]))


@pytest.mark.parametrize("snr", [8.0, 15.0, 40.0])
def test_snr_is_found_within_a_fifth(snr: float) -> None:
    assert estimate_snr(phantom(snr).t2) == pytest.approx(snr, rel=0.2)


@pytest.mark.parametrize("nasty", ["zoomed", "truncated"])
def test_snr_of_nasty_pictures(nasty: str) -> None:
    assert estimate_snr(phantom(15.0, nasty).t2) == pytest.approx(15.0, rel=0.2)


def test_snr_does_not_depend_on_the_unit() -> None:
    volume = phantom().t2
    louder = Volume(volume.voxels * np.float32(730.0), volume.affine)
    assert estimate_snr(louder) == pytest.approx(estimate_snr(volume), rel=1e-3)


def test_what_a_picture_looks_like() -> None:
    assert kind_of_picture(phantom().t2) == "t2"
    assert kind_of_picture(phantom(8.0).t2) == "t2"
    assert kind_of_picture(tof().volume) == "tof"


@pytest.mark.parametrize(
    ("words", "echo_ms", "kind"),
    [
        (("CISS", "3D"), 2.7, "t2"),
        (("FIESTA",), 2.0, "t2"),
        (("T2", "SPACE"), 0.0, "t2"),
        (("SPACE",), 250.0, "t2"),
        (("SPACE",), 20.0, None),
        (("T1", "SPACE"), 20.0, "t1"),
        (("SPACE", "FLAIR"), 300.0, "other"),
        (("TOF", "3D"), 3.7, "tof"),
        (("TOF", "MIP"), 3.7, "other"),
        (("MPRAGE",), 3.0, "t1"),
        (("T2", "TSE"), 100.0, None),
        ((), 0.0, None),
    ],
)
def test_what_words_tell(words: tuple[str, ...], echo_ms: float, kind: str | None) -> None:
    assert kind_of_words(words, echo_ms) == kind


def test_a_phantom_as_dicom_and_as_nifti_is_the_same(tmp_path: Path) -> None:
    whole = phantom()
    assert whole.tof is not None
    write_dicom(tmp_path / "d" / "1", whole.t2, kind="t2", seed=5)
    write_dicom(tmp_path / "d" / "2", whole.tof, kind="tof", seed=5)
    found = choose_series(read_mri(tmp_path / "d"))
    for series, volume in zip(found, (whole.t2, whole.tof), strict=True):
        assert series is not None
        np.testing.assert_allclose(series.volume.affine, volume.affine, atol=1e-6)
        np.testing.assert_allclose(series.volume.voxels / 1000.0, volume.voxels, atol=6e-4)
        assert "Phantom^" not in str(series.sources[0])
    write_phantom(tmp_path / "n", whole)
    again, angio = choose_series(read_mri(tmp_path / "n"))
    np.testing.assert_allclose(again.volume.affine, whole.t2.affine, atol=1e-5)
    assert angio is not None


def test_a_good_pair_leaves_only_the_other_side_to_ask_for() -> None:
    assert keys(check_quality(t2(), tof())) == {"one_side"}
    assert keys(check_quality(t2(), None)) == {"one_side", "no_tof"}
    assert keys(check_quality(t2(), None), refusing=True) == set()


def test_noise_is_told_and_refused() -> None:
    (doubt,) = (one for one in check_quality(t2(phantom(8.0).t2), None) if one.key == "snr")
    assert doubt.refuses
    assert "at least 12; it is about 8" in doubt.sentence
    flagged = {one.key: one.refuses for one in check_quality(t2(phantom(13.5).t2), None)}
    assert flagged["snr"] is False


def test_thick_slices_and_small_fields() -> None:
    thick = replace(t2(), resolution_mm=np.array([0.5, 0.5, 1.5]))
    assert "coarse" in keys(check_quality(thick, None), refusing=True)
    small = Volume(phantom().t2.voxels[:30], phantom().t2.affine)
    assert "field" in keys(check_quality(t2(small), None), refusing=True)
    assert "one_side" not in keys(check_quality(t2(scaled(phantom().t2, 3.0)), None))


def test_the_wrong_picture() -> None:
    assert "contrast" in keys(check_quality(replace(tof(), kind="t2"), None), refusing=True)
    assert "sequence" in keys(check_quality(tof(), None), refusing=True)
    assert "sequence" in keys(check_quality(t2(), t2()), refusing=True)
    away = Volume(tof().volume.voxels, tof().volume.affine + np.eye(4)[:, [1, 2, 3, 0]] * 90.0)
    assert "apart" in keys(check_quality(t2(), replace(tof(), volume=away)), refusing=True)


def test_ghosts_are_seen() -> None:
    assert "motion" in keys(check_quality(t2(phantom(25.0, "ghosts").t2), None))


def test_the_finest_series_of_each_kind_is_taken() -> None:
    coarse = replace(t2(), resolution_mm=np.array([0.5, 0.5, 1.2]))
    other = replace(t2(), kind="t1")
    fine = t2()
    assert choose_series(Study((coarse, other, fine, tof())))[0] is fine
    assert choose_series(Study((coarse,))) == (coarse, None)
    with pytest.raises(SourceError, match="got T1, time-of-flight"):
        choose_series(Study((other, tof())))


def test_another_part_of_the_body(tmp_path: Path) -> None:
    import pydicom

    for path in write_dicom(tmp_path, phantom().t2, kind="t2", seed=5):
        dataset = pydicom.dcmread(path)
        dataset.BodyPartExamined = "KNEE"
        dataset.save_as(path)
    (series,) = read_mri(tmp_path).series
    (doubt,) = (one for one in check_quality(series, None) if one.key == "body_part")
    assert doubt.refuses
    assert "KNEE" in doubt.sentence
