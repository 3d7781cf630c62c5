"""What changes a question: each in one transaction, with one event in the audit."""

import secrets
from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import Any

from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import timezone, translation

from hemiface_clinic.audit.actions import ASKER, NOBODY, record
from hemiface_clinic.people.actions import add_patient, invite
from hemiface_clinic.people.letters import write_letter
from hemiface_clinic.people.models import Patient, Role, User
from hemiface_clinic.people.queries import has_account
from hemiface_clinic.people.tokens import hash_token, index_email, new_token
from hemiface_clinic.questions.forms import CONSENT_VERSION
from hemiface_clinic.questions.models import (
    AnswerTemplate,
    Draft,
    Message,
    Question,
    Seen,
    StatusLink,
    UsedCode,
)
from hemiface_clinic.questions.red_flags import find_red_flags

LINK_FOR = timedelta(days=30)
USED_CODES_KEPT = timedelta(days=1)
_LETTERS = "ABCDEFGHJKLMNPQRSTUVWXYZ"  # no I, no O
_STATE_AFTER = {
    Message.Kind.ANSWER: Question.State.ANSWERED,
    Message.Kind.ASK_MORE: Question.State.WAITING,
}


class UsedCodeError(Exception):
    """The code was posted before; `question` is what it brought then, if anything."""

    def __init__(self, question: Question | None) -> None:
        super().__init__("this code was posted before")
        self.question = question


@transaction.atomic
def ask(typed: Mapping[str, Any], *, by: User | None = None) -> tuple[Question, str]:
    """Store a question; returns it, and the secret of its status link.

    Raises
    ------
    UsedCodeError
        If the verification code was posted before.
    """
    question = Question.objects.create(
        reference=_new_reference(),
        name=typed["name"],
        email=typed["email"],
        phone=typed["phone"],
        subject=typed["subject"],
        text=typed["question"],
        email_index=index_email(typed["email"]),
        language=translation.get_language() or "en",
        consent_version=CONSENT_VERSION,
        is_urgent=bool(find_red_flags(f"{typed['subject']}\n{typed['question']}")),
        patient=Patient.objects.filter(user=by).first() if by else None,
        heard_at=timezone.now(),
    )
    use_up_code(typed["nonce"], question)
    token = make_link(question)
    record("question.ask", question, by=by or ASKER, patient=question.patient)
    _write("asked", question, token)
    return question, token


@transaction.atomic
def use_up_code(nonce: str, question: Question | None = None) -> None:
    """Make sure a code cannot be posted again.

    Raises
    ------
    UsedCodeError
        If it was posted before.
    """
    try:
        with transaction.atomic():
            UsedCode.objects.create(nonce=nonce, question=question)
    except IntegrityError as problem:
        used = UsedCode.objects.select_related("question").get(nonce=nonce)
        raise UsedCodeError(used.question) from problem


def forget_used_codes() -> None:
    """Delete codes that are too old to be posted again anyway."""
    UsedCode.objects.filter(at__lt=timezone.now() - USED_CODES_KEPT).delete()


def make_link(question: Question) -> str:
    """Make a status link and return its secret."""
    token = new_token()
    StatusLink.objects.create(
        question=question, token_hash=hash_token(token), expires_at=timezone.now() + LINK_FOR
    )
    return token


@transaction.atomic
def open_link(token: str) -> StatusLink | None:
    """Use a status link; None if it was used, revoked, or is too old."""
    good = StatusLink.objects.filter(
        token_hash=hash_token(token), used_at=None, revoked_at=None, expires_at__gt=timezone.now()
    )
    if not good.update(used_at=timezone.now()):
        record("link.refused", "link", by=NOBODY, outcome="denied")
        return None
    link = StatusLink.objects.select_related("question").get(token_hash=hash_token(token))
    record("link.open", link, by=ASKER, patient=link.question.patient_id)
    return link


@transaction.atomic
def send_new_link(reference: str, email: str) -> None:
    """Send a new link if there is such a question of this address; say nothing either way."""
    question = Question.objects.filter(
        reference=reference.strip().upper(), email_index=index_email(email)
    ).first()
    if question is None:
        record("link.refused", "link", by=NOBODY, outcome="denied")
        return
    record("link.send", question, by=ASKER, patient=question.patient_id)
    _write("link", question, make_link(question))


@transaction.atomic
def revoke_links(question: Question, *, by: User) -> int:
    """Make every link to a question useless."""
    record("link.revoke", question, by=by, patient=question.patient_id)
    return StatusLink.objects.filter(question=question, revoked_at=None).update(
        revoked_at=timezone.now()
    )


def forget_old_links() -> None:
    """Delete links that are too old to open anything."""
    StatusLink.objects.filter(expires_at__lt=timezone.now()).delete()


@transaction.atomic
def add_to_question(question: Question, text: str, *, by: User | str = ASKER) -> Message:
    """Add what the asker forgot; the question comes back to the clinic's attention."""
    message = Message.objects.create(question=question, kind=Message.Kind.ADDITION, text=text)
    hear_from_asker(question, text)
    record("question.add", question, by=by, patient=question.patient_id)
    return message


def hear_from_asker(question: Question, text: str = "") -> None:
    """Note that the asker said or sent something: unread again, and open again."""
    question.heard_at = timezone.now()
    question.is_urgent = question.is_urgent or bool(find_red_flags(text))
    if question.state != Question.State.NEW:
        assigned = question.assigned_to_id is not None
        question.state = Question.State.ASSIGNED if assigned else Question.State.NEW
    question.save(update_fields=["heard_at", "is_urgent", "state"])


@transaction.atomic
def reply(
    question: Question, kind: Message.Kind, text: str, pages: Sequence[str] = (), *, by: User
) -> Message:
    """Say something about a question: an answer, a request for more, or a note for the clinic."""
    message = Message.objects.create(
        question=question, kind=kind, text=text, pages=list(pages), author=by
    )
    if kind in _STATE_AFTER:
        question.state = _STATE_AFTER[kind]
        if by.role == Role.DOCTOR:  # what a nurse asks for more stays in every doctor's sight
            question.assigned_to = question.assigned_to or by
        question.save(update_fields=["state", "assigned_to"])
        _write("answered" if kind == Message.Kind.ANSWER else "more", question, make_link(question))
    Draft.objects.filter(question=question, author=by).delete()
    record(f"question.{kind}", question, by=by, patient=question.patient_id)
    return message


@transaction.atomic
def keep_draft(question: Question, text: str, *, by: User) -> None:
    """Keep what somebody has begun to write; nothing written keeps nothing."""
    if not text.strip():
        Draft.objects.filter(question=question, author=by).delete()
    else:
        draft = Draft.objects.filter(question=question, author=by).first()
        draft = draft or Draft(question=question, author=by)
        draft.text = text
        draft.save()
    record("question.draft", question, by=by, patient=question.patient_id)


@transaction.atomic
def assign(question: Question, colleague: User, *, by: User) -> None:
    """Give a question to a colleague."""
    question.assigned_to = colleague
    if question.state == Question.State.NEW:
        question.state = Question.State.ASSIGNED
    question.save(update_fields=["assigned_to", "state"])
    record("question.assign", question, by=by, patient=question.patient_id, to=colleague.pk)


@transaction.atomic
def set_closed(question: Question, *, closed: bool, by: User) -> None:
    """Close a question, or open it again."""
    back = Question.State.ASSIGNED if question.assigned_to_id else Question.State.NEW
    question.state = Question.State.CLOSED if closed else back
    question.save(update_fields=["state"])
    record(
        "question.close" if closed else "question.reopen",
        question,
        by=by,
        patient=question.patient_id,
    )


@transaction.atomic
def make_patient(question: Question, *, by: User) -> Patient:
    """Make the asker a patient of the clinic; invite them, if they have no account yet."""
    if question.patient is not None:
        return question.patient
    known = Patient.objects.filter(email_index=question.email_index, team=by).first()
    patient = known or add_patient(question.name, question.email, question.phone, by=by)
    question.patient = patient
    question.save(update_fields=["patient"])
    if known is None and not has_account(question.email):
        invite(question.email, question.name, Role.PATIENT, by=by, patient=patient)
    record("question.make-patient", question, by=by, patient=patient)
    return patient


def mark_seen(question: Question, *, by: User) -> None:
    """Note that somebody of the clinic has looked."""
    Seen.objects.update_or_create(question=question, user=by, defaults={"at": timezone.now()})


@transaction.atomic
def save_template(template: AnswerTemplate, *, by: User) -> None:
    """Keep words a doctor says often."""
    template.author = by
    template.save()
    record("template.save", template, by=by)


@transaction.atomic
def delete_template(template: AnswerTemplate, *, by: User) -> None:
    """Delete a template."""
    record("template.delete", template, by=by)
    template.delete()


def _write(letter: str, question: Question, token: str) -> None:
    with translation.override(question.language):
        path = reverse("open-link", args=[token])
    write_letter(
        letter, question.email, path, language=question.language, reference=question.reference
    )


def _new_reference() -> str:
    letters = "".join(secrets.choice(_LETTERS) for _ in range(4))
    return f"{letters}-{secrets.randbelow(10_000):04d}"
