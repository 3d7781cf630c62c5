"""Backups: everything the clinic has but its keys, in one sealed file.

The file is a tar of a note, the audit's anchor, the database and the recordings, sealed with a key
of the ring. The order matters while the site runs: the anchor may be older than the database, and
the database than the recordings, but not the other way round.
"""

import io
import json
import os
import tarfile
import time
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import BinaryIO

from hemiface import __version__
from hemiface.errors import OutputError
from hemiface_clinic.audit.anchor import NAME as ANCHOR
from hemiface_clinic.configuration import Configuration, read_configuration
from hemiface_clinic.serve.snapshot import copy_database, snapshot_name
from hemiface_clinic.vault.ring import read_ring
from hemiface_clinic.vault.stream import SealWriter

PURPOSE = "hemiface.backup"
NOTE, CARD, MEDIA = "backup.json", "clinic.toml", "media"


def write_backup(data: Path, to: Path) -> Path:
    """Write a backup of a data folder into the folder `to`, whole or not at all; return the file.

    Raises
    ------
    hemiface.errors.OutputError
        If it cannot be written.
    """
    try:
        to.mkdir(mode=0o700, parents=True, exist_ok=True)
        with TemporaryDirectory(dir=to, prefix=".part-") as scratch:
            part = Path(scratch) / "backup"
            _write(configuration_of(data), part, Path(scratch))
            path = _free_name(to)
            part.replace(path)
    except OSError as problem:
        raise OutputError(
            f"{to} must be a folder that can be written; it is not: {problem.strerror}. "
            "Name another with --to."
        ) from problem
    return path


def configuration_of(data: Path) -> Configuration:
    """Return the settings of the installation with this data folder."""
    return read_configuration({**os.environ, "HEMIFACE_DATA": str(data)})


def _write(configuration: Configuration, part: Path, scratch: Path) -> None:
    ring = read_ring(configuration.keys)
    with _open_private(part) as file:
        with (
            SealWriter(file, ring, PURPOSE) as sealed,
            tarfile.open(fileobj=sealed, mode="w|") as archive,  # type: ignore[call-overload]
        ):
            _fill(archive, configuration, scratch)
        file.flush()
        os.fsync(file.fileno())


def _fill(archive: tarfile.TarFile, configuration: Configuration, scratch: Path) -> None:
    _add_note(archive, configuration)
    _add(archive, configuration.data / ANCHOR, ANCHOR)
    _add(archive, configuration.card, CARD)
    copy = copy_database(configuration, scratch)
    _add(archive, copy, copy.name)
    for path in sorted(configuration.media.rglob("*")):
        if path.is_file() and path.suffix == ".sealed":  # the rest is plain, and passing
            _add(archive, path, f"{MEDIA}/{path.relative_to(configuration.media).as_posix()}")


def _add_note(archive: tarfile.TarFile, configuration: Configuration) -> None:
    note = {
        "made_at": datetime.now(UTC).isoformat(timespec="seconds"),
        "version": __version__,
        "database": snapshot_name(configuration),
    }
    text = json.dumps(note).encode()
    entry = tarfile.TarInfo(NOTE)
    entry.size = len(text)
    archive.addfile(entry, io.BytesIO(text))


def _add(archive: tarfile.TarFile, path: Path, name: str) -> None:
    """Add a file if it is still there; one that was erased meanwhile is not missed."""
    try:
        with path.open("rb") as file:
            archive.addfile(archive.gettarinfo(arcname=name, fileobj=file), file)
    except FileNotFoundError:
        return


def _open_private(path: Path) -> BinaryIO:
    return os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb")


def _free_name(folder: Path) -> Path:
    """Return the name of this second, or of the next one that is free."""
    while True:
        path = folder / f"hemiface-{datetime.now(UTC):%Y%m%dT%H%M%SZ}.backup"
        if not path.exists():
            return path
        time.sleep(0.1)
