"""Two recordings of a patient beside each other: what changed, and where to begin both."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from hemiface_clinic.people.models import User
from hemiface_clinic.recordings.models import Recording, Task
from hemiface_clinic.recordings.queries import recordings_for
from hemiface_clinic.recordings.summary import Summary


@dataclass(frozen=True)
class Start:
    """Where both recordings begin together, in seconds of each."""

    name: str
    first_s: float
    second_s: float


@dataclass(frozen=True)
class Row:
    """One number of both recordings; `change` is the second less the first."""

    name: str
    unit: str
    first: float | None
    second: float | None

    @property
    def change(self) -> float | None:
        """How much larger the second is; None where one is not known."""
        return None if self.first is None or self.second is None else self.second - self.first


def others_of(user: User, recording: Recording) -> list[Recording]:
    """Return the patient's other recordings that were measured, the newest first."""
    if recording.about is None:
        return []
    known = recordings_for(user).exclude(pk=recording.pk).order_by("-made_at")
    return [one for one in known if one.about == recording.about and one.has_signals]


def chosen(others: Sequence[Recording], asked: str, recording: Recording) -> Recording | None:
    """Return the recording that is asked for; else the one before; else the nearest there is."""
    by_key = {str(one.pk): one for one in others}
    if asked in by_key:
        return by_key[asked]
    earlier = [one for one in others if one.made_at < recording.made_at]
    nearest = [*earlier, *reversed(others)]
    return nearest[0] if nearest else None


def starts_of(first: Recording, second: Recording) -> list[Start]:
    """Return where to begin both: at their beginnings, or at a task that both have."""
    ours, theirs = _first_spans(first), _first_spans(second)
    both = [name for name in ours if name in theirs]
    at_tasks = [Start(str(Task(name).label), ours[name], theirs[name]) for name in both]
    return [Start(_("the beginning"), 0.0, 0.0), *at_tasks]


def rows_of(first: Recording, second: Recording) -> list[Row]:
    """Return the chief numbers of two measured recordings."""
    one, two = first.summary, second.summary
    assert one is not None
    assert two is not None
    named = [
        (_("Spasms a minute"), "", "rate_per_min"),
        (_("Time in spasm"), "%", "burden_percent"),
        (_("Median duration"), "s", "duration_s"),
        (_("Observed"), "s", "observed_s"),
    ]
    return [Row(name, unit, _number(one, key), _number(two, key)) for name, unit, key in named]


def _number(summary: Summary, key: str) -> float | None:
    value: float | None = getattr(summary, key)
    return value


def _first_spans(recording: Recording) -> Mapping[str, float]:
    spans: Sequence[Mapping[str, Any]] = (recording.take or {}).get("tasks", [])
    found: dict[str, float] = {}
    for one in spans:
        found.setdefault(one["task"], one["start_s"])
    return found
