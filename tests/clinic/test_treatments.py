"""Treatments on the site: written down as given, kept in versions, read by who may."""

import json
import re
from threading import Barrier, Thread
from uuid import uuid4

import pytest
from django.db import connection
from django.urls import reverse

from clinic.test_rights import blank, kind_of
from clinic.treatments_story import ALL, INJECTION, MEDICINE, SIDE_EFFECT, written
from hemiface_clinic.audit.models import Event
from hemiface_clinic.people.models import Role
from hemiface_clinic.people.personal import erase, everything_about, person_of
from hemiface_clinic.people.timeline import timeline_of
from hemiface_clinic.treatments import actions
from hemiface_clinic.treatments.kinds import TREATMENTS, Kind
from hemiface_clinic.treatments.models import Record, Version
from hemiface_clinic.treatments.queries import latest_of

pytestmark = pytest.mark.django_db


def add_url(patient, kind: Kind) -> str:
    return reverse(f"treatment-add-{kind}", args=[patient.pk])


def post_new(browser, patient, kind: Kind, **more):
    return browser.post(add_url(patient, kind), {"key": str(uuid4()), **ALL[kind], **more})


@pytest.mark.parametrize("kind", list(Kind))
def test_each_kind_is_written_down_shown_and_listed(doctor, patient, logged_in, kind):
    browser = logged_in(doctor)
    answer = post_new(browser, patient, kind)
    record = Record.objects.get()
    assert answer.url == reverse("treatment", args=[record.pk])
    page = browser.get(answer.url).content.decode()
    assert "Version 1" in page
    assert str(kind.label) in browser.get(reverse("treatments", args=[patient.pk])).content.decode()
    kept = latest_of(record).contents
    assert kept == ALL[kind] | ({"atc": "N03AF01"} if kind == Kind.MEDICINE else {}) | (
        {"sessions": int(ALL[kind]["sessions"])} if "sessions" in ALL[kind] else {}
    )


@pytest.mark.parametrize("kind", list(Kind))
def test_an_empty_form_is_refused_and_keeps_nothing(doctor, patient, logged_in, kind):
    answer = logged_in(doctor).post(add_url(patient, kind), {"key": str(uuid4())})
    assert answer.status_code == 422
    assert "Error:" in answer.content.decode()
    assert not Record.objects.exists()


@pytest.mark.parametrize("kind", list(Kind))
def test_no_form_begins_with_an_amount_or_a_day(doctor, patient, logged_in, kind):
    page = logged_in(doctor).get(add_url(patient, kind)).content.decode()
    form = page.split('<form method="post" novalidate data-keep>')[1]
    typed = [tag for tag in re.findall(r"<(?:input|option)[^>]*>", form) if "hidden" not in tag]
    assert not [tag for tag in typed if 'type="text"' in tag and "value=" in tag]
    assert not [tag for tag in typed if "checked" in tag and 'value=""' not in tag]
    assert not [tag for tag in typed if "placeholder" in tag]
    assert not [tag for tag in typed if "selected" in tag and 'value=""' not in tag]


def test_the_session_shows_its_total_in_its_own_units(doctor, patient, logged_in):
    record = written(patient, Kind.INJECTION, doctor)
    page = logged_in(doctor).get(reverse("treatment", args=[record.pk])).content.decode()
    assert '<h1 class="num">Botox, 9.5 U</h1>' in page
    assert page.count("dosed affected") == 3
    assert page.count("dosed other") == 1
    for other_brand in ("Dysport", "Xeomin", "equivalent"):
        assert other_brand not in page


def test_a_vial_past_its_expiry_is_told(doctor, patient, logged_in):
    late = written(patient, Kind.INJECTION, doctor, expiry="2026-03-01")
    good = written(patient, Kind.INJECTION, doctor, expiry="2026-03-02")
    told = [
        "past its expiry"
        in logged_in(doctor).get(reverse("treatment", args=[r.pk])).content.decode()
        for r in (late, good)
    ]
    assert told == [True, False]


def test_a_change_keeps_the_earlier_version_and_says_what_changed(doctor, patient, logged_in):
    record, browser = written(patient, Kind.MEDICINE, doctor), logged_in(doctor)
    url = reverse("treatment-change", args=[record.pk])
    assert 'value="400"' in browser.get(url).content.decode()
    browser.post(url, {**MEDICINE, "number": "1", "daily_mg": "600"})
    assert [v.contents["daily_mg"] for v in record.versions.all()] == ["400", "600"]
    page = browser.get(reverse("treatment", args=[record.pk])).content.decode()
    assert "<del>400 mg</del> <ins>600 mg</ins>" in page


def test_saving_what_is_kept_already_makes_no_version(doctor, patient, logged_in):
    record = written(patient, Kind.MEDICINE, doctor)
    url = reverse("treatment-change", args=[record.pk])
    assert logged_in(doctor).post(url, {**MEDICINE, "number": "1"}).status_code == 302
    assert record.versions.count() == 1


def test_of_two_who_change_the_same_version_the_second_is_told(doctor, patient, nurse, logged_in):
    patient.team.add(nurse)
    record = written(patient, Kind.MEDICINE, doctor)
    url = reverse("treatment-change", args=[record.pk])
    logged_in(nurse).post(url, {**MEDICINE, "number": "1", "daily_mg": "600"})
    second = logged_in(doctor).post(url, {**MEDICINE, "number": "1", "daily_mg": "800"})
    page = second.content.decode()
    assert second.status_code == 409
    assert "Nurse changed this while you wrote" in page
    assert "600 mg" in page
    assert 'value="800"' in page
    assert record.versions.count() == 2
    assert 'name="number" value="2"' in page
    assert logged_in(doctor).post(url, {**MEDICINE, "number": "2", "daily_mg": "800"}).url


@pytest.mark.django_db(transaction=True)
def test_only_one_of_many_at_the_same_moment_writes_the_next_version(doctor, patient):
    record = written(patient, Kind.MEDICINE, doctor)
    told, ready = [], Barrier(4)

    def write(dose: str) -> None:
        ready.wait()
        try:
            actions.change(record, 1, {**MEDICINE, "daily_mg": dose}, by=doctor)
            told.append("kept")
        except actions.ChangedMeanwhileError:
            told.append("refused")
        finally:
            connection.close()

    threads = [Thread(target=write, args=(str(dose),)) for dose in range(1, 5)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(told) == ["kept", "refused", "refused", "refused"]
    assert [version.number for version in record.versions.all()] == [1, 2]


def test_a_form_sent_twice_is_kept_once(doctor, patient, logged_in):
    browser, key = logged_in(doctor), str(uuid4())
    for _ in range(2):
        answer = browser.post(add_url(patient, Kind.MEDICINE), {**MEDICINE, "key": key})
        assert answer.status_code == 302
    assert Record.objects.count() == 1


def test_the_key_of_a_strangers_record_writes_nothing_to_it(doctor, patient, person, logged_in):
    record = written(patient, Kind.MEDICINE, doctor)
    stranger = person(Role.DOCTOR, "stranger")
    from hemiface_clinic.people.actions import add_patient

    theirs = add_patient("Ben", "ben@home.example", "+919000000000", by=stranger)
    answer = post_new(logged_in(stranger), theirs, Kind.MEDICINE, key=str(record.pk))
    assert answer.url == reverse("treatments", args=[theirs.pk])
    assert (Record.objects.count(), Version.objects.count()) == (1, 1)


def test_entered_in_error_stays_with_its_reason_and_counts_no_more(doctor, patient, logged_in):
    from hemiface_clinic.treatments.course import course_treatments

    record, browser = written(patient, Kind.INJECTION, doctor), logged_in(doctor)
    url = reverse("treatment-error", args=[record.pk])
    assert browser.post(url, {"number": "1", "reason": " "}).status_code == 422
    assert course_treatments(patient) != ()
    answer = browser.post(url, {"number": "1", "reason": "It was another patient."})
    assert answer.url == reverse("treatments", args=[patient.pk])
    page = browser.get(reverse("treatment", args=[record.pk])).content.decode()
    assert "It was another patient." in page
    assert "Botox, 9.5 U" in page
    assert course_treatments(patient) == ()
    assert timeline_of(patient) == []
    change = reverse("treatment-change", args=[record.pk])
    assert browser.get(change).status_code == 404
    assert browser.get(url).status_code == 404


def test_a_patient_says_whether_they_take_a_medicine_and_nothing_else_of_it(
    doctor, patient, logged_in
):
    record, browser = written(patient, Kind.MEDICINE, doctor), logged_in(patient.user)
    url = reverse("treatment-taken", args=[record.pk])
    browser.post(url, {"number": "1", "taken": "no", "daily_mg": "9999"})
    latest = latest_of(record)
    assert latest.contents == {**MEDICINE, "atc": "N03AF01", "taken": "no", "taken_by": "patient"}
    assert (latest.author, latest.reporter) == (patient.user, "patient")
    browser.post(url, {"number": "1", "taken": "yes"})
    assert latest_of(record).number == 2
    assert browser.post(url, {"number": "2", "taken": "sometimes"}).status_code == 404
    page = logged_in(doctor).get(reverse("treatment", args=[record.pk])).content.decode()
    assert "the patient" in page


def test_who_said_it_is_kept_when_the_doctor_changes_something_else(doctor, patient, logged_in):
    record = written(patient, Kind.MEDICINE, doctor)
    actions.say_taken(record, 1, "no", by=patient.user)
    url = reverse("treatment-change", args=[record.pk])
    browser = logged_in(doctor)
    browser.post(url, {**MEDICINE, "taken": "no", "daily_mg": "200", "number": "2"})
    assert latest_of(record).contents["taken_by"] == "patient"
    browser.post(url, {**MEDICINE, "taken": "yes", "daily_mg": "200", "number": "3"})
    assert latest_of(record).contents["taken_by"] == "clinician"


def test_a_patient_reports_a_side_effect_and_may_change_their_own_alone(doctor, patient, logged_in):
    browser = logged_in(patient.user)
    injection = written(patient, Kind.INJECTION, doctor)
    post_new(browser, patient, Kind.SIDE_EFFECT, after=str(injection.pk))
    own = Record.objects.get(kind=Kind.SIDE_EFFECT)
    clinics = written(patient, Kind.SIDE_EFFECT, doctor)
    assert latest_of(own).reporter == "patient"
    page = logged_in(doctor).get(reverse("treatment", args=[injection.pk])).content.decode()
    assert "day 6" in page
    assert "reported by the patient" in page
    for name in ("treatment-change", "treatment-error"):
        got = [
            browser.get(reverse(name, args=[r.pk])).status_code for r in (own, clinics, injection)
        ]
        assert got == [200, 404, 404]
    posted = {**SIDE_EFFECT, "number": "1", "degree": "3"}
    browser.post(reverse("treatment-change", args=[own.pk]), posted)
    browser.post(reverse("treatment-change", args=[clinics.pk]), posted)
    assert [latest_of(r).contents["degree"] for r in (own, clinics)] == ["3", "1"]


@pytest.mark.parametrize("kind", TREATMENTS)
def test_a_patient_writes_no_treatment(patient, logged_in, kind):
    assert post_new(logged_in(patient.user), patient, kind).status_code == 404
    assert not Record.objects.exists()


@pytest.fixture
def strangers(person, logged_in):
    other = person(Role.PATIENT, "ben")
    from hemiface_clinic.people.actions import add_patient

    made = add_patient("Ben", "ben@home.example", "+91900", by=person(Role.DOCTOR, "stranger"))
    made.user = other
    made.save()
    return [logged_in(u) for u in (other, *made.team.all(), person(Role.NURSE, "n"))]


def test_what_is_anothers_looks_like_what_does_not_exist(doctor, patient, strangers):
    record = written(patient, Kind.MEDICINE, doctor)
    before = Version.objects.count()
    names = ["treatments", *(f"treatment-add-{kind}" for kind in Kind)]
    pairs = [(name, patient.pk) for name in names]
    ways = ("treatment", "treatment-change", "treatment-taken", "treatment-error")
    pairs += [(name, record.pk) for name in ways]
    for browser in strangers:
        for name, pk in pairs:
            for method in ("GET", "POST", "PUT", "PATCH", "DELETE"):
                theirs = browser.generic(method, reverse(name, args=[pk]))
                absent = browser.generic(method, reverse(name, args=[uuid4()]))
                assert theirs.status_code in (404, 405), (name, method)
                assert (theirs.status_code, blank(theirs)) == (absent.status_code, blank(absent))
    assert Version.objects.count() == before


def test_who_is_not_logged_in_or_is_no_clinician_sees_nothing(
    client, doctor, patient, administrator, logged_in
):
    record = written(patient, Kind.MEDICINE, doctor)
    for name, pk in (("treatments", patient.pk), ("treatment", record.pk)):
        assert kind_of(client.get(reverse(name, args=[pk]))) == "log in"
        assert logged_in(administrator).get(reverse(name, args=[pk])).status_code == 404


def test_every_look_and_every_change_is_noted_without_what_was_written(doctor, patient, logged_in):
    browser = logged_in(doctor)
    post_new(browser, patient, Kind.INJECTION)
    record = Record.objects.get()
    browser.get(reverse("treatments", args=[patient.pk]))
    browser.get(reverse("treatment", args=[record.pk]))
    changed = {**INJECTION, "lot": "C7655", "number": "1"}
    browser.post(reverse("treatment-change", args=[record.pk]), changed)
    browser.post(reverse("treatment-error", args=[record.pk]), {"number": "2", "reason": "canary"})
    events = Event.objects.filter(action__startswith="treatment", patient=str(patient.pk))
    assert [event.action for event in events] == [
        "treatment.add", "treatments.read", "treatment.read", "treatment.read", "treatment.change",
        "treatment.read", "treatment.entered-in-error",
    ]  # fmt: skip
    told = json.dumps([event.detail for event in events])
    assert not [word for word in ("canary", "C7654", "botox") if word in told]


def test_it_is_sealed_handed_over_and_erased(doctor, patient):
    written(patient, Kind.INJECTION, doctor, notes="canary-of-notes")
    with connection.cursor() as cursor:
        cursor.execute("SELECT contents FROM treatments_version")
        assert b"canary" not in bytes(cursor.fetchone()[0])
    told = json.dumps(everything_about(person_of(patient)))
    assert "canary-of-notes" in told
    lines = {line.name: line for line in erase(person_of(patient), by=patient.user)}
    for name in ("treatments", "versions of treatments"):
        assert (lines[name].found, lines[name].left) == (1, 0)
    assert not Version.objects.exists()


def test_treatments_are_on_the_patients_line_of_time_on_their_own_day(doctor, patient):
    record = written(patient, Kind.INJECTION, doctor)
    (entry,) = timeline_of(patient)
    assert (f"{entry.at:%Y-%m-%d}", entry.url) == (
        "2026-03-02",
        reverse("treatment", args=[record.pk]),
    )
    assert entry.title == "Botulinum toxin: Botox, 9.5 U"


def test_looking_costs_few_queries(doctor, patient, logged_in, django_assert_max_num_queries):
    for _ in range(30):
        written(patient, Kind.INJECTION, doctor)
    browser = logged_in(doctor)
    with django_assert_max_num_queries(30):
        browser.get(reverse("treatments", args=[patient.pk]))
