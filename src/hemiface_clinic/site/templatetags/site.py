"""Tags that any template may load with `{% load site %}`."""

from typing import Any

from django import template
from django.urls import translate_url
from django.utils.dates import WEEKDAYS_ABBR

from hemiface_clinic.card import DAYS

register = template.Library()


@register.simple_tag(takes_context=True)
def in_language(context: dict[str, Any], code: str) -> str:
    """Return the address of this page in another language."""
    return str(translate_url(context["request"].path, code))


@register.filter
def lookup(values: dict[str, Any], key: str) -> Any:
    """Return the value of a key, or the key where there is none."""
    return values.get(key, key)


@register.filter
def day_name(day: str) -> str:
    """Return the name of a day of the week, in the language of the page."""
    return str(WEEKDAYS_ABBR[DAYS.index(day)])
