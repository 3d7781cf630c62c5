"""Writes docs/security-inventory.md from the code: every address and who may use it, every table.

`make inventory` writes it; a test fails when it is not what the code says.
"""

from collections.abc import Iterator
from pathlib import Path

from django.apps import apps
from django.conf import settings
from django.db.models import Model
from django.urls import URLPattern, URLResolver, get_resolver
from django.utils.translation import override

from hemiface_clinic.people.personal import HOLDINGS
from hemiface_clinic.people.purposes import PURPOSES
from hemiface_clinic.vault.fields import SealedText

OUT = Path(__file__).parents[1] / "docs" / "security-inventory.md"
OURS = "hemiface_clinic"


def inventory() -> str:
    """Return the document."""
    with override("en"):
        return _document()


def _document() -> str:
    return "\n".join([
        "# Addresses, tables and settings",
        "",
        "Written by `make inventory` from the code; a test fails when it is out of date.",
        "",
        "## Who may use which address",
        "",
        "A role opens the page. Which patients or questions it then shows is decided by",
        "`people.queries.patients_for` and `questions.queries.questions_for`; what is not theirs",
        "is answered like what does not exist. `tests/clinic/test_rights.py` tries every",
        "address as everybody.",
        "",
        "| Address | Who | What |",
        "|---|---|---|",
        *sorted(_addresses()),
        "",
        "## What is kept, and what becomes of it",
        "",
        "| Table | Encrypted columns | In the export as | When a patient is erased |",
        "|---|---|---|---|",
        *sorted(_tables()),
        "",
        "Recordings are encrypted files in `media/`; they are deleted with their row.",
        "",
        "## What a patient can agree to",
        "",
        *(f"- **{one.name}**, version {one.version}: {one.title}. {one.words}" for one in PURPOSES),
        "",
        "## What a page may load",
        "",
        *(f"- `{name}`: {' '.join(values)}" for name, values in _policy()),
        "",
    ])  # fmt: skip


def _policy() -> list[tuple[str, list[str]]]:
    return list(settings.CONTENT_SECURITY_POLICY["DIRECTIVES"].items())


def _addresses() -> Iterator[str]:
    for address, pattern in _walk(get_resolver().url_patterns, "/"):
        view = pattern.callback
        if OURS in view.__module__ or "ninja" in view.__module__:
            what = (view.__doc__ or "").strip().split("\n")[0]
            yield f"| `{address}` | {_who(view)} | {what} |"


def _walk(patterns: list, prefix: str) -> Iterator[tuple[str, URLPattern]]:
    for pattern in patterns:
        address = prefix + str(pattern.pattern)
        if isinstance(pattern, URLResolver):
            yield from _walk(pattern.url_patterns, address)
        else:
            yield address, pattern


def _who(view: object) -> str:
    if "ninja" in view.__module__:
        return "signed in (401 otherwise)"
    if hasattr(view, "roles"):
        return ", ".join(view.roles)
    return "signed in" if getattr(view, "login_required", True) else "everybody"


def _tables() -> Iterator[str]:
    declared = {holding.model: holding for holding in HOLDINGS}
    for model in apps.get_models():
        if model.__module__.startswith(OURS) or model in declared:
            yield _row(model, declared)


def _row(model: type[Model], declared: dict) -> str:
    sealed = ", ".join(f.name for f in model._meta.local_fields if isinstance(f, SealedText))
    holding = declared.get(model)
    told = holding.name if holding else "–"
    fate = "no patient's data" if holding is None else holding.why or "deleted"
    return f"| `{model._meta.label}` | {sealed or '–'} | {told} | {fate} |"


def write() -> None:
    """Write the document to where it belongs."""
    OUT.write_text(inventory(), encoding="utf-8")
