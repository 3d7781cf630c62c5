"""History and examination: answered part by part by patient and clinic, weighed for the doctor."""

import pytest
from django.urls import reverse

from clinic.conftest import measured_recording
from hemiface.diagnosis import read_questionnaire
from hemiface_clinic.audit.models import Event
from hemiface_clinic.findings.models import Filled
from hemiface_clinic.findings.queries import latest_answers
from hemiface_clinic.people.models import Role
from hemiface_clinic.people.personal import erase, everything_about, person_of
from hemiface_clinic.people.timeline import timeline_of

pytestmark = pytest.mark.django_db

HISTORY = [section.id for section in read_questionnaire("history").sections]


def ask_url(name: str, patient, part: str = "") -> str:
    return reverse(name, args=[patient.pk]) + (f"?part={part}" if part else "")


def part_of(name: str, link_id: str) -> str:
    return read_questionnaire(name).item(link_id).section


def required(name: str, part: str) -> dict[str, str]:
    """Return an answer to each question of a part that must be answered."""
    everything = read_questionnaire(name).items
    items = [one for one in everything if one.section == part and one.required and not one.when]
    return {
        one.id: one.options[0].id if one.options else "yes" if one.type == "boolean" else "50"
        for one in items
    }


def post(browser, name: str, patient, part: str, **answers):
    typed = {**required(name, part), **answers}
    return browser.post(ask_url(name, patient, part), typed)


def test_a_patient_answers_part_by_part_and_finds_it_again(patient, logged_in):
    browser = logged_in(patient.user)
    for part, following in zip(HISTORY, [*HISTORY[1:], HISTORY[-1]], strict=True):
        answer = post(browser, "history", patient, part)
        assert answer.status_code == 302
        assert f"part={following}" in answer.url
    page = browser.get(answer.url).content.decode()
    assert "Saved." in page
    (answers,) = latest_answers(patient)
    assert answers.by == "patient"
    wanted = {key: one for part in HISTORY for key, one in required("history", part).items()}
    assert set(wanted) <= set(answers.answered)
    assert Filled.objects.count() == len([part for part in HISTORY if required("history", part)])


def test_a_part_keeps_what_other_parts_hold_and_nothing_new_is_no_new_row(patient, logged_in):
    browser = logged_in(patient.user)
    post(browser, "history", patient, HISTORY[0])
    post(browser, "history", patient, HISTORY[0])
    assert Filled.objects.count() == 1
    part = part_of("history", "warning_signs")
    post(browser, "history", patient, part, warning_signs=["none"])
    (answers,) = latest_answers(patient)
    assert set(required("history", HISTORY[0])) <= set(answers.answered)
    assert answers.answered["warning_signs"] == ("none",)
    assert Filled.objects.count() == 2


def test_medicines_are_written_one_in_a_line_and_shown_so_again(patient, logged_in):
    part, browser = part_of("history", "medicines"), logged_in(patient.user)
    post(browser, "history", patient, part, medicines="aspirin\n\n carbamazepine ")
    assert latest_answers(patient)[0].answered["medicines"] == ("aspirin", "carbamazepine")
    page = browser.get(ask_url("history", patient, part)).content.decode()
    assert "aspirin\ncarbamazepine</textarea>" in page


def test_what_is_missing_is_told_beside_its_question_and_nothing_is_kept(patient, logged_in):
    part = next(one for one in HISTORY if required("history", one))
    answer = logged_in(patient.user).post(ask_url("history", patient, part), {})
    page = answer.content.decode()
    assert answer.status_code == 422
    assert "Error:" in page
    assert page.count("must be answered") >= 2 * len(required("history", part))
    assert not Filled.objects.exists()


def test_a_number_out_of_range_is_refused_and_stays_in_the_form(patient, logged_in):
    item = next(one for one in read_questionnaire("history").items if one.most is not None)
    typed = {item.id: "999999"}
    answer = post(logged_in(patient.user), "history", patient, item.section, **typed)
    assert answer.status_code == 422
    assert 'value="999999"' in answer.content.decode()


def test_an_answer_that_is_no_longer_asked_goes(patient, logged_in):
    item = next(
        one
        for one in read_questionnaire("history").items
        if one.when
        and one.type == "choice"
        and not one.repeats
        and read_questionnaire("history").item(one.when.ask).section == one.section
        and isinstance(one.when.value, str)
    )
    ask, browser = item.when.ask, logged_in(patient.user)
    follow = {ask: item.when.value, item.id: item.options[0].id}
    post(browser, "history", patient, item.section, **follow)
    assert latest_answers(patient)[0].answered[item.id] == item.options[0].id
    other = next(
        o.id for o in read_questionnaire("history").item(ask).options if o.id != item.when.value
    )
    post(browser, "history", patient, item.section, **{**follow, ask: other})
    assert item.id not in latest_answers(patient)[0].answered


def test_the_patient_is_told_what_cannot_wait_and_the_clinic_number(patient, logged_in):
    part = part_of("history", "warning_signs")
    browser = logged_in(patient.user)
    answer = post(browser, "history", patient, part, warning_signs=["face_droops"])
    page = browser.get(answer.url).content.decode()
    assert "What cannot wait" in page
    assert "Emergency number" in page


def test_the_doctor_sees_flags_and_the_patient_s_words_beside_their_own(doctor, patient, logged_in):
    part = part_of("history", "warning_signs")
    post(logged_in(patient.user), "history", patient, part, warning_signs=["face_droops"])
    page = logged_in(doctor).get(ask_url("history", patient, part)).content.decode()
    assert "What cannot wait" in page
    assert "The patient answered:" in page
    weighed = logged_in(doctor).get(reverse("differential", args=[patient.pk])).content.decode()
    assert weighed.index("What cannot wait") < weighed.index('class="group"')


def test_the_patient_never_sees_what_the_clinic_wrote(doctor, patient, logged_in):
    part = part_of("history", "warning_signs")
    post(logged_in(doctor), "history", patient, part, warning_signs=["harm_myself"])
    page = logged_in(patient.user).get(ask_url("history", patient, part)).content.decode()
    assert "self-harm" not in page
    assert "The patient answered" not in page
    assert not [one for one in timeline_of(patient, by_patient=True) if one.kind == "findings"]
    assert [one for one in timeline_of(patient) if one.kind == "findings"]


def test_measured_signs_stand_beside_the_examination_and_choose_nothing(
    doctor, patient, question, logged_in
):
    question.patient = patient
    question.save()
    recording = measured_recording(question)
    share = {"name": "other_babinski", "side": "left", "value": 60.0, "unit": "%"}
    recording.result["measures"] = [{**share, "low": 45.0, "high": 75.0, "n": 30}]
    recording.save()
    part = part_of("examination", "other_babinski")
    page = logged_in(doctor).get(ask_url("examination", patient, part)).content.decode()
    assert "Measured:" in page
    assert "45 to 75" in page
    fieldset = page.split("Measured:")[1].split("</fieldset>")[0]
    assert 'value="" ' in fieldset
    assert 'value="seen" checked' not in fieldset


def test_the_differential_names_what_speaks_and_states_no_diagnosis(doctor, patient, logged_in):
    browser = logged_in(doctor)
    empty = browser.get(reverse("differential", args=[patient.pk])).content.decode()
    assert "Nothing is answered yet." in empty
    part = part_of("examination", "other_babinski")
    post(browser, "examination", patient, part, other_babinski="seen", synchrony="together")
    page = browser.get(reverse("differential", args=[patient.pk])).content.decode()
    assert "Speaks for it" in page
    assert "It states no diagnosis" in page
    assert "What to do next" in page


def test_an_unknown_part_leads_to_the_first(patient, logged_in):
    answer = logged_in(patient.user).get(ask_url("history", patient, "nonsense"))
    assert answer.url == ask_url("history", patient)


def test_every_look_and_every_writing_is_in_the_audit(doctor, patient, logged_in):
    browser = logged_in(doctor)
    post(browser, "history", patient, HISTORY[0])
    browser.get(reverse("differential", args=[patient.pk]))
    actions = set(Event.objects.filter(patient=patient.pk).values_list("action", flat=True))
    assert {"history.read", "history.fill", "differential.read"} <= actions


def test_answers_are_exported_and_erased_with_the_person(doctor, patient, logged_in):
    post(logged_in(patient.user), "history", patient, HISTORY[0])
    person = person_of(patient)
    assert "history and examination" in everything_about(person)
    erase(person, by=doctor)
    assert not Filled.objects.exists()


@pytest.mark.parametrize("role", [Role.NURSE])
def test_a_nurse_outside_the_team_finds_nothing(person, patient, logged_in, role):
    assert logged_in(person(role)).get(ask_url("history", patient)).status_code == 404
