"""What is kept about a patient, table by table: to hand it over whole, and to erase it truly.

Every model that leads to a person is declared here or in its own app; a test fails on one that is
not. What must stay after an erasure says why.
"""

import json
import zipfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import IO, Any, Literal

from django.db import models, transaction
from django.db.models import QuerySet
from django.utils import timezone

from hemiface_clinic.audit.actions import record
from hemiface_clinic.people.models import Patient, User
from hemiface_clinic.vault.fields import SealedText

Rows = Callable[[Patient], QuerySet[Any]]
Files = Callable[[Patient], Iterator[tuple[str, Iterator[bytes]]]]


@dataclass(frozen=True)
class Holding:
    """One table's rows about a patient.

    Attributes
    ----------
    name : str
        What it is called in the export and on the receipt.
    model : type
        The table.
    rows : callable
        Returns the rows about a patient.
    on_erasure : {'delete', 'keep'}
        What happens to them when the patient asks to be erased.
    why : str
        Why they are kept.
    hidden : tuple of str
        Columns that are not handed over: secrets that would open something.
    files : callable, optional
        Yields the name and the opened bytes of each file that belongs to the rows.
    """

    name: str
    model: type[models.Model]
    rows: Rows
    on_erasure: Literal["delete", "keep"] = "delete"
    why: str = ""
    hidden: tuple[str, ...] = ()
    files: Files | None = None


@dataclass(frozen=True)
class ReceiptLine:
    """What became of one table's rows."""

    name: str
    found: int
    left: int
    why: str


HOLDINGS: list[Holding] = []


def declare(*holdings: Holding) -> None:
    """Declare tables; the first declared are erased last."""
    known = {holding.model for holding in HOLDINGS}
    HOLDINGS.extend(holding for holding in holdings if holding.model not in known)


def everything_about(patient: Patient) -> dict[str, list[dict[str, Any]]]:
    """Return every row about a patient, opened."""
    return {
        holding.name: [_opened(row, holding.hidden) for row in holding.rows(patient)]
        for holding in HOLDINGS
    }


def pack_everything_about(patient: Patient, into: IO[bytes]) -> None:
    """Write every row and every file about a patient into one ZIP archive."""
    rows = json.dumps(everything_about(patient), indent=1, ensure_ascii=False, default=str)
    with zipfile.ZipFile(into, "w", zipfile.ZIP_STORED) as archive:
        archive.writestr("everything.json", rows)
        for name, chunks in _files_of(patient):
            with archive.open(name, "w", force_zip64=True) as member:
                member.writelines(chunks)


def _files_of(patient: Patient) -> Iterator[tuple[str, Iterator[bytes]]]:
    for holding in HOLDINGS:
        if holding.files is not None:
            yield from holding.files(patient)


@transaction.atomic
def erase(patient: Patient, *, by: User | str) -> list[ReceiptLine]:
    """Erase a patient; return what was found and what is left, counted afterwards."""
    keys = {holding.name: _keys(holding, patient) for holding in HOLDINGS}
    record("patient.erase", patient, by=by, patient=patient)
    for holding in reversed(HOLDINGS):
        if holding.on_erasure == "delete":
            holding.model._base_manager.filter(pk__in=keys[holding.name]).delete()
    return list(_receipt(keys))


def _receipt(keys: dict[str, list[Any]]) -> Iterator[ReceiptLine]:
    for holding in HOLDINGS:
        mine = keys[holding.name]
        left = holding.model._base_manager.filter(pk__in=mine).count()
        yield ReceiptLine(holding.name, len(mine), left, holding.why)


def _keys(holding: Holding, patient: Patient) -> list[Any]:
    return list(holding.rows(patient).values_list("pk", flat=True))


def _opened(row: models.Model, hidden: tuple[str, ...]) -> dict[str, Any]:
    fields = [field for field in row._meta.concrete_fields if field.name not in hidden]
    return {field.name: _plain(row, field) for field in fields}


def _plain(row: models.Model, field: "models.Field[Any, Any]") -> Any:
    value = getattr(row, field.attname)
    if isinstance(field, SealedText | models.JSONField) or value is None:
        return value
    if isinstance(field, models.DateTimeField):
        return timezone.localtime(value).isoformat()
    return value if isinstance(value, bool | int | float) else str(value)
