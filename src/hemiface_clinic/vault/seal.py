"""Sealing: AES-256-GCM with a random nonce; what is sealed opens only in its own place.

A sealed value is ``key name, NUL, 12 bytes of nonce, ciphertext and tag``. The place (table,
column, row and key) is authenticated with it, so a value copied to another row does not open.
"""

import hashlib
import hmac
import secrets

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from django.conf import settings

from hemiface.errors import HemifaceError
from hemiface_clinic.vault.ring import Ring, read_ring

NONCE_BYTES = 12


class BrokenSealError(HemifaceError):
    """A sealed value was changed, moved, or sealed with a key that is gone."""


def ring() -> Ring:
    """Return the key ring of this installation."""
    return read_ring(settings.KEYS_ROOT)


def seal(plain: bytes, place: str) -> bytes:
    """Seal bytes for one place with the current key."""
    keys = ring()
    nonce = secrets.token_bytes(NONCE_BYTES)
    name = keys.current.encode()
    return name + b"\0" + nonce + _cipher(keys, name).encrypt(nonce, plain, _bound(place, name))


def open_seal(sealed: bytes, place: str) -> bytes:
    """Open bytes that were sealed for this place.

    Raises
    ------
    BrokenSealError
        If they were not, or were changed since.
    """
    name, _, rest = sealed.partition(b"\0")
    try:
        cipher = _cipher(ring(), name)
        return cipher.decrypt(rest[:NONCE_BYTES], rest[NONCE_BYTES:], _bound(place, name))
    except (KeyError, InvalidTag, ValueError) as problem:
        raise BrokenSealError(
            f"{place} must open with a key of the ring; it does not. "
            "It was changed, moved from another row, or its key is gone: restore a backup."
        ) from problem


def key_name(sealed: bytes) -> str:
    """Return the name of the key that sealed a value."""
    return sealed.partition(b"\0")[0].decode()


def blind_index(purpose: str, text: str) -> str:
    """Return a keyed hash by which a sealed value can be looked up, and nothing learned."""
    return hmac.new(ring().index, f"{purpose}\0{text}".encode(), hashlib.sha256).hexdigest()


def _cipher(keys: Ring, name: bytes) -> AESGCM:
    return AESGCM(keys.keys[name.decode()])


def _bound(place: str, name: bytes) -> bytes:
    return place.encode() + b"\0" + name
