"""What the differential must hold for anybody: monotone, beside, explained, never a diagnosis."""

import re
from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hemiface.diagnosis import (
    Answers,
    Differential,
    Finding,
    Value,
    differential,
    find_red_flags,
    find_signs,
    likelihood_ratios,
    read_signs,
)
from hemiface.diagnosis.questions import Name
from hemiface.diagnosis.ratios import read_ratios
from hemiface.diagnosis.red_flags import RedFlag
from hemiface.diagnosis.tables import read_table, read_words, rows, table, texts
from hemiface.diagnosis.weighing import read_conditions, weigh
from hemiface.errors import ConventionError
from hemiface.records import Measured
from test_diagnosis_questions import EXAMINATION, HISTORY, any_answers

FINDINGS = find_signs([])
STATES = ("present", "absent", "unknown")

UNSURE = [item.id for item in HISTORY.items if "unsure" in [one.id for one in item.options]]

anything = st.lists(any_answers(HISTORY) | any_answers(EXAMINATION), max_size=3)
states = st.fixed_dictionaries({one.name: st.sampled_from(STATES) for one in FINDINGS})


def said(name: Name, **answered: Value) -> Answers:
    return Answers(name, "1.0", answered, by="patient" if name == "history" else "clinician")


def state_of(name: str, *answers: Answers) -> str:
    return next(one.state for one in find_signs(answers) if one.name == name)


def with_states(states: dict[str, str]) -> tuple[Finding, ...]:
    return tuple(replace(one, state=states[one.name]) for one in FINDINGS)  # type: ignore[arg-type]


def points(findings: Sequence[Finding]) -> dict[str, int]:
    return {one.condition.name: one.points for one in weigh(findings)}


def flags(*answers: Answers) -> list[str]:
    return [one.name for one in find_red_flags(answers)]


def measured(name: str, value: float, low: float, high: float) -> Measured:
    return Measured(date(2026, 1, 2), name, value, "%", side="left", n=20, low=low, high=high)


# Findings


def test_every_finding_has_words_and_asks_questions_that_exist() -> None:
    asked = {item.id for one in (HISTORY, EXAMINATION) for item in one.items}

    assert set(read_table("findings")) == set(read_words("findings", "en"))
    assert all(set(one.link_ids) <= asked and one.link_ids for one in FINDINGS)
    assert {one.state for one in FINDINGS} == {"unknown"}


def test_rules_name_answers_that_are_offered() -> None:
    offered = {
        item.id: {option.id for option in item.options}
        for one in (HISTORY, EXAMINATION)
        for item in one.items
    }
    lines = [
        line
        for name in ("findings", "red_flags")
        for cell in read_table(name).values()
        for line in rows(table(cell).get("rule"))
    ]
    for line in lines:
        for key in ("present", "absent", "only", "any_of"):
            assert set(texts(line.get(key))) <= offered[str(line["ask"])], line


@pytest.mark.parametrize(
    ("name", "answers", "state"),
    [
        ("one_side", [said("history", sides="left")], "present"),
        ("one_side", [said("history", sides="unsure")], "unknown"),
        ("one_side", [said("examination", seen_sides="both_apart")], "absent"),
        ("onset_before_40", [said("history", age_at_onset=39)], "present"),
        ("onset_before_40", [said("history", age_at_onset=40)], "absent"),
        ("other_babinski", [said("examination", other_babinski="brow_without_closure")], "unknown"),
        ("weakness", [said("examination", house_brackmann=1)], "absent"),
        ("weakness", [said("examination", house_brackmann=2)], "present"),
        ("lids_only", [said("history", sites_now=("lower_lid",))], "present"),
        ("lids_only", [said("history", sites_now=("lower_lid", "cheek"))], "absent"),
        ("light", [said("history", triggers=("stress",))], "absent"),
        ("light", [said("history", triggers=())], "unknown"),
        ("palsy_before", [said("history", palsy_before="yes", palsy_same_side="no")], "absent"),
        ("palsy_before", [said("history", palsy_before="no", palsy_same_side="yes")], "absent"),
        ("other_cranial_nerve", [said("examination", sensation="less")], "present"),
        ("other_cranial_nerve", [said("examination", sensation="normal")], "unknown"),
        (
            "numbness",
            [said("history", slow_signs=("face_numb",), warning_signs=("none",))],
            "present",
        ),
    ],
)
def test_a_finding_follows_from_the_answers(name: str, answers: list[Answers], state: str) -> None:
    assert state_of(name, *answers) == state


def test_the_doctor_counts_and_the_dispute_is_told() -> None:
    pair = [said("history", hearing="less_slowly"), said("examination", hearing_tested="normal")]
    found = next(one for one in find_signs(pair) if one.name == "hearing_less")

    assert (found.state, found.link_ids, found.disputed) == (
        "absent",
        ("hearing_tested",),
        ("hearing",),
    )
    assert any("Answers differ on poorer hearing" in one for one in differential(pair).explain())


def test_a_history_completed_by_the_doctor_counts() -> None:
    by_patient = said("history", injury="no")
    by_doctor = replace(said("history", injury="yes"), by="clinician")

    assert state_of("injury", by_doctor, by_patient) == "present"


# Measured signs


@pytest.mark.parametrize(
    ("one", "state"),
    [
        (measured("other_babinski", 80, 55, 93), "present"),
        (measured("other_babinski", 33, 6, 79), "unknown"),
        (measured("other_babinski", 0, 0, 16), "absent"),
        (measured("locked_spasms", 70, 45, 83), "present"),
        (measured("both_eyes_shut", 30, float("nan"), float("nan")), "present"),
        (measured("synchrony", float("nan"), float("nan"), float("nan")), "unknown"),
    ],
)
def test_a_measure_reads_as_a_sign(one: Measured, state: str) -> None:
    (found,) = read_signs([one])

    assert (found.state, found.measured, found.link_ids) == (state, one, ())


def test_a_measure_that_is_no_sign_is_passed_over() -> None:
    assert read_signs([measured("spasm_rate", 5, 3, 8)]) == ()


@settings(max_examples=40)
@given(anything, st.floats(0, 100), st.sampled_from(list(read_table("measured"))))
def test_what_was_measured_stands_beside_and_never_counts(
    answers: list[Answers], value: float, name: str
) -> None:
    alone = differential(answers)
    beside = differential(answers, [measured(name, value, value, value)])

    assert beside.findings == alone.findings
    assert [(one.condition, one.points) for one in beside.conditions] == [
        (one.condition, one.points) for one in alone.conditions
    ]
    assert len(beside.measured) == 1


def test_a_measured_sign_the_doctor_has_not_judged_is_to_be_looked_for() -> None:
    weighed = differential([], [measured("other_babinski", 80, 55, 93)])

    assert "compare.other_babinski" in [step.name for step in weighed.steps]
    assert any(
        "Measured, not counted: the other Babinski sign: present" in one
        for one in weighed.explain()
    )


# Weighing


def test_every_rule_is_of_a_known_finding_and_has_a_source() -> None:
    known = {one.name for one in FINDINGS}
    for condition in read_conditions():
        assert condition.rules
        assert {rule.finding for rule in condition.rules} <= known
        assert all(rule.source for rule in condition.rules)
        pairs = [(rule.finding, rule.state) for rule in condition.rules]
        assert len(pairs) == len(set(pairs)), condition.name


def test_every_source_is_there_and_used() -> None:
    used = {str(line[4]) for line in _evidence()}  # type: ignore[index]
    for name in ("red_flags", "next_steps"):
        used |= {str(table(cell).get("source", "own")) for cell in read_table(name).values()}
    for kind in ("ratio", "share"):
        used |= {str(one["source"]) for one in rows(read_table("ratios")[kind])}

    assert used == set(read_table("sources"))


def _evidence() -> list[object]:
    conditions = read_table("conditions")
    holders = [*table(conditions["shared"]).values(), *conditions.values()]
    return [line for one in holders for line in table(one).get("evidence", [])]  # type: ignore[union-attr]


def test_points_add_up_as_documented() -> None:
    weighed = differential([said("examination", seen_sides="left", other_babinski="seen")])
    primary = next(one for one in weighed.conditions if one.condition.name == "primary")

    assert primary.condition.start == 2
    assert sorted(one.points for one in primary.supports) == [2, 3]  # one side, other Babinski
    assert primary.points == 7


@settings(max_examples=60)
@given(states, st.sampled_from([(c, r) for c in read_conditions() for r in c.rules]))
def test_a_finding_for_never_lowers_and_one_against_never_raises(
    drawn: dict[str, str], pair: tuple[object, object]
) -> None:
    condition, rule = pair
    before = points(with_states(drawn | {rule.finding: "unknown"}))  # type: ignore[attr-defined]
    after = points(with_states(drawn | {rule.finding: rule.state}))  # type: ignore[attr-defined]
    moved = after[condition.name] - before[condition.name]  # type: ignore[attr-defined]

    assert moved > 0 if rule.direction == "for" else moved < 0  # type: ignore[attr-defined]


@settings(max_examples=60)
@given(
    anything,
    st.sampled_from(
        [item.id for item in HISTORY.items if ("unsure" in [o.id for o in item.options])]
    ),
)
def test_not_knowing_counts_as_not_asked(answers: list[Answers], link_id: str) -> None:
    def without(one: Answers) -> Answers:
        return replace(one, answered={k: v for k, v in one.answered.items() if k != link_id})

    asked = [without(one) for one in answers]
    unsure = [*asked, said("history", **{link_id: "unsure"})]

    assert _order(differential(unsure)) == _order(differential(asked))


def _order(weighed: Differential) -> list[tuple[str, int]]:
    return [(one.condition.name, one.points) for one in weighed.conditions]


@settings(max_examples=40)
@given(anything)
def test_the_order_is_by_points_and_every_condition_is_shown(answers: list[Answers]) -> None:
    weighed = differential(answers)

    assert all(a.points >= b.points for a, b in pairwise(weighed.conditions))
    assert all(a.points >= b.points for a, b in pairwise(weighed.groups))
    assert {one.condition for one in weighed.conditions} == set(read_conditions())
    assert sum(len(group.conditions) for group in weighed.groups) == len(read_conditions()) == 15


def test_with_nothing_known_it_says_so() -> None:
    weighed = differential([])

    assert weighed.groups[0].name == "primary"
    assert weighed.red_flags == ()
    assert "mri" not in [step.name for step in weighed.steps]
    assert any(one.startswith("Nothing is known yet") for one in weighed.explain())


# Likelihood ratios


def test_a_published_likelihood_ratio() -> None:
    """67.9 % of 28 against 23.5 % of 17 (J Neurol Sci 2017;378:36): 19/28 over 4/17."""
    present, absent = likelihood_ratios((19, 28), (4, 17))

    assert present.value == pytest.approx(2.884, abs=0.001)
    assert absent.value == pytest.approx(0.420, abs=0.001)
    assert present.low == pytest.approx(1.18, abs=0.01)  # exp(ln 2.884 - 1.96 * .4563)
    assert present.high == pytest.approx(7.05, abs=0.01)


def test_an_empty_cell_gets_a_half() -> None:
    """19.5/29 over 0.5/42, by hand."""
    present, _ = likelihood_ratios((19, 28), (0, 41))

    assert present.value == pytest.approx(56.48, abs=0.01)
    assert present.low < 5 < 500 < present.high


def test_ratios_agree_with_the_shares_printed() -> None:
    """68 % and 0 %, 86 % and 0 %, 68 % and 24 %, as the studies print them."""
    shares = [
        tuple(round(100 * had / of) for had, of in (one.with_condition, one.without))
        for one in read_ratios()
    ]

    assert shares == [(68, 0), (86, 0), (68, 24)]


@given(st.integers(1, 60), st.integers(1, 60), st.data())
def test_a_ratio_lies_in_its_interval(n: int, m: int, data: st.DataObject) -> None:
    counts = (data.draw(st.integers(0, n)), n), (data.draw(st.integers(0, m)), m)
    for ratio in likelihood_ratios(*counts):
        assert 0 < ratio.low <= ratio.value <= ratio.high


@pytest.mark.parametrize("count", [(3, 2), (-1, 2), (0, 0)])
def test_impossible_counts_are_refused(count: tuple[int, int]) -> None:
    with pytest.raises(ConventionError, match="count"):
        likelihood_ratios(count, (1, 2))


def test_ratios_are_given_only_where_both_numbers_were_published() -> None:
    seen = " ".join(
        differential([said("examination", mouth_corner="down", other_babinski="seen")]).explain()
    )

    assert seen.count("Likelihood ratio of the other Babinski sign") == 3
    assert "Likelihood ratio of the corner of the mouth" not in seen
    assert "Specificity of the corner of the mouth drawn down: 1.00" in seen


# Next steps


@pytest.mark.parametrize(
    ("answers", "step"),
    [
        (said("examination", seen_sides="left", synchrony="together"), "mri"),
        (said("examination", sensation="less"), "mri_contrast"),
        (said("examination", movement_kind="rippling"), "mri_brain"),
        (said("examination", march="yes"), "eeg"),
        (said("history", hearing="less_slowly"), "audiogram"),
        (said("examination", jaw_closes="yes"), "emg_masseter"),
        (said("examination", seen_sides="nothing_seen"), "provocation"),
        (said("history", impact=("mood",)), "mood"),
        (said("history"), "supplements"),
    ],
)
def test_a_next_step_is_offered(answers: Answers, step: str) -> None:
    steps = differential([answers]).steps

    assert step in [one.name for one in steps]
    assert all(one.text and one.reason and one.source for one in steps)


def test_the_mri_names_its_sequences() -> None:
    steps = differential([said("examination", seen_sides="left", synchrony="together")]).steps
    mri = next(one for one in steps if one.name == "mri")

    assert all(word in mri.text for word in ("CISS", "FIESTA", "time-of-flight", "both sides"))


def test_what_would_part_the_groups_is_asked_first_and_nothing_twice() -> None:
    steps = differential([said("examination", seen_sides="left")]).steps
    names = [one.name for one in steps]

    assert "examine.task_locked" in names
    assert not [one for one in names if one.endswith(".one_side")]
    assert len(names) == len(set(names))


# Red flags


@settings(max_examples=40)
@given(anything, anything)
def test_no_further_answer_takes_a_red_flag_back(
    first: list[Answers], second: list[Answers]
) -> None:
    assert set(flags(*first)) <= set(flags(*first, *second))


def test_a_denial_does_not_take_a_red_flag_back() -> None:
    both = [said("history", hearing="less_suddenly"), said("examination", hearing_tested="normal")]

    assert flags(*both) == ["fast_hearing_loss"]


def test_an_answer_that_was_not_asked_for_still_raises_a_flag() -> None:
    assert flags(said("history", toxin_signs=("breathing_trouble",))) == ["after_toxin"]


def test_a_flag_is_not_lost_in_a_list_or_in_a_single_word() -> None:
    for both in (["blackout", "unsteady"], ("blackout", "unsteady")):
        answers = Answers("history", "1.0", {"warning_signs": both})  # type: ignore[dict-item]
        assert flags(answers) == ["seizure_signs", "new_brainstem_signs"]

    assert flags(said("history", warning_signs="blackout")) == ["seizure_signs"]


@pytest.mark.parametrize(
    "link_id", ["warning_signs", "toxin_signs", "carbamazepine_signs", "operation_signs"]
)
def test_every_warning_sign_raises_an_urgent_flag(link_id: str) -> None:
    for option in HISTORY.item(link_id).options:
        raised = find_red_flags([said("history", **{link_id: (option.id,)})])

        assert [one.urgency for one in raised] == ([] if option.id == "none" else ["urgent"])


def test_urgent_flags_come_first_of_all_and_wait_for_a_sign_off() -> None:
    weighed = differential([said("history", age_at_onset=30, warning_signs=("arm_weak",))])
    sentences = weighed.explain()

    assert [one.name for one in weighed.red_flags] == ["stroke_signs", "onset_before_40"]
    assert sentences[0].startswith("Urgent (our safety rule, not yet signed off by a clinician)")
    assert sentences[1].startswith("Soon")
    assert not any(one.reviewed for one in weighed.red_flags)
    assert isinstance(weighed.red_flags[0], RedFlag)


# It never states a diagnosis

NAMES = "|".join(
    re.escape(str(name).lower())
    for kind in ("condition", "group")
    for name in table(read_words("conditions", "en")[kind]).values()
)
STATED = re.compile(
    r"\b(is|has|have|are|got|shows|means|proves|confirms|diagnos\w+)\s+(\w+\s+)?(a |an |the )?"
    rf"({NAMES})\b"
    rf"|\b({NAMES})\s+(is|was|has been)\s+(the|confirmed|certain|likely|present|found|diagnosed)"
    r"|\bdiagnosed\b|\bsuffers\b|\bprobab\w+|\blikely\b|\bchances? of\b|\bcertainly\b"
)


@pytest.mark.parametrize(
    "sentence",
    ["The patient has hemifacial spasm after nerve injury.", "This is a tic.", "Probably nothing.",
     "Blepharospasm is likely.", "Diagnosis: confirms primary hemifacial spasm."],
)  # fmt: skip
def test_the_test_of_wording_finds_a_stated_diagnosis(sentence: str) -> None:
    assert STATED.search(sentence.lower())


@settings(max_examples=60)
@given(anything)
def test_no_diagnosis_is_ever_stated(answers: list[Answers]) -> None:
    sentences = differential(answers, [measured("other_babinski", 80, 55, 93)]).explain()
    stated = [one for one in sentences if STATED.search(one.lower())]

    assert stated == []
    assert sentences[-1].endswith("The doctor who has seen the person decides.")
