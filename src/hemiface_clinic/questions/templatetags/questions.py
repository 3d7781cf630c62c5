"""Tags that a template loads with `{% load questions %}`."""

from django import template

from hemiface_clinic.people.models import User
from hemiface_clinic.questions.queries import counts

register = template.Library()


@register.simple_tag
def count_unread(user: User) -> int:
    """Return how many open questions a user has not read."""
    return counts(user)["unread"]
