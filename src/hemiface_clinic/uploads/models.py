"""A file that is being sent."""

import uuid
from datetime import timedelta
from typing import ClassVar

from django.db import models

from hemiface_clinic.people.models import Patient, User
from hemiface_clinic.vault.fields import SealedJSON

KEPT = timedelta(days=7)
"""So long an upload that nobody goes on with is kept; our choice."""


class Upload(models.Model):
    """One file on its way; its parts lie sealed in the media folder, under the key of this row.

    Whole, it becomes a recording of the same key; the row goes once the recording has the file.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4)
    patient = models.ForeignKey(Patient, models.CASCADE, related_name="uploads")
    user = models.ForeignKey(User, models.CASCADE)
    length = models.PositiveBigIntegerField()  # bytes there will be
    offset = models.PositiveBigIntegerField(default=0)  # bytes there are
    take = SealedJSON()  # what the sender says of it: kind, filename, tasks, mirrored, started_at
    made_at = models.DateTimeField(auto_now_add=True)
    touched_at = models.DateTimeField(db_index=True)

    def __str__(self) -> str:
        return f"upload {self.pk}"

    @property
    def is_whole(self) -> bool:
        """Whether all bytes are there."""
        return self.offset == self.length

    @property
    def names(self) -> list[str]:
        """Names of its parts, in their order."""
        return list(self.parts.order_by("start").values_list("name", flat=True))


class Part(models.Model):
    """Bytes of an upload from a place on; no place is filled twice."""

    upload = models.ForeignKey(Upload, models.CASCADE, related_name="parts")
    start = models.PositiveBigIntegerField()
    name = models.CharField(max_length=80)

    class Meta:
        """Each place once."""

        constraints: ClassVar = [
            models.UniqueConstraint(fields=["upload", "start"], name="one_part_a_place")
        ]

    def __str__(self) -> str:
        return f"part {self.name}"
