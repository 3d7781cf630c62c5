"""Secrets in links, and addresses by which somebody is found: only hashes of them are kept."""

import hashlib
import secrets

from hemiface_clinic.vault.seal import blind_index


def new_token() -> str:
    """Return a secret that fits in a link."""
    return secrets.token_urlsafe(32)


def hash_token(token: str) -> str:
    """Return what the database keeps of a secret."""
    return hashlib.sha256(token.encode()).hexdigest()


def index_email(address: str) -> str:
    """Return the blind index of an e-mail address."""
    return blind_index("email", address.strip().casefold())
