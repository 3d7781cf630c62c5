"""The forms about people."""

from typing import Any

from django import forms
from django.contrib.auth.password_validation import validate_password
from django.utils.translation import gettext_lazy as _

from hemiface_clinic.people.models import STAFF
from hemiface_clinic.people.queries import has_account


def your_name() -> forms.CharField:
    """Return the field in which somebody writes their own name."""
    return forms.CharField(
        label=_("Your name"),
        max_length=120,
        error_messages={"required": _("Write your name.")},
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
    )


class AcceptForm(forms.Form):
    """Name and password of somebody who was invited."""

    name = your_name()
    password = forms.CharField(
        label=_("Password"),
        help_text=_("Twelve characters or more; a few words are a good password."),
        max_length=256,
        strip=False,
        error_messages={"required": _("Choose a password.")},
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )

    def clean_password(self) -> str:
        """Check the password as Django does everywhere."""
        password: str = self.cleaned_data["password"]
        validate_password(password)
        return password


class InviteForm(forms.Form):
    """Who is invited to work here."""

    email = forms.EmailField(
        label=_("E-mail"),
        error_messages={"required": _("Write their e-mail address.")},
    )
    name = forms.CharField(
        label=_("Name"), max_length=120, error_messages={"required": _("Write their name.")}
    )
    role = forms.ChoiceField(label=_("Role"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["role"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [(role.value, role.label) for role in STAFF]

    def clean_email(self) -> str:
        """Refuse an address that can log in already: its invitation could not be accepted."""
        email: str = self.cleaned_data["email"]
        if has_account(email):
            raise forms.ValidationError(_("This address has an account already."))
        return email


class EmergencyForm(forms.Form):
    """Why somebody must see a stranger's data now."""

    reason = forms.CharField(
        label=_("Why must you see this patient's data now?"),
        help_text=_("Your reason is kept, and the administrators are told."),
        min_length=10,
        max_length=500,
        error_messages={
            "required": _("Write the reason."),
            "min_length": _("Write the reason in a sentence."),
        },
        widget=forms.Textarea(attrs={"rows": 3}),
    )
