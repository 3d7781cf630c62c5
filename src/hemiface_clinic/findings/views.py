"""The pages: a questionnaire part by part, and what the findings speak for."""

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from hemiface.diagnosis import (
    Answers,
    Questionnaire,
    RedFlag,
    Value,
    differential,
    find_red_flags,
    read_questionnaire,
)
from hemiface.diagnosis.sentences import say_measured, say_ratios
from hemiface_clinic.findings.actions import fill
from hemiface_clinic.findings.calls import see_to
from hemiface_clinic.findings.forms import PartForm
from hemiface_clinic.findings.models import Reporter
from hemiface_clinic.findings.queries import read_answers, reporter_of
from hemiface_clinic.findings.telling import patients_flags, said_beside
from hemiface_clinic.people.gate import UserRequest, only
from hemiface_clinic.people.models import CLINICAL, Patient, Role
from hemiface_clinic.people.queries import patient_for
from hemiface_clinic.recordings.course import last_measured


@only(Role.PATIENT, *CLINICAL)
@require_http_methods(["GET", "HEAD", "POST"])
def history(request: UserRequest, pk: UUID) -> HttpResponse:
    """Ask the history, part by part; patient and clinic answer beside each other."""
    return _ask(request, patient_for(request.user, pk), read_questionnaire("history"))


@only(Role.DOCTOR)
@require_http_methods(["GET", "HEAD", "POST"])
def examination(request: UserRequest, pk: UUID) -> HttpResponse:
    """Ask what was found on examination; measured signs stand beside."""
    return _ask(request, patient_for(request.user, pk), read_questionnaire("examination"))


@only(*CLINICAL)
@require_safe
def weigh(request: UserRequest, pk: UUID) -> HttpResponse:
    """Show what the findings speak for and against."""
    patient = patient_for(request.user, pk)
    answers = read_answers(request.user, patient, "differential")
    weighed = differential(answers, last_measured(patient))
    context = {
        "patient": patient, "weighed": weighed, "has_answers": bool(answers),
        "measured": list(say_measured(weighed.measured, weighed.findings)),
        "ratios": list(say_ratios(weighed.conditions, weighed.findings)),
    }  # fmt: skip
    return render(request, "findings/differential.html", context)


@only(Role.DOCTOR)
@require_POST
def see_to_calls(request: UserRequest, pk: UUID) -> HttpResponse:
    """Note that one has seen to what a patient answered."""
    see_to(patient_for(request.user, pk), by=request.user)
    messages.success(request, _("Noted that you have seen to it."))
    return redirect("patient", pk)


def _ask(request: UserRequest, patient: Patient, asked: Questionnaire) -> HttpResponse:
    everything = read_answers(request.user, patient, asked.name)
    keys = [section.id for section in asked.sections]
    part = request.GET.get("part", keys[0])
    if part not in keys:
        return redirect(asked.name, patient.pk)
    typed = request.POST if request.method == "POST" else None
    own = _answered(everything, asked, reporter_of(request.user))
    form = PartForm(asked, part, own, _beside(request, patient, asked, everything), typed)
    if typed is not None and form.is_valid():
        fill(patient, asked, form.all_answers(), by=request.user)
        return redirect(_after(patient, asked, part))
    context: dict[str, Any] = {
        "patient": patient, "asked": asked, "form": form, "part": part,
        "number": keys.index(part) + 1, "is_done": "done" in request.GET and typed is None,
        "flags": _flags(request, everything),
    }  # fmt: skip
    return render(request, "findings/part.html", context, status=422 if form.errors else 200)


def _answered(
    everything: Sequence[Answers], asked: Questionnaire, reporter: str
) -> Mapping[str, Value]:
    """Return what one side answered to a questionnaire."""
    found = (one for one in everything if one.questionnaire == asked.name and one.by == reporter)
    return next((one.answered for one in found), {})


def _beside(
    request: UserRequest, patient: Patient, asked: Questionnaire, everything: Sequence[Answers]
) -> dict[str, str]:
    """Return what stands beside the clinic's questions; a patient sees only their own answers."""
    if not request.user.is_clinical:
        return {}
    others = _answered(everything, asked, Reporter.PATIENT)
    return said_beside(asked, others, last_measured(patient))


def _flags(request: UserRequest, everything: Sequence[Answers]) -> tuple[RedFlag, ...]:
    return find_red_flags(everything) if request.user.is_clinical else patients_flags(everything)


def _after(patient: Patient, asked: Questionnaire, part: str) -> str:
    """Return where to go after a part: to the next one; the last one says that all is kept."""
    keys = [section.id for section in asked.sections]
    following = keys[keys.index(part) + 1 :]
    address = reverse(asked.name, args=[patient.pk])
    return f"{address}?part={following[0]}" if following else f"{address}?part={keys[-1]}&done=1"
