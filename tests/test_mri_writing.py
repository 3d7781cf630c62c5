"""What was measured as JSON and masks, and the command that writes them."""

import json
from importlib.resources import files
from pathlib import Path

import jsonschema
import numpy as np
import pytest
from click.testing import CliRunner

from hemiface.cli import main
from hemiface.errors import OutputError
from hemiface.mri import (
    Clicks,
    Conflict,
    Doubt,
    FoundMass,
    FoundVessel,
    MriFound,
    Nerve,
    SideFound,
)
from hemiface.mri.reading import read_mri
from hemiface.mri.writing import LABELS, SCHEMA, found_document, masks, write_found
from hemiface.simulate.mri import PhantomOptions, simulate_mri, write_phantom
from hemiface.volume import Volume

_ALONG = np.column_stack([np.linspace(-8.0, 8.0, 65), np.zeros(65), np.zeros(65)])
_BESIDE = _ALONG + np.array([0.0, 2.0, 0.0])
_ACROSS = _ALONG[:, [1, 0, 2]] + np.array([0.0, 0.0, 1.0])


def example_found() -> MriFound:
    """Return a side whose numbers are known."""
    s = np.linspace(0.0, 16.0, 65)
    nerve = Nerve(_ALONG, np.full(65, 0.6), s)
    vessel = FoundVessel(_ACROSS, np.full(65, 0.5), True, "small artery", -0.1)
    conflict = Conflict(
        -0.1, -0.2, 0.0, "yes", 0.97, 8.0, (0.0, 0.0, 0.0), "cisternal", 1.0, 90.0, 0, 1.0,
        np.nan, 0.1, 0.0, 1, (0, 1),
    )  # fmt: skip
    side = SideFound(
        "left", Clicks((-8.0, 0.0, 0.0), (8.0, 0.0, 0.0)), (-8.0, 0.0, 0.0), nerve,
        Nerve(_BESIDE, np.full(65, 0.9), s), (vessel,), np.full(65, 1.0),
        np.full(65, 0.9), np.full(65, 1.1), conflict, (FoundMass((5.0, 5.0, 5.0), 4.0, 0.034),), (),
    )  # fmt: skip
    return MriFound((side,), 25.0, None, ())


@pytest.fixture
def t2() -> Volume:
    affine = np.diag([0.5, 0.5, 0.5, 1.0])
    affine[:3, 3] = -10.0
    return Volume(np.ones((41, 41, 41), np.float32), affine)


def test_the_document_is_json_with_null_for_what_is_unknown() -> None:
    document = json.loads(json.dumps(found_document(example_found(), "1.0"), allow_nan=False))
    assert document["schema"] == SCHEMA
    (side,) = document["sides"]
    assert side["conflict"]["distance_mm"] == -0.1
    assert side["conflict"]["nerve_diameter_mm"] is None
    assert side["profile"]["gap_mm"][0] == 1.0
    assert "common" in document["notice"]


@pytest.mark.parametrize("doubts", [(), (Doubt("snr", "Too noisy.", refuses=True),)])
def test_what_is_written_fits_the_published_schema(doubts: tuple[Doubt, ...]) -> None:
    text = files("hemiface.mri.writing").joinpath("mri.schema.json").read_text("utf-8")
    schema = json.loads(text)
    jsonschema.Draft202012Validator.check_schema(schema)
    assert schema["properties"]["schema"]["const"] == SCHEMA
    document = found_document(example_found().doubted(doubts), "1.0")
    jsonschema.Draft202012Validator(schema).validate(json.loads(json.dumps(document)))


def test_a_doubt_that_refuses_withholds_distance_contact_and_grade() -> None:
    doubt = Doubt("snr", "Too noisy.", refuses=True)
    text = json.dumps(found_document(example_found().doubted([doubt]), "1.0"))
    (side,) = json.loads(text)["sides"]
    assert side["conflict"] is None
    assert "profile" not in side
    assert "distance_mm" not in text
    assert side["masses"]


def test_a_voxel_belongs_to_what_its_middle_lies_in(t2: Volume) -> None:
    labels = masks(t2, example_found())

    def at(place: tuple[float, float, float]) -> int:
        i, j, k = np.round(t2.indices(place)).astype(int)
        return int(labels[i, j, k])

    assert at((4.0, 0.0, 0.0)) == LABELS["facial nerve"]
    assert at((4.0, 2.0, 0.0)) == LABELS["vestibulocochlear nerve"]
    assert at((0.0, 4.0, 1.0)) == LABELS["vessel"]
    assert at((5.0, 5.0, 5.0)) == LABELS["mass"]
    assert at((-5.0, -5.0, -5.0)) == 0


def test_masks_lie_over_the_t2(t2: Volume, tmp_path: Path) -> None:
    _, painted = write_found(tmp_path / "out", example_found(), t2, "1.0")
    again, label = read_mri(painted).series[0].volume, LABELS["vessel"]
    seen = again.places(np.argwhere(again.voxels == label)).mean(axis=0)
    assert np.allclose(
        seen, t2.places(np.argwhere(masks(t2, example_found()) == label)).mean(axis=0)
    )
    assert seen[2] == pytest.approx(1.0, abs=0.2)


def test_a_folder_that_cannot_be_written_is_told(t2: Volume, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(OutputError, match="cannot be written"):
        write_found(tmp_path / "file" / "out", example_found(), t2, "1.0")


def test_a_phantom_is_measured_without_a_click(tmp_path: Path) -> None:
    asked = PhantomOptions(
        side="right", snr=30.0, t2_mm=(0.6, 0.6, 0.6), site="cisternal", clearance_mm=0.7,
        with_tof=False,
    )  # fmt: skip
    write_phantom(tmp_path, simulate_mri(608, options=asked))
    out = tmp_path / "out"
    result = CliRunner().invoke(
        main, ["mri", "measure", str(tmp_path / "t2.nii.gz"), "--out", str(out)]
    )
    assert result.exit_code == 0, result.output
    (side,) = json.loads((out / "mri.json").read_text())["sides"]
    assert side["side"] == "right"
    assert side["conflict"]["distance_mm"] == pytest.approx(0.7, abs=0.2)
    assert "Points were proposed" in result.output
    assert (out / "masks.nii.gz").stat().st_size > 0
    outside = ["--exit", "900,0,0", "--meatus", "920,0,0", "--side", "left"]
    result = CliRunner().invoke(main, ["mri", "measure", str(tmp_path / "t2.nii.gz"), *outside])
    assert (result.exit_code, "lie in the picture" in result.output) == (1, True)


@pytest.mark.parametrize(
    ("given", "said"),
    [
        (["--exit", "1,2", "--meatus", "1,2,3", "--side", "left"], "three numbers"),
        (["--exit", "1,2,3"], "together"),
        (["--exit", "1,2,3", "--meatus", "20,2,3"], "--side left or --side right"),
        (["--clicks", "nothing.json"], "cannot be read"),
    ],
)
def test_wrong_points_are_told_in_a_sentence(given: list[str], said: str) -> None:
    result = CliRunner().invoke(main, ["mri", "measure", "t2.nii.gz", *given])
    assert result.exit_code in (1, 2)
    assert said in result.output
    assert "Traceback" not in result.output
