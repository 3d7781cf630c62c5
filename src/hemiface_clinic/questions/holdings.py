"""What this app keeps about a patient, and what of it belongs on their line of time."""

from collections.abc import Iterator

from django.db.models import Q, QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _

from hemiface_clinic.people.models import Patient
from hemiface_clinic.people.personal import Holding, declare
from hemiface_clinic.people.queries import records_of
from hemiface_clinic.people.timeline import Entry, on_timeline
from hemiface_clinic.people.tokens import index_email
from hemiface_clinic.questions.models import Draft, Message, Question, Seen, StatusLink


def _questions(patient: Patient) -> QuerySet[Question]:
    """Return the questions of a person, and those asked from the address they have proven."""
    records = records_of(patient)
    asked = Q(patient__in=records)
    if patient.user and index_email(patient.user.email) == patient.email_index:
        asked |= Q(patient=None, email_index=patient.email_index)
    return Question.objects.filter(asked)


def declare_holdings() -> None:
    """Declare the tables."""
    declare(
        Holding("questions", Question, _questions),
        Holding(
            "messages",
            Message,
            lambda p: Message.objects.filter(question__in=_questions(p)),
        ),
        Holding("drafts", Draft, lambda p: Draft.objects.filter(question__in=_questions(p))),
        Holding("seen by", Seen, lambda p: Seen.objects.filter(question__in=_questions(p))),
        Holding(
            "status links",
            StatusLink,
            lambda p: StatusLink.objects.filter(question__in=_questions(p)),
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
