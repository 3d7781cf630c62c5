"""The tutorial works as it stands: its cells are run in order, with warnings as errors."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

TUTORIAL = Path(__file__).parents[1] / "docs" / "tutorial.ipynb"


def cells() -> list[dict[str, object]]:
    found: list[dict[str, object]] = json.loads(TUTORIAL.read_text(encoding="utf-8"))["cells"]
    return found


def code_cells() -> Iterator[tuple[str, str]]:
    for cell in cells():
        if cell["cell_type"] == "code":
            yield str(cell["id"]), "".join(cell["source"])  # type: ignore[arg-type]


@pytest.mark.slow
def test_the_tutorial_runs(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    import matplotlib.pyplot as plt

    plt.switch_backend("agg")
    monkeypatch.setenv("TMPDIR", str(tmp_path))
    monkeypatch.setattr("tempfile.tempdir", None)
    names: dict[str, object] = {}
    for name, source in code_cells():
        exec(compile(source, f"{TUTORIAL.name}, {name}", "exec"), names)
    plt.close("all")

    assert "left" in capsys.readouterr().out
    assert list(tmp_path.glob("*/report/patient.html"))


def test_the_tutorial_holds_no_output() -> None:
    """Numbers that were printed once would go stale; they come when it is run."""
    assert all(not cell.get("outputs") for cell in cells())
