"""What this app keeps about a patient, and how it lies on their line of time: week by week."""

from collections.abc import Iterator
from datetime import date, datetime, timedelta

from django.urls import reverse
from django.utils.translation import ngettext

from hemiface_clinic.diary.models import DiaryEntry
from hemiface_clinic.diary.queries import diary_of_person, entries_of
from hemiface_clinic.people.models import Patient
from hemiface_clinic.people.personal import Holding, declare
from hemiface_clinic.people.timeline import Entry, on_timeline


def declare_holdings() -> None:
    """Declare the table."""
    declare(Holding("diary", DiaryEntry, diary_of_person))
    on_timeline(_weeks)


def _weeks(patient: Patient, by_patient: bool) -> Iterator[Entry]:  # noqa: FBT001
    diary = reverse("diary") if by_patient else reverse("patient-diary", args=[patient.pk])
    weeks: dict[date, list[datetime]] = {}
    for on, at in entries_of(patient).values_list("on", "at"):
        weeks.setdefault(on - timedelta(days=on.weekday()), []).append(at)
    for monday, times in weeks.items():
        title = ngettext(
            "Diary: %(n)d entry this week", "Diary: %(n)d entries this week", len(times)
        ) % {"n": len(times)}
        yield Entry(times[0], "diary", title, f"{diary}?month={monday:%Y-%m}")
