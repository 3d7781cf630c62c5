"""What was measured in a patient's videos, as the course reads it."""

import math
from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from typing import Any

from django.utils import timezone

from hemiface.records import Measured
from hemiface_clinic.people.models import Patient
from hemiface_clinic.recordings.models import Recording
from hemiface_clinic.recordings.queries import recordings_of_patient


def measured_recordings(patient: Patient) -> list[Recording]:
    """Return a patient's recordings that were measured, the oldest first."""
    return [one for one in recordings_of_patient(patient).reverse() if one.measured_at]


def course_measured(recordings: Sequence[Recording]) -> tuple[Measured, ...]:
    """Return what was measured in recordings, in order of the days they were filmed."""
    found = [one for recording in recordings for one in _measures_of(recording)]
    return tuple(sorted(found, key=lambda one: one.on))


def last_measured(patient: Patient) -> tuple[Measured, ...]:
    """Return of each measure, side and task what was measured last and is known."""
    measured = course_measured(measured_recordings(patient))
    known = (one for one in measured if math.isfinite(one.value))
    return tuple({(one.name, one.side, one.task): one for one in known}.values())


def _measures_of(recording: Recording) -> Iterator[Measured]:
    film = recording.current.get("recording", {})
    on, fps = _filmed_on(recording, film), _number(film.get("rate_hz"))
    for one in recording.current["measures"]:
        yield _measured(one, on, str(recording.pk), recording.task, fps)


def _measured(one: Mapping[str, Any], on: date, name: str, task: str, fps: float) -> Measured:
    return Measured(
        on=on,
        name=one["name"],
        value=_number(one["value"]),
        unit=one.get("unit", ""),
        side=one["side"],
        task=one.get("task", task),
        observed_s=_number(one.get("observed_s")),
        n=one.get("n", 0),
        low=_number(one.get("low")),
        high=_number(one.get("high")),
        recording=name,
        fps=fps,
    )


def _filmed_on(recording: Recording, film: Mapping[str, Any]) -> date:
    """Return the day that the film itself tells; the day it was sent where it tells none."""
    try:
        return date.fromisoformat((film.get("started_at") or "")[:10])
    except ValueError:
        return timezone.localtime(recording.made_at).date()


def _number(value: float | None) -> float:
    return math.nan if value is None else float(value)
