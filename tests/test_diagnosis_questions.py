"""The questionnaires: their shape, their words, what is wrong with answers, and FHIR."""

import json
from collections.abc import Mapping
from dataclasses import FrozenInstanceError, replace
from datetime import date, datetime
from typing import cast, get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hemiface.diagnosis import (
    Answers,
    Item,
    Questionnaire,
    Value,
    answers_to_fhir,
    check_answers,
    read_questionnaire,
    to_fhir,
)
from hemiface.diagnosis.questions import NAMES
from hemiface.errors import ConventionError
from hemiface.muscles import MUSCLE
from hemiface.records import Trigger

HISTORY, EXAMINATION = (read_questionnaire(name) for name in NAMES)
BOTH = pytest.mark.parametrize("questionnaire", [HISTORY, EXAMINATION], ids=NAMES)
REQUIRED: Mapping[str, Value] = {
    "sides": "left",
    "age_at_onset": 50,
    "first_site": "lower_lid",
    "palsy_before": "no",
    "warning_signs": ("none",),
}


def history(**answered: Value) -> Answers:
    return Answers("history", HISTORY.version, {**REQUIRED, **answered})


def codes(answers: Answers) -> list[tuple[str, str]]:
    return [(one.link_id, one.code) for one in check_answers(HISTORY, answers)]


@BOTH
def test_every_question_stands_in_a_section_and_has_words(questionnaire: Questionnaire) -> None:
    sections = {section.id for section in questionnaire.sections}
    for item in questionnaire.items:
        assert item.section in sections
        assert item.text
        assert (item.type == "choice") == bool(item.options)
        assert all(option.text for option in item.options)
        assert not item.repeats or item.type in ("choice", "text")


def test_no_two_questions_share_an_id() -> None:
    ids = [item.id for one in (HISTORY, EXAMINATION) for item in one.items]

    assert len(ids) == len(set(ids))


@BOTH
def test_a_question_depends_on_one_asked_before_it(questionnaire: Questionnaire) -> None:
    before: dict[str, Item] = {}
    for item in questionnaire.items:
        if item.when is not None:
            asked = before[item.when.ask]
            offered: set[bool | str] = {option.id for option in asked.options}
            assert item.when.value in (offered or {True, False})
        before[item.id] = item


def test_triggers_and_muscles_are_those_of_the_house() -> None:
    offered = {option.id for option in HISTORY.item("triggers").options}
    muscles = {option.id for option in EXAMINATION.item("seen_muscles").options}

    assert offered == {*get_args(Trigger), "none"}
    assert muscles == {*MUSCLE, "masseter", "temporalis"}


@pytest.mark.parametrize("asked", [
    "sides", "onset_date", "first_site", "spread", "spread_after_months", "painless", "sleep",
    "triggers", "relief", "ear_click", "hearing", "palsy_before", "injury", "multiple_sclerosis",
    "medicines", "supplements", "complementary", "family", "impact", "warning_signs",
])  # fmt: skip
def test_the_history_asks_it(asked: str) -> None:
    assert HISTORY.item(asked).id == asked


@pytest.mark.parametrize("looked_for", [
    "seen_muscles", "seen_sides", "synchrony", "other_babinski", "house_brackmann", "sensation",
    "corneal_reflex", "hearing_tested", "eye_movements", "gait", "jaw_closes", "suppressible",
    "movement_kind", "march", "mouth_corner", "task_locked", "both_eyes", "recordings_agree",
])  # fmt: skip
def test_the_examination_looks_for_it(looked_for: str) -> None:
    assert EXAMINATION.item(looked_for).id == looked_for


def test_a_brow_that_rises_over_an_open_eye_is_an_answer_of_its_own() -> None:
    offered = {option.id for option in EXAMINATION.item("other_babinski").options}

    assert offered == {"seen", "not_seen", "brow_without_closure", "not_judged"}


def test_what_is_not_there_is_refused() -> None:
    with pytest.raises(ConventionError, match="history, examination"):
        read_questionnaire("diary")
    with pytest.raises(ConventionError, match="language"):
        read_questionnaire("history", "xx")
    with pytest.raises(ConventionError, match="link id"):
        HISTORY.item("shoe_size")


def test_questionnaires_and_answers_are_frozen() -> None:
    with pytest.raises(FrozenInstanceError):
        HISTORY.version = "2"  # type: ignore[misc]
    with pytest.raises(FrozenInstanceError):
        history().by = "clinician"  # type: ignore[misc]


def test_good_answers_have_no_problem() -> None:
    whole = history(
        onset_date=date(2020, 5, 1),
        longest_s=2,
        triggers=("stress", "cold"),
        medicines=("clonazepam 0.5 mg",),
        toxin_lately=True,
        toxin_signs=("none",),
    )

    assert check_answers(HISTORY, whole) == ()


@pytest.mark.parametrize(
    ("answered", "problem"),
    [
        ({"sides": "top"}, ("sides", "option")),
        ({"sides": True}, ("sides", "type")),
        ({"sides": ("left", "right")}, ("sides", "type")),
        ({"age_at_onset": 44.5}, ("age_at_onset", "type")),
        ({"age_at_onset": True}, ("age_at_onset", "type")),
        ({"age_at_onset": -1}, ("age_at_onset", "range")),
        ({"age_at_onset": 111}, ("age_at_onset", "range")),
        ({"longest_s": float("nan")}, ("longest_s", "type")),
        ({"onset_date": "2020-05-01"}, ("onset_date", "type")),
        ({"onset_date": datetime(2020, 5, 1)}, ("onset_date", "type")),
        ({"triggers": "stress"}, ("triggers", "type")),
        ({"triggers": ("stress", "moon")}, ("triggers", "option")),
        ({"warning_signs": ("none", "blackout")}, ("warning_signs", "none_and_more")),
        ({"warning_signs": ()}, ("warning_signs", "missing")),
        ({"spread_after_months": 3}, ("spread_after_months", "not_asked")),
        ({"toxin_lately": True}, ("toxin_signs", "missing")),
        ({"shoe_size": 42}, ("shoe_size", "unknown")),
    ],
)
def test_a_bad_field_is_named(answered: dict[str, Value], problem: tuple[str, str]) -> None:
    assert codes(history(**answered)) == [problem]


def test_every_bad_field_is_named_at_once() -> None:
    bad = Answers("history", "0.1", {"sides": "top", "age_at_onset": 200, "shoe_size": 42})
    problems = check_answers(HISTORY, bad)

    assert [one.link_id for one in problems] == [
        "version", "shoe_size", "sides", "age_at_onset", "first_site", "palsy_before",
        "warning_signs",
    ]  # fmt: skip
    assert all(one.text.endswith(".") for one in problems)


def test_answers_of_another_questionnaire_are_named() -> None:
    assert ("questionnaire", "wrong") in [
        (one.link_id, one.code)
        for one in check_answers(EXAMINATION, replace(history(), answered={}))
    ]


def any_answer(item: Item) -> st.SearchStrategy[Value]:
    if item.options:
        one: st.SearchStrategy[Value] = st.sampled_from([option.id for option in item.options])
    else:
        least, most = item.least or 0, item.most or 9
        of_type: dict[str, st.SearchStrategy[Value]] = {
            "boolean": st.booleans(),
            "integer": st.integers(int(least), int(most)),
            "decimal": st.floats(least, most),
            "date": st.dates(),
            "text": st.sampled_from(["clonazepam", "vitamin B12, weekly"]),
        }
        one = of_type[item.type]
    return one.map(lambda value: (str(value),)) if item.repeats else one


def any_answers(questionnaire: Questionnaire) -> st.SearchStrategy[Answers]:
    one_each = {item.id: any_answer(item) for item in questionnaire.items}
    name, version = questionnaire.name, questionnaire.version
    return st.fixed_dictionaries({}, optional=one_each).map(
        lambda given: Answers(name, version, given, on=date(2026, 1, 2))
    )


@given(any_answers(HISTORY))
def test_answers_of_the_right_kind_lack_at_most_something(answers: Answers) -> None:
    assert {code for _, code in codes(answers)} <= {"missing", "not_asked"}


@BOTH
def test_a_questionnaire_is_valid_fhir(questionnaire: Questionnaire) -> None:
    from fhir.resources.questionnaire import Questionnaire as Resource

    document = to_fhir(questionnaire)
    read = Resource.model_validate_json(json.dumps(document))

    assert read.version == questionnaire.version
    assert json.loads(read.model_dump_json()) == document


def test_fhir_keeps_conditions_choices_and_limits() -> None:
    groups = cast(list[dict[str, list[dict[str, object]]]], to_fhir(HISTORY)["item"])
    items = {item["linkId"]: item for group in groups for item in group["item"]}
    limits = cast(list[dict[str, object]], items["trouble"]["extension"])

    assert items["both_together"]["enableWhen"] == [
        {
            "question": "sides",
            "operator": "=",
            "answerCoding": {"system": HISTORY.url, "code": "both", "display": "Both"},
        }
    ]
    assert items["sides"]["type"] == "coding"
    assert items["triggers"]["repeats"] is True
    assert [limit["valueInteger"] for limit in limits] == [0, 10]


@given(any_answers(HISTORY))
def test_answers_are_valid_fhir(answers: Answers) -> None:
    from fhir.resources.questionnaireresponse import QuestionnaireResponse

    document = answers_to_fhir(answers)
    read = QuestionnaireResponse.model_validate_json(json.dumps(document))

    assert read.questionnaire == f"{HISTORY.url}|{HISTORY.version}"
    assert json.loads(read.model_dump_json()) == json.loads(json.dumps(document))
    missing = any(code == "missing" for _, code in codes(answers))
    assert read.status == ("in-progress" if missing else "completed")


def test_only_what_was_asked_and_answered_goes_into_fhir() -> None:
    text = json.dumps(answers_to_fhir(history(triggers=(), spread_after_months=3)))

    assert '"first_site"' in text
    assert '"triggers"' not in text
    assert '"spread_after_months"' not in text
