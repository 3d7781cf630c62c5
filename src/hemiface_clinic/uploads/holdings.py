"""What this app keeps about a person, and how it goes."""

from functools import partial

from django.db import transaction
from django.db.models import QuerySet

from hemiface_clinic.people.personal import Holding, Person, declare
from hemiface_clinic.uploads.models import Part, Upload
from hemiface_clinic.uploads.parts import remove_parts


def declare_holdings() -> None:
    """Declare the tables."""
    declare(Holding("uploads on their way", Upload, _uploads), Holding("their parts", Part, _parts))


def forget(instance: Upload, **_signal: object) -> None:
    """Let the parts of a deleted upload go, once it is gone for good."""
    transaction.on_commit(partial(remove_parts, instance.pk))


def _uploads(person: Person) -> QuerySet[Upload]:
    return Upload.objects.filter(patient__pk__in=person.patients)


def _parts(person: Person) -> QuerySet[Part]:
    return Part.objects.filter(upload__patient__pk__in=person.patients)
