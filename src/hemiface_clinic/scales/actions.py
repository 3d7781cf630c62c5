"""What changes grades."""

from django.db import transaction

from hemiface.records import Grade
from hemiface_clinic.audit.actions import record as note
from hemiface_clinic.people.models import Patient, User
from hemiface_clinic.scales.models import Graded, as_contents


@transaction.atomic
def add(patient: Patient, grade: Grade, *, by: User) -> Graded:
    """Keep a grade."""
    graded = Graded.objects.create(patient=patient, contents=as_contents(grade), author=by)
    note("scales.grade", graded, by=by, patient=patient)
    return graded


@transaction.atomic
def take_back(graded: Graded, reason: str, *, by: User) -> None:
    """Mark a grade as given in error; it stays."""
    graded.error_reason = reason
    graded.save(update_fields=["error_reason"])
    note("scales.entered-in-error", graded, by=by, patient=graded.patient_id)
