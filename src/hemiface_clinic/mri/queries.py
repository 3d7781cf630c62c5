"""Who may see which study, and which report."""

from typing import Any

from django.db.models import QuerySet
from django.http import Http404
from django.shortcuts import get_object_or_404

from hemiface_clinic.audit.actions import record
from hemiface_clinic.jobs.models import Job
from hemiface_clinic.mri.models import Report, Study
from hemiface_clinic.people.models import Patient, User
from hemiface_clinic.people.personal import Person
from hemiface_clinic.people.queries import patient_for, patients_for


def studies_for(user: User) -> QuerySet[Study]:
    """Return the studies of the patients a user may see."""
    return _whole().filter(patient__in=patients_for(user).values("pk"))


def study_for(user: User, pk: Any) -> Study:
    """Return one study a user may see; otherwise the same answer as if there were none."""
    return get_object_or_404(studies_for(user), pk=pk)


def read_study(user: User, pk: Any, *, what: str, **detail: str) -> Study:
    """Return one study a user may see, and note what of it they looked at."""
    study = study_for(user, pk)
    record(f"mri.{what}", study, by=user, patient=study.patient_id, **detail)
    return study


def read_studies(user: User, pk: Any) -> tuple[Patient, list[Study]]:
    """Return a patient a user may see with their studies, and note that somebody looked."""
    patient = patient_for(user, pk)
    record("mri.list", patient, by=user, patient=patient)
    return patient, list(studies_of_patient(patient))


def read_signed(user: User, pk: Any) -> Report:
    """Return the report that holds on a study a user may see, and note that they looked."""
    study = study_for(user, pk)
    report = signed_of(study)
    if report is None:
        raise Http404
    record("mri.report-read", report, by=user, patient=study.patient_id)
    return report


def studies_of_patient(patient: Patient) -> QuerySet[Study]:
    """Return the studies of a patient, the newest first."""
    return _whole().filter(patient=patient)


def signed_of(study: Study) -> Report | None:
    """Return the report that holds: the last one that was signed."""
    return study.reports.exclude(signature=None).last()


def latest_of(study: Study) -> Report | None:
    """Return the last version of the report, signed or not."""
    return study.reports.last()


def versions_of(study: Study) -> list[Report]:
    """Return all versions of the report, the newest first."""
    return list(study.reports.select_related("author").order_by("-number"))


def signed_of_patient(patient: Patient) -> list[Report]:
    """Return the report that holds on each study of a patient; of both only what a list needs."""
    signed = Report.objects.filter(study__patient=patient).exclude(signature=None)
    needed = signed.select_related("study").only("number", "study__day")
    return list({one.study_id: one for one in needed.order_by("number")}.values())


def study_of(job: Job) -> Study | None:
    """Return the study a job measures; None if it was deleted."""
    return _whole().filter(job=job).first()


def studies_of_person(person: Person) -> QuerySet[Study]:
    """Return the studies of a person."""
    return _whole().filter(patient__pk__in=person.patients)


def reports_of_person(person: Person) -> QuerySet[Report]:
    """Return the reports on the studies of a person."""
    return Report.objects.filter(study__patient__pk__in=person.patients)


def _whole() -> QuerySet[Study]:
    return Study.objects.select_related("job", "patient", "author")
