"""New keys: whatever is sealed is sealed again, while the site goes on running."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Protocol

from django.conf import settings
from django.utils.module_loading import import_string

from hemiface_clinic.vault.ring import Ring, with_new_key, write_ring
from hemiface_clinic.vault.seal import ring


class Store(Protocol):
    """A kind of place that holds sealed values."""

    def seal_again(self) -> int:
        """Seal with the current key what an older one sealed; returns how many values."""

    def key_names(self) -> set[str]:
        """Return the names of the keys that are needed to open what is here."""


def stores() -> Iterator[Store]:
    """Return every store of this installation."""
    return (import_string(name)() for name in settings.SEALED_STORES)


def add_key() -> Ring:
    """Add a key to the ring; from now on it seals."""
    new = with_new_key(ring())
    write_ring(Path(settings.KEYS_ROOT), new)
    return new


def seal_everything_again() -> int:
    """Seal with the current key whatever an older one sealed; returns how many values."""
    return sum(store.seal_again() for store in stores())


def drop_unused_keys() -> list[str]:
    """Remove from the ring the keys that nothing needs; returns their names."""
    keys = ring()
    needed = {keys.current}.union(*(store.key_names() for store in stores()))
    kept = {name: key for name, key in keys.keys.items() if name in needed}
    write_ring(Path(settings.KEYS_ROOT), replace(keys, keys=kept))
    return sorted(set(keys.keys) - needed)
