"""Following one's question: by a link or an account; reading the answer, adding to it."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from hemiface_clinic.audit.actions import ASKER
from hemiface_clinic.limits.actions import ADD, LINK, OPEN, UPLOAD, take
from hemiface_clinic.questions import actions
from hemiface_clinic.questions.forms import AddForm, NewLinkForm
from hemiface_clinic.questions.models import Question
from hemiface_clinic.questions.queries import messages_of, read_question_of_asker
from hemiface_clinic.questions.reading import titles_of_pages
from hemiface_clinic.questions.visitor import held, hold, let_go, patient_of
from hemiface_clinic.recordings.actions import RecordingRefusedError, receive
from hemiface_clinic.recordings.queries import recordings_of_question
from hemiface_clinic.site.addresses import client_network

show_or_take = require_http_methods(["GET", "HEAD", "POST"])


@login_not_required
@never_cache
@show_or_take
def new_link(request: HttpRequest) -> HttpResponse:
    """Send a new link by e-mail; the answer is the same whether there is such a question or not."""
    form = NewLinkForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        if take(LINK, client_network()):
            actions.send_new_link(form.cleaned_data["reference"], form.cleaned_data["email"])
        return render(request, "questions/link_sent.html")
    status = 422 if form.is_bound else 200
    return render(request, "questions/new_link.html", {"form": form}, status=status)


@login_not_required
@never_cache
@show_or_take
def open_by_link(request: HttpRequest, token: str) -> HttpResponse:
    """Open a question by its link: with a button, for mail programs follow links by themselves."""
    if request.method != "POST":
        return render(request, "questions/open.html", {"token": token})
    link = actions.open_link(token) if take(OPEN, client_network()) else None
    if link is None:
        return render(request, "questions/link_gone.html", status=410)
    hold(request, link.question, str(link.pk))
    return redirect("follow", link.question.reference)


@login_not_required
@never_cache
@show_or_take
def follow(request: HttpRequest, reference: str) -> HttpResponse:
    """Show a question to who asked it; take what they add."""
    question = read_question_of_asker(request.user, held(request), reference)
    form = AddForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        if not take(ADD, reference):
            form.add_error(None, _("Too many additions. Try again in an hour."))
        else:
            actions.add_to_question(
                question, form.cleaned_data["text"], by=patient_of(request) or ASKER
            )
            messages.success(request, _("Added. The clinic has been told."))
            return redirect("follow", reference)
    return _question_page(request, question, form)


@login_not_required
@require_POST
def attach(request: HttpRequest, reference: str) -> HttpResponse:
    """Take a video; it is measured for the doctor."""
    question = read_question_of_asker(request.user, held(request), reference)
    upload = request.FILES.get("video")
    form = AddForm()
    if upload is None:
        return _question_page(request, question, form, trouble=_("Choose a video first."))
    if not take(UPLOAD, reference):
        trouble = _("Too many videos. Try again in an hour.")
        return _question_page(request, question, form, trouble=trouble)
    try:
        receive(upload, question=question, by=patient_of(request) or ASKER)
    except RecordingRefusedError as problem:
        return _question_page(request, question, form, trouble=str(problem))
    actions.hear_from_asker(question)
    messages.success(request, _("The video has arrived. It is measured for the doctor."))
    return redirect("follow", reference)


@login_not_required
@require_POST
def leave(request: HttpRequest) -> HttpResponse:
    """Close the questions that this browser has opened by their links."""
    let_go(request)
    return redirect("home")


def _question_page(
    request: HttpRequest, question: Question, form: AddForm, trouble: str = ""
) -> HttpResponse:
    context: dict[str, Any] = {
        "question": question,
        "said": messages_of(question, for_asker=True),
        "titles": titles_of_pages(),
        "recordings": recordings_of_question(question),
        "form": form,
        "trouble": trouble,
        "is_held": question.reference in held(request),
    }
    status = 422 if trouble or form.errors else 200
    return render(request, "questions/follow.html", context, status=status)
