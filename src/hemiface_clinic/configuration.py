"""What one installation is set to: its data folder, and a few environment variables.

The folder holds everything that must be kept, and the keys::

    DATA/              0700
    ├── clinic.toml    the clinic's card, edited by the clinic
    ├── clinic.db      the database, unless DATABASE_URL names another
    ├── keys/          0600 each: the secret key, the key ring
    ├── media/         recordings, encrypted
    ├── mail/          letters, where no mail server is set
    ├── audit.anchor   the last event of the audit, kept outside the database
    └── backups/
"""

import os
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

import environ

from hemiface.errors import ConventionError
from hemiface_clinic import DEFAULT_DATA

LOOPBACK = ("127.0.0.1", "localhost", "::1", "[::1]")


@dataclass(frozen=True)
class Configuration:
    """Settings of one installation.

    Attributes
    ----------
    data : pathlib.Path
        The data folder.
    database_url : str
        Empty for the SQLite file in the data folder.
    public_url : str
        Where people reach the site, without a slash at the end; links in letters begin with it.
    hosts : tuple of str
        Names under which the site answers.
    proxies : tuple of str
        Addresses of proxies whose word about the client and about TLS is believed.
    email_url : str
        Mail server, as `smtp+tls://user:password@host:587`; empty writes letters to a folder.
    """

    data: Path
    database_url: str
    public_url: str
    hosts: tuple[str, ...]
    proxies: tuple[str, ...]
    email_url: str

    @property
    def is_secure(self) -> bool:
        """Whether people reach the site through TLS."""
        return self.public_url.startswith("https://")

    @property
    def host(self) -> str:
        """Name of the host people reach."""
        return _host(self.public_url)

    @property
    def keys(self) -> Path:
        """Folder of the keys."""
        return self.data / "keys"

    @property
    def media(self) -> Path:
        """Folder of the recordings."""
        return self.data / "media"

    @property
    def card(self) -> Path:
        """File that describes the clinic."""
        return self.data / "clinic.toml"


def read_configuration(variables: Mapping[str, str] = os.environ) -> Configuration:
    """Read the settings of this installation.

    Raises
    ------
    hemiface.errors.ConventionError
        If a variable is not what it must be.
    """
    data = Path(variables.get("HEMIFACE_DATA", DEFAULT_DATA)).resolve()
    public_url = variables.get("HEMIFACE_PUBLIC_URL", "http://127.0.0.1:8000").rstrip("/")
    if not public_url.startswith(("http://", "https://")):
        raise ConventionError(
            "HEMIFACE_PUBLIC_URL must begin with http:// or https://; "
            f"it is {public_url!r}. Give the address people type."
        )
    return Configuration(
        data,
        variables.get("DATABASE_URL", ""),
        public_url,
        (*_listed(variables.get("HEMIFACE_HOSTS", "")), _host(public_url), *LOOPBACK),
        _listed(variables.get("HEMIFACE_PROXIES", "")),
        variables.get("HEMIFACE_EMAIL_URL", ""),
    )


def databases(configuration: Configuration) -> dict[str, object]:
    """Return Django's settings of the database.

    SQLite takes the write lock when a transaction begins: a lock taken later, by a transaction
    that began with reading, fails at once where another writes, whatever the timeout.
    """
    if configuration.database_url:
        settings = dict(environ.Env.db_url_config(configuration.database_url))
        settings["CONN_HEALTH_CHECKS"] = True
        pool = {"min_size": 1, "max_size": 8, "timeout": 10}
        settings["OPTIONS"] = {**settings.get("OPTIONS", {}), "pool": pool}
        return settings
    return {
        "ENGINE": "django.db.backends.sqlite3",
        "NAME": configuration.data / "clinic.db",
        "CONN_MAX_AGE": None,
        "OPTIONS": {
            "timeout": 20,
            "transaction_mode": "IMMEDIATE",
            "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL;"
            "PRAGMA journal_size_limit=27103364; PRAGMA cache_size=-20000;",
        },
    }


def email(configuration: Configuration) -> dict[str, object]:
    """Return Django's settings of the mail: a server, or files in the data folder."""
    if configuration.email_url:
        return dict(environ.Env.email_url_config(configuration.email_url))
    return {
        "EMAIL_BACKEND": "django.core.mail.backends.filebased.EmailBackend",
        "EMAIL_FILE_PATH": str(configuration.data / "mail"),
    }


def read_timezone(card: Path) -> str:
    """Return the time zone that the clinic's card names; UTC before there is a card."""
    try:
        return str(tomllib.loads(card.read_text(encoding="utf-8")).get("timezone", "UTC"))
    except (OSError, tomllib.TOMLDecodeError):
        return "UTC"  # what is wrong with the card is said when it is checked


def _listed(text: str) -> tuple[str, ...]:
    return tuple(part.strip() for part in text.split(",") if part.strip())


def _host(url: str) -> str:
    host = urlsplit(url).hostname or ""
    return f"[{host}]" if ":" in host else host
