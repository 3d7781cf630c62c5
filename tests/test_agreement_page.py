"""The page of agreement: what it says, draws and tells those who cannot see."""

import re
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest

from hemiface.report.agreement_page import page_contents, say_headline, write_agreement_page
from hemiface.report.agreement_plots import (
    Band,
    Bar,
    draw_bars,
    draw_differences,
    draw_histogram,
    draw_scatter,
)

ESTIMATE = {"value": 0.8, "low": 0.5, "high": 0.9}
NO_ESTIMATE = {"value": None, "low": None, "high": None}


def score(n_found: int, n_truth: int, n_matched: int) -> dict[str, Any]:
    return {
        "n_found": n_found, "n_truth": n_truth, "n_matched": n_matched,
        "f1": 2 * n_matched / max(n_found + n_truth, 1), "f1_low": None, "f1_high": None,
    }  # fmt: skip


def recording(name: str, found: float | None, true: float | None) -> dict[str, Any]:
    return {
        **score(10, 12, 9), "name": name, "found": f"{name}.json", "truth": f"{name}.eaf",
        "found_per_min": found, "true_per_min": true, "found_burden": 4.0, "true_burden": 5.0,
        "onset_error_median_s": 0.0114,
    }  # fmt: skip


def numbers(limits: bool = True) -> dict[str, Any]:
    known = {
        "n": 2, "bias": -1.5, "bias_low": -3.0, "bias_high": 0.5, "sd": 1.0, "low": -3.46,
        "high": 0.46, "low_interval": [-5, -3], "high_interval": [0.1, 2],
    }  # fmt: skip
    estimate = ESTIMATE if limits else NO_ESTIMATE
    return {"icc": estimate, "rho": estimate, "limits": known if limits else None}


def document(**changes: Any) -> dict[str, Any]:
    errors = {"each": [-0.012, 0.003, 0.021], "mean": 0.004, "low": -0.011, "high": 0.02}
    bands = [
        {**score(6, 5, 4), "low_mm": 0.5, "high_mm": 1, "f1_low": 0.4, "f1_high": 0.9},
        {**score(0, 0, 0), "low_mm": 1, "high_mm": 2},
        {**score(14, 19, 14), "low_mm": 2, "high_mm": None},
    ]
    pooled = {
        "spasms": score(20, 24, 18), "bands": bands, "onset_s": errors, "duration_s": errors,
        "rate": numbers(), "burden": numbers(),
    }  # fmt: skip
    return {
        "tolerance_s": 0.15, "min_amplitude_mm": 0.5, "simulated": False, "left_out": [],
        "recordings": [recording("visit1", 10.0, 12.0), recording("visit2", 20.0, 21.0)],
        "pooled": pooled, **changes,
    }  # fmt: skip


class Outline(HTMLParser):
    """What a screen reader meets: headings, drawings, table headers; and any address."""

    def __init__(self) -> None:
        super().__init__()
        self.headings: list[str] = []
        self.open: list[str] = []
        self.drawings: list[dict[str, str | None]] = []
        self.scopes: list[str | None] = []
        self.links: list[str | None] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        found = dict(attrs)
        if re.fullmatch("h[1-6]", tag):
            self.headings.append(tag)
        if tag == "svg":
            self.drawings.append(found)
        if tag == "th":
            self.scopes.append(found.get("scope"))
        self.links += [value for name, value in attrs if name in ("href", "src")]
        self.open.append(tag)


def write(tmp_path: Path, doc: dict[str, Any]) -> tuple[str, Outline]:
    write_agreement_page(doc, tmp_path / "page.html")
    text = (tmp_path / "page.html").read_text("utf-8")
    outline = Outline()
    outline.feed(text)
    assert [path.name for path in tmp_path.iterdir()] == ["page.html"]
    return text, outline


@pytest.mark.parametrize(
    ("counts", "sentence"),
    [
        ((20, 24, 18), "18 of 24 spasms were found in 2 recordings, and 2 were false."),
        ((18, 24, 18), "18 of 24 spasms were found in 2 recordings, and none was false."),
        ((19, 24, 18), "18 of 24 spasms were found in 2 recordings, and 1 was false."),
        ((3, 0, 0), "There was no spasm to find in 2 recordings, and 3 were found."),
        ((0, 0, 0), "There was no spasm to find in 2 recordings, and none was found."),
    ],
)
def test_the_headline_is_the_answer(counts: tuple[int, int, int], sentence: str) -> None:
    doc = document()
    doc["pooled"]["spasms"] = score(*counts)

    assert say_headline(doc) == sentence


def test_the_page_can_be_read_without_eyes_and_without_a_network(tmp_path: Path) -> None:
    _, outline = write(tmp_path, document())

    assert outline.headings == ["h1", *["h2"] * (len(outline.headings) - 1)]
    assert all(
        (svg.get("role") == "img" and svg.get("aria-label")) or svg.get("aria-hidden") == "true"
        for svg in outline.drawings
    )
    assert sum(svg.get("role") == "img" for svg in outline.drawings) == 6
    assert outline.scopes.count("col") == 8
    assert outline.scopes.count("row") == 2
    assert outline.links == ["#answer"]
    assert "script" not in outline.open


def test_the_page_says_where_truth_is_simulated(tmp_path: Path) -> None:
    sentence = "Simulated truth proves the software, not the medicine."

    assert sentence in write(tmp_path, document(simulated=True))[0]
    assert sentence not in write(tmp_path, document())[0]


def test_the_page_names_what_was_matched_how_and_what_was_left_out(tmp_path: Path) -> None:
    text, _ = write(tmp_path, document(left_out=["visit9.csv has <no> partner."]))

    assert "begin within 0.15 s of each other" in text
    assert "below 0.5 mm are not asked for" in text
    assert "visit9.csv has &lt;no&gt; partner." in text
    assert "10 / 12" in text
    assert "Bias −1.5 (−3 to +0.5) spasms a minute" in text


def test_bands_without_true_spasms_are_not_drawn() -> None:
    drawn = page_contents(document())["bands"]

    assert drawn.count('class="column"') == 2
    assert "0.5–1 mm: 0.73, 4 of 5 found; from 2 mm: 0.85, 14 of 19 found" in drawn
    assert drawn.count('class="whisker"') == 1


def test_one_recording_without_amplitudes_has_a_page(tmp_path: Path) -> None:
    doc = document(recordings=[recording("visit1", None, None)])
    doc["pooled"].update(bands=[], rate=numbers(limits=False), burden=numbers(limits=False))
    doc["pooled"]["onset_s"] = {"each": [], "mean": None, "low": None, "high": None}

    text, _ = write(tmp_path, doc)

    assert "The strength of the spasms is not known" in text
    assert text.count("At least two recordings") == 2
    assert "no spasm was matched whole" in text
    assert "– / –" in text
    assert "ICC" not in text.split("How it was compared")[0].split("</style>")[1]


def test_names_cannot_break_the_page(tmp_path: Path) -> None:
    doc = document(recordings=[recording("<b>&\"'", 1.0, 2.0), recording("b", 1.0, 2.0)])

    assert "<b>" not in write(tmp_path, doc)[0].split("</style>")[1]


def heights(svg: str) -> list[float]:
    return [float(h) for h in re.findall(r'class="column".*?height="([\d.]+)"', svg)]


def test_bars_are_as_high_as_their_shares() -> None:
    half, whole = heights(
        draw_bars([Bar("a", 0.5, None, None, ""), Bar("b", 1, None, None, "")], "F1", "x")
    )

    assert whole == pytest.approx(2 * half, abs=0.11)


def test_histograms_count_everything_once_with_an_edge_on_zero() -> None:
    drawn = heights(draw_histogram([-20.0, -1.0, 1.0, 1.0, 20.0], "ms", "n", "x"))

    top = max(drawn)
    assert sum(round(2 * height / top) for height in drawn) == 5
    middle = len(drawn) // 2
    assert drawn[middle] == pytest.approx(2 * drawn[middle - 1], abs=0.11)
    assert heights(draw_histogram([0.0], "ms", "n", "x"))


def test_a_scatter_of_equals_lies_on_its_line() -> None:
    svg = draw_scatter([(1.0, 1.0, "a"), (3.0, 3.0, "b")], ("x", "y"), "x")
    x1, y1, x2, y2 = map(
        float, re.findall(r"[\d.]+", re.findall(r'reference dashed" d="([^"]+)', svg)[0])
    )

    for x, y in re.findall(r'cx="([\d.]+)" cy="([\d.]+)"', svg):
        assert (float(x) - x1) / (x2 - x1) == pytest.approx((float(y) - y1) / (y2 - y1), abs=1e-3)


def test_an_endless_interval_leaves_room_for_the_points() -> None:
    points = [(1.0, -1.0, "a"), (2.0, 1.0, "b")]

    svg = draw_differences(points, [Band("bias", 0.0, -1e4, 1e4, "solid")], ("x", "y"), "x")

    first, second = map(float, re.findall(r'cy="([\d.]+)"', svg))
    assert first - second > 80
