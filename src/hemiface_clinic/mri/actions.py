"""What changes studies and reports: each in one transaction, with one event in the audit."""

from collections.abc import Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import Any

from django.core.files import File
from django.db import IntegrityError, transaction
from django.utils import timezone

from hemiface_clinic.audit.actions import SYSTEM, record
from hemiface_clinic.jobs.actions import VIDEO, enqueue, renew
from hemiface_clinic.jobs.models import Job
from hemiface_clinic.mri.checks import StudyRefusedError, check_size, read_in_child
from hemiface_clinic.mri.files import PICTURES, remove_files, remove_strays, sealed_path
from hemiface_clinic.mri.models import Report, Study
from hemiface_clinic.people.models import Patient, User
from hemiface_clinic.recordings.runner import workspace
from hemiface_clinic.vault.files import read_chunks, write_sealed

KIND = "mri"
_STRAY_S = 3600.0

Clicks = dict[str, dict[str, list[float]]]


class ChangedMeanwhileError(Exception):
    """Somebody else wrote the next version first."""


def receive(uploads: Sequence["File[Any]"], patient: Patient, on: date, *, by: User) -> Study:
    """Take the pictures of an MRI: read them in a child, and seal those that are used.

    Parameters
    ----------
    uploads : sequence of django.core.files.File
        The T2, or everything; and the TOF, where it is a file of its own.
    patient : Patient
    on : datetime.date
        Day of the MRI, which is not read from the files.

    Raises
    ------
    StudyRefusedError
        If they cannot be taken. Nothing is left of them then.
    """
    study = Study(patient=patient, author=by, day=on.isoformat())
    with workspace() as folder:
        study.size = _copy_all(uploads, folder / "uploads")
        study.contents = read_in_child(folder / "uploads", folder)
        try:
            for name in PICTURES:
                if (folder / name).exists():
                    write_sealed(sealed_path(study.pk, name), read_chunks(folder / name))
            _add(study, by)
        except BaseException:
            remove_files(study.pk)
            raise
    return study


@transaction.atomic
def keep_points(study: Study, clicks: Clicks, *, by: User) -> None:
    """Keep where a doctor sees the nerves."""
    if study.clicks == clicks:
        return
    study.clicks = clicks
    study.save(update_fields=["clicks"])
    record("mri.points", study, by=by, patient=study.patient_id, sides=sorted(clicks))


@transaction.atomic
def ask_to_measure(study: Study, *, by: User) -> None:
    """Put a study into the queue; one that waits there already is not put in twice."""
    if not study.clicks or not study.is_settled:
        return
    if study.job_id:
        Job.objects.filter(pk=study.job_id).delete()
    payload = {"study": str(study.pk)}
    study.job = enqueue(KIND, payload, lane=VIDEO, owner=f"patient:{study.patient_id}")
    study.refusal = None
    study.save(update_fields=["job", "refusal"])
    record("mri.ask", study, by=by, patient=study.patient_id)


def keep_result(study: Study, document: Mapping[str, Any]) -> None:
    """Keep what was measured, in the transaction that finishes the job."""
    study.result, study.measured_at = dict(document), timezone.now()
    study.save(update_fields=["result", "measured_at"])
    record("mri.measure", study, by=SYSTEM, patient=study.patient_id)


@transaction.atomic
def keep_refusal(study: Study, code: str, job: Job) -> None:
    """Keep why a study cannot be measured, if the job is still ours."""
    if renew(job):
        study.refusal = code
        study.save(update_fields=["refusal"])
        record("mri.refuse", study, by=SYSTEM, patient=study.patient_id)


@transaction.atomic
def write_report(
    study: Study, number: int, contents: Mapping[str, Any], *, sign: bool, by: User
) -> Report:
    """Write the version after version `number`; a draft, or signed with one's name for good.

    Raises
    ------
    ChangedMeanwhileError
        If there is a later one.
    """
    report = Report(
        study=study, number=number + 1, contents=dict(contents), author=by,
        signature=by.name if sign else None,
    )  # fmt: skip
    last = study.reports.last()
    if (last.number if last else 0) != number:
        raise ChangedMeanwhileError
    try:
        with transaction.atomic():
            report.save(force_insert=True)
    except IntegrityError as problem:
        raise ChangedMeanwhileError from problem
    action = "mri.report-sign" if sign else "mri.report-draft"
    record(action, report, by=by, patient=study.patient_id, version=report.number)
    return report


@transaction.atomic
def delete_study(study: Study, *, by: User) -> None:
    """Delete a study, with its pictures, what was measured, and its reports."""
    record("mri.delete", study, by=by, patient=study.patient_id)
    study.delete()


@transaction.atomic
def forget_strays() -> int:
    """Remove files that no study owns, as a crash leaves them; return how many."""
    known = {str(pk) for pk in Study.objects.values_list("pk", flat=True)}
    n_removed = remove_strays(known, older_than_s=_STRAY_S)
    if n_removed:
        record("mri.forget-strays", "studies", by=SYSTEM, n_removed=n_removed)
    return n_removed


# Durable: an outer transaction could still take back the row and leave the files.
@transaction.atomic(durable=True)
def _add(study: Study, by: User) -> None:
    study.save(force_insert=True)
    record("mri.receive", study, by=by, patient=study.patient_id, size=study.size)


def _copy_all(uploads: Sequence["File[Any]"], to: Path) -> int:
    """Copy what was sent to plain files that we name; return the size in bytes."""
    if not uploads:
        raise StudyRefusedError("nothing")
    to.mkdir(mode=0o700)
    total = 0
    for n, upload in enumerate(uploads):
        check_size(upload.size)
        with (to / f"{n}").open("xb") as file:
            for chunk in upload.chunks():
                total += file.write(chunk)
                check_size(total)
    return total
