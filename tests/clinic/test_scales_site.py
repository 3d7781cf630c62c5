"""Scales on the site: filled in by whom they are for, kept, read; the crisis path."""

import re
from datetime import timedelta

import pytest
from django.core import mail
from django.urls import reverse
from django.utils import timezone

from clinic.conftest import post_letters
from clinic.scales_story import DAY, graded
from clinic.test_findings import part_of
from clinic.test_findings import post as post_part
from hemiface.scales import read_scales
from hemiface_clinic.audit.models import Event
from hemiface_clinic.findings.models import Call
from hemiface_clinic.people.personal import erase, everything_about, person_of
from hemiface_clinic.scales.models import Graded
from hemiface_clinic.scales.queries import course_grades

pytestmark = pytest.mark.django_db

SCALES = {f"{one.key}-{one.version}": one for one in read_scales()}
BEST = {name: one.lowest for name, one in SCALES.items()}


def url(name: str, patient) -> str:
    return reverse(f"scale-{name}", args=[patient.pk])


def lowest(name: str) -> dict[str, str]:
    """Return the lowest answers to a scale, as they are typed."""
    asked = SCALES[name]
    if asked.items:
        return {f"item-{item.key}": f"{item.lowest:g}" for item in asked.items}
    return {"total": f"{asked.lowest:g}"}


def post(browser, name: str, patient, **more):
    return browser.post(url(name, patient), {"on": DAY.isoformat(), **lowest(name), **more})


@pytest.mark.parametrize("name", SCALES)
def test_every_scale_is_filled_in_by_whom_it_is_for(doctor, patient, logged_in, name):
    by_patient = "patient" in SCALES[name].by
    browser = logged_in(patient.user if by_patient else doctor)
    assert browser.get(url(name, patient)).status_code == 200
    assert post(browser, name, patient).status_code == 302
    (kept,) = course_grades(patient)
    assert (kept.scale, kept.version) == (SCALES[name].key, SCALES[name].version)
    assert (kept.value, kept.on) == (BEST[name], DAY)
    page = browser.get(reverse("scales", args=[patient.pk])).content.decode()
    assert SCALES[name].name.split(",")[0] in page


@pytest.mark.parametrize("name", SCALES)
def test_an_empty_or_absurd_form_is_refused_and_keeps_nothing(doctor, patient, logged_in, name):
    browser = logged_in(patient.user if "patient" in SCALES[name].by else doctor)
    for typed in ({}, dict.fromkeys(lowest(name), "9999"), dict.fromkeys(lowest(name), "nan")):
        answer = browser.post(url(name, patient), {"on": "yesterday", **typed})
        assert answer.status_code == 422
        assert "Error:" in answer.content.decode()
    assert not Graded.objects.exists()


def test_a_day_ahead_is_refused(patient, logged_in):
    ahead = (timezone.localdate() + timedelta(days=1)).isoformat()
    answer = post(logged_in(patient.user), "self_rating-1", patient, on=ahead)
    assert answer.status_code == 422
    assert not Graded.objects.exists()


def test_no_answer_is_chosen_beforehand(doctor, patient, logged_in):
    page = logged_in(doctor).get(url("smc-2012", patient)).content.decode()
    chosen = [tag for tag in re.findall(r'<input type="radio"[^>]*>', page) if "checked" in tag]
    assert all('value=""' in tag for tag in chosen)


def test_a_change_is_held_against_what_people_notice(patient, logged_in):
    for value, on in ((16, DAY), (12, DAY + timedelta(days=40))):
        graded(patient, value, by=patient.user, on=on, key="hfs7", version="2005")
    page = logged_in(patient.user).get(reverse("scales", args=[patient.pk])).content.decode()
    assert "reaches the minimal important difference of 2.63" in page


def test_an_answer_about_self_harm_shows_help_first_and_tells_the_doctor(
    doctor, patient, logged_in
):
    answer = post(logged_in(patient.user), "phq9-2001", patient, **{"item-9": "1"})
    page = answer.content.decode()
    assert "You are not alone with this" in page
    assert 'href="tel:' in page
    post_letters()
    (letter,) = mail.outbox
    assert letter.to == [doctor.email]
    assert "self" not in letter.body
    assert patient.name not in letter.body + letter.subject
    inbox = logged_in(doctor).get(reverse("inbox")).content.decode()
    assert f"{patient.name} answered something that cannot wait" in inbox


def test_it_is_heard_even_where_another_answer_is_missing(patient, logged_in):
    browser = logged_in(patient.user)
    answer = browser.post(url("phq9-2001", patient), {"item-9": "3"})
    assert answer.status_code == 422
    assert "You are not alone with this" in answer.content.decode()
    assert Call.objects.count() == 1
    assert not Graded.objects.exists()
    browser.post(url("phq9-2001", patient), {"item-9": "3"})
    assert Call.objects.count() == 1


def test_the_call_stays_until_a_doctor_has_seen_to_it(doctor, patient, logged_in):
    part = part_of("history", "warning_signs")
    post_part(logged_in(patient.user), "history", patient, part, warning_signs=["face_droops"])
    browser = logged_in(doctor)
    page = browser.get(reverse("patient", args=[patient.pk])).content.decode()
    assert "I have seen to it" in page
    browser.post(reverse("calls-seen", args=[patient.pk]))
    assert "cannot wait" not in browser.get(reverse("inbox")).content.decode()
    call = Call.objects.get()
    assert (call.seen_by, call.flags) == (doctor, ["stroke_signs"])
    actions = set(Event.objects.filter(patient=patient.pk).values_list("action", flat=True))
    assert {"call.raise", "call.see-to"} <= actions


def test_taken_back_it_no_longer_counts_and_stays_in_the_list(doctor, patient, logged_in):
    given = graded(patient, 40, by=patient.user)
    logged_in(doctor).post(reverse("scale-error", args=[given.pk]), {"reason": "wrong person"})
    assert not course_grades(patient)
    page = logged_in(doctor).get(reverse("scales", args=[patient.pk])).content.decode()
    assert "wrong person" in page


def test_a_patient_takes_back_only_their_own_and_sees_only_their_own(doctor, patient, logged_in):
    of_doctor = graded(patient, 3, by=doctor, key="smc", version="2012")
    browser = logged_in(patient.user)
    assert browser.post(reverse("scale-error", args=[of_doctor.pk])).status_code == 404
    page = browser.get(reverse("scales", args=[patient.pk])).content.decode()
    assert "Samsung" not in page


def test_grades_are_exported_and_erased_with_the_person(doctor, patient):
    graded(patient, 40, by=patient.user)
    assert "grades on scales" in everything_about(person_of(patient))
    erase(person_of(patient), by=doctor)
    assert not Graded.objects.exists()
