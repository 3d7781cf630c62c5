"""A recording: a video somebody sent, where it stands, and what was measured."""

import uuid
from typing import Any, ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from hemiface_clinic.jobs.models import Job
from hemiface_clinic.people.models import Patient, User
from hemiface_clinic.recordings.checks import sentence
from hemiface_clinic.recordings.files import film_path, signals_path, still_path, video_path
from hemiface_clinic.recordings.summary import Summary, summarize
from hemiface_clinic.uploads.models import Upload
from hemiface_clinic.vault.fields import SealedJSON, SealedText


class Task(models.TextChoices):
    """What the person was asked to do."""

    REST = "rest", _("At rest")
    SPEAK = "speak", _("Speaking")
    READ = "read", _("Reading aloud")
    SING = "sing", _("Singing")
    EYE_CLOSURE = "eye_closure", _("Closing the eyes")
    SMILE = "smile", _("Smiling")
    BROW_RAISE = "brow_raise", _("Raising the brows")
    PUCKER = "pucker", _("Puckering the lips")
    HEAD_TURN = "head_turn", _("Turning the head")
    GUIDED = "guided", _("Guided, one task after the other")


class Kind(models.TextChoices):
    """What was sent."""

    VIDEO = "video", _("Video")
    POINTS = "points", _("Points only")


class State(models.TextChoices):
    """Where a recording stands; told by its job and its result, stored nowhere."""

    WAITING = "waiting", _("Waiting to be measured")
    MEASURING = "measuring", _("Being measured")
    MEASURED = "measured", _("Measured")
    FAILED = "failed", _("Could not be measured")
    STOPPED = "stopped", _("Not measured: it was stopped")


class Recording(models.Model):
    """One video; its bytes lie sealed in the media folder, under the key of this row."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4)
    question = models.ForeignKey(
        "questions.Question", models.CASCADE, null=True, related_name="recordings"
    )
    patient = models.ForeignKey(Patient, models.CASCADE, null=True, related_name="recordings")
    job = models.OneToOneField(Job, models.SET_NULL, null=True)
    task = models.CharField(_("Task"), max_length=12, choices=Task, default=Task.REST)
    kind = models.CharField(max_length=6, choices=Kind, default=Kind.VIDEO)
    take = SealedJSON(null=True)  # what its sender says of it, as `read_take` returns it
    filename = SealedText()
    size = models.PositiveBigIntegerField()
    sha256 = models.CharField(max_length=64, blank=True)  # none while it lies in parts
    media_type = models.CharField(max_length=30, blank=True)
    made_at = models.DateTimeField(auto_now_add=True)
    pictures_deleted_at = models.DateTimeField(null=True)  # by the clinic's rule; numbers stay
    result = SealedJSON(null=True)  # the measurement, as hemiface writes it
    measured_at = models.DateTimeField(null=True)
    version = models.CharField(max_length=20, blank=True)  # of hemiface, which measured
    refusal = models.CharField(max_length=20, blank=True)  # why it cannot be measured, as a code

    class Meta:
        """Newest first; every recording belongs to a question or a patient."""

        ordering: ClassVar = ["-made_at"]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(question__isnull=False) | Q(patient__isnull=False),
                name="recording_has_owner",
            )
        ]

    def __str__(self) -> str:
        return f"recording {self.pk}"

    @property
    def state(self) -> State:
        """Where it stands."""
        if self.measured_at:
            return State.MEASURED
        if self.job is None or self.job.state in (Job.State.FAILED, Job.State.DONE):
            return State.FAILED
        if self.job.state == Job.State.CANCELLED:
            return State.STOPPED
        return State.MEASURING if self.job.state == Job.State.RUNNING else State.WAITING

    @property
    def is_settled(self) -> bool:
        """Whether nothing more will happen to it."""
        return self.state in (State.MEASURED, State.FAILED, State.STOPPED)

    @property
    def can_be_retried(self) -> bool:
        """Whether it was not measured, and its file is still there."""
        is_open = self.state in (State.FAILED, State.STOPPED)
        return is_open and (
            video_path(self.pk).exists() or Upload.objects.filter(pk=self.pk).exists()
        )

    @property
    def progress(self) -> float:
        """How much is measured, 0 to 1."""
        if self.state == State.MEASURING and self.job is not None:
            return self.job.progress
        return float(self.state == State.MEASURED)

    @property
    def progress_percent(self) -> int:
        """How much is measured, in percent."""
        return round(100 * self.progress)

    @property
    def trouble(self) -> str:
        """Why it could not be measured, in a sentence of the reader's language; else nothing."""
        return sentence(self.refusal) if self.state == State.FAILED else ""

    @property
    def review(self) -> "Review | None":
        """The last review, if a doctor wrote one."""
        return self.reviews.last()

    @property
    def current(self) -> Any:
        """The measurement as it was last reviewed; else as it was made."""
        return self.review.result if self.review else self.result

    @property
    def summary(self) -> Summary | None:
        """What was measured, and reviewed, in a few numbers."""
        return summarize(self.current) if self.measured_at else None

    @property
    def has_signals(self) -> bool:
        """Whether it can be measured again with other spasms."""
        return bool(self.measured_at) and signals_path(self.pk).exists()

    @property
    def has_film(self) -> bool:
        """Whether a page can show it: the video made smaller, or the lines of its points."""
        return film_path(self.pk).exists()

    @property
    def has_still(self) -> bool:
        """Whether there is a small picture of it."""
        return still_path(self.pk).exists()

    @property
    def about(self) -> Any:
        """Key of the patient it shows, as far as that is known."""
        return self.patient_id or (self.question.patient_id if self.question else None)


class Review(models.Model):
    """One version of what a doctor sees in a recording; the last one holds, none is overwritten."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4)
    recording = models.ForeignKey(Recording, models.CASCADE, related_name="reviews")
    number = models.PositiveIntegerField()
    marks = SealedJSON()  # all spasms there are: `onset_s`, `end_s`, `side`, `found`
    result = SealedJSON()  # the measurement with them
    author = models.ForeignKey(User, models.SET_NULL, null=True)
    at = models.DateTimeField(auto_now_add=True)

    class Meta:
        """In their order; each number once."""

        ordering: ClassVar = ["number"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["recording", "number"], name="one_review_version")
        ]

    def __str__(self) -> str:
        return f"review {self.number} of {self.recording_id}"
