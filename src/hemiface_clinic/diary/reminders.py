"""A reminder for the telephone's own calendar; nothing about it is kept here.

A calendar is often shared, and shown on a locked screen: the words say nothing of health.
"""

from collections.abc import Sequence
from datetime import datetime, time, timedelta
from uuid import uuid4

from django import forms
from django.conf import settings
from django.urls import reverse
from django.utils import timezone
from django.utils.dates import WEEKDAYS
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from hemiface_clinic.card import DAYS


class ReminderForm(forms.Form):
    """When somebody wants to be reminded."""

    time = forms.TimeField(
        label=gettext_lazy("At what time?"),
        error_messages={"required": gettext_lazy("Choose a time.")},
        widget=forms.TimeInput(attrs={"type": "time"}, format="%H:%M"),
    )
    days = forms.MultipleChoiceField(
        label=gettext_lazy("On which days?"),
        choices=[(day, WEEKDAYS[number]) for number, day in enumerate(DAYS)],
        error_messages={"required": gettext_lazy("Choose a day at least.")},
        widget=forms.CheckboxSelectMultiple,
    )


def reminder(at: time, days: Sequence[str]) -> bytes:
    """Return a calendar with one event a week on each of `days` ("Mo" to "Su"), and its alarm.

    The time has no zone: it is the time of wherever the telephone is.
    """
    from icalendar import Alarm, Calendar, Event

    words = _("Time for a note")
    event = Event()
    event.add("uid", str(uuid4()))
    event.add("dtstamp", timezone.now())
    event.add("dtstart", _first(at, days))
    event.add("duration", timedelta(minutes=5))
    event.add("rrule", {"freq": "weekly", "byday": [day.upper() for day in days]})
    event.add("summary", words)
    event.add("url", f"{settings.PUBLIC_URL}{reverse('diary')}")
    event.add("description", f"{settings.PUBLIC_URL}{reverse('diary')}")
    event.add("transp", "TRANSPARENT")
    alarm = Alarm()
    alarm.add("action", "DISPLAY")
    alarm.add("description", words)
    alarm.add("trigger", timedelta())
    event.add_component(alarm)
    book = Calendar()
    book.add("prodid", "-//notes//EN")
    book.add("version", "2.0")
    book.add_component(event)
    return bytes(book.to_ical())


def _first(at: time, days: Sequence[str]) -> datetime:
    today = timezone.localdate()
    numbers = {DAYS.index(day) for day in days}
    ahead = next(n for n in range(7) if (today.weekday() + n) % 7 in numbers)
    return datetime.combine(today + timedelta(days=ahead), at)
