"""How people are let in: by invitation; what failed is noted; secrets are sealed.

Tries are limited by allauth, per address and per account, counted in the database's cache.
"""

from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.mfa.adapter import DefaultMFAAdapter
from django.http import HttpRequest

from hemiface_clinic.audit.actions import NOBODY, record
from hemiface_clinic.people.second_factors import PLACE
from hemiface_clinic.vault.seal import open_seal, seal


class Adapter(DefaultAccountAdapter):  # type: ignore[misc]
    """Accounts begin with an invitation."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        """Nobody signs up by themselves."""
        return False

    def authentication_failed(self, request: HttpRequest, **credentials: Any) -> None:
        """Note a log-in that failed; not with which address, which may be a mistyped password."""
        record("login.failed", "login", by=NOBODY, outcome="denied")


class SecondFactorAdapter(DefaultMFAAdapter):  # type: ignore[misc]
    """Secrets of second factors are sealed."""

    def encrypt(self, text: str) -> str:
        """Seal a secret."""
        return seal(text.encode(), PLACE).hex()

    def decrypt(self, encrypted_text: str) -> str:
        """Open a secret."""
        return open_seal(bytes.fromhex(encrypted_text), PLACE).decode()
