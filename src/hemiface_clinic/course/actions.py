"""Keeping what was made of a course, and asking for what takes long."""

from typing import Any

from django.db import transaction
from django.utils import timezone

from hemiface.records import Course
from hemiface.report.course_page import Answers, answers_document, chart_document, chart_of
from hemiface_clinic.course.models import Reading
from hemiface_clinic.jobs.actions import VIDEO, enqueue
from hemiface_clinic.jobs.models import Job
from hemiface_clinic.people.models import Patient

KIND = "course"


@transaction.atomic
def keep_chart(patient: Patient, stamp: str, course: Course) -> Reading:
    """Keep the chart of a course, and let its questions be answered by the queue."""
    reading, _ = Reading.objects.select_for_update().get_or_create(
        patient=patient, defaults={"stamp": "", "chart": {}}
    )
    if reading.stamp == stamp:
        return reading
    _cancel(reading.job)
    reading.stamp, reading.chart = stamp, _contents(course)
    reading.job = enqueue(KIND, {"reading": str(reading.pk)}, lane=VIDEO, owner=f"course:{stamp}")
    reading.save(update_fields=["stamp", "chart", "job"])
    return reading


def keep_answers(reading: Reading, stamp: str, answers: Answers) -> None:
    """Keep what can be said of a course in the state that a stamp names."""
    reading.answered, reading.answers = stamp, answers_document(answers)
    reading.answered_at = timezone.now()
    reading.save(update_fields=["answered", "answers", "answered_at"])


def _cancel(job: Job | None) -> None:
    """Take back a job that waits for a state that is no more."""
    if job is not None:
        Job.objects.filter(pk=job.pk, state=Job.State.WAITING).delete()


def _contents(course: Course) -> dict[str, Any]:
    return chart_document(chart_of(course, timezone.localdate()))
