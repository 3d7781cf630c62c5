"""The buckets."""

from django.db import models


class Bucket(models.Model):
    """Tokens left under one key, at one time."""

    key = models.CharField(max_length=64, primary_key=True)
    tokens = models.FloatField()
    at = models.FloatField(db_index=True)

    def __str__(self) -> str:
        return f"{self.tokens:.1f} tokens"
