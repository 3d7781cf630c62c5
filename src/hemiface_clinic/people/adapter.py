"""How people are let in: by invitation; what failed is noted; secrets are sealed.

Tries are limited by allauth, per address and per account, counted in the database's cache.
"""

from typing import Any
from urllib.parse import urlsplit

from allauth.account.adapter import DefaultAccountAdapter
from allauth.mfa.adapter import DefaultMFAAdapter
from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import get_language

from hemiface_clinic.audit.actions import NOBODY, record
from hemiface_clinic.people.letters import write_letter
from hemiface_clinic.people.second_factors import PLACE
from hemiface_clinic.vault.seal import open_seal, seal

_LINKS = {
    "account/email/password_reset_key": ("reset", "password_reset_url"),
    "account/email/email_confirmation": ("confirm", "activate_url"),
    "account/email/email_confirmation_signup": ("confirm", "activate_url"),
}


class Adapter(DefaultAccountAdapter):  # type: ignore[misc]
    """Accounts begin with an invitation."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        """Nobody signs up by themselves."""
        return False

    def authentication_failed(self, request: HttpRequest, **credentials: Any) -> None:
        """Note a log-in that failed; not with which address, which may be a mistyped password."""
        record("login.failed", "login", by=NOBODY, outcome="denied")

    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        """Write a letter of ours, with the link alone, under the address people know."""
        letter, link = _LINKS.get(template_prefix, ("changed", ""))
        path = urlsplit(context[link]).path if link else reverse("usersessions_list")
        write_letter(letter, email, path, language=get_language() or "en")


class SecondFactorAdapter(DefaultMFAAdapter):  # type: ignore[misc]
    """Secrets of second factors are sealed."""

    def encrypt(self, text: str) -> str:
        """Seal a secret."""
        return seal(text.encode(), PLACE).hex()

    def decrypt(self, encrypted_text: str) -> str:
        """Open a secret."""
        return open_seal(bytes.fromhex(encrypted_text), PLACE).decode()
