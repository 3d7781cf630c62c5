"""What is refused before anything starts: each with one sentence."""

import errno
import socket
import sqlite3
import ssl
from contextlib import closing
from urllib.parse import urlsplit

from hemiface.errors import ConventionError
from hemiface_clinic.configuration import Configuration, databases
from hemiface_clinic.serve.address import Address, is_loopback

CONNECT_S = 5


def check_before_start(address: Address, configuration: Configuration) -> None:
    """Refuse what would be unsafe, or would fail later and say less.

    Raises
    ------
    hemiface.errors.ConventionError
        With what is wrong and what to do.
    """
    check_certificate(address)
    check_privacy(address, configuration)
    check_port(address)
    check_database(configuration)


def check_certificate(address: Address) -> None:
    """Refuse a certificate without its key, and files that are not what they should be."""
    if (address.certificate is None) != (address.key is None):
        raise ConventionError(
            "--certificate and --key must be given together; one of them is missing. Give both."
        )
    if address.certificate is None or address.key is None:
        return
    try:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(address.certificate, address.key, password="")
    except OSError as problem:  # ssl.SSLError is one
        raise ConventionError(
            "--certificate and --key must be a certificate in PEM and its key without a password; "
            f"{address.certificate} and {address.key} cannot be used: {_reason(problem)}."
        ) from problem


def check_privacy(address: Address, configuration: Configuration) -> None:
    """Refuse to send passwords and illnesses over a network for everybody to read."""
    if address.has_tls or configuration.proxies:
        _check_tls_is_used(address, configuration)
        return
    remedy = (
        "Give --certificate and --key, or name in HEMIFACE_PROXIES the address of the proxy that "
        "speaks TLS for the site."
    )
    if not is_loopback(address.number):
        raise ConventionError(
            f"--host must be 127.0.0.1 where the site has no TLS; it is {address.host}. {remedy}"
        )
    if configuration.is_secure:
        raise ConventionError(
            f"The site must speak TLS, because people reach it at {configuration.public_url}; "
            f"it has no certificate. {remedy}"
        )
    if not is_loopback(configuration.host):
        raise ConventionError(
            "HEMIFACE_PUBLIC_URL must begin with https:// where others reach the site; it is "
            f"{configuration.public_url}. {remedy}"
        )


def _check_tls_is_used(address: Address, configuration: Configuration) -> None:
    if address.has_tls and not configuration.is_secure:
        raise ConventionError(
            "HEMIFACE_PUBLIC_URL must begin with https:// where the site has a certificate; "
            f"it is {configuration.public_url}. Mend it, or leave it out."
        )


def check_port(address: Address) -> None:
    """Refuse a port that is taken; without this, two servers would share it in turns."""
    family, where = address.socket_address
    with socket.socket(family, socket.SOCK_STREAM) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(where)
        except OSError as problem:
            raise ConventionError(_why_not_bound(address, problem)) from problem


def _why_not_bound(address: Address, problem: OSError) -> str:
    if problem.errno == errno.EADDRINUSE:
        return (
            f"Port {address.port} must be free; another program uses it. "
            f"Choose another, as --port {address.port % 65535 + 1}."
        )
    if problem.errno == errno.EACCES:
        return (
            f"Port {address.port} must be one this account may use; it may not. "
            "Choose one above 1023, as --port 8000."
        )
    return (
        f"--host must be an address of this machine; {address.host} is not: {problem.strerror}. "
        "Use 127.0.0.1 for this machine alone."
    )


def check_database(configuration: Configuration) -> None:
    """Refuse a database that does not answer within seconds; the pool would wait for long."""
    if configuration.database_url:
        _check_postgresql(configuration)
    elif (configuration.data / "clinic.db").exists():
        _check_sqlite(configuration)


def _check_postgresql(configuration: Configuration) -> None:
    import psycopg

    scheme = urlsplit(configuration.database_url).scheme
    if scheme not in ("postgres", "postgresql"):
        raise ConventionError(
            f"DATABASE_URL must begin with postgresql://; it begins with {scheme or 'nothing'}://. "
            "Leave it out to keep the database in the data folder."
        )
    database = databases(configuration)
    try:
        psycopg.connect(
            dbname=str(database["NAME"]),
            user=str(database["USER"]) or None,
            password=str(database["PASSWORD"]) or None,
            host=str(database["HOST"]) or None,
            port=str(database["PORT"]) or None,
            connect_timeout=CONNECT_S,
        ).close()
    except psycopg.Error as problem:
        reason = " ".join(str(problem).split()).rstrip(".")
        raise ConventionError(
            f"DATABASE_URL must name a database that answers; it does not: {reason}. "
            "Start the database, or mend the address."
        ) from problem


def _check_sqlite(configuration: Configuration) -> None:
    path = configuration.data / "clinic.db"
    try:
        with closing(sqlite3.connect(path, timeout=CONNECT_S)) as database:
            database.execute("SELECT count(*) FROM sqlite_master").fetchone()
    except sqlite3.Error as problem:
        raise ConventionError(
            f"{path} must be the clinic's database; it cannot be read: {problem}. "
            "Put a backup in its place with `hemiface restore FILE --replace`."
        ) from problem


def _reason(problem: OSError) -> str:
    if isinstance(problem, ssl.SSLError):
        return (problem.reason or "they do not fit").replace("_", " ").lower()
    return problem.strerror or str(problem)
