"""Everything about a patient on one line of time."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime

from hemiface_clinic.people.models import Patient


@dataclass(frozen=True)
class Entry:
    """One thing that happened: when, what kind, in words, and where it leads.

    `is_day` says that no time of day is known.
    """

    at: datetime
    kind: str
    title: str
    url: str = ""
    is_day: bool = False


Source = Callable[[Patient, bool], Iterator[Entry]]
"""Yields the entries of a patient; the flag says whether the patient themselves reads them."""
_SOURCES: list[Source] = []


def on_timeline(source: Source) -> Source:
    """Let an app add its entries to every patient's line of time."""
    _SOURCES.append(source)
    return source


def timeline_of(patient: Patient, *, by_patient: bool = False) -> list[Entry]:
    """Return the entries of a patient, the newest first."""
    entries = [entry for source in _SOURCES for entry in source(patient, by_patient)]
    return sorted(entries, key=lambda entry: entry.at, reverse=True)
