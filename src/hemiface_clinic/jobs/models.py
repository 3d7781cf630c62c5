"""The rows of work."""

import uuid
from typing import ClassVar

from django.db import models

from hemiface_clinic.vault.fields import SealedJSON


class Job(models.Model):
    """One piece of work. Who holds the token may finish it, until the lease ends."""

    class State(models.TextChoices):
        """Where it stands."""

        WAITING = "waiting"
        RUNNING = "running"
        DONE = "done"
        FAILED = "failed"
        CANCELLED = "cancelled"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4)
    lane = models.CharField(max_length=10)
    kind = models.CharField(max_length=30)
    payload = SealedJSON()
    owner = models.CharField(max_length=80, blank=True)
    turn = models.PositiveIntegerField(default=0)
    state = models.CharField(max_length=10, choices=State, default=State.WAITING)
    token = models.CharField(max_length=32, blank=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    progress = models.FloatField(default=0.0)
    created_at = models.DateTimeField(auto_now_add=True)
    due_at = models.DateTimeField()
    lease_until = models.DateTimeField(null=True)
    finished_at = models.DateTimeField(null=True)
    trouble = models.CharField(max_length=300, blank=True)

    class Meta:
        """The queue asks for a lane's next job."""

        indexes: ClassVar = [models.Index(fields=["lane", "state", "due_at"])]

    def __str__(self) -> str:
        return f"{self.kind} {self.state}"
