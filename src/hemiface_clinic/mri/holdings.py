"""What this app keeps about a patient, on their line of time too, and how it goes."""

from collections.abc import Iterator
from datetime import datetime, time
from functools import partial

from django.db import transaction
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from hemiface_clinic.jobs.models import Job
from hemiface_clinic.mri.files import files_of, remove_files
from hemiface_clinic.mri.models import Report, Study
from hemiface_clinic.mri.queries import (
    reports_of_person,
    signed_of,
    studies_of_patient,
    studies_of_person,
)
from hemiface_clinic.people.models import Patient
from hemiface_clinic.people.personal import Holding, Person, declare
from hemiface_clinic.people.timeline import Entry, on_timeline
from hemiface_clinic.vault.files import read_sealed


def declare_holdings() -> None:
    """Declare the tables."""
    declare(
        Holding("MRI", Study, studies_of_person, files=_pictures),
        Holding("reports on the MRI", Report, reports_of_person),
    )
    on_timeline(_entries)


def forget(instance: Study, **_signal: object) -> None:
    """Let the files of a deleted study go, once it is gone for good; its job goes with it."""
    if instance.job_id:
        Job.objects.filter(pk=instance.job_id).delete()
    transaction.on_commit(partial(remove_files, instance.pk))


def _pictures(person: Person) -> Iterator[tuple[str, Iterator[bytes]]]:
    for study in studies_of_person(person):
        for name, path in files_of(study.pk):
            yield f"mri/{study.pk}/{name}", read_sealed(path)


def _entries(patient: Patient, by_patient: bool) -> Iterator[Entry]:  # noqa: FBT001
    for study in studies_of_patient(patient):
        at = timezone.make_aware(datetime.combine(study.on, time()))
        report = signed_of(study)
        if report is not None:
            url = reverse("mri-report-read", args=[study.pk])
            yield Entry(at, "mri", _("MRI: the doctor's report"), url, is_day=True)
        elif not by_patient:
            title = _("MRI: %(state)s") % {"state": study.state.label.lower()}
            yield Entry(at, "mri", title, reverse("mri-study", args=[study.pk]), is_day=True)
