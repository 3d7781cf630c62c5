"""Restoring a backup: whole or not at all, and then checked."""

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from tempfile import mkdtemp

from django.contrib.sessions.models import Session
from django.db import connections
from django.utils import timezone

from hemiface.errors import ConventionError, OutputError
from hemiface_clinic.audit.actions import SYSTEM, record
from hemiface_clinic.audit.anchor import NAME as ANCHOR
from hemiface_clinic.audit.models import Event
from hemiface_clinic.audit.queries import find_faults
from hemiface_clinic.jobs.models import Job
from hemiface_clinic.people.models import Invitation
from hemiface_clinic.people.personal import Person, erase, erased_since, is_known
from hemiface_clinic.questions.models import StatusLink
from hemiface_clinic.serve.backup import CARD, MEDIA, configuration_of, write_backup
from hemiface_clinic.serve.database import is_new, migrate
from hemiface_clinic.serve.lock import only_server
from hemiface_clinic.serve.snapshot import POSTGRESQL, SQLITE, load_postgresql, snapshot_name
from hemiface_clinic.serve.unpack import Note, unpack

_PLACES = (SQLITE, f"{SQLITE}-wal", f"{SQLITE}-shm", MEDIA, CARD, ANCHOR)


@dataclass(frozen=True)
class Restored:
    """What was restored.

    Attributes
    ----------
    note : Note
        What the backup says of itself.
    kept : pathlib.Path or None
        Backup of what was replaced.
    n_events, n_files : int
        Events of the audit, files of recordings.
    n_erased : int
        People who were erased after the backup was made, and are erased again.
    faults : list of str
        What does not fit in the restored audit.
    """

    note: Note
    kept: Path | None
    n_events: int
    n_files: int
    n_erased: int
    faults: list[str]


def restore_backup(file: Path, data: Path, *, replace: bool = False) -> Restored:
    """Restore a backup into a data folder that has the keys.

    Parameters
    ----------
    file : pathlib.Path
        The backup.
    data : pathlib.Path
        The data folder; Django must be set up for it.
    replace : bool, optional
        Whether a database that is there may be replaced; a backup of it is made first.

    Raises
    ------
    hemiface.errors.HemifaceError
        If something is in the way, or the backup is not whole. Nothing has changed then.
    """
    with only_server(data), _scratch(data) as scratch:
        is_there = not is_new()
        if is_there and not replace:
            raise ConventionError(
                f"{data} must have no database yet; it has one. "
                "Use --replace, which makes a backup of it first."
            )
        note = unpack(file, scratch, data / "keys")
        _check_kind(note, data)
        kept = write_backup(data, data / "backups") if is_there else None
        erased = erased_since(datetime.fromisoformat(note.made_at)) if is_there else []
        _put_in_place(scratch, data)
        return _check(note, kept, data, erased)


def _check_kind(note: Note, data: Path) -> None:
    kind = snapshot_name(configuration_of(data))
    if note.database != kind:
        raise ConventionError(
            f"The backup must be of the same kind of database; it holds {note.database}, and this "
            f"installation needs {kind}. Set or leave out DATABASE_URL."
        )


def _put_in_place(scratch: Path, data: Path) -> None:
    connections.close_all()
    (scratch / MEDIA).mkdir(mode=0o700, exist_ok=True)
    try:
        with _set_aside(data):
            _move(scratch, data)
            if (scratch / POSTGRESQL).exists():  # last: it is whole or not at all by itself
                load_postgresql(configuration_of(data), scratch / POSTGRESQL)
    except OSError as problem:
        raise OutputError(
            f"{data} must be a folder that can be written; it is not: {problem.strerror}. "
            "Nothing was changed."
        ) from problem


@contextmanager
def _set_aside(data: Path) -> Iterator[None]:
    """Move away what is there; bring it back if what comes in its place does not arrive."""
    with _scratch(data) as aside, _scratch(data) as refused:
        try:
            _move(data, aside)
            yield
        except BaseException:
            _move(data, refused)
            _move(aside, data)
            raise


def _move(source: Path, target: Path) -> None:
    for name in _PLACES:
        if (source / name).exists():
            (source / name).replace(target / name)


def _check(note: Note, kept: Path | None, data: Path, erased: list[Person]) -> Restored:
    migrate(data)
    faults = list(find_faults())
    _forget_what_was_handed_out()
    n_erased = _erase_again(erased)
    record("backup.restore", "clinic", by=SYSTEM, made_at=note.made_at, erased_again=n_erased)
    n_files = sum(path.is_file() for path in (data / MEDIA).rglob("*"))
    return Restored(note, kept, Event.objects.count() - 1, n_files, n_erased, faults)


def _forget_what_was_handed_out() -> None:
    """End what may have been used or ended since: log-ins, links; letters, which were posted."""
    Session.objects.all().delete()
    StatusLink.objects.filter(revoked_at=None).update(revoked_at=timezone.now())
    Invitation.objects.filter(used_at=None).update(expires_at=timezone.now())
    Job.objects.filter(kind="letter").delete()


def _erase_again(people: list[Person]) -> int:
    found = [person for person in people if is_known(person)]
    for person in found:
        erase(person, by=SYSTEM)
    return len(found)


@contextmanager
def _scratch(data: Path) -> Iterator[Path]:
    folder = Path(mkdtemp(dir=data, prefix=".restore-"))
    try:
        yield folder
    finally:
        shutil.rmtree(folder)
