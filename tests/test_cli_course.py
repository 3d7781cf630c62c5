"""`hemiface course`: from a simulated year to answers and other files."""

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from hemiface.cli import main
from hemiface.course import course_document, read_course
from hemiface.report.exports import read_csv, read_fhir


def run(*arguments: object) -> Result:
    return CliRunner().invoke(main, [str(argument) for argument in arguments])


@pytest.fixture(scope="module")
def year(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A moderate patient: two injections, then surgery, weekly videos and a diary."""
    folder = tmp_path_factory.mktemp("year")
    given = ["toxin:34.5@30", "toxin:34.5@150", "surgery@270"]
    options = [part for one in given for part in ("--treatment", one)]
    days = ["--days", "400", "--every", "7", "--severity", "moderate", "--side", "left"]
    result = run("simulate", "course", folder, "--seed", "3", *options, *days)
    assert result.exit_code == 0, result.output
    return folder / "course.json"


def test_what_a_course_holds_is_shown(year: Path) -> None:
    result = run("course", "show", year)

    assert result.exit_code == 0
    assert "affected side left" in result.stdout
    assert result.stdout.count("onabotulinumtoxinA, 34.5 units") == 2
    assert "microvascular decompression, left" in result.stdout
    assert "spasm_rate, left:" in result.stdout


def test_answers_come_with_intervals_and_the_notice_once(year: Path) -> None:
    result = run("course", "fit", year)

    assert result.exit_code == 0
    assert "Botulinum toxin, 39 days with a video, 90 % intervals:" in result.stdout
    assert result.stdout.count("half gone by") == 2
    assert "Surgery on 2024-09-27, after 130 days:" in result.stdout
    assert result.stdout.count("proves the software") == 1


def test_answers_as_json_are_json_alone(year: Path) -> None:
    document = json.loads(run("course", "fit", year, "--json", "--on", "2024-12-01").stdout)

    assert document["schema"] == "hemiface.course-fit/1"
    assert len(document["toxin"]["responses"]) == 2
    assert document["surgery"]["now"] == "2024-12-01"
    assert document["toxin"]["responses"][0]["onset_d"]["low"] > 0
    assert isinstance(document["triggers"], list)


@pytest.mark.parametrize("kind", ["fhir-r5", "fhir-r4b", "csv", "json"])
def test_every_export_comes_back(year: Path, tmp_path: Path, kind: str) -> None:
    out = tmp_path / "out"
    assert run("course", "export", year, out, "--to", kind).exit_code == 0

    read = {"csv": read_csv, "json": read_course}.get(kind, read_fhir)
    assert course_document(read(out)) == course_document(read_course(year))


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (["show", "none.json"], "none.json cannot be read: No such file"),
        (["fit", __file__], "must be JSON; it is not"),
        (["fit", "YEAR", "--on", "soon"], "--on must be a date like 2026-05-31; got 'soon'"),
        (["export", "YEAR", "/proc/none/x", "--to", "json"], "cannot be written"),
    ],
)
def test_bad_input_has_one_sentence(year: Path, arguments: list[str], sentence: str) -> None:
    result = run("course", *(str(year) if one == "YEAR" else one for one in arguments))

    assert result.exit_code == 1
    assert sentence in result.output
    assert "Traceback" not in result.output
