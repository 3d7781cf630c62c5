"""Asking the doctor: the form, its verification code, the receipt."""

from contextlib import suppress

from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from hemiface_clinic.limits.actions import ASK, CODE, SOUND, WRONG, take
from hemiface_clinic.questions import actions, codes
from hemiface_clinic.questions.forms import AskForm
from hemiface_clinic.questions.models import Question
from hemiface_clinic.questions.queries import read_question_of_asker
from hemiface_clinic.questions.visitor import held, hold, patient_of, visitor_of
from hemiface_clinic.site.addresses import client_network


@login_not_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def ask(request: HttpRequest) -> HttpResponse:
    """Show the form; take the question."""
    if request.method != "POST":
        return _form(request, _blank(request))
    form = _filled(request)
    if request.POST.get("website"):
        return redirect("home")  # a field nobody sees was filled in: a program wrote this
    if not form.is_valid():
        _use_up_wrong_code(form)
        return _form(request, form, status=422)
    if not take(ASK, client_network()):
        form.add_error(None, _("Too many questions from your connection. Try again in an hour."))
        return _form(request, form, status=429)
    return _store(request, form)


def ask_again(request: HttpRequest) -> HttpResponse:
    """Show the form with all that was typed: the page was open too long, or cookies are off."""
    form = _filled(request)
    form.add_error(
        None, _("This page was open too long. Nothing is lost: type the new code and send.")
    )
    return _form(request, form, status=422)


@login_not_required
@never_cache
@require_POST
def new_code(request: HttpRequest) -> HttpResponse:
    """Show the form again with a new code and all that was typed."""
    form = AskForm(initial={**request.POST.dict(), "nonce": codes.new_nonce()})
    form.initial["code"] = ""
    template = "questions/code.html" if request.headers.get("HX-Request") else "questions/ask.html"
    return render(request, template, {"form": form})


@login_not_required
@never_cache
@require_safe
def code_image(request: HttpRequest, nonce: str) -> HttpResponse:
    """Return the picture of a code."""
    return HttpResponse(codes.draw(_digits(request, nonce)), content_type="image/png")


@login_not_required
@never_cache
@require_safe
def code_sound(request: HttpRequest, nonce: str) -> HttpResponse:
    """Return the sound of a code."""
    if not take(SOUND, client_network()):
        raise Http404
    return HttpResponse(codes.speak(_digits(request, nonce)), content_type="audio/wav")


@login_not_required
@never_cache
@require_safe
def sent(request: HttpRequest, reference: str) -> HttpResponse:
    """Say that the question has arrived: its reference, its link, what happens next."""
    token = request.session.pop(f"token-{reference}", "")
    question = read_question_of_asker(request.user, held(request), reference)
    link = reverse("open-link", args=[token]) if token else ""
    return render(request, "questions/sent.html", {"question": question, "link": link})


def _blank(request: HttpRequest) -> AskForm:
    """Return an empty form; a patient finds what we know of them."""
    patient = getattr(patient_of(request), "patient", None)
    known = {name: getattr(patient, name) for name in ("name", "email", "phone") if patient}
    initial = {**known, "nonce": codes.new_nonce()}
    return AskForm(initial=initial, is_known=patient_of(request) is not None)


def _filled(request: HttpRequest) -> AskForm:
    is_known = patient_of(request) is not None
    return AskForm(request.POST, visitor=visitor_of(request), is_known=is_known)


def _store(request: HttpRequest, form: AskForm) -> HttpResponse:
    try:
        question, token = actions.ask(form.cleaned_data, by=patient_of(request))
    except actions.UsedCodeError as used:
        if used.question is not None and _is_same(used.question, form):
            question, token = used.question, ""
        else:
            _tell_it_was_used(form)
            return _form(request, form, status=422)
    if token:
        request.session[f"token-{question.reference}"] = token
    hold(request, question, str(question.links.earliest("made_at").pk))
    return redirect("sent", question.reference)


def _tell_it_was_used(form: AskForm) -> None:
    if "code" in form.fields:
        form.add_error("code", _("The code was used before. Type the new one."))
    else:
        form.add_error(None, _("This page was sent before. Send it once more to ask again."))


def _is_same(question: Question, form: AskForm) -> bool:
    # The button was pressed twice: what arrived first is what they asked.
    typed = form.cleaned_data
    return (question.email, question.text) == (typed["email"], typed["question"])


def _form(request: HttpRequest, form: AskForm, status: int = 200) -> HttpResponse:
    if form.is_bound and (status != 422 or "code" in form.errors or form.non_field_errors()):
        form.data = {**request.POST.dict(), "nonce": codes.new_nonce(), "code": ""}
    return render(request, "questions/ask.html", {"form": form}, status=status)


def _use_up_wrong_code(form: AskForm) -> None:
    if form.has_error("code", "wrong") and take(WRONG, form.visitor):
        with suppress(actions.UsedCodeError):
            actions.use_up_code(form.data["nonce"])


def _digits(request: HttpRequest, nonce: str) -> str:
    if not codes.is_fresh(nonce) or not take(CODE, client_network()):
        raise Http404
    return codes.digits_of(nonce, visitor_of(request))
