"""Sealed files open whole, unchanged and under their own name, or not at all."""

import stat
import tracemalloc
from uuid import uuid4

import pytest

from hemiface_clinic.recordings.files import remove_files, report_path, video_path
from hemiface_clinic.vault import rotation, seal
from hemiface_clinic.vault.files import SealedFiles, read_sealed, write_sealed
from hemiface_clinic.vault.ring import make_keys, read_ring
from hemiface_clinic.vault.seal import BrokenSealError
from hemiface_clinic.vault.stream import CHUNK, MARK, SALT_BYTES, TAG_BYTES

HEADER = len(MARK) + len(b"k1\0") + SALT_BYTES
SEALED_CHUNK = CHUNK + TAG_BYTES


@pytest.fixture(autouse=True)
def media(settings, tmp_path):
    make_keys(tmp_path / "keys")
    settings.KEYS_ROOT, settings.MEDIA_ROOT = tmp_path / "keys", tmp_path / "media"
    settings.MEDIA_ROOT.mkdir()
    return settings.MEDIA_ROOT


@pytest.fixture
def pk():
    return uuid4()


@pytest.fixture
def sealed(pk):
    """A sealed file of four chunks."""
    write_sealed(video_path(pk), [bytes([n]) * CHUNK for n in range(3)] + [b"end"])
    return video_path(pk)


def opened(path) -> bytes:
    return b"".join(read_sealed(path))


@pytest.mark.parametrize("size", [0, 1, CHUNK - 1, CHUNK, CHUNK + 1, 2 * CHUNK, 3 * CHUNK + 7])
def test_what_is_sealed_opens(pk, media, size):
    plain = bytes(n % 251 for n in range(size))
    write_sealed(video_path(pk), [plain[:5], plain[5:]])
    assert opened(video_path(pk)) == plain
    assert [path.name for path in media.iterdir()] == [f"{pk}.sealed"]
    assert stat.S_IMODE(video_path(pk).stat().st_mode) == 0o600


def test_nothing_plain_is_on_the_disk(pk):
    write_sealed(report_path(pk), [b"<html>Asha</html>" * 1000])
    assert b"Asha" not in report_path(pk).read_bytes()


def _swapped(data: bytes) -> bytes:
    first, second = HEADER, HEADER + SEALED_CHUNK
    third = second + SEALED_CHUNK
    return data[:first] + data[second:third] + data[first:second] + data[third:]


CHANGES = {
    "chunks swapped": _swapped,
    "the last chunk missing": lambda data: data[: HEADER + 3 * SEALED_CHUNK],
    "cut in a chunk": lambda data: data[:-1],
    "only the header": lambda data: data[:HEADER],
    "nothing": lambda data: b"",
    "a chunk twice": lambda data: data[: HEADER + SEALED_CHUNK] + data[HEADER:],
    "something appended": lambda data: data + b"\0",
    "something else": lambda data: b"plain text",
}


@pytest.mark.parametrize("change", CHANGES.values(), ids=CHANGES)
def test_what_was_changed_does_not_open(sealed, change):
    sealed.write_bytes(change(sealed.read_bytes()))
    with pytest.raises(BrokenSealError):
        opened(sealed)


@pytest.mark.parametrize("place", [0, len(MARK), HEADER - 1, HEADER, HEADER + 70_000, -1])
def test_no_bit_can_be_changed(sealed, place):
    data = bytearray(sealed.read_bytes())
    data[place] ^= 4
    sealed.write_bytes(data)
    with pytest.raises(BrokenSealError):
        opened(sealed)


def test_a_file_that_takes_the_place_of_another_does_not_open(pk, sealed):
    for place in (video_path(uuid4()), report_path(pk)):
        place.write_bytes(sealed.read_bytes())
        with pytest.raises(BrokenSealError):
            opened(place)


def test_memory_does_not_grow_with_the_file(pk):
    tracemalloc.start()
    try:
        write_sealed(video_path(pk), (bytes(CHUNK) for _ in range(128)))  # 32 MiB
        size = sum(len(chunk) for chunk in read_sealed(video_path(pk)))
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert size == 128 * CHUNK
    assert peak < 12 * CHUNK


def test_what_broke_off_leaves_nothing_and_what_was_there_stays(pk, media, sealed):
    def breaks():
        yield bytes(2 * CHUNK)
        raise OSError("the sender is gone")

    before = sealed.read_bytes()
    for path in (sealed, report_path(pk)):
        with pytest.raises(OSError, match="gone"):
            write_sealed(path, breaks())
    assert list(media.iterdir()) == [sealed]
    assert sealed.read_bytes() == before


def test_a_new_key_seals_files_again_while_somebody_reads(sealed, media):
    plain = opened(sealed)
    write_sealed(report_path(uuid4()), [b"report"])
    reader = read_sealed(sealed)
    beginning = next(reader)
    rotation.add_key()
    assert SealedFiles().key_names() == {"k1"}
    assert SealedFiles().seal_again() == 2
    assert SealedFiles().key_names() == {seal.ring().current} == {"k2"}
    assert SealedFiles().seal_again() == 0
    assert beginning + b"".join(reader) == plain == opened(sealed)
    assert len(list(media.iterdir())) == 2
    assert set(read_ring(media.parent / "keys").keys) == {"k1", "k2"}


def test_a_file_removed_while_it_is_sealed_again_stays_removed(sealed, pk, media, monkeypatch):
    def read_and_remove(path):
        yield from read_sealed(path)
        remove_files(pk)

    monkeypatch.setattr("hemiface_clinic.vault.files.read_sealed", read_and_remove)
    rotation.add_key()
    assert SealedFiles().seal_again() == 0
    assert list(media.iterdir()) == []


def test_removing_takes_both_files_and_no_other(pk, sealed, media):
    write_sealed(report_path(pk), [b"report"])
    other = video_path(uuid4())
    write_sealed(other, [b"other"])
    remove_files(pk)
    remove_files(pk)
    assert list(media.iterdir()) == [other]
