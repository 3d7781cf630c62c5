"""What this app keeps about a patient, and what of it belongs on their line of time."""

from collections.abc import Iterator
from datetime import datetime, time

from django.urls import reverse
from django.utils import timezone

from hemiface_clinic.people.models import Patient
from hemiface_clinic.people.personal import Holding, declare
from hemiface_clinic.people.timeline import Entry, on_timeline
from hemiface_clinic.treatments.models import Record, Version
from hemiface_clinic.treatments.queries import (
    latest_versions,
    records_of_person,
    versions_of_person,
)
from hemiface_clinic.treatments.telling import title_of


def declare_holdings() -> None:
    """Declare the tables."""
    declare(
        Holding("treatments", Record, records_of_person),
        Holding("versions of treatments", Version, versions_of_person),
    )
    on_timeline(_entries)


def _entries(patient: Patient, by_patient: bool) -> Iterator[Entry]:  # noqa: FBT001
    for version in latest_versions(patient):
        if not version.is_error:
            at = timezone.make_aware(datetime.combine(version.on, time()))
            title = f"{version.kind.label}: {title_of(version)}"
            url = reverse("treatment", args=[version.record_id])
            yield Entry(at, "treatment", title, url, is_day=True)
