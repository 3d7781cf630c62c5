import re
from dataclasses import replace
from pathlib import Path

import pytest

from hemiface.errors import OutputError, SourceError
from hemiface.report import page, write_report
from hemiface.report.page import write_page
from hemiface.report.summary import (
    answer,
    involvement,
    say_duration,
    say_number,
    say_time,
    unseen_spans,
)
from hemiface.types import Span
from report_story import left_eye_story, still_story
from test_report_preview import make_video

ALL = ["story.html", "story.json", "story.signals.parquet", "story.spasms.csv"]


def names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


def plain(text: str) -> str:
    return text.replace("\u202f", " ")


class TestAnswer:
    def test_one_side(self):
        assert plain(answer(left_eye_story(60.0))) == (
            "Spasms on the left side of the face: 31 a minute, 10 % of the time, "
            "typically 0.2 s long."
        )

    def test_a_short_recording_gives_the_count(self):
        assert plain(answer(left_eye_story(12.0))).startswith(
            "Spasms on the left side of the face: 6 in 11 s observed, "
        )

    def test_none(self):
        assert plain(answer(still_story())) == "No spasm was found in 58 s observed."

    def test_undetermined(self):
        assert "could not be told" in answer(still_story("undetermined"))
        m = replace(left_eye_story(12.0), affected_side="undetermined")
        assert "6 on the left" in answer(m)

    def test_both(self):
        m = left_eye_story(60.0)
        right = tuple(replace(spasm, side="right") for spasm in m.spasms[:3])
        m = replace(m, affected_side="both", spasms=m.spasms + right)
        assert plain(answer(m)) == (
            "Spasms on both sides of the face: left 31 a minute, right 0 a minute."
        )

    def test_nothing_observed(self):
        assert "could not be observed" in answer(still_story(observed_s=0.0))


def test_involvement_is_the_share_of_spasms():
    parts = {(p.muscle.name, p.side): p for p in involvement(left_eye_story(12.0))}
    assert parts["orbicularis_oculi", "left"].share == 1.0
    assert parts["zygomaticus", "left"].share == pytest.approx(2 / 6)
    assert parts["zygomaticus", "left"].peak == pytest.approx(1.8, abs=0.1)
    assert parts["zygomaticus", "right"].share == 0.0


def test_unseen_spans_touch_the_edges():
    m = left_eye_story(4.0)
    hidden = m.signals.values.copy()
    hidden[:, :15] = float("nan")
    hidden[:, -15:] = float("nan")
    signals = replace(m.signals, values=hidden)
    assert unseen_spans(signals) == (Span(0.0, 0.5), Span(2.0, 3.0), Span(3.5, 4.0))


@pytest.mark.parametrize(
    ("value", "text"),
    [(0, "0"), (0.234, "0.23"), (1.26, "1.3"), (9.96, "10"), (14.3, "14"), (-0.6, "−0.6")],
)
def test_numbers_have_the_digits_they_deserve(value, text):
    assert say_number(value) == text


def test_times_and_durations():
    assert plain(say_duration(0.25)) == "0.25 s"
    assert plain(say_duration(59.6)) == "60 s"
    assert plain(say_duration(605)) == "10 min 5 s"
    assert say_time(62.504) == "1:02.50"
    assert plain(say_number(22.0, "%")) == "22 %"


@pytest.fixture(scope="module")
def html(tmp_path_factory):
    folder = tmp_path_factory.mktemp("page")
    video = make_video(folder / "a.mp4")
    write_page(left_eye_story(12.0), folder / "p.html", video=video)
    return (folder / "p.html").read_text("utf-8")


class TestPage:
    def test_asks_nothing_of_the_network(self, html):
        outside = re.findall(r"""(?:src|href|url\()=?["']?((?:https?:)?//[^"')\s]+)""", html)
        assert outside == []
        assert "default-src 'none'" in html

    def test_begins_with_the_answer(self, html):
        assert html.index("<h1>") < html.index("<h2>")
        assert "Spasms on the <em>left side</em> of the face" in html

    def test_carries_video_fonts_and_script(self, html):
        assert html.count("data:video/mp4;base64,AAAA") == 1
        assert html.count("data:font/woff2;base64,") == 2
        assert "spasm-player" in html

    def test_serves_without_script(self, html):
        """Every spasm and measure stands in a table of the page itself."""
        assert html.count("data-spasm=") >= 6
        assert html.count('<th scope="row">') >= 6 + 8 + 5
        assert "The brow was hidden." in html

    def test_says_once_what_it_is_not(self, html):
        assert html.count("not a certified medical device") == 1

    def test_says_what_was_not_seen(self, html):
        assert "Not observed: 0:02.00–0:03.00." in html
        assert "A hand hid the face" in html

    def test_names_are_never_markup(self, tmp_path):
        evil = "</script><script>alert(1)</script>.mp4"
        m = left_eye_story(4.0)
        m = replace(m, recording=replace(m.recording, source=evil, task="<b>"))
        write_page(m, tmp_path / "p.html", video=None)
        html = (tmp_path / "p.html").read_text("utf-8")
        assert "<script>alert" not in html
        assert "<b>" not in html

    def test_nothing_found_without_signals(self, tmp_path):
        write_page(still_story(), tmp_path / "p.html", video=None)
        html = (tmp_path / "p.html").read_text("utf-8")
        assert "No spasm was found in 58" in html
        assert "<video" not in html

    def test_missing_script_is_said_in_words(self, tmp_path, monkeypatch):
        page._read_static.cache_clear()
        monkeypatch.setattr(page, "files", lambda _: tmp_path)
        with pytest.raises(OutputError, match="npm run build"):
            page._read_static("report.js")


class TestWriteReport:
    def test_writes_four_files_and_nothing_else(self, tmp_path):
        out = tmp_path / "new" / "out"
        written = write_report(left_eye_story(12.0), out, video=make_video(tmp_path / "a.mp4"))
        assert names(out) == ALL
        assert [path.name for path in written] == [
            "story.json",
            "story.spasms.csv",
            "story.signals.parquet",
            "story.html",
        ]

    def test_replaces_an_earlier_report(self, tmp_path):
        (tmp_path / "story.html").write_text("old")
        write_report(left_eye_story(12.0), tmp_path, video=None)
        assert (tmp_path / "story.html").read_text("utf-8") != "old"

    def test_same_input_same_output(self, tmp_path):
        for folder in ("a", "b"):
            write_report(left_eye_story(4.0), tmp_path / folder, video=None)
        for name in ALL:
            assert (tmp_path / "a" / name).read_bytes() == (tmp_path / "b" / name).read_bytes()

    def test_a_bad_video_leaves_nothing(self, tmp_path):
        (tmp_path / "bad.mp4").write_bytes(b"nothing")
        with pytest.raises(SourceError):
            write_report(left_eye_story(4.0), tmp_path / "out", video=tmp_path / "bad.mp4")
        assert names(tmp_path) == ["bad.mp4"]

    def test_an_unwritable_place(self, tmp_path):
        (tmp_path / "file").write_text("x")
        with pytest.raises(OutputError, match="Not a directory"):
            write_report(left_eye_story(4.0), tmp_path / "file" / "out", video=None)
        assert names(tmp_path) == ["file"]

    def test_a_folder_in_the_way(self, tmp_path):
        (tmp_path / "story.html").mkdir()
        with pytest.raises(OutputError, match="must be a file, but is a folder"):
            write_report(left_eye_story(4.0), tmp_path, video=None)
        assert names(tmp_path) == ["story.html"]

    @pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs /dev/full")
    def test_a_full_disk_leaves_nothing(self, tmp_path, monkeypatch):
        """The page's file is exchanged for the device that is always full."""
        real = Path.open

        def full(path, *args, **kwargs):
            return real(Path("/dev/full") if path.suffix == ".html" else path, *args, **kwargs)

        monkeypatch.setattr(Path, "open", full)
        with pytest.raises(OutputError, match="No space left"):
            write_report(left_eye_story(4.0), tmp_path / "out", video=None)
        assert names(tmp_path) == []
