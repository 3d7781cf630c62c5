"""What changes recordings: each in one transaction, with one event in the audit."""

import hashlib
from collections.abc import Mapping, Sequence
from datetime import timedelta
from functools import partial
from pathlib import Path
from typing import Any

from django.core.files import File
from django.db import IntegrityError, transaction
from django.utils import timezone

from hemiface_clinic.audit.actions import SYSTEM, record
from hemiface_clinic.card import shown_card
from hemiface_clinic.jobs.actions import VIDEO, cancel, enqueue, renew
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
    remove_files,
    remove_pictures,
    remove_strays,
    video_path,
)
from hemiface_clinic.recordings.models import Recording, Review, Task
from hemiface_clinic.recordings.runner import workspace
from hemiface_clinic.recordings.takes import tidy
from hemiface_clinic.uploads.models import Upload
from hemiface_clinic.vault.files import read_chunks, write_sealed

__all__ = [
    "RecordingRefusedError",
    "delete_recording",
    "forget_strays",
    "keep_refusal",
    "keep_result",
    "measure_anew",
    "receive",
    "stop_measuring",
]

_STRAY_S = 3600.0


class ChangedMeanwhileError(Exception):
    """Somebody else wrote the next version first."""


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
    recording.filename = tidy(upload.name or "")
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


def take_over(upload: Upload) -> None:
    """Make a recording of an upload that is whole, in the transaction that made it so."""
    take = upload.take
    recording = Recording(
        pk=upload.pk, patient=upload.patient, kind=take["kind"], take=take,
        task=Task.GUIDED if take["tasks"] else Task.REST, filename=take["filename"],
        size=upload.length,
    )  # fmt: skip
    _enter(recording, upload.user)


@transaction.atomic
def keep_file(recording: Recording, upload: Upload) -> None:
    """Keep what the file of an upload is, now that the recording has it; the upload goes."""
    recording.save(update_fields=["size", "sha256", "media_type"])
    upload.delete()


@transaction.atomic
def write_review(
    recording: Recording,
    number: int,
    marks: Sequence[Mapping[str, Any]],
    result: Mapping[str, Any],
    *,
    by: User,
) -> Review:
    """Write the review after review `number`.

    Raises
    ------
    ChangedMeanwhileError
        If somebody wrote a later one.
    """  # fmt: skip
    last = recording.reviews.last()
    if (last.number if last else 0) != number:
        raise ChangedMeanwhileError
    review = Review(
        recording=recording, number=number + 1, marks=list(marks), result=dict(result), author=by
    )
    try:
        with transaction.atomic():
            review.save(force_insert=True)
    except IntegrityError as problem:
        raise ChangedMeanwhileError from problem
    record("recording.review", review, by=by, patient=recording.about, n_spasms=len(marks))
    return review


@transaction.atomic
def stop_measuring(recording: Recording, *, by: User) -> None:
    """Stop measuring a recording, or let it not begin; the file stays."""
    if recording.job is not None and cancel(recording.job):
        record("recording.stop", recording, by=by, patient=recording.about)


@transaction.atomic
def measure_anew(recording: Recording, *, by: User) -> None:
    """Put a recording into the queue again that was stopped or could not be measured."""
    recording = Recording.objects.select_for_update().get(pk=recording.pk)
    if not recording.can_be_retried:
        return
    if recording.job is not None:
        recording.job.delete()
    recording.refusal = ""
    _queue(recording)
    recording.save(update_fields=["job", "refusal"])
    record("recording.retry", recording, by=by, patient=recording.about)


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
        Upload.objects.filter(pk=recording.pk).delete()
        record("recording.refuse", recording, by=SYSTEM, patient=recording.about, code=code)


def forget_old_pictures() -> int:
    """Delete what the clinic's rule says is kept no longer; return of how many recordings.

    The rule is `keep_videos_days` of the clinic's card. What was measured stays.
    """
    days = shown_card().keep_videos_days
    if days is None:
        return 0
    before = timezone.now() - timedelta(days=days)
    sent = Recording.objects.select_related("job").filter(made_at__lt=before)
    old = list(sent.filter(pictures_deleted_at=None))
    for recording in old:
        _forget_pictures(recording)
    return len(old)


@transaction.atomic
def _forget_pictures(recording: Recording) -> None:
    if recording.job is not None:
        cancel(recording.job)
    recording.pictures_deleted_at = timezone.now()
    recording.save(update_fields=["pictures_deleted_at"])
    record("recording.forget-pictures", recording, by=SYSTEM, patient=recording.about)
    transaction.on_commit(partial(remove_pictures, recording.pk))


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
    _enter(recording, by)


def _enter(recording: Recording, by: User | str) -> None:
    _queue(recording)
    recording.save(force_insert=True)
    record("recording.receive", recording, by=by, patient=recording.about, size=recording.size)


def _queue(recording: Recording) -> None:
    patient, question = recording.patient_id, recording.question_id
    owner = f"patient:{patient}" if patient else f"question:{question}"
    payload = {"recording": str(recording.pk)}
    recording.job = enqueue("measure", payload, lane=VIDEO, owner=owner)


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
