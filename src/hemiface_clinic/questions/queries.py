"""Who may read which question."""

from typing import Any

from django.contrib.auth.models import AnonymousUser
from django.db.models import Count, Exists, F, OuterRef, Q, QuerySet
from django.shortcuts import get_object_or_404

from hemiface_clinic.audit.actions import ASKER, record
from hemiface_clinic.people.models import Role, User
from hemiface_clinic.people.personal import Person
from hemiface_clinic.people.queries import patients_for
from hemiface_clinic.people.tokens import index_email
from hemiface_clinic.questions.actions import mark_seen
from hemiface_clinic.questions.models import AnswerTemplate, Draft, Message, Question, Seen

OPEN = (Question.State.NEW, Question.State.ASSIGNED, Question.State.WAITING)


def questions_for(user: User) -> QuerySet[Question]:
    """Return the questions a user may read.

    A patient reads their own. A nurse sorts: reads all that are open. A doctor reads those no
    other doctor has, their own, and those of patients they care for. An administrator reads none.
    """
    of_mine = Q(patient__in=patients_for(user).values("pk"))
    if user.role == Role.PATIENT:
        return Question.objects.filter(of_mine)
    if user.role == Role.DOCTOR:
        nobodys = ~Q(assigned_to__role=Role.DOCTOR) | Q(assigned_to__is_active=False)
        return Question.objects.filter(nobodys | Q(assigned_to=user) | of_mine)
    if user.role == Role.NURSE:
        return Question.objects.filter(Q(state__in=OPEN) | of_mine)
    return Question.objects.none()


def questions_of_person(person: Person) -> QuerySet[Question]:
    """Return the questions of a person's records, and those asked from their address."""
    of_nobody = Q(patient=None, email_index__in=person.addresses)
    return Question.objects.filter(Q(patient__in=person.patients) | of_nobody)


def question_for(user: User, pk: Any) -> Question:
    """Return one question a user may read; otherwise the same answer as if there were none."""
    return get_object_or_404(questions_for(user).select_related("patient", "assigned_to"), pk=pk)


def read_question(user: User, pk: Any) -> Question:
    """Return one question a user may read, and note that they looked."""
    question = question_for(user, pk)
    if user.is_staff:
        mark_seen(question, by=user)
    record("question.read", question, by=user, patient=question.patient_id)
    return question


def read_question_of_asker(
    user: User | AnonymousUser, held: dict[str, Any], reference: str
) -> Question:
    """Return the question of who asked it, and note that they looked.

    A patient reads their own by their account; anybody else by a link, which `held` tells.
    """
    if isinstance(user, User) and user.role == Role.PATIENT:
        own = questions_for(user).filter(reference=reference).first()
    else:
        own = None
    question = own or get_object_or_404(_opened_by_link(held.get(reference, "")))
    record("question.read", question, by=user if own else ASKER, patient=question.patient_id)
    return question


def _opened_by_link(link: str) -> QuerySet[Question]:
    if not link:
        return Question.objects.none()
    return Question.objects.filter(links__pk=link, links__revoked_at=None)


def inbox(user: User, state: str = "", words: str = "", *, mine: bool = False) -> list[Question]:
    """Return the questions of somebody's inbox: red flags first, then the asker's last word."""
    questions = with_unread(questions_for(user), user).select_related("assigned_to", "patient")
    if state in Question.State.values:
        questions = questions.filter(state=state)
    elif state != "all":
        questions = questions.filter(state__in=OPEN)
    if mine:
        questions = questions.filter(assigned_to=user)
    open_first = Q(state__in=OPEN, is_urgent=True)
    record("inbox.read", "inbox", by=user, state=state, searched=bool(words.strip()))
    ordered = questions.alias(top=open_first).order_by(F("top").desc(), "-heard_at")
    return [question for question in ordered if _matches(question, words)]


def with_unread(questions: QuerySet[Question], user: User) -> Any:
    """Mark the questions whose asker said something since this user last looked."""
    seen = Seen.objects.filter(question=OuterRef("pk"), user=user, at__gte=OuterRef("heard_at"))
    return questions.annotate(is_unread=~Exists(seen))


def counts(user: User) -> dict[str, int]:
    """Return how many questions there are in each state, and how many open ones are unread."""
    states = questions_for(user).values_list("state").annotate(n=Count("pk"))
    unread = with_unread(questions_for(user), user).filter(is_unread=True, state__in=OPEN).count()
    return {**dict.fromkeys(Question.State.values, 0), **dict(states), "unread": unread}


def messages_of(question: Question, *, for_asker: bool) -> list[Message]:
    """Return what was said; the clinic's notes are not for the asker."""
    said = question.messages.select_related("author")
    return list(said.exclude(kind=Message.Kind.NOTE) if for_asker else said)


def draft_of(question: Question, user: User) -> Draft | None:
    """Return what a user has begun to write."""
    return Draft.objects.filter(question=question, author=user).first()


def templates_of(user: User) -> QuerySet[AnswerTemplate]:
    """Return the templates of a user."""
    return AnswerTemplate.objects.filter(author=user)


def _matches(question: Question, words: str) -> bool:
    if not words.strip():
        return True
    if question.email_index == index_email(words) or question.reference == words.strip().upper():
        return True
    text = " ".join((question.name, question.subject, question.text)).casefold()
    return all(word in text for word in words.casefold().split())
