"""The database's tables: brought up to date, one process at a time, after a backup."""

from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path

from django.core.management import call_command
from django.db import connection
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.recorder import MigrationRecorder

from hemiface.errors import ConventionError
from hemiface_clinic.serve.backup import write_backup
from hemiface_clinic.serve.lock import one_after_another

_LOCK_NUMBER = 0x68656D69  # 'hemi'; any number that no other program uses


def migrate(data: Path) -> Path | None:
    """Bring the tables up to date; return the backup that was made first, if one was."""
    if not waiting_changes():
        return None
    with one_after_another(data / "migrate.lock"), _one_host():
        return _migrate(data) if waiting_changes() else None


def check_is_current(data: Path) -> None:
    """Refuse a database whose tables are missing or old.

    Raises
    ------
    hemiface.errors.ConventionError
        If there is something to bring up to date.
    """
    if waiting := waiting_changes():
        raise ConventionError(
            f"The database of {data} must be up to date; {len(waiting)} changes wait. "
            "Start `hemiface serve` once, which makes them."
        )


def waiting_changes() -> frozenset[tuple[str, str]]:
    """Return the changes that this version brings and the database does not have yet."""
    return _known_changes() - set(MigrationRecorder(connection).applied_migrations())


def is_new() -> bool:
    """Return whether the database holds nothing yet."""
    return not MigrationRecorder(connection).applied_migrations()


@cache
def _known_changes() -> frozenset[tuple[str, str]]:
    return frozenset(MigrationLoader(None).disk_migrations)


def _migrate(data: Path) -> Path | None:
    made = None if is_new() else write_backup(data, data / "backups")
    call_command("createcachetable", verbosity=0)
    call_command("migrate", interactive=False, verbosity=0)
    return made


@contextmanager
def _one_host() -> Iterator[None]:
    """Keep servers on other machines out, where the database is shared by several."""
    if connection.vendor != "postgresql":
        yield
        return
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_lock(%s)", [_LOCK_NUMBER])
        try:
            yield
        finally:
            cursor.execute("SELECT pg_advisory_unlock(%s)", [_LOCK_NUMBER])
