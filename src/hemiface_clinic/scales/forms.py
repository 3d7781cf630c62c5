"""A scale as a form: its questions, its levels, or its total."""

from typing import Any

from django import forms
from django.core.validators import MaxValueValidator, MinValueValidator
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from hemiface.errors import ConventionError
from hemiface.records import Author, Grade
from hemiface.scales import Item, Level, Scale, grade

TOTAL = "total"
_ITEM = "item-"


class GradeForm(forms.Form):
    """What is asked to give one grade."""

    on = forms.DateField(
        label=_("Day"),
        input_formats=["%Y-%m-%d"],
        widget=forms.DateInput({"type": "date"}, "%Y-%m-%d"),
        error_messages={"required": _("Write the day."), "invalid": _("Write a day.")},
    )

    def __init__(self, scale: Scale, by: Author, data: Any = None) -> None:
        """Make a field for each question, or one for the grade."""
        super().__init__(data, initial={"on": timezone.localdate()})
        self.scale, self.by = scale, by
        for item in scale.items:
            self.fields[_ITEM + item.key] = _ask(item)
        if not scale.items:
            self.fields[TOTAL] = _ask_total(scale)
        if by == "clinician":
            self.fields["side"] = forms.ChoiceField(
                label=_("Side (the person's own)"), required=False, widget=forms.RadioSelect,
                choices=[("left", _("left")), ("right", _("right")), ("", _("whole face"))],
            )  # fmt: skip

    def clean(self) -> dict[str, Any]:
        """Make the grade; what its scale refuses is told."""
        typed = super().clean() or {}
        if typed.get("on") and typed["on"] > timezone.localdate():
            self.add_error("on", _("The day lies ahead. Write a day that has been."))
        if not self.errors:
            try:
                self.grade()
            except ConventionError as problem:
                self.add_error(None, str(problem))
        return typed

    def answers(self) -> dict[str, float]:
        """Return the answers by the key of their question, complete or not."""
        keys = ((item.key, self.cleaned_data.get(_ITEM + item.key)) for item in self.scale.items)
        return {key: float(value) for key, value in keys if value not in (None, "")}

    def grade(self) -> Grade:
        """Return the grade that was given."""
        typed = self.cleaned_data
        given = self.answers() if self.scale.items else float(typed[TOTAL])
        side = typed.get("side") or None
        return grade(self.scale, given, on=typed["on"], by=self.by, side=side)


def _ask(item: Item) -> forms.Field:
    if _are_all(item.levels, item.lowest, item.highest):
        return _choose(item.text, item.levels)
    return _number(item.text, item.lowest, item.highest)


def _ask_total(scale: Scale) -> forms.Field:
    if _are_all(scale.levels, scale.lowest, scale.highest):
        return _choose(_("Grade"), scale.levels)
    return _number(_("Total") if scale.whole else _("Value"), scale.lowest, scale.highest)


def _choose(label: Any, levels: tuple[Level, ...]) -> forms.Field:
    return forms.ChoiceField(
        label=label,
        choices=[(f"{one.lowest:g}", _say(one)) for one in levels],
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose an answer.")},
    )


def _say(level: Level) -> str:
    return f"{level.name or f'{level.lowest:g}'}: {level.text}"


def _are_all(levels: tuple[Level, ...], lowest: float, highest: float) -> bool:
    """Whether every value has its own words."""
    return len(levels) == highest - lowest + 1


def _number(label: Any, lowest: float, highest: float) -> forms.Field:
    wanted = _("Write a whole number from %(low)d to %(high)d.")
    said = wanted % {"low": lowest, "high": highest}
    return forms.IntegerField(
        label=label,
        help_text=_("%(low)d to %(high)d") % {"low": lowest, "high": highest},
        validators=[MinValueValidator(lowest, said), MaxValueValidator(highest, said)],
        widget=forms.TextInput({"inputmode": "numeric"}),
        error_messages={"required": said, "invalid": said},
    )
