"""The key ring: a file of AES-256 keys, apart from the database and from Django's secret key.

New values are sealed with the current key; older keys only open. The file is read again when it
changes, so that a running server follows a rotation.
"""

import json
import os
import secrets
from base64 import b64decode, b64encode
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from types import MappingProxyType

from hemiface.errors import ConventionError

KEY_BYTES = 32
RING, SECRET = "ring.json", "secret_key"


@dataclass(frozen=True)
class Ring:
    """Keys by name; which one seals; and the two that never change: for indexes and the audit."""

    current: str
    keys: Mapping[str, bytes]
    index: bytes
    audit: bytes


def make_keys(folder: Path) -> None:
    """Make the keys that are not there yet, readable by their owner only."""
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    if not (folder / SECRET).exists():
        _write_private(folder / SECRET, secrets.token_urlsafe(64))
    if not (folder / RING).exists():
        new = secrets.token_bytes
        write_ring(folder, Ring("k1", {"k1": new(KEY_BYTES)}, new(KEY_BYTES), new(KEY_BYTES)))


def read_secret_key(folder: Path) -> str:
    """Read Django's secret key.

    Raises
    ------
    hemiface.errors.ConventionError
        If there is none yet.
    """
    try:
        return (folder / SECRET).read_text()
    except FileNotFoundError as problem:
        raise ConventionError(
            f"{folder} must hold the keys of the clinic; it holds none. "
            "Start with `hemiface serve`, which makes them, or name the folder with --data."
        ) from problem


def read_ring(folder: Path) -> Ring:
    """Read the key ring; the file is opened only when it has changed."""
    path = os.path.join(folder, RING)  # noqa: PTH118  # done for every value that is opened
    state = os.stat(path)  # noqa: PTH116
    stamp = (state.st_mtime_ns, state.st_ino)
    known = _READ.get(path)
    if known is None or known[0] != stamp:
        known = (stamp, _parse(json.loads(Path(path).read_text())))
        _READ[path] = known
    return known[1]


_READ: dict[str, tuple[tuple[int, int], Ring]] = {}


def write_ring(folder: Path, ring: Ring) -> None:
    """Write the key ring, whole or not at all."""
    text = {
        "current": ring.current,
        "keys": {name: b64encode(key).decode() for name, key in ring.keys.items()},
        "index": b64encode(ring.index).decode(),
        "audit": b64encode(ring.audit).decode(),
    }
    _write_private(folder / RING, json.dumps(text, indent=1))


def with_new_key(ring: Ring) -> Ring:
    """Return the ring with one more key, which seals from now on."""
    name = f"k{1 + max(int(name[1:]) for name in ring.keys)}"
    return replace(ring, current=name, keys={**ring.keys, name: secrets.token_bytes(KEY_BYTES)})


def _parse(text: Mapping[str, object]) -> Ring:
    keys = text["keys"]
    assert isinstance(keys, dict)
    return Ring(
        str(text["current"]),
        MappingProxyType({name: b64decode(key) for name, key in keys.items()}),
        b64decode(str(text["index"])),
        b64decode(str(text["audit"])),
    )


def _write_private(path: Path, text: str) -> None:
    part = path.with_name(f"{path.name}.{os.getpid()}.part")
    with os.fdopen(os.open(part, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())
    part.replace(path)
