"""What this app keeps about a patient, and what of it belongs on their line of time."""

from collections.abc import Iterator
from datetime import datetime, time

from django.urls import reverse
from django.utils import timezone

from hemiface.scales import scale
from hemiface_clinic.people.models import Patient
from hemiface_clinic.people.personal import Holding, declare
from hemiface_clinic.people.timeline import Entry, on_timeline
from hemiface_clinic.scales.models import Graded
from hemiface_clinic.scales.queries import grades_of, grades_of_person


def declare_holdings() -> None:
    """Declare the table."""
    declare(Holding("grades on scales", Graded, grades_of_person))
    on_timeline(_entries)


def _entries(patient: Patient, by_patient: bool) -> Iterator[Entry]:  # noqa: FBT001
    for held in grades_of(patient):
        one = held.grade
        if not by_patient or one.by == "patient":
            at = timezone.make_aware(datetime.combine(one.on, time()))
            title = f"{scale(one.scale, one.version).name}: {one.value:g}"
            yield Entry(at, "grade", title, reverse("scales", args=[patient.pk]), is_day=True)
