"""Where the site listens, and what people type to reach it."""

import socket
from collections.abc import Mapping
from dataclasses import dataclass
from ipaddress import ip_address
from pathlib import Path
from typing import Any

from hemiface.errors import ConventionError
from hemiface_clinic.configuration import LOOPBACK


@dataclass(frozen=True)
class Address:
    """Where the site listens.

    Attributes
    ----------
    host : str
        Name or number of the network address.
    port : int
        Port.
    certificate, key : pathlib.Path, optional
        Files in PEM; with both of them the site speaks TLS.
    """

    host: str
    port: int
    certificate: Path | None = None
    key: Path | None = None

    @property
    def has_tls(self) -> bool:
        """Whether the site speaks TLS by itself."""
        return self.certificate is not None and self.key is not None

    @property
    def number(self) -> str:
        """The network address as a number.

        Raises
        ------
        hemiface.errors.ConventionError
            If no machine has that name.
        """
        return str(self.socket_address[1][0])

    @property
    def socket_address(self) -> tuple[int, tuple[Any, ...]]:
        """The kind of network, and the address as its socket wants it."""
        try:
            found = socket.getaddrinfo(self.host, self.port, type=socket.SOCK_STREAM)
        except OSError as problem:
            raise ConventionError(
                f"--host must be an address of this machine; {self.host!r} is not known: "
                f"{problem.strerror}. Use 127.0.0.1 for this machine alone."
            ) from problem
        family, _, _, _, where = found[0]
        return family, where

    def arguments(self) -> list[str]:
        """Return the address as words of a command; `read_address` reads them."""
        return [self.host, str(self.port), str(self.certificate or ""), str(self.key or "")]


def read_address(words: list[str]) -> Address:
    """Read an address from the words of a command."""
    host, port, certificate, key = words
    return Address(
        host,
        int(port),
        Path(certificate) if certificate else None,
        Path(key) if key else None,
    )


def public_url(address: Address, variables: Mapping[str, str]) -> str:
    """Return what people type: as the clinic says, or else where the site listens.

    Raises
    ------
    hemiface.errors.ConventionError
        If nobody says, and the site listens on every address of the machine.
    """
    if said := variables.get("HEMIFACE_PUBLIC_URL"):
        return said
    if ip_address(address.number).is_unspecified:
        raise ConventionError(
            "HEMIFACE_PUBLIC_URL must say what people type to reach the site, because "
            f"{address.host} stands for every address of this machine; it is not set. "
            "Set it, as https://clinic.example."
        )
    host = f"[{address.host}]" if ":" in address.host else address.host
    return f"{'https' if address.has_tls else 'http'}://{host}:{address.port}"


def is_loopback(host: str) -> bool:
    """Return whether a host is this machine, reached from itself."""
    try:
        return ip_address(host.strip("[]")).is_loopback
    except ValueError:
        return host in LOOPBACK
