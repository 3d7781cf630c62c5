"""Who may see and change which treatment."""

from typing import Any

from django.db.models import QuerySet
from django.shortcuts import get_object_or_404

from hemiface_clinic.audit.actions import record as note
from hemiface_clinic.people.models import Patient, User
from hemiface_clinic.people.personal import Person
from hemiface_clinic.people.queries import patients_for
from hemiface_clinic.treatments.kinds import Kind, Reporter
from hemiface_clinic.treatments.models import Record, Version


def records_for(user: User) -> QuerySet[Record]:
    """Return the records of the patients a user may see."""
    return Record.objects.filter(patient__in=patients_for(user).values("pk")).select_related(
        "patient"
    )


def record_for(user: User, pk: Any) -> Record:
    """Return one record a user may see; otherwise the same answer as if there were none."""
    return get_object_or_404(records_for(user), pk=pk)


def read_record(user: User, pk: Any) -> Record:
    """Return one record a user may see, and note that they looked."""
    record = record_for(user, pk)
    note("treatment.read", record, by=user, patient=record.patient_id)
    return record


def may_change(user: User, record: Record) -> bool:
    """Whether a user may write the next version.

    Doctors and nurses may; a patient may where they reported the side effect themselves.
    """
    if user.is_clinical:
        return True
    first = record.versions.order_by("number").first()
    is_own = first is not None and first.reporter == Reporter.PATIENT
    return is_own and record.kind == Kind.SIDE_EFFECT


def versions_of(record: Record) -> list[Version]:
    """Return the versions of a record, the first one first."""
    return list(record.versions.select_related("author", "record"))


def latest_of(record: Record) -> Version:
    """Return the version that holds."""
    return record.versions.select_related("record").order_by("-number")[0]


def latest_versions(patient: Patient) -> list[Version]:
    """Return what holds about a patient's treatment, taken back or not, the newest day first."""
    versions = Version.objects.filter(record__patient=patient).select_related("record")
    latest = {version.record_id: version for version in versions.order_by("number")}
    return sorted(latest.values(), key=lambda version: (version.on, version.at), reverse=True)


def cause_of(version: Version) -> Version | None:
    """Return the treatment a side effect came after, as it holds; None where it is not known."""
    key, patient = version.contents.get("after"), version.record.patient_id
    record = Record.objects.filter(pk=key, patient=patient).first() if key else None
    return latest_of(record) if record else None


def effects_after(record: Record) -> list[Version]:
    """Return the side effects put down to a treatment, the first one first."""
    return [
        one
        for one in reversed(latest_versions(record.patient))
        if one.contents.get("after") == str(record.pk) and not one.is_error
    ]


def read_latest_versions(user: User, patient: Patient) -> list[Version]:
    """Return what holds about a patient's treatment, and note that somebody looked."""
    note("treatments.read", patient, by=user, patient=patient)
    return latest_versions(patient)


def records_of_person(person: Person) -> QuerySet[Record]:
    """Return the records of a person."""
    return Record.objects.filter(patient__pk__in=person.patients)


def versions_of_person(person: Person) -> QuerySet[Version]:
    """Return the versions of the records of a person."""
    return Version.objects.filter(record__patient__pk__in=person.patients)
