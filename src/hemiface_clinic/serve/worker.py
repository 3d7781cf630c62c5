"""The worker: does what waits in the queue, keeps house, and shows that it is alive.

Started by the supervisor as ``python -m hemiface_clinic.serve.worker``.
"""

import logging
import signal
import sys
import threading
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

from hemiface_clinic.serve.lifeline import take_lifeline, watch

log = logging.getLogger(__name__)
BEAT = "worker.beat"
BEAT_S, HOUSEKEEPING_S = 5.0, 60.0
USED_CODES_KEPT = timedelta(days=1)
LETTERS_KEPT = timedelta(days=7)


def run_worker(data: Path, stop: threading.Event) -> int:
    """Work until told to stop, and finish the job in hand; 1 if a thread died."""
    from hemiface_clinic.jobs.actions import QUICK, VIDEO
    from hemiface_clinic.jobs.worker import work

    threads = [
        _started("quick", lambda: work(QUICK, stop)),
        _started("video", lambda: work(VIDEO, stop)),
        _started("housekeeping", lambda: _keep_house(stop)),
    ]
    while all(thread.is_alive() for thread in threads) and not stop.is_set():
        (data / BEAT).touch()
        stop.wait(BEAT_S)
    is_broken = not stop.is_set()
    stop.set()
    for thread in threads:
        thread.join()
    return int(is_broken)


def keep_house() -> None:
    """Forget what is no longer needed; one task that fails does not stop the others."""
    for task in (
        _forget_buckets,
        _forget_sessions,
        _forget_used_codes,
        _forget_letters,
        _forget_strays,
    ):
        try:
            task()
        except Exception:
            log.exception("housekeeping: %s failed; trying again in a minute", task.__name__)


def _started(name: str, target: Callable[[], None]) -> threading.Thread:
    thread = threading.Thread(target=target, name=name, daemon=True)
    thread.start()
    return thread


def _keep_house(stop: threading.Event) -> None:
    from django.db import close_old_connections

    while not stop.is_set():
        close_old_connections()
        keep_house()
        stop.wait(HOUSEKEEPING_S)


def _forget_buckets() -> None:
    from hemiface_clinic.limits.actions import forget_old_buckets

    forget_old_buckets()


def _forget_sessions() -> None:
    from django.core.management import call_command

    call_command("clearsessions")


def _forget_used_codes() -> None:
    from django.utils import timezone

    from hemiface_clinic.questions.models import UsedCode

    UsedCode.objects.filter(at__lt=timezone.now() - USED_CODES_KEPT).delete()


def _forget_letters() -> None:
    from django.utils import timezone

    from hemiface_clinic.jobs.models import Job

    Job.objects.filter(kind="letter", finished_at__lt=timezone.now() - LETTERS_KEPT).delete()


def _forget_strays() -> None:
    from hemiface_clinic.recordings.actions import forget_strays

    forget_strays()


def main() -> int:
    """Work for the installation that the environment names."""
    stop = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stop.set())
    watch(take_lifeline())

    import django
    from django.conf import settings

    django.setup()
    return run_worker(settings.CONFIGURATION.data, stop)


if __name__ == "__main__":
    sys.exit(main())
