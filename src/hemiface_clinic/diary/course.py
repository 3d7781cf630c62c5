"""A diary as the library takes it."""

from hemiface.records import Entry
from hemiface_clinic.diary.queries import entries_of, in_order
from hemiface_clinic.people.models import Patient


def course_entries(patient: Patient) -> tuple[Entry, ...]:
    """Return a patient's diary in order of time, for `hemiface.records.Course.diary`."""
    return tuple(in_order(entries_of(patient)))
