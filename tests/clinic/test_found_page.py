"""A patient's own recording in plain words, with the film of the strongest spasm."""

import re

import pytest
from django.urls import reverse

from clinic.conftest import measured_recording
from clinic.review_story import reviewable
from clinic.test_review_site import filled
from hemiface_clinic.recordings.models import Recording

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def media(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path / "media"
    settings.MEDIA_ROOT.mkdir()


@pytest.fixture
def recording(patient, tmp_path) -> Recording:
    return reviewable(patient, tmp_path)


def page_of(browser, recording: Recording) -> str:
    answer = browser.get(reverse("recording", args=[recording.pk]))
    return re.sub(r"\s+", " ", answer.content.decode())


def test_it_is_counted_placed_and_shown(patient, logged_in, recording):
    page = page_of(logged_in(patient.user), recording)
    assert "Your face could be followed for 19 seconds." in page
    assert "10 spasms were found in that time. They are on your left." in page
    assert "The strongest one" in page
    assert reverse("recording-clip", args=[recording.pk]) in page
    assert "A computer program counted them" in page


def test_none_is_no_promise(patient, logged_in, recording):
    recording.result = {**recording.result, "spasms": [], "affected_side": "none"}
    recording.save()
    page = page_of(logged_in(patient.user), recording)
    assert "No spasm was found in that time. They come and go" in page
    assert "The strongest one" not in page


def test_who_rejects_the_strongest_hides_its_film(patient, doctor, logged_in, recording):
    spasms = recording.result["spasms"]
    worst = max(range(len(spasms)), key=lambda n: spasms[n]["amplitude_mm"])
    sent = filled(recording, **{f"{worst}-verdict": "no"})
    logged_in(doctor).post(reverse("recording-review", args=[recording.pk]), sent)
    page = page_of(logged_in(patient.user), recording)
    assert "9 spasms were found" in page
    assert "Your doctor looked through it" in page
    assert reverse("recording-clip", args=[recording.pk]) not in page


def test_the_doctors_page_keeps_its_card(doctor, logged_in, recording):
    page = page_of(logged_in(doctor), recording)
    assert "Your face could be followed" not in page
    assert "Review the spasms" in page


def test_the_page_that_waits_is_made_anew_once_it_is_measured(patient, logged_in, recording):
    url = reverse("recording", args=[recording.pk])
    answer = logged_in(patient.user).get(url, headers={"HX-Request": "true"})
    assert answer.headers["HX-Refresh"] == "true"


def test_the_clip_can_be_sought_in(patient, logged_in, recording):
    url = reverse("recording-clip", args=[recording.pk])
    answer = logged_in(patient.user).get(url, headers={"Range": "bytes=1-2"})
    assert answer.status_code == 206
    assert b"".join(answer.streaming_content) == b"om"


def test_without_a_clip_there_is_none(doctor, logged_in, question):
    recording = measured_recording(question)
    url = reverse("recording-clip", args=[recording.pk])
    assert logged_in(doctor).get(url).status_code == 404
