"""What somebody who asks sees: the form, the receipt, the page of their question."""

from contextlib import suppress
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.middleware.csrf import get_token
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from hemiface_clinic.audit.actions import ASKER
from hemiface_clinic.limits.actions import ADD, ASK, CODE, LINK, OPEN, SOUND, UPLOAD, WRONG, take
from hemiface_clinic.people.models import Role, User
from hemiface_clinic.questions import actions, codes
from hemiface_clinic.questions.forms import AddForm, AskForm, NewLinkForm
from hemiface_clinic.questions.models import Question
from hemiface_clinic.questions.queries import messages_of, read_question_of_asker
from hemiface_clinic.questions.reading import titles_of_pages
from hemiface_clinic.recordings.actions import RecordingRefusedError, receive
from hemiface_clinic.recordings.queries import recordings_of_question

show_or_take = require_http_methods(["GET", "HEAD", "POST"])
HELD = "questions"  # in the session: reference of a question → the link that opened it


@login_not_required
@never_cache
@show_or_take
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
    if not take(ASK, _address(request)):
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
    if not take(SOUND, _address(request)):
        raise Http404
    return HttpResponse(codes.speak(_digits(request, nonce)), content_type="audio/wav")


@login_not_required
@never_cache
@require_safe
def sent(request: HttpRequest, reference: str) -> HttpResponse:
    """Say that the question has arrived: its reference, its link, what happens next."""
    token = request.session.pop(f"token-{reference}", "")
    question = read_question_of_asker(request.user, request.session.get(HELD, {}), reference)
    link = reverse("open-link", args=[token]) if token else ""
    return render(request, "questions/sent.html", {"question": question, "link": link})


@login_not_required
@never_cache
@show_or_take
def new_link(request: HttpRequest) -> HttpResponse:
    """Send a new link by e-mail; the answer is the same whether there is such a question or not."""
    form = NewLinkForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        if take(LINK, _address(request)):
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
    link = actions.open_link(token) if take(OPEN, _address(request)) else None
    if link is None:
        return render(request, "questions/link_gone.html", status=410)
    _hold(request, link.question, str(link.pk))
    return redirect("follow", link.question.reference)


@login_not_required
@never_cache
@show_or_take
def follow(request: HttpRequest, reference: str) -> HttpResponse:
    """Show a question to who asked it; take what they add."""
    question = read_question_of_asker(request.user, request.session.get(HELD, {}), reference)
    form = AddForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        if not take(ADD, reference):
            form.add_error(None, _("Too many additions. Try again in an hour."))
        else:
            actions.add_to_question(
                question, form.cleaned_data["text"], by=_patient(request) or ASKER
            )
            messages.success(request, _("Added. The clinic has been told."))
            return redirect("follow", reference)
    return _question_page(request, question, form)


@login_not_required
@require_POST
def attach(request: HttpRequest, reference: str) -> HttpResponse:
    """Take a video; it is measured for the doctor."""
    question = read_question_of_asker(request.user, request.session.get(HELD, {}), reference)
    upload = request.FILES.get("video")
    form = AddForm()
    if upload is None:
        return _question_page(request, question, form, trouble=_("Choose a video first."))
    if not take(UPLOAD, reference):
        trouble = _("Too many videos. Try again in an hour.")
        return _question_page(request, question, form, trouble=trouble)
    try:
        receive(upload, question=question, by=_patient(request) or ASKER)
    except RecordingRefusedError as problem:
        return _question_page(request, question, form, trouble=str(problem))
    actions.hear_from_asker(question)
    messages.success(request, _("The video has arrived. It is measured for the doctor."))
    return redirect("follow", reference)


def visitor_of(request: HttpRequest) -> str:
    """Return what ties a code to one browser: the secret in its own cookie."""
    get_token(request)
    return str(request.META.get("CSRF_COOKIE", ""))


def _patient(request: HttpRequest) -> User | None:
    user = request.user
    return user if isinstance(user, User) and user.role == Role.PATIENT else None


def _blank(request: HttpRequest) -> AskForm:
    """Return an empty form; a patient finds what we know of them."""
    patient = getattr(_patient(request), "patient", None)
    known = {name: getattr(patient, name) for name in ("name", "email", "phone") if patient}
    initial = {**known, "nonce": codes.new_nonce()}
    return AskForm(initial=initial, is_known=_patient(request) is not None)


def _filled(request: HttpRequest) -> AskForm:
    is_known = _patient(request) is not None
    return AskForm(request.POST, visitor=visitor_of(request), is_known=is_known)


def _store(request: HttpRequest, form: AskForm) -> HttpResponse:
    try:
        question, token = actions.ask(form.cleaned_data, by=_patient(request))
    except actions.UsedCodeError as used:
        if used.question is not None and _is_same(used.question, form):
            question, token = used.question, ""
        else:
            _tell_it_was_used(form)
            return _form(request, form, status=422)
    if token:
        request.session[f"token-{question.reference}"] = token
    _hold(request, question, str(question.links.earliest("made_at").pk))
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
    }
    status = 422 if trouble or form.errors else 200
    return render(request, "questions/follow.html", context, status=status)


def _digits(request: HttpRequest, nonce: str) -> str:
    if not codes.is_fresh(nonce) or not take(CODE, _address(request)):
        raise Http404
    return codes.digits_of(nonce, visitor_of(request))


def _hold(request: HttpRequest, question: Question, link: str) -> None:
    request.session.cycle_key()  # a session somebody else prepared opens nothing
    request.session[HELD] = {**request.session.get(HELD, {}), question.reference: link}


def _address(request: HttpRequest) -> str:
    return str(request.META.get("REMOTE_ADDR", ""))
