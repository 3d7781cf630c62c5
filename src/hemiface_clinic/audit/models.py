"""The audit's events and the head of their chain."""

from typing import ClassVar

from django.db import models


class Event(models.Model):
    """One thing that was done. Holds names of rows, never what is in them."""

    seq = models.PositiveBigIntegerField(primary_key=True)
    at = models.DateTimeField()
    actor = models.CharField(max_length=60)
    action = models.CharField(max_length=60, db_index=True)
    subject = models.CharField(max_length=80, db_index=True)
    patient = models.CharField(max_length=40, blank=True, db_index=True)
    outcome = models.CharField(max_length=10, default="done")
    address = models.CharField(max_length=45, blank=True)
    detail = models.JSONField(default=dict)
    digest = models.CharField(max_length=64)

    class Meta:
        """Events are read in their order."""

        ordering: ClassVar = ["seq"]

    def __str__(self) -> str:
        return f"{self.seq} {self.action} {self.subject}"


class Head(models.Model):
    """The last link of the chain; its row is the lock under which links are added."""

    seq = models.PositiveBigIntegerField(default=0)
    digest = models.CharField(max_length=64, default="")

    def __str__(self) -> str:
        return f"head at {self.seq}"
