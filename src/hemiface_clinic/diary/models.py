"""An entry of a diary. Its time lies open, so that it can be found; all else is sealed."""

import uuid
from datetime import UTC, datetime, timedelta, timezone
from typing import ClassVar

from django.db import models

from hemiface.records import Entry
from hemiface_clinic.diary.contents import packed, unpacked
from hemiface_clinic.people.models import Patient
from hemiface_clinic.vault.fields import SealedJSON


class DiaryEntry(models.Model):
    """One entry; `sent_as` is the key its sender made, so that what is sent twice is kept once."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4)
    patient = models.ForeignKey(Patient, models.CASCADE, related_name="diary")
    sent_as = models.UUIDField()
    at = models.DateTimeField()
    offset_min = models.SmallIntegerField()  # from UTC, where the person was
    on = models.DateField()  # the day there
    contents = SealedJSON()
    made_at = models.DateTimeField(auto_now_add=True)
    changed_at = models.DateTimeField(null=True)

    class Meta:
        """Newest first."""

        verbose_name_plural = "diary entries"
        ordering: ClassVar = ["-at", "-id"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["patient", "sent_as"], name="one_entry_for_one_sending")
        ]
        indexes: ClassVar = [
            models.Index(fields=["patient", "-at", "-id"], name="diary_by_time"),
            models.Index(fields=["patient", "on"], name="diary_by_day"),
        ]

    def __str__(self) -> str:
        return f"diary entry {self.pk}"

    @property
    def local_at(self) -> datetime:
        """When it is about, on the clock of where the person was."""
        return self.at.astimezone(timezone(timedelta(minutes=self.offset_min)))

    @property
    def entry(self) -> Entry:
        """What was written down."""
        return unpacked(self.contents, self.local_at)

    def hold(self, entry: Entry) -> None:
        """Take over what was written down."""
        offset = entry.at.utcoffset() or timedelta()
        self.at, self.on = entry.at.astimezone(UTC), entry.at.date()
        self.offset_min = round(offset / timedelta(minutes=1))
        self.contents = packed(entry)
