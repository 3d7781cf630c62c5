"""The pages are read before the site starts, so that a broken one is found by who wrote it."""

from typing import Any

from django.apps import AppConfig
from django.conf import settings
from django.core.checks import CheckMessage, Error, register

from hemiface.errors import ConventionError


class Knowledge(AppConfig):
    """Pages that explain the condition."""

    name = "hemiface_clinic.knowledge"

    def ready(self) -> None:
        """Have `check` read every page."""
        register(check_pages)


def check_pages(**_: Any) -> list[CheckMessage]:
    """Return one error, with file and line, if a page cannot be shown."""
    from hemiface_clinic.knowledge.pages import read_pages
    from hemiface_clinic.knowledge.search import read_index

    try:
        for language, _name in settings.LANGUAGES:
            read_pages(language)
            read_index(language)
    except ConventionError as problem:
        return [Error(str(problem), id="knowledge.E001")]
    return []
