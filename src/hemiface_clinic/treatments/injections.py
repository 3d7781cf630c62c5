"""The form of a session of botulinum toxin: one brand, and units for each muscle and side."""

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django import forms
from django.forms import BoundField
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from hemiface_clinic.treatments.fields import Amount, Contents, Day, choice, facts, keep, own_words
from hemiface_clinic.treatments.forms import RecordForm
from hemiface_clinic.treatments.kinds import OTHER, Side
from hemiface_clinic.treatments.lists import read_lists

SIDES = (Side.RIGHT, Side.LEFT)
"""As in the picture: the person looks at the viewer."""

MUSCLE_LABELS = {
    "frontalis": _("Frontalis"),
    "corrugator": _("Corrugator"),
    "orbicularis_oculi_upper": _("Orbicularis oculi, upper lid"),
    "orbicularis_oculi": _("Orbicularis oculi, outer part or not told"),
    "orbicularis_oculi_lower": _("Orbicularis oculi, lower lid"),
    "nasalis": _("Nasalis"),
    "levator_labii": _("Levator labii"),
    "zygomaticus": _("Zygomaticus"),
    "risorius": _("Risorius and buccinator"),
    "orbicularis_oris": _("Orbicularis oris"),
    "depressor_anguli_oris": _("Depressor anguli oris"),
    "depressor_labii": _("Depressor labii"),
    "mentalis": _("Mentalis"),
    "platysma": _("Platysma"),
}
"""The muscles of `hemiface.muscles` from above to below, as an injector names them."""


@dataclass(frozen=True)
class Units:
    """Units into one muscle of one side."""

    muscle: str
    side: Side
    units: Decimal


def dose_name(muscle: str, side: str) -> str:
    """Return the name of the field of a muscle and side."""
    return f"{side}-{muscle}"


def doses_of(contents: Contents) -> list[Units]:
    """Return the doses of a session, from above to below."""
    return [
        Units(muscle, side, Decimal(contents[dose_name(muscle, side)]))
        for muscle in MUSCLE_LABELS
        for side in SIDES
        if dose_name(muscle, side) in contents
    ]


def total_of(contents: Contents) -> Decimal:
    """Return the units of a session, both sides."""
    return Decimal(keep(sum((dose.units for dose in doses_of(contents)), Decimal(0))))


class SessionForm(RecordForm):
    """What a session has beside its doses."""

    on = Day(_("Date"))
    affected_side = choice(_("Affected side (the person's own)"), Side)
    brand = forms.ChoiceField(
        label=_("Brand"),
        error_messages={"required": _("Choose the brand.")},
    )
    brand_name = own_words(_("If another brand: which?"))
    lot = own_words(_("Lot"))
    expiry = Day(_("Expiry of the vial"), required=False, may_be_later=True)
    vial_units = Amount(_("Units in the vial"), "U", required=False)
    dilution_ml = Amount(_("Diluted with"), "ml", required=False)


def _dose_fields() -> Iterator[tuple[str, Amount]]:
    for muscle, label in MUSCLE_LABELS.items():
        for side in SIDES:
            told = format_lazy("{}, {}", label, side.label)
            invalid = format_lazy(_("{}: write a number, with a point before the decimals."), told)
            yield dose_name(muscle, side), Amount(
                told, required=False, error_messages={"invalid": invalid},
                attrs={"aria-label": format_lazy(_("{}, units"), told), "maxlength": 9},
            )  # fmt: skip


class InjectionForm(SessionForm):
    """A session of botulinum toxin."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        """Make the form, with a field for each muscle and side."""
        super().__init__(*args, **kwargs)
        self.fields.update(_dose_fields())
        brand = self.fields["brand"]
        assert isinstance(brand, forms.ChoiceField)
        brand.choices = [("", _("Choose")), *_brands()]

    def clean(self) -> dict[str, Any]:
        """Ask for one dose at least."""
        typed = super().clean()
        names = [dose_name(muscle, side) for muscle in MUSCLE_LABELS for side in SIDES]
        if not any(typed.get(name) is not None or name in self.errors for name in names):
            self.add_error(None, _("Write the units of one muscle at least."))
        return typed

    def rows(self) -> Iterator[tuple[Any, list[BoundField]]]:
        """Yield each muscle's label with its fields, the right side first, as in the picture."""
        for muscle, label in MUSCLE_LABELS.items():
            yield label, [self[dose_name(muscle, side)] for side in SIDES]

    @classmethod
    def facts_of(cls, contents: Contents) -> list[tuple[str, str]]:
        """Return what is known beside the doses, and each dose."""
        brand = forms.ChoiceField(label=_("Brand"), choices=list(_brands()))
        session = {**SessionForm.base_fields, "brand": brand}
        doses = dict(_dose_fields())
        told = [
            (str(doses[name].label), f"{contents[name]} U") for name in doses if name in contents
        ]
        return [*facts(session, contents), *told]

    @classmethod
    def session_facts_of(cls, contents: Contents) -> list[tuple[str, str]]:
        """Return what is known beside the day and the doses."""
        beside = {"on", *(dose_name(muscle, side) for muscle in MUSCLE_LABELS for side in SIDES)}
        return cls.facts_of({name: v for name, v in contents.items() if name not in beside})


def _brands() -> Iterator[tuple[str, Any]]:
    yield from ((brand.key, brand.label) for brand in read_lists().brand)
    yield OTHER, _("Another brand")
