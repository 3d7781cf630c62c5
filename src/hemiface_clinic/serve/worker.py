"""The worker: does what waits in the queue, keeps house, and shows that it is alive.

Started by the supervisor as ``python -m hemiface_clinic.serve.worker``.
"""

import signal
import sys
import threading
from collections.abc import Callable
from pathlib import Path

from hemiface_clinic.serve.lifeline import take_lifeline, watch

BEAT = "worker.beat"
BEAT_S = 5.0


def run_worker(data: Path, stop: threading.Event) -> int:
    """Work until told to stop, and finish the job in hand; 1 if a thread died."""
    from hemiface_clinic.jobs.actions import QUICK, VIDEO
    from hemiface_clinic.jobs.worker import work
    from hemiface_clinic.serve.housekeeping import keep_house_until

    threads = [
        _started("quick", lambda: work(QUICK, stop)),
        _started("video", lambda: work(VIDEO, stop)),
        _started("housekeeping", lambda: keep_house_until(stop)),
    ]
    while all(thread.is_alive() for thread in threads) and not stop.is_set():
        (data / BEAT).touch()
        stop.wait(BEAT_S)
    is_broken = not stop.is_set()
    stop.set()
    for thread in threads:
        thread.join()
    return int(is_broken)


def _started(name: str, target: Callable[[], None]) -> threading.Thread:
    thread = threading.Thread(target=target, name=name, daemon=True)
    thread.start()
    return thread


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
