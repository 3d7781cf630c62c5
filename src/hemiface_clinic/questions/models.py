"""A question and what is said about it."""

import uuid
from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from hemiface_clinic.people.models import Patient, User
from hemiface_clinic.vault.fields import SealedText


class Question(models.Model):
    """What somebody asked the doctor."""

    class State(models.TextChoices):
        """Where it stands."""

        NEW = "new", _("New")
        ASSIGNED = "assigned", _("Assigned")
        WAITING = "waiting", _("Waiting for the asker")
        ANSWERED = "answered", _("Answered")
        CLOSED = "closed", _("Closed")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4)
    reference = models.CharField(max_length=9, unique=True)
    name = SealedText()
    email = SealedText()
    phone = SealedText()
    subject = SealedText()
    text = SealedText()
    email_index = models.CharField(max_length=64, db_index=True)
    language = models.CharField(max_length=5, default="en")
    consent_version = models.CharField(max_length=10)
    state = models.CharField(max_length=10, choices=State, default=State.NEW)
    is_urgent = models.BooleanField(default=False)
    assigned_to = models.ForeignKey(User, models.SET_NULL, null=True, related_name="questions")
    patient = models.ForeignKey(Patient, models.SET_NULL, null=True, related_name="questions")
    asked_at = models.DateTimeField(auto_now_add=True)
    heard_at = models.DateTimeField()  # the asker's last word

    class Meta:
        """The inbox asks by state."""

        indexes: ClassVar = [models.Index(fields=["state", "-heard_at"])]

    def __str__(self) -> str:
        return f"question {self.reference}"


class Message(models.Model):
    """One thing said about a question: by the asker, or by somebody of the clinic."""

    class Kind(models.TextChoices):
        """What it is."""

        ANSWER = "answer", _("Answer")
        ASK_MORE = "ask_more", _("The clinic asks")
        ADDITION = "addition", _("Added by the asker")
        NOTE = "note", _("Note, for the clinic only")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4)
    question = models.ForeignKey(Question, models.CASCADE, related_name="messages")
    kind = models.CharField(max_length=10, choices=Kind)
    author = models.ForeignKey(User, models.SET_NULL, null=True)
    text = SealedText()
    pages = models.JSONField(default=list)  # slugs of knowledge pages
    at = models.DateTimeField(auto_now_add=True)

    class Meta:
        """In the order they were said."""

        ordering: ClassVar = ["at"]

    def __str__(self) -> str:
        return f"{self.kind} on {self.question_id}"


class Draft(models.Model):
    """An answer somebody has begun."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4)
    question = models.ForeignKey(Question, models.CASCADE)
    author = models.ForeignKey(User, models.CASCADE)
    text = SealedText()
    at = models.DateTimeField(auto_now=True)

    class Meta:
        """One draft for each author."""

        constraints: ClassVar = [
            models.UniqueConstraint(fields=["question", "author"], name="one_draft")
        ]

    def __str__(self) -> str:
        return f"draft on {self.question_id}"


class Seen(models.Model):
    """When somebody of the clinic last looked at a question."""

    question = models.ForeignKey(Question, models.CASCADE)
    user = models.ForeignKey(User, models.CASCADE)
    at = models.DateTimeField()

    class Meta:
        """One row for a pair."""

        constraints: ClassVar = [
            models.UniqueConstraint(fields=["question", "user"], name="one_seen")
        ]

    def __str__(self) -> str:
        return f"{self.question_id} seen at {self.at}"


class AnswerTemplate(models.Model):
    """Words a doctor says often."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4)
    author = models.ForeignKey(User, models.CASCADE)
    title = models.CharField(_("Title"), max_length=80)
    text = models.TextField(_("Text"), max_length=8000)

    class Meta:
        """By title."""

        ordering: ClassVar = ["title"]

    def __str__(self) -> str:
        return self.title


class UsedCode(models.Model):
    """A verification code that was posted, right or wrong: no code is taken twice."""

    nonce = models.CharField(max_length=32, primary_key=True)
    question = models.ForeignKey(Question, models.SET_NULL, null=True)
    at = models.DateTimeField(auto_now_add=True)

    def __str__(self) -> str:
        return self.nonce


class StatusLink(models.Model):
    """A link by which an asker, who has no account, reads their question; it works once."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4)
    question = models.ForeignKey(Question, models.CASCADE, related_name="links")
    token_hash = models.CharField(max_length=64, unique=True)
    made_at = models.DateTimeField(auto_now_add=True)
    expires_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True)
    revoked_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return f"link to {self.question_id}"
