"""Who may read which grade."""

from typing import Any

from django.db.models import QuerySet
from django.shortcuts import get_object_or_404

from hemiface.records import Author, Grade
from hemiface.scales import Scale, read_scales
from hemiface_clinic.audit.actions import record as note
from hemiface_clinic.people.models import Patient, Role, User
from hemiface_clinic.people.personal import Person
from hemiface_clinic.people.queries import patients_for
from hemiface_clinic.scales.models import Graded


def author_of(user: User) -> Author:
    """Return as whom somebody grades."""
    return "patient" if user.role == Role.PATIENT else "clinician"


def scales_for(user: User) -> list[Scale]:
    """Return the scales that a user fills in."""
    return [one for one in read_scales() if author_of(user) in one.by]


def grades_of(patient: Patient) -> list[Graded]:
    """Return what holds, in order of the days it is about."""
    held = Graded.objects.filter(patient=patient, error_reason=None)
    return sorted(held, key=lambda one: (one.grade.on, one.at))


def read_grades(user: User, patient: Patient) -> list[Graded]:
    """Return a patient's grades, and note that somebody looked; what was taken back comes, too."""
    note("scales.read", patient, by=user, patient=patient)
    return list(Graded.objects.filter(patient=patient).select_related("author"))


def graded_for(user: User, pk: Any) -> Graded:
    """Return a grade that a user may take back: doctors any, patients their own."""
    found = Graded.objects.filter(error_reason=None, patient__in=patients_for(user).values("pk"))
    if user.role == Role.PATIENT:
        found = found.filter(author=user)
    return get_object_or_404(found, pk=pk)


def grades_of_person(person: Person) -> QuerySet[Graded]:
    """Return the grades of a person."""
    return Graded.objects.filter(patient__pk__in=person.patients)


def course_grades(patient: Patient) -> tuple[Grade, ...]:
    """Return the grades that hold, as the course reads them."""
    return tuple(one.grade for one in grades_of(patient))
