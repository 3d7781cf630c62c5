"""Who may read what was answered."""

from django.db.models import QuerySet

from hemiface.diagnosis import Answers
from hemiface_clinic.audit.actions import record as note
from hemiface_clinic.findings.models import Filled, Reporter
from hemiface_clinic.people.models import Patient, Role, User
from hemiface_clinic.people.personal import Person


def reporter_of(user: User) -> Reporter:
    """Return as whom somebody answers."""
    return Reporter.PATIENT if user.role == Role.PATIENT else Reporter.CLINICIAN


def latest_of(patient: Patient, name: str, reporter: str) -> Filled | None:
    """Return what holds of one questionnaire, of one author."""
    return Filled.objects.filter(patient=patient, name=name, reporter=reporter).last()


def latest_answers(patient: Patient) -> tuple[Answers, ...]:
    """Return what holds, of every questionnaire and author."""
    held: dict[tuple[str, str], Filled] = {}
    for filled in Filled.objects.filter(patient=patient):
        held[filled.name, filled.reporter] = filled
    return tuple(filled.answers for filled in held.values())


def read_answers(user: User, patient: Patient, what: str) -> tuple[Answers, ...]:
    """Return what holds, and note that somebody looked."""
    note(f"{what}.read", patient, by=user, patient=patient)
    return latest_answers(patient)


def filled_of_person(person: Person) -> QuerySet[Filled]:
    """Return what was answered about a person."""
    return Filled.objects.filter(patient__pk__in=person.patients)
