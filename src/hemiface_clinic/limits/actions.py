"""Taking from a bucket. One statement takes, so two processes cannot take the same token."""

import time
from dataclasses import dataclass

from django.db import models, transaction
from django.db.models import F, Value
from django.db.models.functions import Greatest, Least

from hemiface_clinic.limits.models import Bucket
from hemiface_clinic.vault.seal import blind_index


@dataclass(frozen=True)
class Limit:
    """So many times, and full again after so many seconds."""

    name: str
    times: int
    seconds: float


ASK = Limit("ask", 10, 3600)
CODE = Limit("code", 120, 600)
LINK = Limit("link", 5, 3600)
UPLOAD = Limit("upload", 20, 3600)
ADD = Limit("add", 30, 3600)
OPEN = Limit("open", 60, 3600)
SOUND = Limit("sound", 30, 600)
WRONG = Limit("wrong", 30, 600)


def take(limit: Limit, who: str) -> bool:
    """Take one token; False when there is none. `who` is kept as a keyed hash."""
    key, now = blind_index(f"limit.{limit.name}", who), time.time()
    with transaction.atomic():
        Bucket.objects.bulk_create(
            [Bucket(key=key, tokens=float(limit.times), at=now)], ignore_conflicts=True
        )
        elapsed = Greatest(Value(now) - F("at"), Value(0.0), output_field=models.FloatField())
        filled = Least(
            F("tokens") + elapsed * Value(limit.times / limit.seconds),
            Value(float(limit.times)),
            output_field=models.FloatField(),
        )
        taken = (
            Bucket.objects.filter(key=key)
            .alias(filled=filled)
            .filter(filled__gte=1.0)
            .update(tokens=filled - 1.0, at=Greatest(F("at"), Value(now)))
        )
    return taken == 1


def forget_old_buckets(older_than_s: float = 86_400.0) -> int:
    """Delete buckets that are full again; returns how many."""
    return Bucket.objects.filter(at__lt=time.time() - older_than_s).delete()[0]
