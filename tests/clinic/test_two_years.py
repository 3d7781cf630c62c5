"""A virtual patient's two years, lived on the site: what was written down comes back."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from hemiface.records import Injection, Operation
from hemiface_clinic.course.assembling import course_of
from hemiface_clinic.demo.years import DAYS, OPERATED, draw_years, live
from hemiface_clinic.findings.queries import latest_answers
from hemiface_clinic.jobs import worker
from hemiface_clinic.jobs.actions import VIDEO, claim
from hemiface_clinic.people.actions import give_consent
from hemiface_clinic.people.purposes import PURPOSES

SEED, FILMED = 7, (30, 720)


@pytest.mark.django_db(transaction=True)
def test_two_years_are_lived_and_shown(doctor, patient, logged_in, tmp_path):
    today = timezone.localdate()
    years = draw_years(SEED, today)
    for purpose in PURPOSES:
        give_consent(patient, purpose, by=patient.user)
    live(years, patient, doctor, tmp_path, FILMED)
    while (job := claim(VIDEO)) is not None:
        worker.run(job)

    course = course_of(patient)
    begin = today - timedelta(days=DAYS)
    assert [type(one) for one in course.treatments] == [Injection] * 3 + [Operation]
    assert course.operations[0].on == begin + timedelta(days=OPERATED)
    assert 0 <= len(years.course.diary) - len(course.diary) <= 2
    assert {one.on for one in course.measured} == {begin + timedelta(days=day) for day in FILMED}
    rates = [one for one in course.measured if one.name == "spasm_rate" and one.side == years.side]
    assert rates[0].value > rates[-1].value
    assert {one.by for one in latest_answers(patient)} == {"patient", "clinician"}
    assert not list(tmp_path.iterdir())

    browser = logged_in(doctor)
    page = browser.get(reverse("course", args=[patient.pk]) + "?whole").content.decode()
    assert "Operation" in page or "operation" in page
    weighed = browser.get(reverse("differential", args=[patient.pk])).content.decode()
    assert weighed.index("rimary") < weighed.index("ynkinesis")
