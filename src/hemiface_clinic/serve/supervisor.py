"""The supervisor: starts the processes of the site, starts again what died, stops all together."""

import logging
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Sequence
from contextlib import suppress

log = logging.getLogger(__name__)
LOOK_S = 0.1
FIRST_DELAY_S, LONGEST_DELAY_S = 1.0, 30.0
GOOD_LIFE_S = 60.0
DRAIN_S = 20.0
STOP_SIGNALS = (signal.SIGTERM, signal.SIGINT, signal.SIGHUP)


class Child:
    """One process of the site, which has what it starts in a group of its own.

    Parameters
    ----------
    name : str
        What the log calls it.
    command : sequence of str
        Module and arguments, as after ``python -m``.
    """

    def __init__(self, name: str, command: Sequence[str]) -> None:
        self.name = name
        self._command = [sys.executable, "-P", "-m", *command]  # -P: not from the working folder
        self._process: subprocess.Popen[bytes] | None = None
        self._started_at = self._start_at = 0.0
        self._delay_s = FIRST_DELAY_S

    def tend(self, now: float) -> None:
        """Start the process if it is time to; see whether it died."""
        if self._process is None:
            if now >= self._start_at:
                self._start(now)
        elif self._process.poll() is not None:
            self._bury(self._process, now)

    def ask_to_stop(self) -> None:
        """Ask the process to finish what it has in hand."""
        if self._process is not None and self._process.poll() is None:
            self._process.terminate()

    def stop_by(self, deadline: float) -> None:
        """Wait for the process until a time, and end it and whatever it started."""
        if self._process is None:
            return
        try:
            self._process.wait(max(0.0, deadline - time.monotonic()))
        except subprocess.TimeoutExpired:
            log.warning("%s did not stop in time and was ended", self.name)
        self._sweep(self._process)

    def _start(self, now: float) -> None:
        # Its standard input is the lifeline: it closes when this process ends, however it ends.
        self._process = subprocess.Popen(
            self._command, stdin=subprocess.PIPE, start_new_session=True
        )
        self._started_at = now

    def _bury(self, process: subprocess.Popen[bytes], now: float) -> None:
        self._sweep(process)
        self._process = None
        if now - self._started_at > GOOD_LIFE_S:
            self._delay_s = FIRST_DELAY_S
        log.error(
            "%s stopped (exit code %s); it starts again in %g s",
            self.name,
            process.returncode,
            self._delay_s,
        )
        self._start_at = now + self._delay_s
        self._delay_s = min(2 * self._delay_s, LONGEST_DELAY_S)

    def _sweep(self, process: subprocess.Popen[bytes]) -> None:
        with suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        process.wait()
        if process.stdin is not None:
            process.stdin.close()


def supervise(children: Sequence[Child], watch: Callable[[], None]) -> None:
    """Run the children until a signal says stop, and stop them all.

    Parameters
    ----------
    children : sequence of Child
        The processes.
    watch : callable
        Called several times a second.
    """
    stop = threading.Event()
    before = {number: signal.signal(number, lambda *_: stop.set()) for number in STOP_SIGNALS}
    try:
        while not stop.wait(LOOK_S):
            for child in children:
                child.tend(time.monotonic())
            watch()
    finally:
        _stop_all(children)
        for number, handler in before.items():
            signal.signal(number, handler)


def _stop_all(children: Sequence[Child]) -> None:
    for child in children:
        child.ask_to_stop()
    deadline = time.monotonic() + DRAIN_S
    for child in children:
        child.stop_by(deadline)
