"""What this app keeps about a patient, and how it goes."""

from django.db.models import QuerySet

from hemiface_clinic.course.models import Reading
from hemiface_clinic.jobs.models import Job
from hemiface_clinic.people.personal import Holding, Person, declare


def declare_holdings() -> None:
    """Declare the table."""
    declare(Holding("course", Reading, _of_person))


def forget(instance: Reading, **_signal: object) -> None:
    """Let the job of a deleted reading go with it."""
    if instance.job_id:
        Job.objects.filter(pk=instance.job_id).delete()


def _of_person(person: Person) -> QuerySet[Reading]:
    return Reading.objects.filter(patient__pk__in=person.patients)
