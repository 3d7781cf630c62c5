"""What was made of a patient's course, kept so that a page need not make it again."""

import uuid

from django.db import models

from hemiface_clinic.jobs.models import Job
from hemiface_clinic.people.models import Patient
from hemiface_clinic.vault.fields import SealedJSON


class Reading(models.Model):
    """The chart of a course and what can be said of it.

    `stamp` names the state of the course that the chart shows, `answered` the one that the answers
    are about; where they differ, new answers are on their way.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4)
    patient = models.OneToOneField(Patient, models.CASCADE, related_name="reading")
    stamp = models.CharField(max_length=64)
    chart = SealedJSON()
    answered = models.CharField(max_length=64, blank=True)
    answers = SealedJSON(null=True)
    answered_at = models.DateTimeField(null=True)
    job = models.OneToOneField(Job, models.SET_NULL, null=True)

    def __str__(self) -> str:
        return f"reading of the course of {self.patient_id}"

    @property
    def is_answered(self) -> bool:
        """Whether the answers are about the course as it is."""
        return self.answered == self.stamp

    @property
    def is_pending(self) -> bool:
        """Whether answers are on their way."""
        return not self.is_answered and self.job is not None and self.job.finished_at is None
