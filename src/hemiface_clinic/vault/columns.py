"""The sealed columns of all models, as a store whose keys can be changed."""

from collections.abc import Iterator

from django.apps import apps
from django.db import models

from hemiface_clinic.vault.fields import Sealed, SealedText, place
from hemiface_clinic.vault.seal import key_name, open_seal, ring, seal


class Columns:
    """Every sealed column."""

    def seal_again(self) -> int:
        """Seal again what an older key sealed.

        A row that somebody else writes meanwhile is left to them: they seal with the current key.
        """
        return sum(_seal_column_again(model, field) for model, field in sealed_columns())

    def key_names(self) -> set[str]:
        """Return the names of the keys in use."""
        return {
            key_name(sealed)
            for model, field in sealed_columns()
            for _, sealed in _rows(model, field)
        }


def sealed_columns() -> list[tuple[type[models.Model], SealedText]]:
    """Return every sealed column of every model."""
    return [
        (model, field)
        for model in apps.get_models()
        for field in model._meta.local_fields
        if isinstance(field, SealedText)
    ]


def _seal_column_again(model: type[models.Model], field: SealedText) -> int:
    current, done = ring().current, 0
    for pk, sealed in list(_rows(model, field)):
        if key_name(sealed) != current:
            where = place(field, model(pk=pk))
            again = Sealed(seal(open_seal(sealed, where), where))
            same = model._base_manager.filter(pk=pk, **{field.name: sealed})
            done += same.update(**{field.name: again})
    return done


def _rows(model: type[models.Model], field: SealedText) -> Iterator[tuple[object, Sealed]]:
    rows = model._base_manager.exclude(**{f"{field.name}__isnull": True})
    return rows.values_list("pk", field.name).order_by("pk").iterator(chunk_size=500)
