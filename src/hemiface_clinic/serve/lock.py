"""Locks that hold between processes and end with the process that holds them."""

import fcntl
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from hemiface.errors import ConventionError


@contextmanager
def only_server(data: Path) -> Iterator[None]:
    """Be the only server, or the only restore, of a data folder.

    Raises
    ------
    hemiface.errors.ConventionError
        If another one is running.
    """
    with (data / "serve.lock").open("a") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as problem:
            raise ConventionError(
                f"{data} must be used by one server at a time; another one is running on it. "
                "Stop that one, or name another folder with --data."
            ) from problem
        yield


@contextmanager
def one_after_another(path: Path) -> Iterator[None]:
    """Wait until nobody else holds the lock, and hold it."""
    with path.open("a") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield
