"""What changes treatments: each in one transaction, with one event in the audit."""

from typing import Any
from uuid import UUID

from django.db import IntegrityError, transaction

from hemiface_clinic.audit.actions import record as note
from hemiface_clinic.people.models import Patient, Role, User
from hemiface_clinic.treatments.fields import Contents
from hemiface_clinic.treatments.kinds import Kind, Reporter
from hemiface_clinic.treatments.models import Record, Version
from hemiface_clinic.treatments.queries import latest_of


class ChangedMeanwhileError(Exception):
    """Somebody else wrote the next version first."""


class AddedBeforeError(Exception):
    """The same page was sent twice."""


@transaction.atomic
def add(patient: Patient, kind: Kind, contents: Contents, *, key: UUID, by: User) -> Record:
    """Write down a treatment or side effect.

    Parameters
    ----------
    key : uuid.UUID
        Made when the empty form was shown, so that a form sent twice is kept once.

    Raises
    ------
    AddedBeforeError
        If there is a record of this key.
    """
    record = Record(pk=key, patient=patient, kind=kind)
    try:
        with transaction.atomic():
            record.save(force_insert=True)
    except IntegrityError as problem:
        raise AddedBeforeError from problem
    _write(record, 1, _with_who_said({}, contents, by), by)
    note("treatment.add", record, by=by, patient=patient, kind=kind)
    return record


@transaction.atomic
def change(record: Record, number: int, contents: Contents, *, by: User) -> None:
    """Write the version after version `number`, if anything differs.

    Raises
    ------
    ChangedMeanwhileError
        If there is a later one, or the record was taken back.
    """
    before = _held(record, number).contents
    after = _with_who_said(before, contents, by)
    if after == before:
        return
    _write(record, number + 1, after, by)
    note("treatment.change", record, by=by, patient=record.patient_id, version=number + 1)


def say_taken(record: Record, number: int, taken: str, *, by: User) -> None:
    """Write whether a medicine is taken; the rest of it stays as it is.

    Raises
    ------
    ChangedMeanwhileError
        If there is a later version than `number`.
    """
    change(record, number, {**_held(record, number).contents, "taken": taken}, by=by)


@transaction.atomic
def mark_as_error(record: Record, number: int, reason: str, *, by: User) -> None:
    """Take a record back, with the reason; what it said is kept.

    Raises
    ------
    ChangedMeanwhileError
        If there is a later version than `number`.
    """
    before = _held(record, number)
    _write(record, number + 1, before.contents, by, error_reason=reason)
    note("treatment.entered-in-error", record, by=by, patient=record.patient_id)


def _held(record: Record, number: int) -> Version:
    latest = latest_of(record)
    if latest.number != number or latest.is_error:
        raise ChangedMeanwhileError
    return latest


def _write(record: Record, number: int, contents: Contents, by: User, **more: Any) -> None:
    reporter = Reporter.PATIENT if by.role == Role.PATIENT else Reporter.CLINICIAN
    version = Version(
        record=record, number=number, contents=contents, author=by, reporter=reporter, **more
    )
    try:
        with transaction.atomic():
            version.save(force_insert=True)
    except IntegrityError as problem:
        raise ChangedMeanwhileError from problem


def _with_who_said(before: Contents, contents: Contents, by: User) -> Contents:
    """Return a medicine's contents with who said last whether it is taken."""
    if "taken" not in contents:
        return contents
    if contents["taken"] == before.get("taken") and by.role != Role.PATIENT:
        return {**contents, "taken_by": before.get("taken_by", Reporter.CLINICIAN)}
    said_by = Reporter.PATIENT if by.role == Role.PATIENT else Reporter.CLINICIAN
    return {**contents, "taken_by": said_by}
