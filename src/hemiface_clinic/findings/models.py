"""What was answered to history and examination: never overwritten, the newest of each author holds.

The answers of a patient and of the clinic stand beside each other.
"""

import uuid
from typing import Any, ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from hemiface.diagnosis import Answers, read_questionnaire
from hemiface_clinic.findings.typing_of import as_values
from hemiface_clinic.people.models import Patient, User
from hemiface_clinic.vault.fields import SealedJSON


class Name(models.TextChoices):
    """Which questionnaire."""

    HISTORY = "history", _("History")
    EXAMINATION = "examination", _("Examination")


class Reporter(models.TextChoices):
    """Who answered."""

    PATIENT = "patient", _("the patient")
    CLINICIAN = "clinician", _("the clinic")


class Call(models.Model):
    """A patient answered something that cannot wait; open until a doctor has seen to it."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4)
    patient = models.ForeignKey(Patient, models.CASCADE, related_name="calls")
    flags = SealedJSON()  # names of what cannot wait
    at = models.DateTimeField(auto_now_add=True)
    seen_by = models.ForeignKey(User, models.SET_NULL, null=True)
    seen_at = models.DateTimeField(null=True)

    class Meta:
        """The oldest first."""

        ordering: ClassVar = ["at"]

    def __str__(self) -> str:
        return f"call of {self.patient_id}"


class Filled(models.Model):
    """One saving of a questionnaire."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4)
    patient = models.ForeignKey(Patient, models.CASCADE, related_name="filled")
    name = models.CharField(max_length=11, choices=Name)
    version = models.CharField(max_length=10)
    reporter = models.CharField(max_length=9, choices=Reporter)
    contents = SealedJSON()  # answers by link id; what was not answered is absent
    author = models.ForeignKey(User, models.SET_NULL, null=True)
    at = models.DateTimeField(auto_now_add=True)

    class Meta:
        """The oldest first."""

        ordering: ClassVar = ["at"]

    def __str__(self) -> str:
        return f"{self.name} of {self.patient_id}"

    @property
    def answers(self) -> Answers:
        """What was answered, as the library weighs it."""
        known: Any = self.name
        values = as_values(read_questionnaire(known), self.contents)
        by: Any = self.reporter
        return Answers(known, self.version, values, by, self.at.date())
