"""Columns that are sealed: plain text in Python, ciphertext in the database.

The row's primary key is part of the seal, so a model with sealed columns makes its own key (UUID).
A value is opened when it is first read.
"""

import json
from typing import Any

from django.db import models
from django.db.models.query_utils import DeferredAttribute

from hemiface_clinic.vault.seal import open_seal, seal


class Sealed(bytes):
    """Ciphertext as it came from the database."""


class _Opener(DeferredAttribute):
    """Opens a sealed value when it is first read."""

    field: "SealedText"

    def __get__(self, instance: Any, cls: Any = None) -> Any:
        if instance is None:
            return self
        name = self.field.attname
        value = instance.__dict__[name] if name in instance.__dict__ else self._fetch(instance, cls)
        if isinstance(value, Sealed):
            value = self.field.load(open_seal(value, place(self.field, instance)))
            instance.__dict__[name] = value
        return value

    def __set__(self, instance: Any, value: Any) -> None:
        # Being there makes Python ask this descriptor before the instance's own dictionary.
        instance.__dict__[self.field.attname] = value

    def _fetch(self, instance: Any, cls: Any) -> Any:
        return super().__get__(instance, cls)


class SealedText(models.BinaryField):  # type: ignore[type-arg]
    """A sealed column of text."""

    descriptor_class = _Opener

    def dump(self, value: Any) -> bytes:
        """Return a value as bytes to seal."""
        return str(value).encode()

    def load(self, plain: bytes) -> Any:
        """Return a value from opened bytes."""
        return plain.decode()

    def from_db_value(self, value: Any, *_: Any) -> Sealed | None:
        """Wrap what the database returns; it is opened where its row is known."""
        return None if value is None else Sealed(value)

    def pre_save(self, model_instance: models.Model, add: bool) -> Any:  # noqa: FBT001
        """Seal the value for its row."""
        value = model_instance.__dict__.get(self.attname)
        if value is None or isinstance(value, Sealed):
            return value
        return Sealed(seal(self.dump(value), place(self, model_instance)))

    def get_db_prep_value(self, value: Any, connection: Any, prepared: bool = False) -> Any:  # noqa: FBT001, FBT002
        """Refuse text that was not sealed: an update by query does not know its row."""
        if value is not None and not isinstance(value, Sealed):
            raise TypeError(f"{self.name} must be saved through its row; it is sealed for it.")
        return super().get_db_prep_value(value, connection, prepared)


class SealedJSON(SealedText):
    """A sealed column of anything JSON can hold."""

    def dump(self, value: Any) -> bytes:
        """Return a value as bytes to seal."""
        return json.dumps(value, separators=(",", ":")).encode()

    def load(self, plain: bytes) -> Any:
        """Return a value from opened bytes."""
        return json.loads(plain)


def place(field: "SealedText", instance: models.Model) -> str:
    """Return the place a value belongs to: table, column and row."""
    return f"{instance._meta.db_table}.{field.column}.{instance.pk}"
