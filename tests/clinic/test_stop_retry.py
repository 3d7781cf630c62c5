"""A measurement is stopped, or tried again, by the patient and the doctor."""

import pytest
from django.urls import reverse

from clinic.recordings_story import write_clip
from hemiface_clinic.audit.models import Event
from hemiface_clinic.jobs import actions as jobs
from hemiface_clinic.jobs import worker
from hemiface_clinic.jobs.models import Job
from hemiface_clinic.recordings import measuring
from hemiface_clinic.recordings.actions import receive
from hemiface_clinic.recordings.files import video_path
from hemiface_clinic.recordings.models import Recording, State

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def recording(patient, tmp_path, settings) -> Recording:
    """Two seconds without a face, in the queue."""
    from django.core.files import File

    settings.MEDIA_ROOT = tmp_path / "media"
    settings.MEDIA_ROOT.mkdir()
    with write_clip(tmp_path / "grey.mp4").open("rb") as file:
        return receive(File(file, name="grey.mp4"), patient=patient, by=patient.user)


@pytest.fixture(autouse=True)
def _agreed(monkeypatch):
    monkeypatch.setattr(measuring, "may_be_measured", lambda _recording: True)


def press(browser, recording: Recording, what: str) -> str:
    """Press a button of the page; what the page says then."""
    page = browser.get(reverse("recording", args=[recording.pk])).content.decode()
    url = reverse(f"recording-{what}", args=[recording.pk])
    assert f'action="{url}"' in page
    return browser.post(url, follow=True).content.decode()


def state_of(recording: Recording) -> str:
    return Recording.objects.get(pk=recording.pk).state


def test_what_waits_is_stopped_and_never_measured(patient, logged_in, recording):
    assert "Not measured: it was stopped" in press(logged_in(patient.user), recording, "stop")
    assert state_of(recording) == State.STOPPED
    assert jobs.claim(jobs.VIDEO) is None
    assert video_path(recording.pk).exists()
    assert Event.objects.filter(action="recording.stop").count() == 1


def test_what_was_stopped_is_measured_after_all(patient, logged_in, recording):
    browser = logged_in(patient.user)
    press(browser, recording, "stop")
    assert "Waiting to be measured" in press(browser, recording, "retry")
    assert Job.objects.filter(kind="measure").count() == 1
    worker.run(jobs.claim(jobs.VIDEO))
    assert state_of(recording) == State.FAILED  # there is no face in it
    assert Recording.objects.get().refusal == "no_face"
    press(browser, recording, "retry")
    assert Recording.objects.get().refusal == ""
    assert state_of(recording) == State.WAITING


def test_what_is_being_measured_ends_at_its_next_step(doctor, logged_in, recording, monkeypatch):
    browser, tell, told = logged_in(doctor), measuring.tell, []

    def stop_at_first_word(job, share):
        if not told:
            browser.post(reverse("recording-stop", args=[recording.pk]))
        told.append(share)
        tell(job, share)

    monkeypatch.setattr(measuring, "tell", stop_at_first_word)
    worker.run(jobs.claim(jobs.VIDEO))
    assert len(told) == 1
    assert state_of(recording) == State.STOPPED
    assert Recording.objects.get().result is None


def test_twice_pressed_is_queued_once(patient, logged_in, recording):
    browser = logged_in(patient.user)
    press(browser, recording, "stop")
    for _ in range(2):
        browser.post(reverse("recording-retry", args=[recording.pk]))
    assert Job.objects.filter(kind="measure").count() == 1
    assert Event.objects.filter(action="recording.retry").count() == 1


def test_what_was_measured_is_neither_stopped_nor_measured_again(patient, logged_in, recording):
    Job.objects.update(state=Job.State.DONE)
    browser = logged_in(patient.user)
    browser.post(reverse("recording-stop", args=[recording.pk]))
    assert Job.objects.get().state == Job.State.DONE
    assert not Event.objects.filter(action="recording.stop").exists()
