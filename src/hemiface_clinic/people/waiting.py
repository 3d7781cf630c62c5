"""What of a patient waits for those who care for them, beside the questions in their inbox."""

from collections.abc import Callable, Iterator

from django.db.models import QuerySet

from hemiface_clinic.people.models import Patient
from hemiface_clinic.people.timeline import Entry

Source = Callable[[QuerySet[Patient]], Iterator[Entry]]
_SOURCES: list[Source] = []


def on_inbox(source: Source) -> None:
    """Let an app put what cannot wait above the inbox."""
    _SOURCES.append(source)


def waiting_of(patients: QuerySet[Patient]) -> list[Entry]:
    """Return what waits of patients, the oldest first."""
    found = (entry for source in _SOURCES for entry in source(patients))
    return sorted(found, key=lambda entry: entry.at)
