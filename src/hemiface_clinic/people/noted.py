"""Log-ins, and changes to what somebody logs in with: each leaves an event in the audit."""

from typing import Any

from allauth.account import signals as account
from allauth.mfa import signals as mfa
from django.contrib.auth import signals as auth

from hemiface_clinic.audit.actions import record

_NOTED = {
    auth.user_logged_in: "login.done",
    auth.user_logged_out: "login.end",
    account.password_changed: "password.change",
    account.password_reset: "password.reset",
    account.email_changed: "email.change",
    mfa.authenticator_added: "second-factor.add",
    mfa.authenticator_removed: "second-factor.remove",
    mfa.authenticator_reset: "second-factor.reset",
}


def note_changes() -> None:
    """Begin to listen."""
    for signal, action in _NOTED.items():
        signal.connect(_noting(action), weak=False, dispatch_uid=f"noted.{action}")


def _noting(action: str) -> Any:
    def note(user: Any = None, **_: Any) -> None:
        if user is not None and user.pk:
            record(action, user, by=user)

    return note
