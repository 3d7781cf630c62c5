"""The form by which something is taken back."""

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from hemiface_clinic.questions.forms import cleaned_text


class ErrorForm(forms.Form):
    """Why it should never have been written."""

    reason = forms.CharField(
        label=_("Why was it entered in error?"),
        help_text=_("It is kept in the history with your name, and counts no more."),
        max_length=500,
        error_messages={"required": _("Write the reason.")},
        widget=forms.Textarea(attrs={"rows": 3}),
    )

    def clean_reason(self) -> str:
        """Return the reason without unseen characters."""
        reason = cleaned_text(self.cleaned_data["reason"])
        if not reason:
            raise ValidationError(_("Write the reason."))
        return reason
