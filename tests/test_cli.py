"""The command line: what is typed, what is printed, and the exit code."""

import json
from dataclasses import replace
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

import hemiface
from hemiface.cli import main
from hemiface.cli.measure import place_reports
from hemiface.report.document import write_json
from hemiface.types import Measurement
from make_video import Recipe, evenly, make_video
from report_story import left_eye_story


def run(*arguments: object) -> Result:
    return CliRunner().invoke(main, [str(argument) for argument in arguments])


@pytest.fixture
def story(tmp_path: Path) -> tuple[Path, Measurement]:
    truth = left_eye_story()
    write_json(truth, tmp_path / "truth.json")
    return tmp_path / "truth.json", truth


def test_the_version_is_that_of_the_package() -> None:
    assert run("--version").output.strip() == f"hemiface, version {hemiface.__version__}"


@pytest.mark.parametrize(
    "arguments",
    [
        ("measure",),
        ("measure", "a.mp4", "--workers", "0"),
        ("measure", "a.mp4", "b.mp4", "--json"),
        ("measure", ".", "--json"),
        ("measure", "a.mp4", "--nonsense"),
        ("compare", "a.json"),
        ("simulate", "video", "out.mp4"),
        ("simulate", "video", "out.mp4", "--seed", "one"),
        ("simulate", "video", "out.mp4", "--seed", "1", "--side", "top"),
        ("simulate", "video", "out.mp4", "--seed", "1", "--onto", "a.mp4", "--portrait", "b.png"),
        ("nonsense",),
    ],
)
def test_a_wrong_command_ends_with_2_and_help(arguments: tuple[str, ...]) -> None:
    result = run(*arguments)

    assert result.exit_code == 2
    assert "Usage: " in result.stderr
    assert result.stdout == ""


def bad_inputs(folder: Path) -> dict[str, Path]:
    """Make what cannot be measured before any face is looked for."""
    paths = {name: folder / f"{name}.mp4" for name in ("missing", "text", "empty", "loop", "cut")}
    paths["text"].write_text("Not a video, whatever its name says.\n" * 20)
    paths["empty"].touch()
    paths["loop"].symlink_to(paths["loop"])
    whole = make_video(paths["cut"]).read_bytes()
    paths["cut"].write_bytes(whole[: len(whole) // 2])
    paths["bare"] = folder / "bare"
    paths["bare"].mkdir()
    return paths


@pytest.mark.parametrize(
    ("name", "sentence"),
    [
        ("missing", "does not exist; check the name."),
        ("text", "must be a video (MP4, MOV, MKV, WebM, AVI), but cannot be read as one"),
        ("empty", "must be a video, but is empty; copy it again."),
        ("loop", "cannot be read: Too many levels of symbolic links."),
        ("cut", "or was cut before its end was written."),
        ("bare", "must hold videos, but none was found in it or below"),
    ],
)
@pytest.mark.parametrize("as_json", [False, True])
def test_bad_input_ends_with_1_and_a_sentence(
    tmp_path: Path, name: str, sentence: str, as_json: bool
) -> None:
    path = bad_inputs(tmp_path)[name]
    out = tmp_path / "out"

    if as_json and path.is_dir():
        pytest.skip("a folder is a wrong command with --json")
    result = run("measure", path, *(["--json"] if as_json else ["--out", out]))

    assert result.exit_code == 1
    assert result.stdout == ""
    assert result.stderr.startswith(f"Error: {path} ")
    assert sentence in result.stderr
    assert result.stderr.count("\n") == 1
    assert not out.exists()


def test_each_bad_file_has_its_sentence_and_the_others_go_on(tmp_path: Path) -> None:
    paths = bad_inputs(tmp_path)

    result = run("measure", *paths.values(), "--out", tmp_path / "out")

    assert result.exit_code == 1
    assert result.stderr.count("Error: ") == len(paths)
    assert not (tmp_path / "out").exists()


@pytest.mark.parametrize("folder", ["file", "file/below"])
def test_an_output_that_cannot_be_written_is_refused_before_the_work(
    tmp_path: Path, folder: str
) -> None:
    (tmp_path / "file").touch()

    result = run("measure", make_video(tmp_path / "clip.mp4"), "--out", tmp_path / folder)

    assert result.exit_code == 1
    assert "must be a folder, but" in result.stderr
    assert result.stderr.count("\n") == 1


def test_a_protected_output_is_refused_before_the_work(tmp_path: Path) -> None:
    protected = Path("/proc/hemiface-out")  # where not even root may write

    result = run("measure", make_video(tmp_path / "clip.mp4"), "--out", protected)

    assert result.exit_code == 1
    assert f"{protected} cannot be written" in result.stderr
    assert result.stderr.count("\n") == 1


def test_reports_of_different_names_lie_together(tmp_path: Path) -> None:
    videos = [tmp_path / "a" / "one.mp4", tmp_path / "b" / "two.mp4"]

    assert set(place_reports(videos, Path("out")).values()) == {Path("out")}


def test_reports_of_one_name_are_kept_apart(tmp_path: Path) -> None:
    names = ["visit1/rest.mp4", "visit2/Rest.mov", "visit2/rest.mp4", "visit2/talk.mp4"]
    videos = [tmp_path / name for name in names]

    assert list(place_reports(videos, Path("out")).items()) == [
        (videos[3], Path("out")),
        (videos[0], Path("out/visit1")),
        (videos[1], Path("out/visit2/Rest.mov")),
        (videos[2], Path("out/visit2/rest.mp4")),
    ]


def test_a_fault_of_ours_is_told_with_its_lines_and_the_others_go_on(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object, **__: object) -> None:
        raise ZeroDivisionError

    monkeypatch.setattr("hemiface.pipeline.measure", fail)
    videos = [make_video(tmp_path / f"{name}.mp4") for name in "ab"]

    result = run("measure", *videos, "--out", tmp_path / "out")

    assert result.exit_code == 1
    assert result.stderr.count("by a fault of hemiface. Please report it") == 2
    assert result.stderr.count("\nZeroDivisionError\n") == 2


def test_a_measurement_agrees_with_itself(story: tuple[Path, Measurement]) -> None:
    path, truth = story

    result = run("compare", path, path)

    n = len(truth.spasms)
    assert result.exit_code == 0
    assert f"F1 1.00: {n} of {n} found, 0 false" in result.stdout
    assert "Rate off by       0 %" in result.stdout


def test_a_comparison_as_json_is_json_alone(story: tuple[Path, Measurement]) -> None:
    path, truth = story
    found = path.with_name("found.json")
    write_json(replace(truth, spasms=truth.spasms[1:]), found)

    result = run("compare", found, path, "--json")

    assert result.exit_code == 0
    agreement = json.loads(result.stdout)
    assert agreement["n_found"] == len(truth.spasms) - 1
    assert agreement["precision"] == 1
    assert agreement["bands"][1]["high_mm"] is None


def test_what_is_no_measurement_cannot_be_compared(story: tuple[Path, Measurement]) -> None:
    path, _ = story
    other = path.with_name("other.json")
    other.write_text('{"schema": "other"}')

    result = run("compare", other, path)

    assert result.exit_code == 1
    assert result.stderr.startswith(f"Error: {other} is not a hemiface measurement")
    assert result.stderr.count("\n") == 1


def test_a_film_without_a_face_is_refused(tmp_path: Path) -> None:
    path = make_video(tmp_path / "clip.mp4", Recipe(size=(320, 240), times_s=evenly(45, 30)))

    result = run("measure", path, "--out", tmp_path / "out")

    assert result.exit_code == 1
    assert result.stderr.startswith(f"Error: {path}: A face must be visible")
    assert result.stderr.count("\n") == 1
    assert not (tmp_path / "out").exists()
