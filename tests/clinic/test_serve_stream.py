"""Sealed streams: what was sealed comes back, and nothing else does."""

import io
import secrets
from contextlib import suppress

import pytest

from hemiface.errors import SourceError
from hemiface_clinic.vault.ring import Ring
from hemiface_clinic.vault.seal import BrokenSealError
from hemiface_clinic.vault.stream import CHUNK, TAG_BYTES, SealReader, SealWriter

KEYS = Ring("k1", {"k1": secrets.token_bytes(32)}, b"", b"")


def sealed(plain: bytes, size: int = 10_240) -> bytes:
    file = io.BytesIO()
    with SealWriter(file, KEYS, "test") as writer:
        for start in range(0, len(plain), size):
            writer.write(plain[start : start + size])
    return file.getvalue()


def opened(data: bytes, keys: Ring = KEYS, purpose: str = "test") -> bytes:
    reader = SealReader(io.BytesIO(data), keys, purpose)
    return b"".join(iter(lambda: reader.read(7000), b""))


@pytest.mark.parametrize("n_bytes", [0, 1, CHUNK - 1, CHUNK, CHUNK + 1, 3 * CHUNK])
def test_gives_back_what_was_sealed(n_bytes):
    plain = secrets.token_bytes(n_bytes)
    assert opened(sealed(plain)) == plain


def test_two_seals_of_the_same_share_nothing():
    first, second = sealed(b"x" * 1000), sealed(b"x" * 1000)
    assert first[-1000:] != second[-1000:]


@pytest.mark.parametrize("where", [30, 60, CHUNK, -1])
def test_refuses_a_changed_byte(where):
    data = bytearray(sealed(bytes(2 * CHUNK)))
    data[where] ^= 1
    with pytest.raises(BrokenSealError, match="it was changed"):
        opened(bytes(data))


@pytest.mark.parametrize("n_lost", [1, 100, CHUNK + TAG_BYTES, 2 * (CHUNK + TAG_BYTES)])
def test_refuses_what_was_cut_off(n_lost):
    data = sealed(bytes(2 * CHUNK))
    with pytest.raises(BrokenSealError):
        opened(data[:-n_lost])


def test_refuses_what_was_added_or_swapped():
    data, size = sealed(secrets.token_bytes(3 * CHUNK)), CHUNK + TAG_BYTES
    head, a, b, c = data[: -3 * size], *(data[-k * size :][:size] for k in (3, 2, 1))
    for changed in (data + b"x", head + b + a + c, head + a + c):
        with pytest.raises(BrokenSealError):
            opened(changed)


def test_refuses_another_purpose_and_a_key_that_is_gone():
    data = sealed(b"plain")
    with pytest.raises(BrokenSealError):
        opened(data, purpose="other")
    with pytest.raises(SourceError, match="'k1', which is not there"):
        opened(data, keys=Ring("k2", {"k2": bytes(32)}, b"", b""))


@pytest.mark.parametrize("data", [b"", b"a letter", b"hemiface sealed 1\n", bytes(100)])
def test_refuses_what_was_never_sealed(data):
    with pytest.raises(SourceError, match="must be one that hemiface sealed"):
        opened(data)


def test_what_broke_off_does_not_look_whole():
    file = io.BytesIO()
    with suppress(RuntimeError), SealWriter(file, KEYS, "test") as writer:
        writer.write(bytes(CHUNK))
        raise RuntimeError
    with pytest.raises(BrokenSealError):
        opened(file.getvalue())
