"""The worker: claims a job, does it while renewing the lease, finishes it or says why not."""

import importlib
import logging
import threading
from collections.abc import Callable

from django.db import close_old_connections, connection, transaction

from hemiface.errors import HemifaceError
from hemiface_clinic.jobs.actions import LEASE, claim, fail, finish, renew
from hemiface_clinic.jobs.models import Job

log = logging.getLogger(__name__)
IDLE_S = 0.5

Save = Callable[[], None]
Handler = Callable[[Job], Save | None]
"""Does the work outside any transaction; returns what writes the result, inside one."""

_HANDLERS = {
    "letter": "hemiface_clinic.people.letters:post_letter",
    "course": "hemiface_clinic.course.answering:answer",
    "measure": "hemiface_clinic.recordings.measuring:measure_recording",
    "faceless": "hemiface_clinic.recordings.drawing:draw",
    "mri": "hemiface_clinic.mri.measuring:measure_study",
}


class StopJobError(HemifaceError):
    """The work cannot succeed; trying again would not help."""


def tell(job: Job, share: float) -> None:
    """Tell how much of a job is done, 0 to 1.

    Raises
    ------
    StopJobError
        If the job is no longer ours: another worker has it, or it was called off or deleted.
    """
    if not renew(job, share):
        raise StopJobError("The job must be ours; it is not any more.")


def work(lane: str, stop: threading.Event) -> None:
    """Work on a lane until told to stop; the job in hand is finished first."""
    while not stop.is_set():
        close_old_connections()
        job = _claim_calmly(lane)
        if job is None:
            stop.wait(IDLE_S)
        else:
            run(job)
    connection.close()


def run(job: Job) -> None:
    """Do one claimed job."""
    try:
        with _kept_alive(job):
            save = handler_of(job.kind)(job)
        with transaction.atomic():
            if finish(job) and save is not None:
                save()
    except StopJobError as problem:
        fail(job, str(problem), again=False)
    except Exception as problem:
        log.exception("job %s (%s) failed", job.pk, job.kind)
        fail(job, type(problem).__name__, again=True)


def handler_of(kind: str) -> Handler:
    """Return the function that does one kind of work."""
    module, _, name = _HANDLERS[kind].partition(":")
    handler: Handler = getattr(importlib.import_module(module), name)
    return handler


def _claim_calmly(lane: str) -> Job | None:
    try:
        return claim(lane)
    except Exception:
        log.exception("the queue cannot be read; trying again")
        return None


class _kept_alive:  # noqa: N801
    """Renews the lease of a job from a thread while it is being done."""

    def __init__(self, job: Job) -> None:
        self.job, self.over = job, threading.Event()
        self.thread = threading.Thread(target=self._renew, daemon=True)

    def __enter__(self) -> None:
        self.thread.start()

    def __exit__(self, *problem: object) -> None:
        self.over.set()
        self.thread.join()

    def _renew(self) -> None:
        while not self.over.wait(LEASE.total_seconds() / 3):
            renew(self.job)
        connection.close()
