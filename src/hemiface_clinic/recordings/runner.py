"""Starting the child that reads a video, listening to it, and making sure that it ends."""

import json
import logging
import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory
from threading import Timer
from typing import Any

from django.conf import settings

from hemiface.errors import HemifaceError
from hemiface_clinic.recordings.bounds import BOUNDS

log = logging.getLogger(__name__)
Answer = dict[str, Any]
Progress = Callable[[float], None]

_CHILD = "hemiface_clinic.recordings.sandbox"
_LINE_BYTES = 1 << 16
_LATE = (-signal.SIGXCPU, -signal.SIGALRM)
_STALE_S = 24 * 3600.0


class BrokenChildError(HemifaceError):
    """The child ended without an answer."""


class RefusedError(HemifaceError):
    """The child refuses the video; `code` says why."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


@contextmanager
def workspace() -> Iterator[Path]:
    """Make a folder of its own for plain files while they are needed; nobody else may look in."""
    root = Path(settings.MEDIA_ROOT) / "work"
    root.mkdir(mode=0o700, parents=True, exist_ok=True)
    _remove_stale(root)
    with TemporaryDirectory(dir=root) as folder:
        yield Path(folder)


def run_child(
    command: str, file: Path, folder: Path, *options: str, on_progress: Progress | None = None
) -> Answer:
    """Run one command of the sandbox on a file.

    Parameters
    ----------
    command : {'probe', 'measure'}
        What to do.
    file : pathlib.Path
        The plain video.
    folder : pathlib.Path
        The child's own folder: where it works, and where its results go.
    *options : str
        For `measure` the task.
    on_progress : callable, optional
        Called with the share done, 0 to 1; what it raises ends the child.

    Returns
    -------
    dict
        The child's answer.

    Raises
    ------
    RefusedError
        If the video cannot be taken or measured.
    BrokenChildError
        If the child ended without an answer.
    """
    started, wall_s = time.monotonic(), BOUNDS[command].wall_s
    with (folder / "stderr").open("wb") as stderr:
        process = _start([command, str(file), str(folder), *options], folder, stderr)
        answer = _listen_until_the_end(process, wall_s, on_progress)
    if process.returncode == 0 and "refused" in answer:
        raise RefusedError(str(answer["refused"]))
    if process.returncode == 0 and answer:
        return answer
    if process.returncode in _LATE or time.monotonic() - started >= wall_s:
        raise RefusedError("too_slow")
    log.warning("%s ended with %s: %s", command, process.returncode, _last_line(folder / "stderr"))
    raise BrokenChildError(f"The child must answer; it ended with {process.returncode}.")


def _start(arguments: list[str], folder: Path, stderr: Any) -> "subprocess.Popen[bytes]":
    # Isolated (-I): neither the folder of the child nor a variable decides what it imports.
    return subprocess.Popen(
        [sys.executable, "-I", "-B", "-m", _CHILD, *arguments],
        cwd=folder,
        env=_environment(folder),
        stdin=subprocess.PIPE,  # the lifeline: when we are gone, the child goes too
        stdout=subprocess.PIPE,
        stderr=stderr,
        start_new_session=True,
    )


def _environment(folder: Path) -> dict[str, str]:
    """Return all that the child is told: no key, no database, nothing of the server's own."""
    return {
        "PATH": os.defpath,
        "LANG": "C.UTF-8",
        "HOME": str(folder),
        "TMPDIR": str(folder),
        # Each thread of either would reserve address space that is never used.
        "MALLOC_ARENA_MAX": "2",
        "OPENBLAS_NUM_THREADS": "1",
    }


def _listen_until_the_end(
    process: "subprocess.Popen[bytes]", wall_s: float, on_progress: Progress | None
) -> Answer:
    killer = Timer(wall_s, _kill, [process])
    killer.start()
    with process:
        try:
            answer = _listen(process, on_progress)
            # Wait, but keep the number of the process: until it is given back, it is still ours.
            os.waitid(os.P_PID, process.pid, os.WEXITED | os.WNOWAIT)
        finally:
            killer.cancel()
            _kill(process)
    return answer


def _listen(process: "subprocess.Popen[bytes]", on_progress: Progress | None) -> Answer:
    assert process.stdout is not None
    answer: Answer = {}
    for line in iter(partial(process.stdout.readline, _LINE_BYTES), b""):
        answer = _parse(line)
        if "progress" in answer and on_progress is not None:
            on_progress(min(1.0, max(0.0, float(answer["progress"]))))
    return {} if "progress" in answer else answer


def _parse(line: bytes) -> Answer:
    try:
        answer = json.loads(line)
    except ValueError as problem:
        raise BrokenChildError("The child must answer in JSON; it does not.") from problem
    if not isinstance(answer, dict):
        raise BrokenChildError("The child must answer with an object; it does not.")
    return answer


def _kill(process: "subprocess.Popen[bytes]") -> None:
    with suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGKILL)


def _last_line(path: Path) -> str:
    return path.read_text(errors="replace")[-300:].strip().rpartition("\n")[2]


def _remove_stale(root: Path) -> None:
    """Remove what a server that was killed has left behind."""
    for folder in root.iterdir():
        with suppress(FileNotFoundError):
            if time.time() - folder.stat().st_mtime > _STALE_S:
                shutil.rmtree(folder, ignore_errors=True)
