"""Two recordings of a patient beside each other, and never those of two people."""

import re
from datetime import timedelta

import pytest
from django.urls import reverse

from clinic.review_story import reviewable
from hemiface_clinic.audit.models import Event
from hemiface_clinic.people.actions import add_patient
from hemiface_clinic.recordings.models import Recording

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def media(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path / "media"
    settings.MEDIA_ROOT.mkdir()


@pytest.fixture
def three(patient, tmp_path) -> list[Recording]:
    """Three recordings, a week apart, the oldest first."""
    made = [reviewable(patient, tmp_path) for _ in range(3)]
    for weeks, one in enumerate(made):
        one.made_at += timedelta(weeks=weeks - 2)
        one.save()
    return made


def page_of(browser, recording: Recording, beside: object = "") -> str:
    answer = browser.get(reverse("recording-compare", args=[recording.pk]), {"with": beside})
    return re.sub(r"\s+", " ", answer.content.decode())


def player_of(recording: Recording) -> str:
    return f'src="{reverse("recording-player", args=[recording.pk])}"'


def test_it_stands_beside_the_one_before(doctor, logged_in, three):
    page = page_of(logged_in(doctor), three[2])
    assert [player_of(one) in page for one in three] == [False, True, True]
    seen = Event.objects.filter(action="recording.compare")
    assert {event.subject.rpartition(":")[2] for event in seen} == {
        str(one.pk) for one in three[1:]
    }


def test_another_can_be_chosen(doctor, logged_in, three):
    page = page_of(logged_in(doctor), three[2], beside=three[0].pk)
    assert [player_of(one) in page for one in three] == [True, False, True]


def test_the_oldest_stands_beside_the_next(doctor, logged_in, three):
    page = page_of(logged_in(doctor), three[0])
    assert [player_of(one) in page for one in three] == [True, True, False]


def test_nobody_elses_stands_there(doctor, logged_in, three, tmp_path):
    ben = add_patient("Ben", "ben@home.example", "+919000000000", by=doctor)
    other = reviewable(ben, tmp_path)
    page = page_of(logged_in(doctor), three[2], beside=other.pk)
    assert player_of(other) not in page
    assert str(other.pk) not in page


@pytest.mark.parametrize("asked", ["", "x", "00000000-0000-0000-0000-000000000000", "\x7f"])
def test_what_is_no_recording_changes_nothing(doctor, logged_in, three, asked):
    assert player_of(three[1]) in page_of(logged_in(doctor), three[2], beside=asked)


def test_alone_it_says_so(doctor, logged_in, patient, tmp_path):
    page = page_of(logged_in(doctor), reviewable(patient, tmp_path))
    assert "no other recording that was measured" in page


def test_numbers_and_their_difference(doctor, logged_in, three):
    for measure in three[1].result["measures"]:
        if measure["name"] == "spasm_rate" and measure["side"] == "left":
            measure["value"] = 20.0
    three[1].save()
    page = page_of(logged_in(doctor), three[2])
    row = re.search(r'<th scope="row">Spasms a minute</th>(.*?)</tr>', page)[1]
    assert re.findall(r"[+−-]?\d+\.\d", row) == ["20.0", "31.6", "+11.6"]


def test_both_begin_at_a_task_that_both_have(doctor, logged_in, three):
    spans = [
        [("rest", 1.0), ("smile", 5.0)],
        [("smile", 3.0), ("rest", 8.0), ("rest", 14.0)],
    ]
    for one, tasks in zip(three[1:], spans, strict=True):
        named = [{"task": task, "start_s": s, "end_s": s + 2} for task, s in tasks]
        one.take = {"tasks": named}
        one.save()
    page = page_of(logged_in(doctor), three[2])
    assert '<option value="1.0 8.0">At rest</option>' in page
    assert '<option value="5.0 3.0">Smiling</option>' in page
