"""One part of a questionnaire as a form; what another part was answered stays."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from hemiface.diagnosis import Answers, Item, Questionnaire, Value, check_answers, is_asked

_MOST_WORDS = 2000
_BOOLEAN: list[tuple[str, Any]] = [("yes", _("Yes")), ("no", _("No"))]


class PartForm(forms.Form):
    """The questions of one part that are asked.

    Parameters
    ----------
    questionnaire : Questionnaire
    part : str
        Key of the section.
    answered : mapping
        What is kept, of all parts.
    said : mapping
        What the other author answered, to be shown beside.
    """

    may_leave_out = True

    def __init__(
        self,
        questionnaire: Questionnaire,
        part: str,
        answered: Mapping[str, Value],
        said: Mapping[str, str],
        data: Mapping[str, Any] | None = None,
    ) -> None:
        """Make a field for each question."""
        super().__init__(data, initial=_initial(questionnaire.items, answered))
        self.questionnaire, self.answered = questionnaire, answered
        self.items = [one for one in questionnaire.items if one.section == part]
        for item in self.items:
            self.fields[item.id] = field = _field(item)
            field.help_text = said.get(item.id, field.help_text)

    def rows(self) -> Iterator[tuple[forms.BoundField, str, Any]]:
        """Yield each field, the question it depends on, if any, and the answer wanted there."""
        for item in self.items:
            yield (
                self[item.id],
                *((item.when.ask, _typed(item.when.value)) if item.when else ("", "")),
            )

    def clean(self) -> dict[str, Any]:
        """Check the answers as the library does, and name every bad field."""
        cleaned = super().clean() or {}
        asked = self.questionnaire
        found = check_answers(asked, Answers(asked.name, asked.version, self.all_answers()))
        for problem in found:
            if problem.link_id in self.fields and not self.has_error(problem.link_id):
                self.add_error(problem.link_id, problem.text)
        return cleaned

    def all_answers(self) -> dict[str, Value]:
        """Return all answers with those of this part put in; what is not asked is left out."""
        given = {key: one for key, one in self.answered.items() if key not in self.fields}
        for item in self.items:
            value = _value(item, self.cleaned_data.get(item.id))
            if value is not None:
                given[item.id] = value
        return {one.id: given[one.id] for one in self.questionnaire.items
                if one.id in given and is_asked(one, given)}  # fmt: skip


def _initial(items: Sequence[Item], answered: Mapping[str, Value]) -> dict[str, Any]:
    lines = {one.id for one in items if one.type == "text" and one.repeats}
    return {
        key: "\n".join(value) if key in lines and isinstance(value, tuple) else _typed(value)
        for key, value in answered.items()
    }


def _typed(value: Value) -> Any:
    """Return an answer as the form has it."""
    return ("yes" if value else "no") if isinstance(value, bool) else value


def _field(item: Item) -> forms.Field:
    options: dict[str, Any] = {"label": item.text, "required": False}
    if item.type in ("boolean", "choice"):
        return _choice(item, options)
    if item.type == "integer":
        return forms.IntegerField(**options, widget=forms.TextInput({"inputmode": "numeric"}))
    if item.type == "decimal":
        return forms.FloatField(**options, widget=forms.TextInput({"inputmode": "decimal"}))
    if item.type == "date":
        return forms.DateField(
            **options,
            input_formats=["%Y-%m-%d"],
            widget=forms.DateInput({"type": "date"}, "%Y-%m-%d"),
        )
    if item.repeats:
        options["help_text"] = _("One in a line.")
    return forms.CharField(**options, max_length=_MOST_WORDS, widget=forms.Textarea({"rows": 3}))


def _choice(item: Item, options: dict[str, Any]) -> forms.Field:
    offered: list[tuple[str, Any]]
    offered = _BOOLEAN if item.type == "boolean" else [(one.id, one.text) for one in item.options]
    if item.repeats:
        boxes = forms.CheckboxSelectMultiple
        return forms.MultipleChoiceField(**options, choices=offered, widget=boxes)
    offered = [*offered, ("", _("no answer"))]
    return forms.ChoiceField(**options, choices=offered, widget=forms.RadioSelect)


def _value(item: Item, cleaned: Any) -> Value | None:
    if cleaned in (None, "", []):
        return None
    if item.type == "boolean":
        return bool(cleaned == "yes")
    if item.type == "text":
        lines = tuple(line.strip() for line in str(cleaned).splitlines() if line.strip())
        return lines if item.repeats else str(cleaned)
    answer: Value = tuple(cleaned) if item.repeats else cleaned
    return answer
