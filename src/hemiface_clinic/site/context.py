"""What every template may use."""

from typing import Any

from django.conf import settings
from django.http import HttpRequest

from hemiface_clinic.card import shown_card


def clinic(request: HttpRequest) -> dict[str, Any]:
    """Return the clinic's card, and the address of the page in each language."""
    return {
        "card": shown_card(),
        "public_url": settings.PUBLIC_URL,
        "languages": settings.LANGUAGES,
    }
