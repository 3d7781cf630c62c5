"""Answering the questions of a course: the work of the job, done outside any transaction."""

from collections.abc import Callable
from functools import partial

from django.utils import timezone

from hemiface.report.course_page import answer_course
from hemiface_clinic.course.actions import keep_answers
from hemiface_clinic.course.assembling import course_of
from hemiface_clinic.course.models import Reading
from hemiface_clinic.jobs.models import Job


def answer(job: Job) -> Callable[[], None] | None:
    """Answer what can be said of a course; return what keeps it.

    The course may have moved on meanwhile: the answers carry the stamp under which they were asked
    for, and a later look asks again.
    """
    reading = Reading.objects.filter(job=job).select_related("patient").first()
    if reading is None:
        return None
    answers = answer_course(course_of(reading.patient), timezone.localdate())
    return partial(keep_answers, reading, reading.stamp, answers)
