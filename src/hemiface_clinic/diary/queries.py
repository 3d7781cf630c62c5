"""Who may see which entry of whose diary."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from django.db.models import Q, QuerySet
from django.shortcuts import get_object_or_404

from hemiface.records import Entry
from hemiface_clinic.audit.actions import record
from hemiface_clinic.diary.models import DiaryEntry
from hemiface_clinic.people.models import Patient, User
from hemiface_clinic.people.personal import Person
from hemiface_clinic.people.queries import has_consented, patient_for

PURPOSE = "care"
PAGE = 20
_LOOKED_AT_FOR_NAMES, _NAMES = 200, 12


@dataclass(frozen=True)
class Page:
    """Some entries, the newest first, and whether there are earlier ones."""

    rows: tuple[DiaryEntry, ...]
    has_more: bool


def own_patient(user: User) -> Patient:
    """Return the patient a user is: whose diary they write."""
    return get_object_or_404(Patient, user=user)


def may_write(patient: Patient) -> bool:
    """Whether a patient agrees that the clinic keeps what they write."""
    return has_consented(patient, PURPOSE)


def own_entry(user: User, pk: Any) -> DiaryEntry:
    """Return one entry of a user's own diary; otherwise the same answer as if there were none."""
    return get_object_or_404(DiaryEntry, patient__user=user, pk=pk)


def entry_if_any(entries: QuerySet[DiaryEntry], text: str) -> DiaryEntry | None:
    """Return one of some entries by its key as an address carries it."""
    try:
        return entries.filter(pk=UUID(text)).first()
    except ValueError:
        return None


def read_diary(user: User, patient: Patient) -> QuerySet[DiaryEntry]:
    """Return a patient's entries, and note that somebody looks."""
    record("diary.read", patient, by=user, patient=patient)
    return entries_of(patient)


def take_diary(user: User, pk: Any, form: str) -> tuple[Patient, QuerySet[DiaryEntry]]:
    """Return the entries of a patient whom a user may see, and note that they take them along."""
    patient = patient_for(user, pk)
    record("diary.export", patient, by=user, patient=patient, form=form)
    return patient, entries_of(patient)


def entries_of(patient: Patient) -> QuerySet[DiaryEntry]:
    """Return a patient's entries, the newest first."""
    return DiaryEntry.objects.filter(patient=patient)


def in_order(entries: QuerySet[DiaryEntry]) -> Iterator[Entry]:
    """Yield what some entries say, in order of time; for many: only what that takes is read."""
    rows = entries.order_by("at", "id").only("at", "offset_min", "contents")
    return (row.entry for row in rows)


def page_before(entries: QuerySet[DiaryEntry], before: DiaryEntry | None) -> Page:
    """Return the entries that come next after one of them, or the newest."""
    if before is not None:
        same_time = Q(at=before.at, pk__lt=before.pk)
        entries = entries.filter(Q(at__lt=before.at) | same_time)
    rows = tuple(entries[: PAGE + 1])
    return Page(rows[:PAGE], len(rows) > PAGE)


def entries_between(entries: QuerySet[DiaryEntry], first: date, last: date) -> Sequence[DiaryEntry]:
    """Return the entries of some days, both ends included, the earliest first."""
    return list(entries.filter(on__range=(first, last)).order_by("at", "id"))


def medicines_used(patient: Patient) -> list[str]:
    """Return the names of medicines a patient has written lately, the latest first."""
    lately = entries_of(patient)[:_LOOKED_AT_FOR_NAMES]
    names = dict.fromkeys(name for row in lately for name in row.contents.get("medicines", ()))
    return list(names)[:_NAMES]


def diary_of_person(person: Person) -> QuerySet[DiaryEntry]:
    """Return the entries of a person's records."""
    return DiaryEntry.objects.filter(patient__pk__in=person.patients)
