"""The course on the site: kept until something changes, answered by the queue, taken along."""

import csv
import io
import json
import zipfile
from datetime import UTC, datetime, timedelta

import pytest
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from clinic.conftest import measured_recording
from clinic.diary_story import fill, kept
from clinic.scales_story import graded
from clinic.test_people import reauthenticated
from clinic.treatments_story import written
from hemiface.course.files import read_course
from hemiface.records import Entry
from hemiface_clinic.audit.models import Event
from hemiface_clinic.course.assembling import course_of, pseudonym
from hemiface_clinic.course.models import Reading
from hemiface_clinic.jobs import worker
from hemiface_clinic.jobs.actions import VIDEO, claim
from hemiface_clinic.jobs.models import Job
from hemiface_clinic.people.actions import give_consent
from hemiface_clinic.people.models import Patient
from hemiface_clinic.people.personal import erase, everything_about, person_of
from hemiface_clinic.people.purposes import PURPOSES
from hemiface_clinic.scales.actions import take_back
from hemiface_clinic.treatments.kinds import Kind

pytestmark = pytest.mark.django_db


@pytest.fixture
def lived(doctor, patient, question) -> Patient:
    """A patient with a video, a diary, treatments and a grade."""
    question.patient = patient
    question.save()
    recording = measured_recording(question)
    rate = {"name": "spasm_rate", "side": "left", "value": 12.0, "unit": "1/min", "n": 12}
    recording.result["measures"] = [{**rate, "low": 6.2, "high": 21.0, "observed_s": 60.0}]
    recording.save()
    kept(patient)
    for kind in (Kind.INJECTION, Kind.MEDICINE, Kind.SIDE_EFFECT):
        written(patient, kind, doctor)
    graded(patient, 40, by=patient.user)
    return patient


def work() -> None:
    """Do what waits in the queue for videos, as the worker does."""
    while (job := claim(VIDEO)) is not None:
        worker.run(job)


def url(name: str, patient: Patient) -> str:
    return reverse(name, args=[patient.pk])


def test_everything_written_down_is_in_the_course_without_the_name(lived):
    course = course_of(lived)
    assert [one.name for one in course.measured] == ["spasm_rate"]
    assert len(course.diary) == 1
    assert len(course.treatments) == 2
    assert len(course.side_effects) == 1
    assert [one.scale for one in course.grades] == ["self_rating"]
    assert course.person.affected_side == "left"
    assert lived.name not in repr(course)


def test_the_page_is_kept_until_something_changes(doctor, lived, logged_in):
    browser = logged_in(doctor)
    assert "Spasms" in browser.get(url("course", lived)).content.decode()
    first = Reading.objects.get()
    browser.get(url("course", lived))
    assert Reading.objects.get().stamp == first.stamp
    written(lived, Kind.OPERATION, doctor)
    assert "peration" in browser.get(url("course", lived)).content.decode()
    assert Reading.objects.get().stamp != first.stamp
    assert Job.objects.filter(kind="course").count() == 1  # the older one is taken back


@pytest.mark.parametrize(
    "change",
    [
        lambda patient: graded(patient, 50, by=patient.user),
        lambda patient: kept(patient, Entry(datetime(2026, 3, 5, 9, tzinfo=UTC), burden=3)),
        lambda patient: take_back(patient.grades.get(), "wrong", by=patient.user),
        lambda patient: patient.diary.all().delete(),
    ],
)
def test_every_change_is_another_state(doctor, lived, logged_in, change):
    browser = logged_in(doctor)
    browser.get(url("course", lived))
    before = Reading.objects.get().stamp
    change(lived)
    browser.get(url("course", lived))
    assert Reading.objects.get().stamp != before


def test_answers_come_from_the_queue_and_are_told_when_they_are_there(doctor, lived, logged_in):
    browser = logged_in(doctor)
    assert "being computed" in browser.get(url("course", lived)).content.decode()
    assert browser.get(url("course-answers", lived)).status_code == 204
    work()
    told = browser.get(url("course-answers", lived)).content.decode()
    assert "Response to botulinum toxin" in told
    assert "Too little to tell." in told
    assert "being computed" not in browser.get(url("course", lived)).content.decode()


def test_a_drawing_of_some_days_and_of_nonsense(doctor, lived, logged_in):
    browser = logged_in(doctor)
    asked = url("course-drawing", lived)
    part = browser.get(asked, {"first": "2026-03-01", "last": "2026-04-01"}).content.decode()
    assert 'data-first="2026-03-01" data-last="2026-04-01"' in part
    for nonsense in ({"first": "x"}, {"first": "2026-13-01", "last": "y"}, {"measure": "<b>"}):
        answer = browser.get(asked, nonsense)
        assert answer.status_code == 200
        assert "<b>" not in answer.content.decode()


def test_the_summary_is_one_page_that_runs_nothing(doctor, lived, logged_in):
    answer = logged_in(doctor).get(url("course-summary", lived))
    page = answer.content.decode()
    assert lived.name in page
    assert "<script" not in page
    assert "sandbox" in answer["Content-Security-Policy"]
    assert "default-src 'none'" in answer["Content-Security-Policy"]


@pytest.mark.parametrize("form", ["fhir-r5", "fhir-r4b", "csv", "json"])
def test_files_are_handed_out_after_the_password_and_without_the_name(
    lived, logged_in, form, doctor, tmp_path
):
    browser = logged_in(doctor)
    assert "reauthenticate" in browser.get(url(f"course-{form}", lived)).url
    reauthenticated(browser)
    answer = browser.get(url(f"course-{form}", lived))
    content = answer.content
    assert answer.status_code == 200
    if form == "csv":
        archive = zipfile.ZipFile(io.BytesIO(content))
        content = b"".join(archive.read(name) for name in archive.namelist())
        assert len(archive.namelist()) == 7
    assert pseudonym(lived).encode() in content
    for name in lived.name.split():
        assert name.encode() not in content
    if form == "json":
        assert repr(_read(content, tmp_path)) == repr(course_of(lived))
    event = Event.objects.filter(action="course.export", patient=str(lived.pk)).get()
    assert event.detail == {"form": form}


def _read(content: bytes, folder):
    (folder / "course.json").write_bytes(content)
    return read_course(folder / "course.json")


def test_only_who_agrees_to_research_is_in_the_cohort(doctor, lived, logged_in):
    browser = logged_in(doctor)
    reauthenticated(browser)
    assert len(_rows(browser)) == 0
    research = next(one for one in PURPOSES if one.name == "research")
    give_consent(lived, research, by=lived.user)
    rows = _rows(browser)
    assert rows
    assert pseudonym(lived) not in json.dumps(rows)


def _rows(browser) -> list[dict[str, str]]:
    answer = browser.get(reverse("cohort"))
    return list(csv.DictReader(io.StringIO(answer.content.decode())))


def test_what_is_kept_of_a_course_goes_with_the_person(doctor, lived, logged_in):
    logged_in(doctor).get(url("course", lived))
    assert "course" in everything_about(person_of(lived))
    erase(person_of(lived), by=doctor)
    assert not Reading.objects.exists()
    assert not Job.objects.filter(kind="course").exists()


def test_ten_years_are_shown_without_opening_them_again(
    doctor, patient, logged_in, django_assert_max_num_queries
):
    fill(patient, 5000)
    browser = logged_in(doctor)
    assert "being put together" in browser.get(url("course", patient)).content.decode()
    browser.get(url("course-chart", patient))
    with django_assert_max_num_queries(40) as asked:
        page = browser.get(url("course", patient)).content.decode()
    assert "<svg" in page
    assert isinstance(asked, CaptureQueriesContext)
    assert not [one for one in asked.captured_queries if '"contents"' in one["sql"]]


def test_a_week_later_it_is_looked_at_again(doctor, lived, logged_in, monkeypatch):
    browser = logged_in(doctor)
    browser.get(url("course", lived))
    before = Reading.objects.get().stamp
    later = timezone.localdate() + timedelta(days=7)
    monkeypatch.setattr("django.utils.timezone.localdate", lambda *_: later)
    browser.get(url("course", lived))
    assert Reading.objects.get().stamp != before
