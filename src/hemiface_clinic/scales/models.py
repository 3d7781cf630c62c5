"""Grades as they were given: never changed; one given in error is taken back and stays."""

import uuid
from datetime import date
from typing import Any, ClassVar

from django.db import models

from hemiface.records import Grade
from hemiface_clinic.people.models import Patient, User
from hemiface_clinic.vault.fields import SealedJSON, SealedText


class Graded(models.Model):
    """One grade of a patient. Which scale it is, is sealed, too: that alone tells something."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4)
    patient = models.ForeignKey(Patient, models.CASCADE, related_name="grades")
    contents = SealedJSON()  # as `as_contents` writes it
    error_reason = SealedText(null=True)  # why it should never have been given
    author = models.ForeignKey(User, models.SET_NULL, null=True)
    at = models.DateTimeField(auto_now_add=True)

    class Meta:
        """The oldest first."""

        ordering: ClassVar = ["at"]

    def __str__(self) -> str:
        return f"grade of {self.patient_id}"

    @property
    def is_error(self) -> bool:
        """Whether it was taken back."""
        return self.error_reason is not None

    @property
    def grade(self) -> Grade:
        """The grade, as the library reads it."""
        kept: dict[str, Any] = self.contents
        items = tuple((key, float(answer)) for key, answer in kept["items"])
        return Grade(
            date.fromisoformat(kept["on"]), kept["scale"], kept["version"], kept["value"],
            kept["by"], kept["side"], items,
        )  # fmt: skip


def as_contents(grade: Grade) -> dict[str, Any]:
    """Return a grade as JSON can keep it."""
    return {
        "on": grade.on.isoformat(), "scale": grade.scale, "version": grade.version,
        "value": grade.value, "by": grade.by, "side": grade.side,
        "items": [list(one) for one in grade.items],
    }  # fmt: skip
