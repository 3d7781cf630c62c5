"""The anchor: the last event's number and digest in a file beside the database.

A chain whose newest events were cut off still fits; the anchor remembers how long it was.
"""

import fcntl
from pathlib import Path

NAME = "audit.anchor"


def write_anchor(folder: Path, seq: int, digest: str) -> None:
    """Remember the last event; an older one never replaces a newer."""
    with (folder / NAME).open("a+") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        file.seek(0)
        if seq > _parse(file.read())[0]:
            file.seek(0)
            file.truncate()
            file.write(f"{seq} {digest}\n")


def read_anchor(folder: Path) -> tuple[int, str]:
    """Return number and digest of the last event; 0 and nothing before the first."""
    try:
        return _parse((folder / NAME).read_text())
    except FileNotFoundError:
        return 0, ""


def _parse(text: str) -> tuple[int, str]:
    seq, _, digest = text.strip().partition(" ")
    return (int(seq), digest) if seq else (0, "")
