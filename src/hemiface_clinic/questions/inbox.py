"""The clinic's inbox."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from hemiface_clinic.people.gate import UserRequest, only
from hemiface_clinic.people.models import CLINICAL, Role
from hemiface_clinic.people.queries import colleague_or_404, colleagues, patients_for
from hemiface_clinic.people.waiting import waiting_of
from hemiface_clinic.questions import actions, queries
from hemiface_clinic.questions.forms import ReplyForm, TemplateForm
from hemiface_clinic.questions.models import Message, Question
from hemiface_clinic.questions.reading import titles_of_pages
from hemiface_clinic.questions.red_flags import find_red_flags
from hemiface_clinic.recordings.queries import recordings_of_question

STATES = ("open", *Question.State.values, "all")


@only(*CLINICAL)
@require_safe
def index(request: UserRequest) -> HttpResponse:
    """List the questions."""
    state, words = request.GET.get("state", "open"), request.GET.get("q", "")[:200]
    mine = "mine" in request.GET
    context = {
        "waiting": waiting_of(patients_for(request.user)),
        "questions": queries.inbox(request.user, state, words, mine=mine),
        "counts": queries.counts(request.user),
        "state": state,
        "words": words,
        "mine": mine,
        "states": Question.State.choices,
    }
    template = (
        "questions/inbox_list.html" if request.headers.get("HX-Request") else "questions/inbox.html"
    )
    return render(request, template, context)


@only(*CLINICAL)
@require_safe
def show(request: UserRequest, pk: UUID) -> HttpResponse:
    """Show a question and all that was said."""
    question = queries.read_question(request.user, pk)
    draft = queries.draft_of(question, request.user)
    form = ReplyForm(
        initial={"text": draft.text if draft else ""}, pages=list(titles_of_pages().items())
    )
    return _show(request, question, form)


@only(*CLINICAL)
@require_POST
def reply(request: UserRequest, pk: UUID) -> HttpResponse:
    """Answer, ask for more, or note something for the clinic only."""
    question = queries.question_for(request.user, pk)
    form = ReplyForm(request.POST, pages=list(titles_of_pages().items()))
    kind = request.POST.get("kind", "")
    if not form.is_valid() or not _may_say(request, kind):
        question = queries.read_question(request.user, pk)
        return _show(request, question, form, status=422)
    typed = form.cleaned_data
    actions.reply(question, Message.Kind(kind), typed["text"], typed["pages"], by=request.user)
    messages.success(request, _("Kept as a note.") if kind == Message.Kind.NOTE else _("Sent."))
    return redirect("question", pk)


@only(*CLINICAL)
@require_POST
def draft(request: UserRequest, pk: UUID) -> HttpResponse:
    """Keep what is being written."""
    question = queries.question_for(request.user, pk)
    actions.keep_draft(question, request.POST.get("text", "")[:8000], by=request.user)
    if request.headers.get("HX-Request"):
        return render(request, "questions/draft_kept.html")
    messages.success(request, _("Draft kept."))
    return redirect("question", pk)


@only(*CLINICAL)
@require_POST
def assign(request: UserRequest, pk: UUID) -> HttpResponse:
    """Give a question to a colleague."""
    question = queries.question_for(request.user, pk)
    colleague = colleague_or_404(request.POST.get("to", ""))
    actions.assign(question, colleague, by=request.user)
    messages.success(request, _("Given to %(name)s.") % {"name": colleague.name})
    still_theirs = queries.questions_for(request.user).filter(pk=pk).exists()
    return redirect("question", pk) if still_theirs else redirect("inbox")


@only(*CLINICAL)
@require_POST
def close(request: UserRequest, pk: UUID) -> HttpResponse:
    """Close a question."""
    actions.set_closed(queries.question_for(request.user, pk), closed=True, by=request.user)
    return redirect("inbox")


@only(*CLINICAL)
@require_POST
def reopen(request: UserRequest, pk: UUID) -> HttpResponse:
    """Open a question again."""
    actions.set_closed(queries.question_for(request.user, pk), closed=False, by=request.user)
    return redirect("question", pk)


@only(Role.DOCTOR)
@require_POST
def make_patient(request: UserRequest, pk: UUID) -> HttpResponse:
    """Make the asker a patient."""
    patient = actions.make_patient(queries.question_for(request.user, pk), by=request.user)
    messages.success(request, _("They are a patient now. Without an account they are invited."))
    return redirect("patient", patient.pk)


@only(*CLINICAL)
@require_POST
def revoke_links(request: UserRequest, pk: UUID) -> HttpResponse:
    """Make every link to a question useless."""
    actions.revoke_links(queries.question_for(request.user, pk), by=request.user)
    messages.success(request, _("No link opens this question any more."))
    return redirect("question", pk)


@only(*CLINICAL)
@require_http_methods(["GET", "HEAD", "POST"])
def templates(request: UserRequest) -> HttpResponse:
    """List one's templates; keep a new one."""
    form = TemplateForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        actions.save_template(form.save(commit=False), by=request.user)
        return redirect("templates")
    context = {"form": form, "templates": queries.templates_of(request.user)}
    return render(request, "questions/templates.html", context, status=422 if form.errors else 200)


@only(*CLINICAL)
@require_POST
def delete_template(request: UserRequest, pk: UUID) -> HttpResponse:
    """Delete one of one's templates."""
    template = get_object_or_404(queries.templates_of(request.user), pk=pk)
    actions.delete_template(template, by=request.user)
    return redirect("templates")


def _show(
    request: UserRequest, question: Question, form: ReplyForm, status: int = 200
) -> HttpResponse:
    said = queries.messages_of(question, for_asker=False)
    words = [question.subject, question.text, *(m.text for m in said if m.kind == m.Kind.ADDITION)]
    context: dict[str, Any] = {
        "question": question,
        "said": said,
        "titles": titles_of_pages(),
        "flags": find_red_flags("\n".join(words)),
        "recordings": recordings_of_question(question),
        "form": form,
        "templates": queries.templates_of(request.user),
        "colleagues": colleagues(),
    }
    return render(request, "questions/question.html", context, status=status)


def _may_say(request: UserRequest, kind: str) -> bool:
    # A nurse sorts, asks for more and notes; the answer is a doctor's.
    allowed = {Message.Kind.ASK_MORE, Message.Kind.NOTE}
    if request.user.role == Role.DOCTOR:
        allowed.add(Message.Kind.ANSWER)
    return kind in allowed
