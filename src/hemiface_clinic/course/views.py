"""The pages of a course, for the patient and for those who care for them."""

from typing import Any
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from hemiface_clinic.course.pages import drawn, reading_at_once, reading_made, shown, told
from hemiface_clinic.course.queries import read_course
from hemiface_clinic.diary.summary import can_write_pdf
from hemiface_clinic.people.gate import UserRequest, only
from hemiface_clinic.people.models import CLINICAL, Role
from hemiface_clinic.people.queries import patient_for

clinic_and_patients = only(Role.PATIENT, *CLINICAL)


@clinic_and_patients
@require_safe
def course(request: UserRequest, pk: UUID) -> HttpResponse:
    """Show the course of a patient; where that takes long, its chart comes a moment later."""
    patient = read_course(request.user, pk)
    at_once = "whole" not in request.GET
    reading = reading_at_once(patient) if at_once else reading_made(patient)
    context: dict[str, Any] = {
        "patient": patient, "query": request.GET.urlencode(), "can_write_pdf": can_write_pdf()
    }  # fmt: skip
    if reading is not None:
        context |= shown(reading, request.GET.dict())
    return render(request, "course/course.html", context)


@clinic_and_patients
@require_safe
def chart(request: UserRequest, pk: UUID) -> HttpResponse:
    """Return the chart and the answers, for a page that is already there."""
    patient = read_course(request.user, pk)
    context = {"patient": patient, **shown(reading_made(patient), request.GET.dict())}
    return render(request, "course/whole.html", context)


@clinic_and_patients
@require_safe
def drawing(request: UserRequest, pk: UUID) -> HttpResponse:
    """Return the drawing of some of the days, for a page that is already there."""
    patient = read_course(request.user, pk, what="draw")
    return render(request, "course/drawing.html", drawn(reading_made(patient), request.GET.dict()))


@clinic_and_patients
@require_safe
def answers(request: UserRequest, pk: UUID) -> HttpResponse:
    """Return what can be said of the course; nothing yet (204) while that is being computed."""
    reading = reading_made(patient_for(request.user, pk))
    if reading.is_pending:
        return HttpResponse(status=204)
    patient = read_course(request.user, pk)
    return render(request, "course/answers.html", {"patient": patient, **told(reading)})
