"""Scales: what the definitions hold, what is refused, and what a change means."""

from dataclasses import replace
from datetime import date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hemiface.errors import ConventionError
from hemiface.records import Grade
from hemiface.scales import Scale, change, grade, needs_help, read_grade, read_scales, scale

ON = date(2024, 5, 1)
LATER = date(2024, 8, 1)
NO_TROUBLE = {str(number): 0.0 for number in range(1, 10)}
WITHOUT_ITEMS = ("hfs7", "hfs8", "hfs30", "hfs36")


def total(key: str, version: str, value: float, on: date = ON) -> Grade:
    known = scale(key, version)
    return grade(known, value, on=on, by=known.by[0])


@pytest.mark.parametrize(
    ("key", "lowest", "highest"),
    [
        ("smc", 1, 4), ("jankovic", 0, 8), ("cohen", 0, 4), ("mvd", 0, 6), ("cgi_s", 1, 7),
        ("cgi_i", 1, 7), ("house_brackmann", 1, 6), ("self_rating", 0, 100), ("phq9", 0, 27),
        ("hfs7", 0, 28), ("hfs8", 0, 32), ("hfs30", 0, 120), ("hfs36", 0, 144),
    ],
)  # fmt: skip
def test_every_scale_has_its_published_range(key: str, lowest: float, highest: float) -> None:
    found = [one for one in read_scales() if one.key == key]

    assert found
    assert all((one.lowest, one.highest) == (lowest, highest) for one in found)


@pytest.mark.parametrize("known", read_scales(), ids=lambda one: f"{one.key}-{one.version}")
def test_every_definition_is_whole(known: Scale) -> None:
    assert scale(known.key, known.version) == known
    assert known.source
    assert known.licence
    assert known.checked == (not known.to_check), "what is to be checked is said"
    assert known.checked <= all(one.checked for one in known.levels)
    for one in (known, *known.items):
        lowest = [level.lowest for level in one.levels]
        assert lowest == sorted(set(lowest))
        assert all(one.lowest <= value <= one.highest for value in lowest)
    if known.items:
        assert sum(one.lowest for one in known.items) == known.lowest
        assert sum(one.highest for one in known.items) == known.highest


def test_our_choice_and_recalled_words_are_never_shown_as_checked() -> None:
    assert not any(one.checked for one in read_scales() if one.source.startswith("Our choice"))
    assert {"cohen", "self_rating", "hfs8", "mvd"} <= {
        one.key for one in read_scales() if not one.checked
    }


def test_questions_that_are_not_free_are_not_here() -> None:
    assert not any(one.ships_items for one in read_scales() if one.key in WITHOUT_ITEMS)
    assert len(scale("phq9", "2001").items) == 9


def test_an_unknown_scale_or_version_is_told() -> None:
    with pytest.raises(ConventionError, match="must be one of smc"):
        scale("hfss", "1")
    with pytest.raises(ConventionError, match="1987, hfs"):
        scale("jankovic", "1988")


@given(st.sampled_from(read_scales()), st.data())
def test_answers_add_up_to_the_value(known: Scale, data: st.DataObject) -> None:
    answers = {
        one.key: data.draw(st.integers(int(one.lowest), int(one.highest))) for one in known.items
    }
    if not answers:
        return
    made = grade(known, answers, on=ON, by=known.by[0])

    assert made.value == sum(answers.values())
    assert dict(made.items) == answers
    assert read_grade(made).scale == known


@given(st.sampled_from(read_scales()), st.floats(allow_nan=True))
def test_a_total_is_taken_exactly_where_it_is_a_value(known: Scale, value: float) -> None:
    fits = known.lowest <= value <= known.highest and (not known.whole or value == int(value))
    try:
        made = grade(known, value, on=ON, by=known.by[0])
    except ConventionError:
        assert not fits or known.crisis_item
    else:
        assert fits
        assert made == Grade(ON, known.key, known.version, value, known.by[0])


@pytest.mark.parametrize(
    ("given_", "message"),
    [
        ({"severity": 3}, "frequency missing"),
        ({"severity": 3, "frequency": 2, "colour": 1}, "colour unknown"),
        ({"severity": 5, "frequency": 2}, "severity, must be a whole number from 0 to 4; got 5"),
        ({"severity": 1.5, "frequency": 2}, "whole number"),
        (9, "whole number from 0 to 8"),
        (True, "whole number from 0 to 8"),
        (float("nan"), "whole number from 0 to 8"),
    ],
)
def test_a_wrong_value_is_one_sentence(given_: float | dict[str, float], message: str) -> None:
    with pytest.raises(ConventionError, match=message):
        grade(scale("jankovic", "1987"), given_, on=ON, by="clinician")


def test_who_when_and_which_side_must_be_right() -> None:
    smc = scale("smc", "2012")
    with pytest.raises(ConventionError, match="must be filled in by the clinician; got patient"):
        grade(smc, 2, on=ON, by="patient")
    with pytest.raises(ConventionError, match="without a time"):
        grade(smc, 2, on=datetime(2024, 5, 1, 12), by="clinician")
    with pytest.raises(ConventionError, match="left or right"):
        grade(smc, 2, on=ON, by="clinician", side="middle")  # type: ignore[arg-type]
    with pytest.raises(ConventionError, match="questions are not here"):
        grade(scale("hfs7", "2005"), {"1": 2}, on=ON, by="patient")
    assert grade(smc, 2, on=ON, by="clinician", side="left").side == "left"


def test_surgery_is_scored_as_effect_plus_complication() -> None:
    made = grade(scale("mvd", "2012"), {"E": 0, "C": 2}, on=ON, by="clinician")

    reading = read_grade(made)
    assert made.value == 2
    assert reading.level is not None
    assert reading.level.text == "fair"  # Kondo 2012: E 0 and C 2 give T 2, fair
    assert reading.level.checked


def test_a_recalled_level_says_so() -> None:
    made = grade(scale("mvd", "2012"), {"E": 0, "C": 0}, on=ON, by="clinician")

    assert "excellent (recalled, to be checked)" in read_grade(made).sentences[0]


@pytest.mark.parametrize(
    ("value", "text"),
    [(0, "minimal"), (4, "minimal"), (5, "mild"), (9, "mild"), (10, "moderate"),
     (14, "moderate"), (15, "moderately severe"), (19, "moderately severe"), (20, "severe"),
     (27, "severe")],
)  # fmt: skip
def test_bands_of_mood(value: int, text: str) -> None:
    level = scale("phq9", "2001").level(value)

    assert level is not None
    assert level.text == text


@pytest.mark.parametrize("ninth", [0, 1, 2, 3])
def test_any_thought_of_self_harm_opens_the_crisis_path(ninth: int) -> None:
    phq9 = scale("phq9", "2001")
    answers = NO_TROUBLE | {"9": ninth}

    reading = read_grade(grade(phq9, answers, on=ON, by="patient"))
    assert reading.crisis == (ninth > 0) == needs_help(phq9, answers)
    assert ("better off dead" in reading.sentences[0]) == reading.crisis
    assert not any(sign.isdigit() for sign in reading.sentences[0] if reading.crisis)


def test_a_missing_answer_hides_no_crisis() -> None:
    phq9 = scale("phq9", "2001")

    assert needs_help(phq9, {"9": 1})
    assert not needs_help(phq9, {"1": 3})
    with pytest.raises(ConventionError, match="must be given with its answers"):
        grade(phq9, 12, on=ON, by="patient")
    unasked = read_grade(Grade(ON, "phq9", "2001", 12, "patient"))
    assert not unasked.crisis
    assert "ask" in unasked.sentences[0]


def test_change_of_hfs7_is_held_against_the_published_difference() -> None:
    reached = change(total("hfs7", "2005", 16), total("hfs7", "2005", 13, LATER))
    missed = change(total("hfs7", "2005", 16), total("hfs7", "2005", 14, LATER))
    clear = change(total("hfs7", "2005", 16), total("hfs7", "2005", 9, LATER))

    assert (reached.difference, reached.direction, reached.reaches) == (-3, "better", True)
    assert "lies within its 95 % interval" in reached.text
    assert missed.reaches is False
    assert "does not reach the minimal important difference of 2.63 (1.92 to 3.33)" in missed.text
    assert "interval" not in clear.text


def test_the_difference_of_hfs30_is_4_46() -> None:
    def fall(points: int) -> bool | None:
        before, after = total("hfs30", "2004", 60), total("hfs30", "2004", 60 - points, LATER)
        return change(before, after).reaches

    assert [fall(points) for points in (4, 5)] == [False, True]


def test_getting_worse_says_that_the_difference_was_measured_for_getting_better() -> None:
    worse = change(total("hfs7", "2005", 10), total("hfs7", "2005", 20, LATER))

    assert worse.direction == "worse"
    assert "measured for getting better" in worse.text


def test_without_a_published_difference_nothing_is_judged() -> None:
    found = change(total("smc", "2012", 3), total("smc", "2012", 2, LATER))

    assert (found.difference, found.direction, found.reaches) == (-1, "better", None)
    assert found.text.endswith("No minimal important difference is known to us.")
    assert change(found.before, replace(found.before, on=LATER)).direction == "same"


def test_only_like_is_compared_with_like() -> None:
    grades = {
        version: grade(scale("jankovic", version), 5, on=ON, by="clinician")
        for version in ("1987", "hfs")
    }
    first = grades["1987"]
    for other, what in (
        (grades["hfs"], "version"),
        (total("smc", "2012", 3), "scale"),
        (replace(first, by="software"), "author"),
        (replace(first, side="left"), "side"),
        (replace(first, on=date(2024, 1, 1)), "earlier"),
    ):
        with pytest.raises(ConventionError, match=what):
            change(first, other)
    with pytest.raises(ConventionError, match="change already"):
        change(total("cgi_i", "1976", 2), total("cgi_i", "1976", 3, LATER))
