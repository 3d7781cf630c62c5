"""What changes recordings: each in one transaction, with one event in the audit."""

import hashlib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from django.core.files import File
from django.db import transaction
from django.utils import timezone

from hemiface_clinic.audit.actions import SYSTEM, record
from hemiface_clinic.jobs.actions import VIDEO, enqueue, renew
from hemiface_clinic.jobs.models import Job
from hemiface_clinic.people.models import Patient, User
from hemiface_clinic.questions.models import Question
from hemiface_clinic.recordings.checks import (
    RecordingRefusedError,
    check_room,
    check_size,
    probe_video,
)
from hemiface_clinic.recordings.files import (
    read_chunks,
    remove_files,
    remove_strays,
    video_path,
    write_sealed,
)
from hemiface_clinic.recordings.models import Recording, Task
from hemiface_clinic.recordings.runner import workspace

__all__ = [
    "RecordingRefusedError",
    "delete_recording",
    "forget_strays",
    "keep_refusal",
    "keep_result",
    "receive",
]

_NAME_CHARACTERS = 120
_STRAY_S = 3600.0


def receive(
    upload: "File[Any]",
    *,
    question: Question | None = None,
    patient: Patient | None = None,
    task: str = Task.REST,
    by: User | str,
) -> Recording:
    """Take a video: look at it, seal it, and put it into the queue to be measured.

    Parameters
    ----------
    upload : django.core.files.File
        What was sent, of any name.
    question, patient : optional
        Whom it belongs to; one of them at least.
    task : str, optional
        What the person was asked to do, one of `Task`.
    by : User or str
        Who sends it.

    Raises
    ------
    RecordingRefusedError
        If it is empty, too big or not a video. Nothing is left of it then.
    """
    recording = Recording(question=question, patient=patient, task=Task(task))
    recording.filename = _tidy(upload.name or "")
    with workspace() as folder:
        check_room(folder)
        plain = folder / "upload"
        recording.size, recording.sha256 = _copy(upload, plain)
        recording.media_type = probe_video(plain, folder)["media_type"]
        try:
            write_sealed(video_path(recording.pk), read_chunks(plain))
            _add(recording, by)
        except BaseException:
            remove_files(recording.pk)
            raise
    return recording


@transaction.atomic
def delete_recording(recording: Recording, *, by: User) -> None:
    """Delete a recording, with its files and what was measured."""
    record("recording.delete", recording, by=by, patient=recording.about)
    recording.delete()


def keep_result(recording: Recording, document: Mapping[str, Any]) -> None:
    """Keep what was measured, in the transaction that finishes the job."""
    recording.result = dict(document)
    recording.version = document["software"]["version"][:20]
    recording.measured_at = timezone.now()
    recording.save(update_fields=["result", "version", "measured_at"])
    record("recording.measure", recording, by=SYSTEM, patient=recording.about)


@transaction.atomic
def keep_refusal(recording: Recording, code: str, job: Job) -> None:
    """Keep why a recording cannot be measured, if the job is still ours."""
    if renew(job):
        recording.refusal = code
        recording.save(update_fields=["refusal"])
        record("recording.refuse", recording, by=SYSTEM, patient=recording.about, code=code)


@transaction.atomic
def forget_strays() -> int:
    """Remove files that no recording owns, as a crash leaves them; return how many."""
    known = {str(pk) for pk in Recording.objects.values_list("pk", flat=True)}
    n_removed = remove_strays(known, older_than_s=_STRAY_S)
    if n_removed:
        record("recording.forget-strays", "recordings", by=SYSTEM, n_removed=n_removed)
    return n_removed


# Durable: an outer transaction could still take back the row and leave the file.
@transaction.atomic(durable=True)
def _add(recording: Recording, by: User | str) -> None:
    patient, question = recording.patient_id, recording.question_id
    owner = f"patient:{patient}" if patient else f"question:{question}"
    payload = {"recording": str(recording.pk)}
    recording.job = enqueue("measure", payload, lane=VIDEO, owner=owner)
    recording.save(force_insert=True)
    record("recording.receive", recording, by=by, patient=recording.about, size=recording.size)


def _copy(upload: "File[Any]", to: Path) -> tuple[int, str]:
    """Copy an upload to a plain file; return its size in bytes and its SHA-256."""
    check_size(upload.size)
    digest, size = hashlib.sha256(), 0
    with to.open("xb") as file:
        for chunk in upload.chunks():
            digest.update(chunk)
            size += file.write(chunk)
            check_size(size)
    return size, digest.hexdigest()


def _tidy(name: str) -> str:
    """Return a file's name for showing it: nothing in it turns or breaks the line."""
    return "".join(letter for letter in Path(name).name if letter.isprintable())[:_NAME_CHARACTERS]
