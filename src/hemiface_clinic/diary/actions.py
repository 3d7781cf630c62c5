"""What changes a diary: each in one transaction, with one event in the audit."""

from uuid import UUID

from django.db import transaction
from django.utils import timezone

from hemiface.records import Entry
from hemiface_clinic.audit.actions import record
from hemiface_clinic.diary.models import DiaryEntry
from hemiface_clinic.diary.queries import PURPOSE
from hemiface_clinic.people.actions import give_consent
from hemiface_clinic.people.models import Patient, User
from hemiface_clinic.people.purposes import PURPOSES, Purpose

KEEPING: Purpose = next(purpose for purpose in PURPOSES if purpose.name == PURPOSE)


def begin(patient: Patient, *, by: User) -> None:
    """Note that a patient agrees that their diary is kept."""
    give_consent(patient, KEEPING, by=by)


@transaction.atomic
def write(patient: Patient, entry: Entry, sent_as: UUID, *, by: User) -> DiaryEntry:
    """Keep an entry; what was sent before under the same key is returned as it is."""
    made = DiaryEntry(patient=patient, sent_as=sent_as)
    made.hold(entry)
    held = {name: getattr(made, name) for name in ("at", "offset_min", "on", "contents")}
    row, is_new = DiaryEntry.objects.get_or_create(patient=patient, sent_as=sent_as, defaults=held)
    if is_new:
        record("diary.write", row, by=by, patient=patient)
    return row


@transaction.atomic
def change(row: DiaryEntry, entry: Entry, *, by: User) -> None:
    """Let an entry say something else."""
    row.hold(entry)
    row.changed_at = timezone.now()
    row.save()
    record("diary.change", row, by=by, patient=row.patient_id)


@transaction.atomic
def delete(row: DiaryEntry, *, by: User) -> None:
    """Delete an entry."""
    record("diary.delete", row, by=by, patient=row.patient_id)
    row.delete()
