"""What is written down about treatment, version by version: nothing is ever overwritten.

A `Record` is one treatment or one side effect. What is known of it is in its versions; the one
with the highest number holds. Somebody who writes the next version names its number; the database
takes each number once, so of two people who change the same version the second is refused.
"""

import uuid
from datetime import date
from typing import Any, ClassVar

from django.db import models

from hemiface_clinic.people.models import Patient, User
from hemiface_clinic.treatments.kinds import Kind, Reporter
from hemiface_clinic.vault.fields import SealedJSON, SealedText


class Record(models.Model):
    """One treatment, or one side effect, of a patient."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4)
    patient = models.ForeignKey(Patient, models.CASCADE, related_name="treatments")
    kind = models.CharField(max_length=13, choices=Kind)

    def __str__(self) -> str:
        return f"{self.kind} {self.pk}"


class Version(models.Model):
    """What was written about it at one time, by one person."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4)
    record = models.ForeignKey(Record, models.CASCADE, related_name="versions")
    number = models.PositiveIntegerField()
    contents = SealedJSON()  # the fields of the form of its kind, as they were typed
    error_reason = SealedText(null=True)  # why it should never have been written
    author = models.ForeignKey(User, models.SET_NULL, null=True)
    reporter = models.CharField(max_length=9, choices=Reporter)
    at = models.DateTimeField(auto_now_add=True)

    class Meta:
        """In their order; each number once."""

        ordering: ClassVar = ["number"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["record", "number"], name="one_version")
        ]

    def __str__(self) -> str:
        return f"version {self.number} of {self.record_id}"

    @property
    def kind(self) -> Kind:
        """What it is."""
        return Kind(self.record.kind)

    @property
    def is_error(self) -> bool:
        """Whether it was taken back."""
        return self.error_reason is not None

    @property
    def on(self) -> date:
        """Day it was given, or began."""
        return date.fromisoformat(self.contents["on"])

    @property
    def until(self) -> date | None:
        """Last day, where it is known."""
        last: Any = self.contents.get("until")
        return date.fromisoformat(last) if last else None

    @property
    def goes_on(self) -> bool:
        """Whether it lasts, and no last day is known."""
        return self.until is None and self.kind not in (Kind.INJECTION, Kind.OPERATION)
