"""The database as one file, as it was at one moment, while the site goes on; and back again."""

import os
import sqlite3
import subprocess
from contextlib import closing
from pathlib import Path

from hemiface.errors import OutputError
from hemiface_clinic.configuration import Configuration, databases

SQLITE, POSTGRESQL = "clinic.db", "clinic.sql"

# What is there goes first, in the same transaction: a newer version's tables would be left over.
_DROP_TABLES = """
DO $$ DECLARE name text; BEGIN
  FOR name IN SELECT tablename FROM pg_tables WHERE schemaname = current_schema() LOOP
    EXECUTE format('DROP TABLE %I CASCADE', name);
  END LOOP;
END $$
"""


def snapshot_name(configuration: Configuration) -> str:
    """Return what a copy of this kind of database is called."""
    return POSTGRESQL if configuration.database_url else SQLITE


def copy_database(configuration: Configuration, folder: Path) -> Path:
    """Copy the database into a folder, as it is at one moment.

    Raises
    ------
    hemiface.errors.OutputError
        If the database or its tools do not do it.
    """
    copy = folder / snapshot_name(configuration)
    if configuration.database_url:
        _run(["pg_dump", "--no-owner", "--no-privileges", f"--file={copy}"], configuration)
    else:
        _copy_sqlite(configuration.data / "clinic.db", copy)
    return copy


def load_postgresql(configuration: Configuration, copy: Path) -> None:
    """Put a copy in the place of what a PostgreSQL database holds, whole or not at all.

    Raises
    ------
    hemiface.errors.OutputError
        If the database or its tools do not do it.
    """
    command = ["psql", "--no-psqlrc", "--quiet", "--set=ON_ERROR_STOP=1", "--single-transaction"]
    _run([*command, f"--command={_DROP_TABLES}", f"--file={copy}"], configuration)


def _copy_sqlite(path: Path, copy: Path) -> None:
    if not path.exists():
        raise OutputError(f"{path} must be there to be copied; it is not. Start the site once.")
    try:
        with closing(sqlite3.connect(path)) as source, closing(sqlite3.connect(copy)) as target:
            source.backup(target)
    except sqlite3.Error as problem:
        raise OutputError(
            f"{path} must be readable to be copied; it is not: {problem}."
        ) from problem


def _run(command: list[str], configuration: Configuration) -> None:
    try:
        subprocess.run(
            command,
            env=os.environ | _connection(configuration),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
            check=True,
        )
    except FileNotFoundError as problem:
        raise OutputError(
            f"{command[0]} must be installed to copy a PostgreSQL database; it is not. "
            "Install the client programs of PostgreSQL."
        ) from problem
    except subprocess.CalledProcessError as problem:
        reason = " ".join(problem.stderr.decode(errors="replace").split())
        raise OutputError(f"{command[0]} must copy the database; it did not: {reason}") from problem


def _connection(configuration: Configuration) -> dict[str, str]:
    """Return what the tools read from the environment; a command line is seen by everybody."""
    database = databases(configuration)
    names = {"NAME": "PGDATABASE", "USER": "PGUSER", "PASSWORD": "PGPASSWORD"}
    names |= {"HOST": "PGHOST", "PORT": "PGPORT"}
    return {variable: str(database[name]) for name, variable in names.items() if database[name]}
