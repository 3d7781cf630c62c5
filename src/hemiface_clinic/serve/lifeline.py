"""The lifeline: a pipe from the supervisor. When it closes, the supervisor is gone, and we go too.

The operating system closes it however the supervisor ended, `kill -9` too.
"""

import os
import signal
import threading
import time

GRACE_S = 15.0


def take_lifeline() -> int:
    """Take the pipe from standard input, so that nothing else reads it; return its number."""
    lifeline = os.dup(0)
    nothing = os.open(os.devnull, os.O_RDONLY)
    os.dup2(nothing, 0)
    os.close(nothing)
    return lifeline


def watch(lifeline: int) -> None:
    """Stop this process when the pipe closes: asked first, and then for good."""
    threading.Thread(target=_wait_and_stop, args=(lifeline,), daemon=True).start()


def _wait_and_stop(lifeline: int) -> None:
    while os.read(lifeline, 1):
        pass
    os.kill(os.getpid(), signal.SIGTERM)
    time.sleep(GRACE_S)
    os._exit(1)
