"""Sealing what is too long for memory: AES-256-GCM in chunks, in order and complete or refused.

A sealed stream is a header (mark, name of the key, salt) and chunks. Each stream has a key of its
own, made from the ring's key and the salt, so that chunk numbers serve as nonces. The last chunk
says that it is the last: a stream that was cut off does not open.
"""

import secrets
from types import TracebackType
from typing import Protocol, Self

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from hemiface.errors import SourceError
from hemiface_clinic.vault.ring import KEY_BYTES, Ring
from hemiface_clinic.vault.seal import BrokenSealError

MARK = b"hemiface sealed 1\n"
SALT_BYTES, TAG_BYTES, MAX_NAME = 32, 16, 32
CHUNK = 1 << 18


class Writable(Protocol):
    """What takes bytes."""

    def write(self, data: bytes, /) -> object:
        """Take bytes."""


class Readable(Protocol):
    """What gives bytes."""

    def read(self, size: int, /) -> bytes:
        """Give at most `size` bytes; none at the end."""


class SealWriter:
    """Seals what is written to it, for one purpose; complete once its block ends without error."""

    def __init__(self, file: Writable, ring: Ring, purpose: str) -> None:
        name, salt = ring.current.encode(), secrets.token_bytes(SALT_BYTES)
        self._header = MARK + name + b"\0" + salt
        self._cipher = _cipher(ring.keys[ring.current], salt, purpose)
        self._file, self._kept, self._n_chunks = file, bytearray(), 0
        file.write(self._header)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        problem: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if kind is None:  # what broke off must not look whole
            self._put(bytes(self._kept), is_last=True)

    def write(self, data: bytes) -> int:
        """Seal bytes."""
        self._kept += data
        while len(self._kept) > CHUNK:
            self._put(bytes(self._kept[:CHUNK]), is_last=False)
            del self._kept[:CHUNK]
        return len(data)

    def _put(self, chunk: bytes, *, is_last: bool) -> None:
        nonce = _nonce(self._n_chunks, is_last=is_last)
        self._file.write(self._cipher.encrypt(nonce, chunk, self._header))
        self._n_chunks += 1


class SealReader:
    """Opens a sealed stream as it is read.

    Raises
    ------
    hemiface.errors.SourceError
        If the file is not a sealed stream, or its key is not in the ring.
    """

    def __init__(self, file: Readable, ring: Ring, purpose: str) -> None:
        name, salt = _read_header(file)
        if name not in ring.keys:
            raise SourceError(
                "The file must be sealed with a key of the ring; it is sealed with "
                f"{name!r}, which is not there. Copy the folder keys back as it was then."
            )
        self._header = MARK + name.encode() + b"\0" + salt
        self._cipher = _cipher(ring.keys[name], salt, purpose)
        self._file, self._open, self._n_chunks = file, memoryview(b""), 0
        self._next = file.read(CHUNK + TAG_BYTES)

    def read(self, size: int) -> bytes:
        """Return at most `size` opened bytes; none at the end.

        Raises
        ------
        hemiface_clinic.vault.seal.BrokenSealError
            If the stream was changed or cut off.
        """
        if not self._open and (self._next or self._n_chunks == 0):  # there is always one chunk
            self._open = memoryview(self._open_chunk())
        given, self._open = bytes(self._open[:size]), self._open[size:]
        return given

    def _open_chunk(self) -> bytes:
        chunk, self._next = self._next, self._file.read(CHUNK + TAG_BYTES)
        nonce = _nonce(self._n_chunks, is_last=not self._next)
        self._n_chunks += 1
        try:
            return self._cipher.decrypt(nonce, chunk, self._header)
        except InvalidTag as problem:
            raise BrokenSealError(
                "The file must be as it was sealed; it was changed, or a part is missing. "
                "Take another copy."
            ) from problem


def _read_header(file: Readable) -> tuple[str, bytes]:
    mark, name = file.read(len(MARK)), b""
    while mark == MARK and len(name) <= MAX_NAME and (byte := file.read(1)) not in (b"", b"\0"):
        name += byte
    salt = file.read(SALT_BYTES)
    if mark != MARK or len(salt) != SALT_BYTES:
        raise SourceError("The file must be one that hemiface sealed; it is not. Choose another.")
    return name.decode("ascii", "replace"), salt


def _cipher(key: bytes, salt: bytes, purpose: str) -> AESGCM:
    return AESGCM(HKDF(SHA256(), KEY_BYTES, salt, purpose.encode()).derive(key))


def _nonce(number: int, *, is_last: bool) -> bytes:
    return number.to_bytes(11, "big") + bytes([is_last])
