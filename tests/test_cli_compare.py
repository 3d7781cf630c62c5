"""`hemiface compare` with annotations and with folders."""

import json
from dataclasses import replace
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from hemiface.agreement import events_of, write_eaf
from hemiface.cli import main
from hemiface.report.document import write_json
from hemiface.types import Measurement
from report_story import left_eye_story

STORY = left_eye_story()
CSV = "onset,duration,side\n" + "".join(
    f"{spasm.onset_s},{spasm.duration_s},{spasm.side}\n" for spasm in STORY.spasms
)


def run(*arguments: object) -> Result:
    return CliRunner().invoke(main, ["compare", *(str(argument) for argument in arguments)])


def simulated(m: Measurement) -> Measurement:
    return replace(m, software={**m.software, "settings": {"simulated": True}})


@pytest.fixture
def found(tmp_path: Path) -> Path:
    """A folder of what was measured: three visits, each missing one spasm more."""
    folder = tmp_path / "found"
    folder.mkdir()
    for n in range(1, 4):
        write_json(replace(STORY, spasms=STORY.spasms[n:]), folder / f"visit{n}.json")
        (folder / f"visit{n}.html").touch()
    return folder


@pytest.fixture
def truth(tmp_path: Path) -> Path:
    """A folder of three kinds of truth about the same visits."""
    folder = tmp_path / "truth"
    folder.mkdir()
    write_json(simulated(STORY), folder / "visit1.truth.json")
    write_eaf(folder / "visit2.eaf", events_of(STORY), tmp_path / "visit2.mp4")
    (folder / "visit3.csv").write_text(CSV)
    return folder


@pytest.mark.parametrize("name", ["visit1.truth.json", "visit2.eaf", "visit3.csv"])
def test_every_kind_of_truth_is_taken(found: Path, truth: Path, name: str) -> None:
    result = run(found / "visit1.json", truth / name)

    n = len(STORY.spasms)
    assert result.exit_code == 0
    assert f"{n - 1} of {n} found, 0 false" in result.stdout
    assert ("Blinks" in result.stdout) == (name != "visit3.csv")
    assert ("from 1 mm" in result.stdout) == (name != "visit3.csv")
    is_simulated = "proves the software" in result.stdout
    assert is_simulated == (name == "visit1.truth.json")


def test_folders_are_compared_file_by_file_and_together(found: Path, truth: Path) -> None:
    result = run(found, truth)

    n = len(STORY.spasms)
    assert (result.exit_code, result.stderr) == (0, "")
    lines = result.stdout.splitlines()
    assert [line.split()[:3] for line in lines[1:4]] == [
        [f"visit{i}", f"{n - i}/{n}", "0"] for i in range(1, 4)
    ]
    assert f"{3 * n - 6} of {3 * n} found, 0 false" in result.stdout
    assert "bias -" in result.stdout
    assert lines[-1] == "Simulated truth proves the software, not the medicine."


def test_folders_as_json_are_json_alone(found: Path, truth: Path) -> None:
    document = json.loads(run(found, truth, "--json").stdout)

    assert document["schema"] == "hemiface.agreement/1"
    assert [one["name"] for one in document["recordings"]] == ["visit1", "visit2", "visit3"]
    assert document["recordings"][2]["bands"] == []
    assert document["recordings"][2]["truth"] == "visit3.csv"
    assert document["pooled"]["n_recordings"] == 3
    assert document["pooled"]["rate"]["limits"]["n"] == 3
    assert document["pooled"]["spasms"]["f1_low"] is None
    assert (document["simulated"], document["left_out"]) == (True, [])


def test_what_has_no_partner_is_named_and_stops_nothing(found: Path, truth: Path) -> None:
    (truth / "visit8.csv").write_text(CSV)
    (truth / "notes.txt").touch()
    (found / "visit3.json").unlink()

    result = run(found, truth)

    assert result.exit_code == 0
    assert result.stderr == (
        "Note: Without a partner in truth, and left out: visit3.csv, visit8.csv.\n"
    )
    assert "visit2" in result.stdout


def test_one_bad_file_has_its_sentence_and_the_others_go_on(found: Path, truth: Path) -> None:
    (truth / "visit3.csv").write_text("onset,duration,side\n1,1,top\n")
    page = found.parent / "page.html"

    result = run(found, truth, "--out", page)

    assert result.exit_code == 1
    assert "Error: visit3.csv, line 2: a spasm must be on the person's own left" in result.stderr
    assert result.stdout.splitlines()[2].startswith("visit2")
    assert "visit3.csv, line 2" in page.read_text("utf-8")
    assert str(found.parent) not in page.read_text("utf-8")


def test_one_folder_may_hold_both(found: Path) -> None:
    write_json(STORY, found / "visit2.truth.json")

    result = run(found, found)

    assert result.exit_code == 0
    assert result.stdout.splitlines()[1].startswith("visit2")
    assert result.stderr == (
        "Note: Without a partner in found, and left out: visit1.json, visit3.json.\n"
    )


def test_of_several_truths_the_one_taken_is_named(found: Path, truth: Path) -> None:
    (truth / "visit2.csv").write_text(CSV)

    result = run(found, truth)

    assert result.exit_code == 0
    assert result.stderr == "Note: visit2.eaf was taken as true, not visit2.csv.\n"


def test_two_folders_of_tables_are_compared(found: Path, truth: Path) -> None:
    for folder, name in ((found, "visit7.spasms.csv"), (truth, "visit7.spasms.csv")):
        (folder / name).write_text(CSV)

    assert "visit7" in run(found, truth).stdout


def test_folders_without_a_pair_are_refused(found: Path, tmp_path: Path) -> None:
    (tmp_path / "bare").mkdir()

    result = run(found, tmp_path / "bare")

    assert (result.exit_code, result.stdout) == (1, "")
    assert "must hold files of the same names" in result.stderr
    assert result.stderr.count("\n") == 1


def test_a_file_and_a_folder_are_a_wrong_command(found: Path) -> None:
    result = run(found, found / "visit1.json")

    assert result.exit_code == 2
    assert "two files or two folders" in result.stderr


@pytest.mark.parametrize("swap", [False, True])
def test_what_is_not_there_is_named(found: Path, tmp_path: Path, swap: bool) -> None:
    paths = [found, tmp_path / "none"]

    result = run(*(paths[::-1] if swap else paths))

    assert (result.exit_code, result.stdout) == (1, "")
    assert result.stderr == f"Error: {tmp_path / 'none'} does not exist; check the name.\n"


@pytest.mark.parametrize(
    ("name", "text", "sentence"),
    [
        ("a.csv", "onset,duration,side\n1,1,left\nx,1,left\n", "line 3: the onset must be seconds"),
        ("a.csv", "onset,duration,side\n900,1,left\n", "within their recording of 60 s"),
        ("a.eaf", "<no>", "must be an ELAN file"),
        ("a.edf", "no", "must be EDF+"),
        ("a.json", "no", "is not a hemiface measurement"),
        ("a.docx", "no", "is not a hemiface measurement"),
    ],
)
def test_bad_input_ends_with_1_a_sentence_and_no_page(
    found: Path, tmp_path: Path, name: str, text: str, sentence: str
) -> None:
    (tmp_path / name).write_text(text)
    page = tmp_path / "page.html"

    result = run(found / "visit1.json", tmp_path / name, "--out", page)

    assert (result.exit_code, result.stdout) == (1, "")
    assert sentence in result.stderr
    assert result.stderr.count("\n") == 1
    assert not page.exists()


def test_what_was_left_out_is_told(found: Path, tmp_path: Path) -> None:
    (tmp_path / "a.tsv").write_text("onset\tduration\ttrial_type\n1\t1\tleft\n3\t1\tsmile\n")

    result = run(found / "visit1.json", tmp_path / "a.tsv")

    assert result.exit_code == 0
    assert '1 events are no spasms and were left out: "smile" (1)' in result.stderr


@pytest.mark.parametrize("name", ["page.json", "none/page.html"])
def test_a_page_that_cannot_be_written_leaves_nothing(
    found: Path, truth: Path, tmp_path: Path, name: str
) -> None:
    result = run(found, truth, "--out", tmp_path / name)

    assert (result.exit_code, result.stdout) == (1, "")
    assert result.stderr.startswith(f"Error: {tmp_path / name} ")
    assert sorted(path.name for path in tmp_path.iterdir()) == ["found", "truth"]


def test_the_page_does_not_mix_with_json(found: Path, truth: Path, tmp_path: Path) -> None:
    result = run(found, truth, "--json", "--out", tmp_path / "page.html")

    assert json.loads(result.stdout)["pooled"]["n_recordings"] == 3
    assert result.stderr == f"report: {tmp_path / 'page.html'}\n"
    assert (tmp_path / "page.html").read_text("utf-8").startswith("<!doctype html>")


def test_what_was_found_opens_in_elan_and_is_never_written_over(tmp_path: Path) -> None:
    found, video = tmp_path / "visit.json", tmp_path / "visit.mp4"
    write_json(STORY, found)
    words = ["annotate", str(found), str(video)]
    missing = CliRunner().invoke(main, words)
    assert (missing.exit_code, "no such file" in missing.output) == (1, True)
    video.write_bytes(b"film")
    assert CliRunner().invoke(main, words).exit_code == 0
    assert "F1 1.00" in run(found, tmp_path / "visit.eaf").output
    again = CliRunner().invoke(main, words)
    assert (again.exit_code, "there already" in again.output) == (1, True)
