"""A video is taken in, measured while it may be, and gone without a trace when it is deleted."""

import io
import os
import re
from pathlib import Path
from uuid import uuid4

import psutil
import pytest
from django.core.files import File
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import translation

from clinic.recordings_story import write_clip
from hemiface.pipeline import simulate_video
from hemiface_clinic.audit.models import Event
from hemiface_clinic.audit.queries import find_faults
from hemiface_clinic.jobs import actions as jobs
from hemiface_clinic.jobs import worker
from hemiface_clinic.jobs.models import Job
from hemiface_clinic.people.actions import give_consent, withdraw_consent
from hemiface_clinic.people.personal import erase, everything_about, person_of
from hemiface_clinic.people.purposes import PURPOSES
from hemiface_clinic.people.timeline import timeline_of
from hemiface_clinic.questions.actions import ASKER
from hemiface_clinic.recordings import actions, checks, measuring
from hemiface_clinic.recordings.actions import RecordingRefusedError, receive
from hemiface_clinic.recordings.bounds import BOUNDS
from hemiface_clinic.recordings.files import (
    clip_path,
    film_path,
    player_path,
    report_path,
    signals_path,
    still_path,
    video_path,
)
from hemiface_clinic.recordings.models import Recording, State
from hemiface_clinic.recordings.queries import recordings_of_patient, recordings_of_question
from hemiface_clinic.recordings.runner import BrokenChildError, RefusedError
from hemiface_clinic.vault import rotation
from hemiface_clinic.vault.columns import sealed_columns
from hemiface_clinic.vault.files import read_sealed

pytestmark = pytest.mark.django_db(transaction=True)
VIDEO = next(purpose for purpose in PURPOSES if purpose.name == "video")


def sandboxes() -> list[psutil.Process]:
    """The children in which a video is opened."""
    children = psutil.Process().children()
    return [one for one in children if "hemiface_clinic.recordings.sandbox" in one.cmdline()]


@pytest.fixture(autouse=True)
def media(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path / "media"
    settings.MEDIA_ROOT.mkdir()
    return settings.MEDIA_ROOT


@pytest.fixture(scope="module")
def film(tmp_path_factory) -> Path:
    """Three seconds of a virtual patient."""
    path = tmp_path_factory.mktemp("film") / "film.mp4"
    simulate_video(path, seed=4, severity="severe", side="left", duration_s=3.0, fps=30, size=360)
    return path


@pytest.fixture
def grey(tmp_path):
    """Two seconds without a face, as they are sent."""
    clip = write_clip(tmp_path / "grey.mp4").read_bytes()
    return lambda name="grey.mp4": SimpleUploadedFile(name, clip, "text/html")


def run_next() -> Job:
    job = jobs.claim(jobs.VIDEO)
    worker.run(job)
    return Job.objects.filter(pk=job.pk).first()


def files_in(folder: Path) -> list[Path]:
    return [path for path in folder.rglob("*") if path.is_file()]


def test_a_video_is_measured_and_its_report_sealed(question, film, media, monkeypatch):
    monkeypatch.setenv("DATABASE_URL", "postgres://secret")
    seen, said = [], []
    tell = measuring.tell

    def look(job, share):
        (child,) = sandboxes()
        limits = Path(f"/proc/{child.pid}/limits").read_text()
        seen.append((child.environ(), child.nice(), child.cwd(), limits))
        tell(job, share)
        said.append(Recording.objects.select_related("job").get().progress_percent)

    monkeypatch.setattr(measuring, "tell", look)
    with film.open("rb") as file:
        recording = receive(File(file, name="me.mp4"), question=question, by=ASKER)
    assert (recording.state, recording.progress) == (State.WAITING, 0.0)
    assert run_next().state == Job.State.DONE

    done = recordings_of_question(question).get()
    assert (done.state, done.progress, done.trouble) == (State.MEASURED, 1.0, "")
    assert done.result["recording"]["sha256"] == done.sha256
    assert done.summary.observed_s == pytest.approx(3.0, abs=0.2)
    assert done.summary.affected_side in {"left", "none", "undetermined"}  # three seconds are few
    assert done.version == "0.1.0"
    assert b"".join(read_sealed(video_path(done.pk))) == film.read_bytes()
    assert b"".join(read_sealed(report_path(done.pk))).startswith(b"<!doctype html>")
    always = (video_path, report_path, signals_path, player_path, film_path, still_path)
    kept = {path_of(done.pk) for path_of in always}
    clips = {clip_path(done.pk)} if done.result["spasms"] else set()
    assert set(files_in(media)) == kept | clips

    assert said
    assert all(0 < percent <= 100 for percent in said)
    environment, nice, folder, limits = seen[0]
    assert set(environment) == {
        *("PATH", "LANG", "HOME", "TMPDIR", "MALLOC_ARENA_MAX", "OPENBLAS_NUM_THREADS"),
    }
    assert nice >= 10
    assert Path(folder).parent == media / "work"
    assert re.search(rf"Max address space +{BOUNDS['measure'].memory_bytes} ", limits)
    assert re.search(r"Max core file size +0 ", limits)
    assert [event.action for event in Event.objects.order_by("seq")][-2:] == [
        "recording.receive",
        "recording.measure",
    ]
    assert list(find_faults()) == []


def test_what_is_received_is_sealed_queued_and_noted(question, grey, media):
    recording = receive(grey("../../Häß\u202elich\n.mp4"), question=question, by=ASKER)
    kept = Recording.objects.get()
    assert kept.filename == "Häßlich.mp4"
    assert kept.media_type == "video/mp4"
    assert files_in(media) == [video_path(recording.pk)]
    assert kept.job.owner == f"question:{question.pk}"
    assert kept.job.lane == jobs.VIDEO
    event = Event.objects.latest("seq")
    assert (event.action, event.actor) == ("recording.receive", "asker")
    assert str(event.detail) == str({"size": kept.size})


def test_what_is_not_a_video_leaves_nothing(question, media):
    before = Event.objects.count()
    for content in (b"", b"This is not a video." * 500):
        with pytest.raises(RecordingRefusedError, match="must be a video"):
            receive(SimpleUploadedFile("a.mp4", content), question=question, by=ASKER)
    assert not Recording.objects.exists()
    assert not Job.objects.filter(lane=jobs.VIDEO).exists()
    assert files_in(media) == []
    assert Event.objects.count() == before


def test_a_file_that_is_larger_than_it_says_is_refused(question, monkeypatch, media):
    class Liar(File):
        size = 10

    monkeypatch.setattr("hemiface_clinic.recordings.checks.MAX_BYTES", 1000)
    with pytest.raises(RecordingRefusedError, match="at most"):
        receive(Liar(io.BytesIO(bytes(2000)), "a.mp4"), question=question, by=ASKER)
    assert files_in(media) == []


def test_a_row_that_cannot_be_written_leaves_no_file(question, grey, media, monkeypatch):
    def breaks(*_, **__):
        raise RuntimeError("disk full")

    monkeypatch.setattr(actions, "record", breaks)
    with pytest.raises(RuntimeError):
        receive(grey(), question=question, by=ASKER)
    assert not Recording.objects.exists()
    assert not Job.objects.filter(lane=jobs.VIDEO).exists()
    assert files_in(media) == []


def test_a_recording_belongs_to_somebody(grey, media):
    from django.db import IntegrityError

    with pytest.raises(IntegrityError):
        receive(grey(), by=ASKER)
    assert files_in(media) == []


def test_a_video_without_a_face_is_refused_once_and_in_the_readers_language(question, grey):
    receive(grey(), question=question, by=ASKER)
    job = run_next()
    recording = recordings_of_question(question).get()
    assert (job.state, job.attempts) == (Job.State.FAILED, 1)
    assert (recording.state, recording.refusal) == (State.FAILED, "no_face")
    assert "must show a face" in recording.trouble
    with translation.override("hi"):
        assert recording.trouble


def test_a_child_that_breaks_is_started_again_later(question, grey, media, monkeypatch):
    def breaks(*_, **__):
        raise BrokenChildError("segmentation fault")

    monkeypatch.setattr(measuring, "run_child", breaks)
    recording = receive(grey(), question=question, by=ASKER)
    assert run_next().state == Job.State.WAITING
    assert recordings_of_question(question).get().state == State.WAITING
    Job.objects.filter(pk=recording.job_id).update(state=Job.State.FAILED)
    failed = recordings_of_question(question).get()
    assert failed.state == State.FAILED
    assert "not your fault" in failed.trouble
    assert files_in(media) == [video_path(recording.pk)]


@pytest.mark.parametrize("code", ["too_slow", "too_heavy", "too_little"])
def test_what_cannot_be_measured_says_why(code, question, grey, monkeypatch):
    def refuses(*_, **__):
        raise RefusedError(code)

    monkeypatch.setattr(measuring, "run_child", refuses)
    receive(grey(), question=question, by=ASKER)
    assert run_next().state == Job.State.FAILED
    assert recordings_of_question(question).get().trouble == str(RecordingRefusedError(code))


@pytest.mark.parametrize("as_question", [False, True])
def test_consent_withdrawn_while_it_waits_means_not_measured(
    as_question, patient, question, grey, monkeypatch
):
    monkeypatch.setattr(measuring, "run_child", lambda *_, **__: pytest.fail("it was measured"))
    question.patient = patient
    question.save()
    give_consent(patient, VIDEO, by=patient.user)
    owner = {"question": question} if as_question else {"patient": patient}
    receive(grey(), **owner, by=patient.user)
    withdraw_consent(patient, VIDEO, by=patient.user)
    assert run_next().state == Job.State.FAILED
    assert recordings_of_patient(patient).get().refusal == "no_consent"


def test_who_asked_agreed_then_and_need_not_again_when_they_become_a_patient(
    patient, question, grey, monkeypatch
):
    question.patient = patient
    question.save()
    started = []
    monkeypatch.setattr(
        measuring, "run_child", lambda *_, **__: started.append(1) or {"done": True}
    )
    receive(grey(), question=question, by=ASKER)
    run_next()
    assert started


def test_deleting_a_question_removes_video_report_and_job(question, grey, media):
    from clinic.test_recordings_views import recording_for_test

    receive(grey(), question=question, by=ASKER)
    recording_for_test(question)
    assert len(files_in(media)) == 3
    question.delete()
    assert files_in(media) == []
    assert not Job.objects.filter(lane=jobs.VIDEO).exists()


def test_a_deletion_that_is_taken_back_keeps_the_files(question, grey, media):
    from django.db import transaction

    recording = receive(grey(), question=question, by=ASKER)
    with transaction.atomic():
        question.delete()
        transaction.set_rollback(True)
    assert files_in(media) == [video_path(recording.pk)]
    assert Recording.objects.get().job is not None


def test_a_recording_deleted_while_it_is_measured_leaves_nothing(
    question, grey, media, doctor, monkeypatch
):
    def delete_meanwhile(_command, _video, folder, *_, on_progress):
        (folder / "report.html").write_text("report")
        (folder / "result.json").write_text(
            '{"affected_side": "none", "spasms": [], "measures": [],'
            ' "quality": {"observed_s": 1.0, "warnings": []}}'
        )
        actions.delete_recording(recording, by=doctor)
        return {"done": True}

    monkeypatch.setattr(measuring, "run_child", delete_meanwhile)
    recording = receive(grey(), question=question, by=ASKER)
    run_next()
    assert files_in(media) == []
    assert not Recording.objects.exists()


def test_a_job_that_is_no_longer_ours_stops_its_child(question, film, media, monkeypatch):
    with film.open("rb") as file:
        receive(File(file, name="me.mp4"), question=question, by=ASKER)
    job = jobs.claim(jobs.VIDEO)
    Job.objects.update(token="somebody else's")
    with pytest.raises(worker.StopJobError):
        measuring.measure_recording(job)
    assert sandboxes() == []
    assert [path.suffix for path in files_in(media)] == [".sealed"]
    assert list((media / "work").iterdir()) == []


def test_a_patient_finds_it_in_their_data_and_can_erase_it(patient, doctor, grey, media):
    recording = receive(grey(), patient=patient, task="smile", by=patient.user)
    assert recording.job.owner == f"patient:{patient.pk}"
    (row,) = everything_about(person_of(patient))["recordings"]
    assert row["filename"] == "grey.mp4"
    assert "smiling" in timeline_of(patient)[0].title
    receipt = {line.name: line for line in erase(person_of(patient), by=patient.user)}
    assert (receipt["recordings"].found, receipt["recordings"].left) == (1, 0)
    assert files_in(media) == []
    assert not Job.objects.filter(lane=jobs.VIDEO).exists()


def test_a_full_disk_takes_no_video(question, grey, media, monkeypatch):
    monkeypatch.setattr(checks, "MIN_FREE_BYTES", 10**18)
    with pytest.raises(RecordingRefusedError, match="must have room"):
        receive(grey(), question=question, by=ASKER)
    assert files_in(media) == []
    assert not Recording.objects.exists()


def test_what_a_crash_left_is_removed_and_what_is_young_or_owned_stays(question, grey, media):
    kept = receive(grey(), question=question, by=ASKER)
    strays = [video_path(uuid4()), report_path(uuid4()), media / f"{uuid4()}.sealed.ab12.part"]
    young = video_path(uuid4())
    for path in (*strays, young):
        path.write_bytes(b"sealed")
    for path in (*strays, video_path(kept.pk)):
        os.utime(path, (0, 0))
    assert actions.forget_strays() == 3
    assert set(files_in(media)) == {video_path(kept.pk), young}
    assert Event.objects.latest("seq").detail == {"n_removed": 3}
    assert actions.forget_strays() == 0


def test_a_new_key_covers_rows_and_files(question, settings, media):
    from clinic.test_recordings_views import recording_for_test
    from hemiface_clinic.vault.ring import write_ring
    from hemiface_clinic.vault.seal import ring

    recording, before = recording_for_test(question), ring()
    assert {field.name for model, field in sealed_columns() if model is Recording} == {
        "filename",
        "result",
        "take",
    }
    try:
        rotation.add_key()
        rotation.seal_everything_again()
        assert rotation.drop_unused_keys() == sorted(before.keys)
        assert b"".join(read_sealed(report_path(recording.pk)))
        assert Recording.objects.get().summary == recording.summary
    finally:
        write_ring(settings.KEYS_ROOT, before)
