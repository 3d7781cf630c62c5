"""What is kept about a person, table by table: to hand it over whole, and to erase it truly.

Every model that leads to a person is declared here or in its own app; a test fails on one that is
not. What must stay after an erasure says why.
"""

import json
import zipfile
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import IO, Any, Literal

from django.db import models, transaction
from django.db.models import Q, QuerySet
from django.utils import timezone

from hemiface_clinic.audit.actions import record
from hemiface_clinic.audit.models import Event
from hemiface_clinic.people.models import Patient, Role, User
from hemiface_clinic.people.queries import is_proven, patients_with, records_of
from hemiface_clinic.people.tokens import index_email
from hemiface_clinic.vault.fields import SealedText


@dataclass(frozen=True)
class Person:
    """Whose data is meant, by names that say nothing: the audit may hold them.

    Attributes
    ----------
    patients, users : tuple of str
        Keys of their records and of their accounts.
    addresses : tuple of str
        Blind indexes of the e-mail addresses that are surely theirs.
    """

    patients: tuple[str, ...] = ()
    users: tuple[str, ...] = ()
    addresses: tuple[str, ...] = ()


Rows = Callable[[Person], QuerySet[Any]]
Files = Callable[[Person], Iterator[tuple[str, Iterator[bytes]]]]


@dataclass(frozen=True)
class Holding:
    """One table's rows about a person.

    Attributes
    ----------
    name : str
        What it is called in the export and on the receipt.
    model : type
        The table.
    rows : callable
        Returns the rows about a person.
    on_erasure : {'delete', 'keep'}
        What happens to them when the person asks to be erased.
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
ERASED = "patient.erase"


def declare(*holdings: Holding) -> None:
    """Declare tables; the first declared are erased last."""
    known = {holding.model for holding in HOLDINGS}
    HOLDINGS.extend(holding for holding in holdings if holding.model not in known)


def person_of(patient: Patient) -> Person:
    """Return who a patient is: all their records, their account, the address it has proven."""
    proven = (patient.email_index,) if is_proven(patient) else ()
    return Person(_names(records_of(patient)), _names(User.objects.filter(patient=patient)), proven)


def person_with(email: str) -> Person:
    """Return who has an e-mail address, of whom the clinic has made sure that it is theirs."""
    patients = patients_with(email)
    theirs = Q(patient__in=patients) | Q(email=email.strip().lower())
    users = User.objects.filter(theirs, role=Role.PATIENT)
    return Person(_names(patients), _names(users), (index_email(email),))


def everything_about(person: Person) -> dict[str, list[dict[str, Any]]]:
    """Return every row about a person, opened."""
    return {
        holding.name: [_opened(row, holding.hidden) for row in holding.rows(person)]
        for holding in HOLDINGS
    }


def pack_everything_about(person: Person, into: IO[bytes]) -> None:
    """Write every row and every file about a person into one ZIP archive."""
    rows = json.dumps(everything_about(person), indent=1, ensure_ascii=False, default=str)
    with zipfile.ZipFile(into, "w", zipfile.ZIP_STORED) as archive:
        archive.writestr("everything.json", rows)
        for name, chunks in _files_of(person):
            with archive.open(name, "w", force_zip64=True) as member:
                member.writelines(chunks)


def _files_of(person: Person) -> Iterator[tuple[str, Iterator[bytes]]]:
    for holding in HOLDINGS:
        if holding.files is not None:
            yield from holding.files(person)


def is_known(person: Person) -> bool:
    """Whether anything is kept about a person that an erasure would delete."""
    return any(
        holding.rows(person).exists() for holding in HOLDINGS if holding.on_erasure == "delete"
    )


def note_export(person: Person, *, by: User | str) -> None:
    """Note that everything about a person is handed over."""
    record("patient.export", _subject(person), by=by, patient=_first(person))


@transaction.atomic
def erase(person: Person, *, by: User | str) -> list[ReceiptLine]:
    """Erase a person; return what was found and what is left, counted afterwards."""
    keys = {holding.name: _keys(holding, person) for holding in HOLDINGS}
    record(ERASED, _subject(person), by=by, patient=_first(person), **asdict(person))
    for holding in reversed(HOLDINGS):
        if holding.on_erasure == "delete":
            holding.model._base_manager.filter(pk__in=keys[holding.name]).delete()
    return list(_receipt(keys))


def erased_since(moment: datetime) -> list[Person]:
    """Return who was erased after a moment."""
    events = Event.objects.filter(action=ERASED, outcome="done", at__gt=moment)
    return [
        Person(**{name: tuple(keys) for name, keys in detail.items()})
        for detail in events.values_list("detail", flat=True)
    ]


def _subject(person: Person) -> str:
    return f"patient:{_first(person)}" if person.patients else "asker"


def _first(person: Person) -> str:
    return next(iter(person.patients), "")


def _names(rows: QuerySet[Any]) -> tuple[str, ...]:
    return tuple(str(pk) for pk in rows.values_list("pk", flat=True).distinct())


def _receipt(keys: dict[str, list[Any]]) -> Iterator[ReceiptLine]:
    for holding in HOLDINGS:
        mine = keys[holding.name]
        left = holding.model._base_manager.filter(pk__in=mine).count()
        yield ReceiptLine(holding.name, len(mine), left, holding.why)


def _keys(holding: Holding, person: Person) -> list[Any]:
    return list(holding.rows(person).values_list("pk", flat=True))


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
