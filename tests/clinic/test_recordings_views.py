"""A recording is shown to who may see it, and can do nothing where it is shown."""

import pytest
from django.core.files.uploadhandler import TemporaryFileUploadHandler
from django.http.multipartparser import MultiPartParser
from django.test import RequestFactory
from django.urls import reverse
from django.utils import timezone

from hemiface_clinic.audit.models import Event
from hemiface_clinic.jobs.actions import VIDEO, enqueue
from hemiface_clinic.jobs.models import Job
from hemiface_clinic.people.actions import add_patient
from hemiface_clinic.people.models import Role
from hemiface_clinic.questions.models import Question
from hemiface_clinic.recordings import uploads
from hemiface_clinic.recordings.files import report_path, video_path
from hemiface_clinic.recordings.models import Recording, State
from hemiface_clinic.recordings.summary import summarize
from hemiface_clinic.vault.files import write_sealed

FILM = bytes(range(256)) * 4
PAGE = b"<!doctype html><title>report</title>"
NAMES = ("recording", "recording-video", "recording-report", "recording-delete")


def measure_of(name: str, side: str | None, value: float | None) -> dict[str, object]:
    return {"name": name, "side": side, "value": value, "task": "rest"}


DOCUMENT = {
    "affected_side": "left",
    "spasms": [{"onset_s": at_s, "duration_s": 0.4, "amplitude_mm": 2.0} for at_s in (1.0, 4.0)],
    "measures": [
        measure_of("spasm_rate", "left", 12.5),
        measure_of("spasm_rate", "right", 0.5),
        measure_of("burden", "left", 8.0),
        measure_of("burden", "right", 0.0),
        measure_of("burden", None, 8.0),
        measure_of("spasm_duration", "left", 0.41),
        measure_of("spasm_duration", "right", None),
    ],
    "quality": {"observed_s": 58.0, "warnings": [{"code": "dark", "text": "The face is dark."}]},
    "software": {"version": "0.1.0"},
}


def recording_for_test(question: Question, **changes: object) -> Recording:
    """Make a recording that was measured, with its files."""
    fields = {
        "filename": "<b>left</b>.mp4", "size": len(FILM), "sha256": "0" * 64,
        "media_type": "video/mp4", "result": DOCUMENT, "measured_at": timezone.now(),
        "version": "0.1.0",
    }  # fmt: skip
    recording = Recording.objects.create(question=question, **(fields | changes))
    write_sealed(video_path(recording.pk), [FILM])
    write_sealed(report_path(recording.pk), [PAGE])
    return recording


@pytest.fixture(autouse=True)
def media(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path / "media"
    settings.MEDIA_ROOT.mkdir()
    return settings.MEDIA_ROOT


@pytest.fixture
def recording(question) -> Recording:
    return recording_for_test(question)


def body(answer) -> bytes:
    return b"".join(answer.streaming_content)


def test_the_page_shows_what_was_measured(recording, doctor, logged_in):
    answer = logged_in(doctor).get(reverse("recording", args=[recording.pk]))
    text = answer.content.decode()
    for words in ("left (the person", "12.5", "8.0", "0.41", "58", "The face is dark."):
        assert words in text
    assert "&lt;b&gt;left&lt;/b&gt;.mp4" in text
    assert "hx-get" not in text
    assert Event.objects.latest("seq").action == "recording.read"


def test_the_page_asks_again_until_it_is_settled(question, doctor, logged_in):
    job = enqueue("measure", {}, lane=VIDEO)
    recording = recording_for_test(question, measured_at=None, result=None, job=job)
    browser, url = logged_in(doctor), reverse("recording", args=[recording.pk])
    assert 'hx-trigger="every 2s"' in browser.get(url).content.decode()
    noted = Event.objects.count()

    def ask() -> str:
        return browser.get(url, headers={"HX-Request": "true"}).content.decode()

    assert "Waiting to be measured" in ask()
    Job.objects.update(state=Job.State.RUNNING, progress=0.42)
    part = ask()
    assert 'value="42"' in part
    assert "<html" not in part
    assert Event.objects.count() == noted  # a growing number is no look at a result
    Recording.objects.update(measured_at=timezone.now())
    recording.result = DOCUMENT
    recording.save(update_fields=["result"])
    part = ask()
    assert "12.5" in part
    assert "every 2s" not in part
    assert Event.objects.count() == noted + 1


@pytest.mark.parametrize(
    ("job_state", "state"),
    [("waiting", "waiting"), ("running", "measuring"), ("done", "failed"), ("failed", "failed")],
)
def test_the_state_is_told_by_the_job(job_state, state, question):
    job = enqueue("measure", {}, lane=VIDEO)
    job.state = job_state
    recording = Recording(question=question, job=job)
    assert recording.state == state
    assert bool(recording.trouble) == (state == State.FAILED)
    recording.measured_at = timezone.now()
    assert recording.state == State.MEASURED


def test_a_video_is_kept_not_run(recording, doctor, logged_in):
    answer = logged_in(doctor).get(reverse("recording-video", args=[recording.pk]))
    assert body(answer) == FILM
    assert answer["Content-Type"] == "video/mp4"
    assert answer["Content-Length"] == str(len(FILM))
    assert answer["Content-Disposition"] == f'attachment; filename="recording-{recording.pk}.mp4"'
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert answer["Content-Security-Policy"].startswith("sandbox; default-src 'none'")
    assert answer["Cache-Control"] == "no-store"
    assert Event.objects.latest("seq").action == "recording.video"


def test_a_video_can_be_looked_at_if_it_is_one(recording, doctor, logged_in):
    browser, url = logged_in(doctor), reverse("recording-video", args=[recording.pk]) + "?inline=1"
    assert browser.get(url)["Content-Disposition"].startswith("inline")
    Recording.objects.update(media_type="text/html")
    answer = browser.get(url)
    assert answer["Content-Disposition"].startswith("attachment")
    assert answer["Content-Type"] == "application/octet-stream"


@pytest.mark.parametrize(
    ("asked", "status", "start", "stop"),
    [
        ("bytes=0-1", 206, 0, 2),
        ("bytes=1000-", 206, 1000, 1024),
        ("bytes=-24", 206, 1000, 1024),
        ("bytes=10-99999", 206, 10, 1024),
        ("bytes=0-", 206, 0, 1024),
        ("bytes=-", 200, 0, 1024),
        ("bytes=0-1,5-9", 200, 0, 1024),
        ("bytes=9-3", 416, 0, 0),
        ("bytes=1024-", 416, 0, 0),
        ("bytes=-0", 416, 0, 0),
    ],
)
def test_a_player_gets_the_part_it_asks_for(
    asked, status, start, stop, recording, doctor, logged_in
):
    url = reverse("recording-video", args=[recording.pk])
    answer = logged_in(doctor).get(url, headers={"Range": asked})
    assert answer.status_code == status
    if status == 416:
        assert answer["Content-Range"] == "bytes */1024"
        return
    assert body(answer) == FILM[start:stop]
    assert answer["Content-Length"] == str(stop - start)
    if status == 206:
        assert answer["Content-Range"] == f"bytes {start}-{stop - 1}/1024"


def test_the_report_runs_in_a_sandbox_of_its_own(recording, doctor, logged_in):
    answer = logged_in(doctor).get(reverse("recording-report", args=[recording.pk]))
    assert body(answer) == PAGE
    policy = answer["Content-Security-Policy"]
    assert policy.startswith("sandbox allow-scripts; default-src 'none'")
    assert "allow-same-origin" not in policy
    assert "connect-src data:;" in policy
    assert "http" not in policy
    assert answer["Content-Type"] == "text/html; charset=utf-8"
    assert Event.objects.latest("seq").action == "recording.report"


def test_there_is_no_report_before_it_is_measured(recording, doctor, logged_in):
    report_path(recording.pk).unlink()
    url = reverse("recording-report", args=[recording.pk])
    assert logged_in(doctor).get(url).status_code == 404


@pytest.mark.parametrize("name", NAMES)
def test_strangers_get_the_answer_of_nothing(
    name, recording, patient, doctor, nurse, administrator, person, logged_in
):
    other = add_patient("Ben", "ben@home.example", "+911", by=person(Role.DOCTOR, "other"))
    other.user = person(Role.PATIENT, "ben")
    other.save()
    Question.objects.update(assigned_to=doctor, patient=patient, state=Question.State.CLOSED)
    strangers = (other.user, administrator, nurse, *type(doctor).objects.filter(name="Other"))
    url = reverse(name, args=[recording.pk])
    for stranger in strangers:
        browser = logged_in(stranger)
        ask = browser.post if name == "recording-delete" else browser.get
        assert ask(url).status_code == 404, stranger.name
    assert Recording.objects.exists()


def test_a_patient_sees_and_deletes_their_own(
    question, recording, patient, media, logged_in, django_capture_on_commit_callbacks
):
    question.patient = patient
    question.save()
    browser, url = logged_in(patient.user), reverse("recording-delete", args=[recording.pk])
    assert browser.get(reverse("recording", args=[recording.pk])).status_code == 200
    assert browser.get(url).status_code == 405
    with django_capture_on_commit_callbacks(execute=True):
        answer = browser.post(url)
    assert answer.status_code == 302
    assert answer.url == reverse("home-of-user")
    assert not Recording.objects.exists()
    assert list(media.iterdir()) == []
    event = Event.objects.get(action="recording.delete")
    assert event.patient == str(patient.pk)


def test_who_works_here_goes_back_to_the_question(recording, doctor, logged_in):
    answer = logged_in(doctor).post(reverse("recording-delete", args=[recording.pk]))
    assert answer.url == reverse("question", args=[recording.question_id])


def test_the_summary_takes_the_affected_side():
    found = summarize(DOCUMENT)
    assert (found.affected_side, found.rate_per_min, found.burden_percent) == ("left", 12.5, 8.0)
    assert (found.duration_s, found.observed_s, found.n_spasms) == (0.41, 58.0, 2)
    assert found.warnings == ("The face is dark.",)


@pytest.mark.parametrize("side", ["both", "none", "undetermined"])
def test_the_summary_of_no_single_side_is_of_the_whole_face(side):
    found = summarize({**DOCUMENT, "affected_side": side})
    assert (found.rate_per_min, found.burden_percent, found.duration_s) == (13.0, 8.0, None)


def test_what_was_not_observed_has_no_numbers():
    quality = {"observed_s": None, "warnings": []}
    found = summarize({**DOCUMENT, "measures": [], "quality": quality})
    assert (found.rate_per_min, found.burden_percent, found.observed_s) == (None, None, 0.0)


def test_an_upload_takes_no_more_room_than_a_video_may(monkeypatch, settings, tmp_path):
    monkeypatch.setattr(uploads, "MAX_BYTES", 100_000)
    settings.FILE_UPLOAD_TEMP_DIR = str(tmp_path)
    data = {"video": _endless(1_000_000)}
    request = RequestFactory().post("/", data)
    handlers = [uploads.CappedUpload(request), TemporaryFileUploadHandler(request)]
    _, files = MultiPartParser(request.META, request, handlers).parse()
    assert 100_000 < files["video"].size < 300_000
    assert sum(path.stat().st_size for path in tmp_path.glob("*.upload*")) < 300_000
    files["video"].close()


def _endless(size: int):
    from django.core.files.uploadedfile import SimpleUploadedFile

    return SimpleUploadedFile("long.mp4", bytes(size))
