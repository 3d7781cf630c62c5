"""The forms in which treatments are written down as they are given: one for each modality.

No amount has a default, a suggestion or a range.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, ClassVar

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from hemiface_clinic.questions.forms import cleaned_line, cleaned_text
from hemiface_clinic.treatments import kinds
from hemiface_clinic.treatments.fields import (
    Amount,
    Contents,
    Day,
    choice,
    facts,
    is_empty,
    keep,
    own_words,
)
from hemiface_clinic.treatments.kinds import OTHER, Kind, Reporter
from hemiface_clinic.treatments.lists import ATC, code_of


class RecordForm(forms.Form):
    """What every kind has: notes, and the day it ended not before the day it began."""

    notes = forms.CharField(
        label=_("Notes"), max_length=2000, required=False, widget=forms.Textarea(attrs={"rows": 3})
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        """Make the form; the notes come last."""
        super().__init__(*args, **kwargs)
        self.order_fields([name for name in self.fields if name != "notes"])

    def clean(self) -> dict[str, Any]:
        """Check what belongs together, and tidy text."""
        typed = self.cleaned_data
        if typed.get("until") and typed.get("on") and typed["until"] < typed["on"]:
            self.add_error("until", _("The last day comes before the first. Mend one of them."))
        for name, field in self.fields.items():
            if isinstance(field.widget, forms.Textarea):
                typed[name] = cleaned_text(typed.get(name) or "")
            elif type(field) is forms.CharField:
                typed[name] = cleaned_line(typed.get(name) or "")
                if field.required and not typed[name] and name not in self.errors:
                    self.add_error(name, field.error_messages["required"])
            if f"{name}_name" in self.fields:
                self._check_own_words(name)
        return typed

    def contents(self) -> Contents:
        """Return what was typed, as it is kept."""
        typed = {name: keep(value) for name, value in self.cleaned_data.items()}
        return {name: value for name, value in typed.items() if not is_empty(value)}

    @classmethod
    def facts_of(cls, contents: Contents) -> list[tuple[str, str]]:
        """Return what is known, as label and value."""
        return list(facts({**cls.base_fields}, contents))

    def _check_own_words(self, name: str) -> None:
        chosen = self.cleaned_data.get(name)
        is_other = chosen == OTHER or (isinstance(chosen, list) and OTHER in chosen)
        words = cleaned_line(self.cleaned_data.get(f"{name}_name") or "")
        if is_other and not words:
            self.add_error(f"{name}_name", _("Write what it is."))
        elif words and not is_other and name not in self.errors:
            self.add_error(f"{name}_name", _("Choose “other” above, or leave this empty."))


class MedicineForm(RecordForm):
    """A medicine: what, how much a day, from when to when, taken or not."""

    name = forms.CharField(
        label=_("Substance"),
        max_length=120,
        error_messages={"required": _("Write the name of the substance.")},
        widget=forms.TextInput(attrs={"list": "substances", "autocomplete": "off"}),
    )
    atc = forms.CharField(
        label=_("ATC code"),
        max_length=7,
        required=False,
        help_text=_("Filled in by itself for a substance of the list."),
        widget=forms.TextInput(attrs={"autocomplete": "off", "class": "code-field"}),
    )
    daily_mg = Amount(_("Daily dose"), "mg", required=False)
    on = Day(_("From"))
    until = Day(_("Until"), required=False, may_be_later=True)
    taken = choice(_("Taken as agreed"), kinds.Taken)

    def clean_atc(self) -> str:
        """Check the form of the code, and that it is the substance's own."""
        code = str(self.cleaned_data["atc"]).strip().upper()
        own = code_of(self.cleaned_data.get("name", "").strip())
        if code and not re.match(ATC, code, re.ASCII):
            raise ValidationError(
                _("Write the whole code: a letter, two digits, two letters, two digits.")
            )
        if code and own and code != own:
            raise ValidationError(
                _("The code of this substance is %(code)s. Mend the code or the substance."),
                params={"code": own},
            )
        return code or own

    @classmethod
    def facts_of(cls, contents: Contents) -> list[tuple[str, str]]:
        """Return what is known, and who said whether it is taken."""
        found = super().facts_of(contents)
        if "taken_by" in contents:
            found.append((str(_("Said by")), str(Reporter(contents["taken_by"]).label)))
        return found


class PhysicalForm(RecordForm):
    """Physical therapy: what is done, how often, and how the stimulator is set."""

    what = choice(_("What is done"), kinds.Physical, _("Choose what is done."))
    what_name = own_words(_("If other: what?"))
    on = Day(_("From"))
    until = Day(_("Until"), required=False, may_be_later=True)
    sessions = forms.IntegerField(
        label=_("Sessions so far"), min_value=1, max_value=9999, required=False,
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off"}),
    )  # fmt: skip
    session_length = Amount(_("Length of a session"), "min", required=False)
    frequency = Amount(_("Frequency"), "Hz", required=False)
    pulse_width = Amount(_("Pulse width"), "µs", required=False)
    current = Amount(_("Current"), "mA", required=False)
    place = own_words(_("Where on the face or body"))

    ELECTRICAL: ClassVar = ("frequency", "pulse_width", "current")

    def clean(self) -> dict[str, Any]:
        """Take a stimulator's settings with electrical stimulation alone."""
        typed = super().clean()
        if typed.get("what") not in (None, "", kinds.Physical.ELECTRICAL_STIMULATION):
            for name in self.ELECTRICAL:
                if typed.get(name) is not None:
                    self.add_error(
                        name, _("This belongs to electrical stimulation. Leave it empty.")
                    )
        return typed


class NutritionForm(RecordForm):
    """A vitamin or mineral, and how much of it a day."""

    what = choice(_("What is taken"), kinds.Nutrient, _("Choose what is taken."))
    what_name = own_words(_("If other: what?"))
    amount = Amount(_("Amount a day"), required=False)
    amount_unit = choice(_("Unit of the amount"), kinds.AmountUnit)
    on = Day(_("From"))
    until = Day(_("Until"), required=False, may_be_later=True)

    def clean(self) -> dict[str, Any]:
        """Take an amount with its unit alone."""
        typed = super().clean()
        if typed.get("amount") is not None and not typed.get("amount_unit"):
            self.add_error(
                "amount_unit", _("Choose the unit: an amount without one means nothing.")
            )
        if typed.get("amount_unit") and typed.get("amount") is None and "amount" not in self.errors:
            self.add_error("amount", _("Write the amount, or choose no unit."))
        return typed


class ComplementaryForm(RecordForm):
    """A complementary treatment."""

    what = choice(_("What is done or taken"), kinds.Complementary, _("Choose what is done."))
    what_name = own_words(_("If other: what?"))
    on = Day(_("From"))
    until = Day(_("Until"), required=False, may_be_later=True)
    sessions = forms.IntegerField(
        label=_("Sessions so far"), min_value=1, max_value=9999, required=False,
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off"}),
    )  # fmt: skip


class OperationForm(RecordForm):
    """An operation: how, what was found on the nerve, what was put there, what went wrong."""

    on = Day(_("Date"))
    side = forms.ChoiceField(
        label=_("Side (the person's own)"),
        choices=kinds.Side.choices,
        error_messages={"required": _("Choose the side.")},
        widget=forms.RadioSelect,
    )
    procedure = choice(_("Procedure"), kinds.Procedure, _("Choose the procedure."))
    procedure_name = own_words(_("If another procedure: which?"))
    approach = choice(_("Approach"), kinds.Approach)
    approach_name = own_words(_("If another approach: which?"))
    vessel = forms.MultipleChoiceField(
        label=_("Vessels found on the nerve"),
        choices=kinds.Vessel.choices,
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    vessel_name = own_words(_("If another vessel: which?"))
    segment = forms.ChoiceField(
        label=_("Where on the nerve"),
        choices=[*kinds.Segment.choices, ("", _("not noted"))],
        required=False,
        widget=forms.RadioSelect,
    )
    implant = choice(_("Put between vessel and nerve"), kinds.Implant)
    implant_name = own_words(_("If something else: what?"))
    lsr = choice(_("Lateral spread response at the end"), kinds.SpreadResponse)
    complications = forms.MultipleChoiceField(
        label=_("Complications"),
        choices=kinds.Complication.choices,
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )


@dataclass(frozen=True)
class Offered:
    """A treatment after which a side effect may have come."""

    key: str
    kind: Kind
    title: str
    on: date


class SideEffectForm(RecordForm):
    """Something unwanted after a treatment: when it began and ended, how bad it is."""

    after = forms.ChoiceField(label=_("After which treatment"), required=False)
    what = forms.ChoiceField(
        label=_("What it is"), error_messages={"required": _("Choose what it is.")}
    )
    what_name = own_words(_("If other: what?"))
    on = Day(_("It began on"))
    until = Day(_("It ended on"), required=False)
    degree = choice(_("How bad"), kinds.Degree)

    def __init__(self, *args: Any, treatments: Sequence[Offered] = (), **kwargs: Any) -> None:
        """Make the form for a patient who had these treatments."""
        super().__init__(*args, **kwargs)
        self.treatments = {one.key: one for one in treatments}
        self._offer("after", [("", _("not known")), *((one.key, one.title) for one in treatments)])
        self._offer("what", [("", _("Choose")), *self._offered()])

    def clean(self) -> dict[str, Any]:
        """Take what is in the list of the treatment's modality, and not before it was given."""
        typed = super().clean()
        cause = self.treatments.get(typed.get("after", ""))
        if cause is None:
            return typed
        if typed.get("what") and typed["what"] not in kinds.EFFECTS_AFTER[cause.kind]:
            self.add_error(
                "what", _("The list after this treatment does not have it: choose other.")
            )
        if typed.get("on") and typed["on"] < cause.on:
            self.add_error("on", _("This is before the treatment. Mend the day or the treatment."))
        return typed

    def _offered(self) -> Iterator[tuple[Any, Any]]:
        cause = self.treatments.get(str(self["after"].value() or ""))
        if cause and not self.is_bound:
            offered = kinds.EFFECTS_AFTER[cause.kind]
            yield from ((effect.value, effect.label) for effect in offered)
            return
        for one, effects in kinds.EFFECTS_AFTER.items():
            named = [(effect.value, effect.label) for effect in effects if effect.value != OTHER]
            yield Kind(one).label, named
        yield OTHER, kinds.Effect.OTHER.label

    def _offer(self, name: str, choices: list[Any]) -> None:
        field = self.fields[name]
        assert isinstance(field, forms.ChoiceField)
        field.choices = choices

    @classmethod
    def facts_of(cls, contents: Contents) -> list[tuple[str, str]]:
        """Return what is known; the treatment it came after is told by the page."""
        known = {name: field for name, field in cls.base_fields.items() if name != "after"}
        what = forms.ChoiceField(label=known["what"].label, choices=kinds.Effect.choices)
        return list(facts({**known, "what": what}, contents))
