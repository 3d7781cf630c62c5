"""What this app keeps about a patient, and what of it belongs on their line of time."""

from collections.abc import Iterator

from django.urls import reverse
from django.utils.translation import gettext as _

from hemiface_clinic.people.models import Patient
from hemiface_clinic.people.personal import Holding, declare
from hemiface_clinic.people.timeline import Entry, on_timeline
from hemiface_clinic.questions.models import Draft, Message, Question, Seen, StatusLink
from hemiface_clinic.questions.queries import questions_of_person


def declare_holdings() -> None:
    """Declare the tables."""
    theirs = questions_of_person
    declare(
        Holding("questions", Question, questions_of_person),
        Holding(
            "messages",
            Message,
            lambda p: Message.objects.filter(question__in=theirs(p)),
        ),
        Holding("drafts", Draft, lambda p: Draft.objects.filter(question__in=theirs(p))),
        Holding("seen by", Seen, lambda p: Seen.objects.filter(question__in=theirs(p))),
        Holding(
            "status links",
            StatusLink,
            lambda p: StatusLink.objects.filter(question__in=theirs(p)),
            hidden=("token_hash",),
        ),
    )
    on_timeline(_entries)


def _entries(patient: Patient, by_patient: bool) -> Iterator[Entry]:  # noqa: FBT001
    for question in Question.objects.filter(patient=patient):
        name, key = ("follow", question.reference) if by_patient else ("question", question.pk)
        url = reverse(name, args=[key])
        yield Entry(question.asked_at, "question", _("Asked: %s") % question.subject, url)
        for message in question.messages.exclude(kind=Message.Kind.NOTE).select_related("author"):
            yield Entry(message.at, "message", str(message.get_kind_display()), url)
