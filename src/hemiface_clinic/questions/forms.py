"""The forms of a question. Every message says what to do."""

import re
import unicodedata
from typing import Any

import phonenumbers
from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from hemiface_clinic.card import shown_card
from hemiface_clinic.people.forms import your_name
from hemiface_clinic.questions import codes
from hemiface_clinic.questions.models import AnswerTemplate

CONSENT_VERSION = "1"
_UNSEEN = re.compile(
    r"[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u200e\u200f\u202a-\u202e\u2066-\u2069]"
)


def cleaned_line(text: str) -> str:
    """Return text as one line, without characters that cannot be seen."""
    return " ".join(_UNSEEN.sub(" ", unicodedata.normalize("NFC", text)).split())


def cleaned_text(text: str) -> str:
    """Return text without characters that cannot be seen; its lines are kept."""
    return _UNSEEN.sub("", unicodedata.normalize("NFC", text.replace("\r\n", "\n"))).strip()


class AskForm(forms.Form):
    """Name, e-mail, phone, subject, question, code."""

    name = your_name()
    email = forms.EmailField(
        label=_("E-mail"),
        help_text=_("The link to your answer is sent here."),
        max_length=254,
        error_messages={
            "required": _("Write your e-mail address."),
            "invalid": _("Write the whole e-mail address, as in name@example.com."),
        },
        widget=forms.EmailInput(attrs={"autocomplete": "email", "inputmode": "email"}),
    )
    phone = forms.CharField(
        label=_("Phone"),
        help_text=_("With the country, as in +91 98765 43210."),
        max_length=40,
        error_messages={"required": _("Write a phone number we may call.")},
        widget=forms.TextInput(attrs={"autocomplete": "tel", "inputmode": "tel", "type": "tel"}),
    )
    subject = forms.CharField(
        label=_("Subject"),
        help_text=_("A few words, as in: twitch under the left eye."),
        max_length=120,
        error_messages={"required": _("Write in a few words what it is about.")},
    )
    question = forms.CharField(
        label=_("Your question"),
        help_text=_("Since when, which side, what you have tried, what you want to know."),
        max_length=8000,
        min_length=10,
        error_messages={
            "required": _("Write your question."),
            "min_length": _("Write your question in a sentence or two."),
        },
        widget=forms.Textarea(attrs={"rows": 8}),
    )
    consent = forms.BooleanField(
        label=_(
            "I am 18 or older, or I ask as the parent or guardian. "
            "The clinic may keep what I write, to answer me."
        ),
        error_messages={"required": _("Tick the box: without it we may not keep your question.")},
    )
    code = forms.CharField(
        label=_("Verification code"),
        max_length=20,
        error_messages={"required": _("Type the five digits of the picture, or of the sound.")},
        widget=forms.TextInput(attrs={"autocomplete": "off", "inputmode": "numeric"}),
    )
    nonce = forms.CharField(widget=forms.HiddenInput, required=False)
    website = forms.CharField(required=False)  # shown to nobody: who fills it in is a program

    def __init__(
        self, *args: Any, visitor: str = "", is_known: bool = False, **kwargs: Any
    ) -> None:
        """Make the form for a visitor; a patient who has logged in needs no code."""
        super().__init__(*args, **kwargs)
        self.visitor = visitor
        if is_known:
            del self.fields["code"]

    def clean(self) -> dict[str, Any]:
        """Check that the page is ours where no code says so."""
        if "code" not in self.fields and not codes.is_fresh(self.data.get("nonce", "")):
            raise ValidationError(_("This page was open too long. Send it once more."))
        return self.cleaned_data

    def clean_name(self) -> str:
        """Return the name as one line."""
        return self._line("name")

    def clean_subject(self) -> str:
        """Return the subject as one line."""
        return self._line("subject")

    def clean_phone(self) -> str:
        """Return the number as it is dialled from anywhere."""
        try:
            number = phonenumbers.parse(self._line("phone"), shown_card().country)
        except phonenumbers.NumberParseException:
            number = None
        if number is None or not phonenumbers.is_possible_number(number):
            raise ValidationError(_("Write the whole phone number, with the country, as in +91 …"))
        return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)

    def clean_question(self) -> str:
        """Return the question without unseen characters."""
        return cleaned_text(self.cleaned_data["question"])

    def clean_code(self) -> str:
        """Check the digits; the code itself is used up when the question is stored."""
        typed, nonce = self.cleaned_data["code"], self.data.get("nonce", "")
        if not codes.is_fresh(nonce):
            raise ValidationError(_("The code was too old. Type the new one."), "old")
        if not codes.is_right(nonce, self.visitor, typed):
            raise ValidationError(_("The code was not right. Type the new one."), "wrong")
        return str(typed)

    def _line(self, name: str) -> str:
        line = cleaned_line(self.cleaned_data[name])
        if not line:
            raise ValidationError(self.fields[name].error_messages["required"], "required")
        return line


class AddForm(forms.Form):
    """What the asker forgot."""

    text = forms.CharField(
        label=_("What do you want to add?"),
        max_length=8000,
        error_messages={"required": _("Write what you want to add.")},
        widget=forms.Textarea(attrs={"rows": 5}),
    )

    def clean_text(self) -> str:
        """Return the text without unseen characters."""
        return cleaned_text(self.cleaned_data["text"])


class NewLinkForm(forms.Form):
    """Reference and e-mail of somebody who lost their link."""

    reference = forms.CharField(
        label=_("Reference"),
        max_length=12,
        error_messages={"required": _("Write the reference, as in ABCD-1234.")},
    )
    email = forms.EmailField(
        label=_("E-mail"),
        error_messages={
            "required": _("Write the e-mail address you asked with."),
            "invalid": _("Write the whole e-mail address, as in name@example.com."),
        },
        widget=forms.EmailInput(attrs={"autocomplete": "email"}),
    )


class ReplyForm(forms.Form):
    """What the clinic says; which button was pressed says what kind it is."""

    text = forms.CharField(
        label=_("Your words"),
        max_length=8000,
        error_messages={"required": _("Write something first.")},
        widget=forms.Textarea(attrs={"rows": 9}),
    )
    pages = forms.MultipleChoiceField(
        label=_("Pages to read"), required=False, widget=forms.CheckboxSelectMultiple
    )

    def __init__(self, *args: Any, pages: list[tuple[str, str]] = [], **kwargs: Any) -> None:  # noqa: B006
        super().__init__(*args, **kwargs)
        field = self.fields["pages"]
        assert isinstance(field, forms.MultipleChoiceField)
        field.choices = pages

    def clean_text(self) -> str:
        """Return the text without unseen characters."""
        return cleaned_text(self.cleaned_data["text"])


class TemplateForm(forms.ModelForm):  # type: ignore[type-arg]
    """Title and words of a template."""

    class Meta:
        """What may be set."""

        model = AnswerTemplate
        fields = ("title", "text")
