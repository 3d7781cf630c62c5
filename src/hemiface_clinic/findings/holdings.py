"""What this app keeps about a patient, and what of it belongs on their line of time."""

from collections.abc import Iterator

from django.urls import reverse

from hemiface_clinic.findings.calls import calls_of_person, waiting
from hemiface_clinic.findings.models import Call, Filled, Name, Reporter
from hemiface_clinic.findings.queries import filled_of_person, latest_of
from hemiface_clinic.people.models import Patient
from hemiface_clinic.people.personal import Holding, declare
from hemiface_clinic.people.timeline import Entry, on_timeline
from hemiface_clinic.people.waiting import on_inbox


def declare_holdings() -> None:
    """Declare the tables."""
    declare(
        Holding("history and examination", Filled, filled_of_person),
        Holding("calls for the doctor", Call, calls_of_person),
    )
    on_timeline(_entries)
    on_inbox(waiting)


def _entries(patient: Patient, by_patient: bool) -> Iterator[Entry]:  # noqa: FBT001
    for name in Name:
        for reporter in Reporter:
            held = latest_of(patient, name, reporter)
            if held is not None and not (by_patient and reporter == Reporter.CLINICIAN):
                title = f"{name.label} ({reporter.label})"
                yield Entry(held.at, "findings", title, reverse(name.value, args=[patient.pk]))
