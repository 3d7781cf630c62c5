"""The code of the second factor, taken once even when it is posted twice at the same moment."""

from typing import Any

from allauth.mfa.adapter import get_adapter
from allauth.mfa.base.forms import AuthenticateForm, ReauthenticateForm

from hemiface_clinic.limits.actions import Limit, take

ONE_TRY = Limit("second-factor-code", 1, 120)  # longer than a code of the authenticator is good for


class _OnceMixin:
    """Refuses a code that the same person has just posted."""

    user: Any
    cleaned_data: dict[str, Any]

    def clean_code(self) -> str:
        """Check a code, if nobody else is checking the same one."""
        if not take(ONE_TRY, f"{self.user.pk}:{self.cleaned_data['code']}"):
            raise get_adapter().validation_error("incorrect_code")
        code: str = super().clean_code()  # type: ignore[misc]
        return code


class LogInForm(_OnceMixin, AuthenticateForm):  # type: ignore[misc]
    """The code at log-in."""


class ConfirmForm(_OnceMixin, ReauthenticateForm):  # type: ignore[misc]
    """The code before something that matters."""
