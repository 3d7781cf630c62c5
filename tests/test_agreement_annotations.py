"""What people write beside a video, in the files they write it in."""

import math
from dataclasses import replace
from pathlib import Path

import edfio
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hemiface.agreement import Events, events_of, read_events, read_ratings, write_eaf
from hemiface.agreement.clock import read_seconds
from hemiface.errors import ConventionError, OutputError, SourceError
from hemiface.report.tables import write_spasms_csv
from hemiface.types import Blink, Span, Spasm
from report_story import left_eye_story


def spasm(onset_s: float, duration_s: float, side: str = "left", mm: float = math.nan) -> Spasm:
    kind = "tonic" if duration_s >= 1 else "clonic"
    return Spasm(onset_s, duration_s, math.nan, side, kind, mm, ())  # type: ignore[arg-type]


def same(first: Events, second: Events) -> bool:
    """Whether two hold the same, NaN being the same as NaN, to the millisecond of ELAN."""
    return repr(first) == repr(second)


def written(folder: Path, text: str, name: str = "visit.csv") -> Path:
    (folder / name).write_text(text, encoding="utf-8")
    return folder / name


TWO = (spasm(1.5, 0.4), spasm(62.5, 2.0, "right"))


@pytest.mark.parametrize(
    "text",
    [
        "onset,duration,side\n1.5,0.4,left\n62.5,2,right\n",
        "Onset (s),Duration (s),Side\n1.5,0.4,L\n1:02.5,2,R\n",
        "\ufeffside;start;end\r\nLeft;1,5;1,9\r\nRIGHT;00:01:02,5;1:04,5\r\n",
        "Begin time\tDuration [ms]\tside\n1.5\t400\tleft side\n\n1:02.5\t2000\tright side\n",
        "onset_ms,duration_ms,side\n1500,400,l\n62500,2000,r\n",
        "onset,duration,trial_type\n62.5,2,spasm/right/tonic\n1.5,0.4,spasm/left/clonic\n",
        'onset,duration,label\n1.5,0.4,"HFS left"\n62.5,2,twitch_right\n',
        "onset,duration,trial_type,side\n1.5,0.4,spasm,left\n62.5,2,spasm,right\n",
        "onset,duration,side,description\n1.5,0.4,left,weak\n62.5,2,right,while smiling\n",
        "onset,duration,description\n1.5,0.4,left\n62.5,2,spasm right\n",
    ],
)
def test_a_table_is_read_as_its_header_says(tmp_path: Path, text: str) -> None:
    events = read_events(written(tmp_path, text))

    assert [(s.side, s.kind) for s in events.spasms] == [("left", "clonic"), ("right", "tonic")]
    for read, meant in zip(events.spasms, TWO, strict=True):
        assert (read.onset_s, read.duration_s) == pytest.approx((meant.onset_s, meant.duration_s))
        assert math.isnan(read.amplitude_mm)
    assert events.blinks is None
    assert events.observed is None


def test_events_of_bids_are_sorted_out_and_the_rest_is_named(tmp_path: Path) -> None:
    text = (
        "onset\tduration\ttrial_type\tresponse_time\n"
        "0\t30\tobserved\tn/a\n5\t1\tsmile\tn/a\n2\t.2\tblink\tn/a\n9\t1\tsmile\tn/a\n"
        "3\t.5\tspasm/left/clonic\tn/a\n"
    )

    events = read_events(written(tmp_path, text, "visit_events.tsv"))

    assert [s.onset_s for s in events.spasms] == [3.0]
    assert events.blinks is not None
    assert [b.onset_s for b in events.blinks] == [2.0]
    assert (events.observed, events.observed_s) == ((Span(0.0, 30.0),), 30.0)
    assert events.notes == (
        'visit_events.tsv: 2 events are no spasms and were left out: "smile" (2).',
    )


def test_our_own_table_is_read_back(tmp_path: Path) -> None:
    story = left_eye_story()
    cut = replace(story, spasms=(replace(story.spasms[0], cut_start=True), *story.spasms[1:]))
    write_spasms_csv(cut, tmp_path / "visit.spasms.csv")

    events = read_events(tmp_path / "visit.spasms.csv")

    for read, meant in zip(events.spasms, cut.spasms, strict=True):
        assert replace(read, peak_s=meant.peak_s, muscles=meant.muscles) == meant


def test_a_table_without_rows_says_that_there_was_none(tmp_path: Path) -> None:
    assert read_events(written(tmp_path, "onset,duration,side\n")).spasms == ()


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("", "must be a table with a header, but is empty"),
        ("a,b\n1,2\n", "line 1: a table of events must have the columns onset, duration"),
        ("onset,side\n1,left\n", "line 1: a table of events must have the columns"),
        ("onset,duration,side\n1,1,left\nsoon,1,left\n", 'line 3: the onset must be .*"soon"'),
        ("onset,duration,side\n1,,left\n", 'line 2: the duration or end must be .* found ""'),
        ("onset,duration,side\n-1,1,left\n", 'line 2: the onset must be seconds .*"-1"'),
        ("onset,duration,side\n1,0,left\n", "line 2: .* duration above 0 s, found 0 s"),
        ("onset,end,side\n5,3,left\n", "line 2: .* duration above 0 s, found -2 s"),
        ("onset,duration,side\n1:75,1,left\n", "line 2: .* seconds below 60 after a colon"),
        ("onset,duration,side\n1,1,top\n", 'line 2: .* own left or right side, found "top"'),
        ("onset,duration,side\n1,1,\n", "line 2: .* left or right side, found nothing"),
        ("onset,duration,side\n1,1,left right\n", "line 2: .* names both"),
        ("onset,duration,side,trial_type\n1,1,left,spasm/right\n", "line 2: .* left or right"),
        ("onset,duration,side,amplitude_mm\n1,1,left,big\n", 'line 2: the amplitude .*"big"'),
        ('onset,duration,side\n1,1,"left\n', "cannot be read as a table"),
    ],
)
def test_a_table_that_is_wrong_is_refused_with_its_line(
    tmp_path: Path, text: str, sentence: str
) -> None:
    with pytest.raises(SourceError, match=sentence) as refused:
        read_events(written(tmp_path, text))

    assert str(refused.value).startswith(str(tmp_path / "visit.csv"))
    assert "\n" not in str(refused.value)
    assert str(refused.value).endswith(".")


def test_what_is_no_text_or_not_there_is_refused(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_bytes("onset\n".encode("utf-16"))
    with pytest.raises(SourceError, match=r"must be text in UTF-8, but is not; save it as"):
        read_events(tmp_path / "a.csv")
    for name in ("none.csv", "none.eaf", "none.edf"):
        with pytest.raises(SourceError, match="cannot be read: No such file"):
            read_events(tmp_path / name)
    with pytest.raises(SourceError, match=r'"\.docx" cannot be read'):
        read_events(tmp_path / "a.docx")


@settings(deadline=None)
@given(st.integers(0, 35_999_999))
def test_a_clock_says_what_seconds_say(ms: int) -> None:
    hours, rest = divmod(ms, 3_600_000)
    minutes, rest = divmod(rest, 60_000)

    assert read_seconds(f"{hours}:{minutes:02}:{rest / 1000:06.3f}", "onset") == pytest.approx(
        read_seconds(f"{ms / 1000:.3f}", "onset")
    )


marks = st.lists(
    st.tuples(
        st.integers(1, 4000), st.integers(1, 4000), st.sampled_from(["left", "right"]),
        st.one_of(st.just(math.nan), st.integers(0, 9000).map(lambda um: um / 1000)),
        st.booleans(),
    ),
    max_size=12,
)  # fmt: skip


@settings(deadline=None, max_examples=40)
@given(marks)
def test_elan_gives_back_what_it_was_given(tmp_path_factory, drawn) -> None:
    folder, at, spasms = tmp_path_factory.mktemp("elan"), 0, []
    for gap, length, side, mm, cut in drawn:
        at += gap
        spasms.append(replace(spasm(at / 1000, length / 1000, side, mm), cut_end=cut))
        at += length
    blinks = (Blink(0.1, 0.2, math.nan, math.nan),)
    events = Events(tuple(spasms), blinks, 99.0, (Span(1.0, 100.0),), simulated=True)

    write_eaf(folder / "a.eaf", events, folder / "a.mp4")

    assert same(read_events(folder / "a.eaf"), events)


def test_elan_finds_the_video_and_names_no_folder(tmp_path: Path) -> None:
    (tmp_path / "marks").mkdir()
    path = tmp_path / "marks" / "visit 1.eaf"

    write_eaf(path, events_of(left_eye_story()), tmp_path / "films" / "visit 1.mp4")

    text = path.read_text()
    assert 'RELATIVE_MEDIA_URL="../films/visit%201.mp4"' in text
    assert 'MIME_TYPE="video/mp4"' in text
    assert tmp_path.name not in text
    assert 'TIER_ID="spasm left"' in text
    assert "clonic 2.5" in text


def test_elan_files_are_replaced_whole_and_the_same_twice(tmp_path: Path) -> None:
    path, events = tmp_path / "a.eaf", events_of(left_eye_story())
    write_eaf(path, events, tmp_path / "a.mp4")
    first = path.read_bytes()

    write_eaf(path, events, tmp_path / "a.mp4")

    assert path.read_bytes() == first
    assert [file.name for file in tmp_path.iterdir()] == ["a.eaf"]


def test_elan_cannot_hold_what_overlaps_or_has_no_place(tmp_path: Path) -> None:
    with pytest.raises(ConventionError, match=r'two of "spasm left" do at 1\.5 s'):
        write_eaf(tmp_path / "a.eaf", Events((spasm(1, 1), spasm(1.5, 1))), tmp_path / "a.mp4")
    with pytest.raises(OutputError, match="cannot be written: No such file"):
        write_eaf(tmp_path / "none" / "a.eaf", Events(()), tmp_path / "a.mp4")
    assert list(tmp_path.iterdir()) == []


def eaf(folder: Path, tiers: dict[str, list[tuple[int, int, str]]]) -> Path:
    """Write what a person may have made in ELAN."""
    from pympi.Elan import Eaf, to_eaf

    made = Eaf(author="a doctor")
    for tier, annotations in tiers.items():
        made.add_tier(tier)
        for annotation in annotations:
            made.add_annotation(tier, *annotation)
    to_eaf(folder / "visit.eaf", made)
    return folder / "visit.eaf"


@pytest.mark.parametrize(
    "tiers",
    [
        {"spasm left": [(1500, 1900, "")], "spasm right": [(62500, 64500, "strong, after a word")]},
        {"L": [(1500, 1900, "x")], "HFS-R": [(62500, 64500, "")]},
        {"LeftSpasms": [(1500, 1900, "left")], "right": [(62500, 64500, "tonic")]},
        {"Spasms": [(62500, 64500, "R"), (1500, 1900, "left, weak")]},
    ],
)
def test_tiers_or_values_name_the_side(tmp_path: Path, tiers) -> None:
    events = read_events(eaf(tmp_path, tiers))

    assert same(replace(events, notes=()), Events(TWO))
    # ELAN's own empty tier is named, so that nothing is left out in silence.
    assert events.notes == ('visit.eaf: tiers that hold no spasms were left out: "default".',)


def test_an_empty_tier_of_blinks_says_that_none_was_seen(tmp_path: Path) -> None:
    assert read_events(eaf(tmp_path, {"spasm left": [], "blinks": []})).blinks == ()


@pytest.mark.parametrize(
    ("tiers", "sentence"),
    [
        ({}, 'must have a tier "spasm left" or "spasm right", found "default"; rename'),
        ({"speech": [(1, 2, "hello")]}, 'found "default", "speech"; rename the tier'),
        ({"spasms": [(1500, 1900, "strong")]}, 'tier "spasms", the mark at 1.5 s: .* no side'),
        ({"spasm left": [(1500, 1900, "right")]}, 'the mark at 1.5 s: .* says "right"; move it'),
        ({"left right": [(1500, 1900, "")]}, 'tier "left right": .* names both'),
    ],
)
def test_tiers_that_name_no_side_are_refused(tmp_path: Path, tiers, sentence: str) -> None:
    with pytest.raises(SourceError, match=sentence):
        read_events(eaf(tmp_path, tiers))


@pytest.mark.parametrize("text", ["", "not xml", "<a/>", "<ANNOTATION_DOCUMENT VERSION='3.0'/>"])
def test_what_is_no_elan_file_is_refused(tmp_path: Path, text: str) -> None:
    with pytest.raises(SourceError, match=r"visit\.eaf must be an ELAN file, but cannot be read"):
        read_events(written(tmp_path, text, "visit.eaf"))


def test_a_mark_at_a_time_that_is_nowhere_is_refused(tmp_path: Path) -> None:
    path = eaf(tmp_path, {"spasm left": [(1500, 1900, "")]})
    path.write_text(path.read_text().replace('TIME_SLOT_REF1="ts', 'TIME_SLOT_REF1="x'))

    with pytest.raises(SourceError, match="must be an ELAN file"):
        read_events(path)


def edf(folder: Path, annotations: list[tuple[float, float | None, str]]) -> Path:
    emg = edfio.EdfSignal(np.sin(np.arange(3000) / 7), sampling_frequency=100, label="EMG")
    made = edfio.Edf([emg], annotations=[edfio.EdfAnnotation(*one) for one in annotations])
    made.write(folder / "visit.edf")
    return folder / "visit.edf"


def test_annotations_of_edf_are_read(tmp_path: Path) -> None:
    path = edf(
        tmp_path,
        [(0.0, None, "Recording starts"), (1.5, 0.4, "spasm/left/clonic"), (3.0, 0.2, "blink")],
    )

    events = read_events(path)

    assert [(s.onset_s, s.duration_s, s.side) for s in events.spasms] == [(1.5, 0.4, "left")]
    assert events.duration_s == 30.0
    assert events.blinks is not None
    assert "Recording starts" in events.notes[0]


def test_an_annotation_of_edf_without_duration_or_side_is_refused(tmp_path: Path) -> None:
    with pytest.raises(SourceError, match=r"annotation at 2 s: .* duration above 0 s, found none"):
        read_events(edf(tmp_path, [(2.0, None, "left")]))
    with pytest.raises(SourceError, match=r"annotation at 2 s: .* no side is named"):
        read_events(edf(tmp_path, [(2.0, 1.0, "spasm")]))
    with pytest.raises(SourceError, match=r"must be EDF\+, but cannot be read as one"):
        read_events(written(tmp_path, "0       nonsense", "a.edf"))


def test_ratings_have_a_row_per_recording_and_a_column_per_rater(tmp_path: Path) -> None:
    text = "recording;Dr A;Dr B;Dr C\nvisit1;3;2,5;n/a\nvisit2;1;1;0\n"

    ratings = read_ratings(written(tmp_path, text))

    assert (ratings.recordings, ratings.raters) == (("visit1", "visit2"), ("Dr A", "Dr B", "Dr C"))
    np.testing.assert_equal(ratings.values, [[3, 2.5, np.nan], [1, 1, 0]])


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("recording,A\nv,1\n", "found 1 raters and 1 rows"),
        ("recording,A,B\n", "found 2 raters and 0 rows"),
        ("recording,A,A\nv,1,2\n", 'every rater .* "A" stands there 2 times'),
        ("recording,A,B\nv,1,2\nv,1,2\n", 'every recording .* "v" stands there 2 times'),
        ("recording,A,B\n,1,2\n", "every recording must have a name of its own, but one has none"),
        ("recording,A,B\nv,1,severe\n", 'line 2: a rating must be a number .*"severe"'),
    ],
)
def test_a_wrong_table_of_ratings_is_refused(tmp_path: Path, text: str, sentence: str) -> None:
    with pytest.raises(SourceError, match=sentence):
        read_ratings(written(tmp_path, text))
