"""A study, its pictures and what was measured in them; and the reports a doctor wrote on it."""

import uuid
from datetime import date
from typing import Any, ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from hemiface_clinic.jobs.models import Job
from hemiface_clinic.people.models import Patient, User
from hemiface_clinic.vault.fields import SealedJSON, SealedText


class State(models.TextChoices):
    """Where a study stands; told by its job and its result, stored nowhere."""

    NEW = "new", _("Not measured yet")
    WAITING = "waiting", _("Waiting to be measured")
    MEASURING = "measuring", _("Being measured")
    MEASURED = "measured", _("Measured")
    FAILED = "failed", _("Could not be measured")


class Study(models.Model):
    """One MRI; its pictures lie sealed in the media folder, under the key of this row."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4)
    patient = models.ForeignKey(Patient, models.CASCADE, related_name="studies")
    author = models.ForeignKey(User, models.SET_NULL, null=True)
    job = models.OneToOneField(Job, models.SET_NULL, null=True)
    size = models.PositiveBigIntegerField()
    made_at = models.DateTimeField(auto_now_add=True)
    day = SealedText()  # of the MRI, as an ISO date
    contents = SealedJSON()  # what the pictures are
    clicks = SealedJSON(default=dict)  # by side: `root_exit` and `meatus`, LPS mm
    result = SealedJSON(null=True)  # what was measured, as `digest` writes it
    measured_at = models.DateTimeField(null=True)
    refusal = SealedText(null=True)  # why it cannot be measured, a sentence

    class Meta:
        """Newest first."""

        ordering: ClassVar = ["-made_at"]
        verbose_name_plural = "studies"

    def __str__(self) -> str:
        return f"study {self.pk}"

    @property
    def on(self) -> date:
        """Day of the MRI."""
        return date.fromisoformat(self.day)

    @property
    def has_tof(self) -> bool:
        """Whether there is a TOF beside the T2."""
        return self.contents["tof"] is not None

    @property
    def state(self) -> State:
        """Where it stands."""
        if self.job is not None and self.job.state in (Job.State.WAITING, Job.State.RUNNING):
            is_running = self.job.state == Job.State.RUNNING
            return State.MEASURING if is_running else State.WAITING
        if self.job is not None and self.job.state == Job.State.FAILED:
            return State.FAILED
        return State.MEASURED if self.measured_at else State.NEW

    @property
    def is_settled(self) -> bool:
        """Whether nothing more will happen to it by itself."""
        return self.state not in (State.WAITING, State.MEASURING)

    @property
    def progress_percent(self) -> int:
        """How much is measured, in percent."""
        return round(100 * self.job.progress) if self.job is not None else 0

    @property
    def doubts(self) -> list[dict[str, Any]]:
        """What is doubtful, of the pictures and of what was measured."""
        found: list[dict[str, Any]] = (self.result or self.contents)["doubts"]
        return found

    @property
    def points(self) -> dict[str, dict[str, list[float]]]:
        """Where a doctor sees the nerves; until one has said it, what the computer proposes."""
        found: dict[str, dict[str, list[float]]] = self.clicks or self.contents["proposed"]
        return found

    @property
    def is_moved(self) -> bool:
        """Whether points were moved since the last measurement."""
        if self.result is None:
            return False
        measured = {side: one["clicks"] for side, one in self.result["sides"].items()}
        return bool(measured != self.clicks)


class Report(models.Model):
    """One version of what a doctor reports on a study; the last one that was signed holds.

    Nothing is overwritten: each saving is a version, and a version is signed or a draft for good.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4)
    study = models.ForeignKey(Study, models.CASCADE, related_name="reports")
    number = models.PositiveIntegerField()
    contents = SealedJSON()  # the fields of the form, as they were filled in
    author = models.ForeignKey(User, models.SET_NULL, null=True)
    signature = SealedText(null=True)  # the name it was signed with
    at = models.DateTimeField(auto_now_add=True)

    class Meta:
        """In their order; each number once."""

        ordering: ClassVar = ["number"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["study", "number"], name="one_report_version")
        ]

    def __str__(self) -> str:
        return f"version {self.number} of the report on {self.study_id}"

    @property
    def is_signed(self) -> bool:
        """Whether it was signed."""
        return self.signature is not None
