"""What the patient answered, and what was measured, in words beside the doctor's question."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from django.utils.formats import date_format
from django.utils.html import format_html_join
from django.utils.translation import gettext as _

from hemiface.diagnosis import (
    Answers,
    Finding,
    Item,
    Questionnaire,
    RedFlag,
    find_red_flags,
    read_signs,
)
from hemiface.records import Measured
from hemiface.report.course_page.wording import say_measure, say_range, say_unit
from hemiface.report.summary import say_number

# Which question of the examination asks for a sign that recordings measure.
_ASKS = {
    "other_babinski": "other_babinski", "synchronous": "synchrony",
    "task_locked": "task_locked", "both_eyes": "both_eyes",
}  # fmt: skip


def said_beside(
    asked: Questionnaire, others: Mapping[str, Any], measured: Sequence[Measured]
) -> dict[str, str]:
    """Return a line of HTML for each question that has something beside it."""
    signs = read_signs(measured) if asked.name == "examination" else ()
    said = {
        item.id: [*_say_answer(item, others), *_say_measured(item, signs)] for item in asked.items
    }
    return {
        key: format_html_join(" ", "<span class='beside'>{}</span>", ((one,) for one in lines))
        for key, lines in said.items()
        if lines
    }


def patients_flags(answers: Sequence[Answers]) -> tuple[RedFlag, ...]:
    """Return what a patient must be told to do now, of what they answered themselves.

    The other flags ask a doctor to look or to order something: they are told the doctor.
    """
    own = [one for one in answers if one.by == "patient"]
    return tuple(flag for flag in find_red_flags(own) if flag.urgency == "urgent")


def _say_answer(item: Item, others: Mapping[str, Any]) -> Iterator[str]:
    if item.id in others:
        words = {option.id: option.text for option in item.options}
        value = others[item.id]
        if isinstance(value, bool):
            said = _("Yes") if value else _("No")
        else:
            chosen = value if isinstance(value, tuple) else (value,)
            said = ", ".join(words.get(str(one), str(one)) for one in chosen)
        yield _("The patient answered: %(answer)s") % {"answer": said}


def _say_measured(item: Item, signs: Sequence[Finding]) -> Iterator[str]:
    for sign in signs:
        if sign.measured is not None and _ASKS.get(sign.name) == item.id:
            yield _measure(sign.measured)


def _measure(one: Measured) -> str:
    value = f"{say_number(one.value)} {say_unit(one.unit)}"
    return _("Measured: %(name)s %(value)s (%(range)s), video of %(day)s") % {
        "name": say_measure(one.name, one.task), "value": value,
        "range": say_range(one.low, one.high), "day": date_format(one.on, "DATE_FORMAT"),
    }  # fmt: skip
