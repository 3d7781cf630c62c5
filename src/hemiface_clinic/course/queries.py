"""Who may see a course, and the state that a course is in."""

import hashlib
from typing import Any

from django.db.models import Count, Max, QuerySet
from django.utils import timezone

from hemiface_clinic.audit.actions import record
from hemiface_clinic.course.models import Reading
from hemiface_clinic.diary.queries import entries_of
from hemiface_clinic.people.models import Patient, User
from hemiface_clinic.people.queries import has_consented, patient_for, patients_for
from hemiface_clinic.recordings.queries import recordings_of_patient
from hemiface_clinic.scales.models import Graded
from hemiface_clinic.treatments.models import Version

RESEARCH = "research"


def read_course(user: User, pk: Any, *, what: str = "read", **detail: str) -> Patient:
    """Return a patient whose course a user may see, and note that they look at it."""
    patient = patient_for(user, pk)
    record(f"course.{what}", patient, by=user, patient=patient, **detail)
    return patient


def read_cohort(user: User) -> list[Patient]:
    """Return a user's patients who agree to research, and note that their numbers are taken."""
    agreeing = [one for one in patients_for(user) if has_consented(one, RESEARCH)]
    record("course.cohort", "patients", by=user, n=len(agreeing))
    return agreeing


def reading_of(patient: Patient) -> Reading | None:
    """Return what is kept of a patient's course, of whatever state."""
    return Reading.objects.select_related("job").filter(patient=patient).first()


def stamp_of(patient: Patient) -> str:
    """Return the name of the state that a course is in; another one after every change.

    It asks for numbers and times only, for to open ten years of a diary takes longer than a page
    may. The week is part of it: what is said of a course grows old by itself.
    """
    year, week, _ = timezone.localdate().isocalendar()
    parts = (
        (year, week),
        _state(entries_of(patient), "made_at", "changed_at"),
        _state(recordings_of_patient(patient), "made_at", "measured_at"),
        _state(Version.objects.filter(record__patient=patient), "at", "number"),
        _state(Graded.objects.filter(patient=patient, error_reason=None), "at"),
    )
    return hashlib.sha256(repr(parts).encode()).hexdigest()


def _state(rows: QuerySet[Any], *fields: str) -> tuple[Any, ...]:
    asked = {field: Max(field) for field in fields}
    found = rows.order_by().aggregate(n=Count("pk"), **asked)
    return tuple(found[name] for name in ("n", *fields))
