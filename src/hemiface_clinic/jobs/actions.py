"""Enqueue, claim, renew, finish: each one conditional update.

Nobody holds a lock while work is done. A worker that claims a job gets a random token and a lease;
while it works it renews the lease. When it dies, the lease ends and the next worker claims the job;
should the first one wake up after all, its token no longer fits and its result is refused.
"""

import secrets
from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from django.db import connection, transaction
from django.db.models import F, Q, QuerySet
from django.utils import timezone

from hemiface_clinic.jobs.models import Job

LEASE = timedelta(seconds=30)
MAX_ATTEMPTS = 3
QUICK, VIDEO = "quick", "video"
_OPEN = (Job.State.WAITING, Job.State.RUNNING)


def enqueue(kind: str, payload: Mapping[str, Any], *, lane: str = QUICK, owner: str = "") -> Job:
    """Put work into the queue, in the transaction that is open.

    The turn is how many jobs of the same owner wait already, so owners take turns.
    """
    waiting = Job.objects.filter(owner=owner, lane=lane, state__in=_OPEN)
    turn = waiting.count() if owner else 0
    return Job.objects.create(
        kind=kind, payload=dict(payload), lane=lane, owner=owner, turn=turn, due_at=timezone.now()
    )


def claim(lane: str) -> Job | None:
    """Take the next job of a lane, or one whose worker is gone."""
    now = timezone.now()
    ready = Q(state=Job.State.WAITING, due_at__lte=now)
    orphaned = Q(state=Job.State.RUNNING, lease_until__lt=now)
    with transaction.atomic():
        candidates = Job.objects.filter(ready | orphaned, lane=lane).order_by("turn", "created_at")
        if connection.features.has_select_for_update_skip_locked:
            candidates = candidates.select_for_update(skip_locked=True)
        job = candidates.first()
        if job is None:
            return None
        if job.attempts >= MAX_ATTEMPTS:
            _close(job, Job.State.FAILED, "it stopped its worker every time")
            return None
        job.state, job.token = Job.State.RUNNING, secrets.token_hex(16)
        job.attempts, job.lease_until = job.attempts + 1, now + LEASE
        job.save(update_fields=["state", "token", "attempts", "lease_until"])
    return job


def renew(job: Job, progress: float | None = None) -> bool:
    """Renew the lease of a running job; False if it is no longer ours."""
    changes: dict[str, Any] = {"lease_until": timezone.now() + LEASE}
    if progress is not None:
        changes["progress"] = progress
    return _held(job).update(**changes) == 1


def finish(job: Job) -> bool:
    """Mark a job as done, in the transaction that writes its result; False if it is not ours."""
    now = timezone.now()
    return _held(job).update(state=Job.State.DONE, token="", progress=1.0, finished_at=now) == 1


def fail(job: Job, trouble: str, *, again: bool) -> None:
    """Put a job back to be tried later, or close it after the last attempt."""
    if again and job.attempts < MAX_ATTEMPTS:
        due = timezone.now() + timedelta(seconds=10 * 6 ** (job.attempts - 1))
        _held(job).update(state=Job.State.WAITING, token="", due_at=due, trouble=trouble[:300])
    elif _held(job).exists():
        _close(job, Job.State.FAILED, trouble)


def cancel(job: Job) -> bool:
    """Call a job off; who works on it notices at the next renewal. False if it has ended."""
    changes = {"state": Job.State.CANCELLED, "token": "", "finished_at": timezone.now()}
    return Job.objects.filter(pk=job.pk, state__in=_OPEN).update(**changes) == 1


def forget_finished(kind: str, after: timedelta) -> None:
    """Delete the jobs of a kind that ended so long ago."""
    Job.objects.filter(kind=kind, finished_at__lt=timezone.now() - after).delete()


def _held(job: Job) -> QuerySet[Job]:
    return Job.objects.filter(pk=job.pk, token=job.token, state=Job.State.RUNNING)


def _close(job: Job, state: str, trouble: str) -> None:
    Job.objects.filter(pk=job.pk, attempts=F("attempts")).update(
        state=state, token="", trouble=trouble[:300], finished_at=timezone.now()
    )
