"""Fields of the forms, and how what was typed in them is kept and told.

What a form holds is kept under the names of its fields, as text: a number as it was typed, a day
as 2026-05-03. So it goes back into the form as it is.
"""

from collections.abc import Iterator, Mapping
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from django import forms
from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db.models import TextChoices
from django.utils import formats, timezone
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from hemiface_clinic.treatments.kinds import OTHER

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

Contents = dict[str, Any]
EARLIEST = date(1950, 1, 1)


class Amount(forms.DecimalField):
    """A number above zero, with its unit; written as text, so that no wheel turns it."""

    def __init__(self, label: "StrOrPromise", unit: str = "", **options: Any) -> None:
        """Make the field; a unit is shown beside the label and the number."""
        self.unit = unit
        attrs = {"inputmode": "decimal", "autocomplete": "off", **options.pop("attrs", {})}
        super().__init__(
            label=format_lazy("{} ({})", label, unit) if unit else label,
            max_digits=8,
            decimal_places=options.pop("decimal_places", 3),
            widget=forms.TextInput(attrs=attrs),
            error_messages={
                "invalid": _("Write a number, with a point before the decimals."),
                **options.pop("error_messages", {}),
            },
            **options,
        )
        self.validators.append(_above_zero)


class Day(forms.DateField):
    """A day."""

    def __init__(
        self, label: "StrOrPromise", *, may_be_later: bool = False, **options: Any
    ) -> None:
        """Make the field; `may_be_later` allows a day that is still to come."""
        late = _("Check the year.") if may_be_later else _("This day is still to come.")
        super().__init__(
            label=label,
            input_formats=["%Y-%m-%d"],
            widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"}),
            error_messages={"required": _("Choose the day."), "invalid": _("Choose the day.")},
            validators=[
                MinValueValidator(EARLIEST, _("Check the year.")),
                MaxValueValidator(_in_ten_years if may_be_later else timezone.localdate, late),
            ],
            **options,
        )


def choice(
    label: "StrOrPromise", offered: type[TextChoices], missing: "StrOrPromise" = "", **options: Any
) -> forms.ChoiceField:
    """Return a field with a closed list, of which nothing is chosen beforehand.

    It must be answered if `missing` says what to do where it is not.
    """
    return forms.ChoiceField(
        label=label,
        choices=[("", _("Choose")), *offered.choices],
        required=bool(missing),
        error_messages={"required": missing},
        **options,
    )


def own_words(label: "StrOrPromise") -> forms.CharField:
    """Return the field in which something is named that is not in the list above it."""
    return forms.CharField(label=label, max_length=120, required=False)


def is_empty(value: object) -> bool:
    """Whether nothing was typed."""
    return value is None or value == "" or value == []


def keep(value: object) -> Any:
    """Return a cleaned value as it is kept."""
    if isinstance(value, Decimal):
        return f"{value.normalize():f}"
    return value.isoformat() if isinstance(value, date) else value


def tell(field: forms.Field, value: Any) -> str:
    """Return a kept value in words."""
    if isinstance(field, Day):
        return formats.date_format(date.fromisoformat(value), "DATE_FORMAT")
    if isinstance(field, forms.MultipleChoiceField):
        return ", ".join(_label_of(field, one) for one in value)
    if isinstance(field, forms.ChoiceField):
        return _label_of(field, value)
    unit = getattr(field, "unit", "")
    return f"{value} {unit}".strip()


def facts(fields: Mapping[str, forms.Field], contents: Contents) -> Iterator[tuple[str, str]]:
    """Yield what is known, as label and value, in the order of the form."""
    for name, field in fields.items():
        value = contents.get(name)
        if is_empty(value) or name.endswith("_name"):  # those are told with their list
            continue
        told = _in_words(field, value, contents.get(f"{name}_name", ""))
        unit = getattr(field, "unit", "")
        yield str(field.label).removesuffix(f" ({unit})"), told


def _in_words(field: forms.Field, value: Any, words: str) -> str:
    """Return a kept value in words; what stands under "other" in the person's own."""
    if value == OTHER and words:
        return words
    if isinstance(value, list) and OTHER in value and words:
        known = [one for one in value if one != OTHER]
        return ", ".join(filter(None, (tell(field, known), words)))
    return tell(field, value)


def _label_of(field: forms.ChoiceField, value: str) -> str:
    return str(dict(_flat(field.choices)).get(value, value))


def _flat(choices: Any) -> Iterator[tuple[str, Any]]:
    for key, label in choices:
        if isinstance(label, list | tuple):
            yield from label
        else:
            yield key, label


def _above_zero(value: Decimal) -> None:
    if value <= 0:
        raise ValidationError(_("Write a number above zero, or leave the field empty."))


def _in_ten_years() -> date:
    today = timezone.localdate()
    return date(today.year + 10, 12, 31)
