"""What changes uploads: each in one transaction; bytes are sealed before they are counted."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any

from django.db import IntegrityError, transaction
from django.utils import timezone

from hemiface.errors import HemifaceError
from hemiface_clinic.audit.actions import SYSTEM, record
from hemiface_clinic.people.models import Patient, User
from hemiface_clinic.uploads.models import KEPT, Part, Upload
from hemiface_clinic.uploads.parts import part_path, remove_strays, write_part

MOST_OPEN = 5
"""Uploads one person may have on their way at once; our choice."""


class ConflictError(HemifaceError):
    """Bytes came for another place than where the upload stands."""


class TooMuchError(HemifaceError):
    """More came than was announced, or more is on its way than one person may send."""


@transaction.atomic
def begin(patient: Patient, length: int, take: Mapping[str, Any], *, by: User) -> Upload:
    """Make room for a file of `length` bytes.

    Raises
    ------
    TooMuchError
        If the person has too many on their way.
    """
    if Upload.objects.filter(user=by).count() >= MOST_OPEN:
        raise TooMuchError("Too many files are on their way; wait until one has arrived.")
    upload = Upload.objects.create(
        patient=patient, user=by, length=length, take=dict(take), touched_at=timezone.now()
    )
    record("upload.begin", upload, by=by, patient=patient.pk, size=length)
    return upload


def append(
    upload: Upload, offset: int, chunks: Iterable[bytes], when_whole: Callable[[Upload], None]
) -> int:
    """Take bytes for the place `offset`; return where the upload stands then.

    What came before a broken connection counts.

    Parameters
    ----------
    when_whole : callable
        Called in the transaction that makes the file whole.

    Raises
    ------
    ConflictError
        If the upload stands elsewhere: others may have sent the same bytes meanwhile.
    TooMuchError
        If more comes than was announced.
    """
    if offset != upload.offset:
        raise ConflictError(f"Bytes must come for {upload.offset}; they come for {offset}.")
    counted = _Counted(chunks, upload.length - offset)
    name = write_part(upload.pk, offset, counted)
    try:
        if counted.n_bytes:
            _count(upload, offset, counted.n_bytes, name, when_whole)
    except BaseException:
        part_path(name).unlink(missing_ok=True)
        raise
    if not counted.n_bytes:
        part_path(name).unlink(missing_ok=True)
    return offset + counted.n_bytes


@transaction.atomic
def give_up(upload: Upload, *, by: User) -> None:
    """Forget an upload and its parts."""
    record("upload.give-up", upload, by=by, patient=upload.patient_id)
    upload.delete()


@transaction.atomic
def forget_old() -> int:
    """Forget uploads that nobody went on with, and parts that no upload owns; return how many."""
    old = [
        one
        for one in Upload.objects.filter(touched_at__lt=timezone.now() - KEPT)
        if not one.is_whole
    ]
    for upload in old:
        record("upload.forget", upload, by=SYSTEM, patient=upload.patient_id)
        upload.delete()
    known = {str(pk) for pk in Upload.objects.values_list("pk", flat=True)}
    return len(old) + remove_strays(known)


@transaction.atomic
def _count(
    upload: Upload, offset: int, n_bytes: int, name: str, when_whole: Callable[[Upload], None]
) -> None:
    here = Upload.objects.filter(pk=upload.pk, offset=offset)
    try:
        with transaction.atomic():
            n_changed = here.update(offset=offset + n_bytes, touched_at=timezone.now())
            if n_changed:
                Part.objects.create(upload=upload, start=offset, name=name)
    except IntegrityError:
        n_changed = 0
    if not n_changed:
        raise ConflictError("Bytes must come once; others came for the same place meanwhile.")
    upload.offset = offset + n_bytes
    if upload.is_whole:
        when_whole(upload)


class _Counted:
    """Counts bytes as they pass; a connection that breaks is their end."""

    def __init__(self, chunks: Iterable[bytes], most: int) -> None:
        self.n_bytes, self._chunks, self._most = 0, chunks, most

    def __iter__(self) -> Iterator[bytes]:
        for chunk in self._chunks:
            self.n_bytes += len(chunk)
            if self.n_bytes > self._most:
                raise TooMuchError("No more bytes must come than were announced; more came.")
            yield chunk
