"""The diary as a doctor or nurse reads it, and as both sides take it along."""

from uuid import UUID

from django.db.models import QuerySet
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.http import content_disposition_header
from django.views.decorators.http import require_safe

from hemiface_clinic.diary.models import DiaryEntry
from hemiface_clinic.diary.pages import shown
from hemiface_clinic.diary.queries import in_order, own_patient, read_diary, take_diary
from hemiface_clinic.diary.spreadsheet import write_csv
from hemiface_clinic.diary.summary import can_write_pdf, period_of, write_pdf
from hemiface_clinic.people.gate import UserRequest, only
from hemiface_clinic.people.models import CLINICAL, Patient, Role
from hemiface_clinic.people.queries import patient_for

patients_only = only(Role.PATIENT)


@only(*CLINICAL)
@require_safe
def diary(request: UserRequest, pk: UUID) -> HttpResponse:
    """Show a patient's diary."""
    patient = patient_for(request.user, pk)
    context = {"patient": patient, **shown(request, read_diary(request.user, patient))}
    return render(request, "diary/reading.html", context)


@only(*CLINICAL)
@require_safe
def csv(request: UserRequest, pk: UUID) -> HttpResponse:
    """Hand out a patient's diary as a table."""
    _, entries = take_diary(request.user, pk, "csv")
    return _csv(entries)


@only(*CLINICAL)
@require_safe
def pdf(request: UserRequest, pk: UUID) -> HttpResponse:
    """Hand out a month of a patient's diary as PDF."""
    return _pdf(request, *take_diary(request.user, pk, "pdf"))


@patients_only
@require_safe
def own_csv(request: UserRequest) -> HttpResponse:
    """Hand out one's own diary as a table."""
    _, entries = take_diary(request.user, own_patient(request.user).pk, "csv")
    return _csv(entries)


@patients_only
@require_safe
def own_pdf(request: UserRequest) -> HttpResponse:
    """Hand out a month of one's own diary as PDF, for the doctor."""
    return _pdf(request, *take_diary(request.user, own_patient(request.user).pk, "pdf"))


def _csv(entries: QuerySet[DiaryEntry]) -> HttpResponse:
    return _file(write_csv(in_order(entries)).encode(), "text/csv; charset=utf-8", "diary.csv")


def _pdf(request: UserRequest, patient: Patient, entries: QuerySet[DiaryEntry]) -> HttpResponse:
    if not can_write_pdf():
        raise Http404
    period = period_of(request.GET.get("month", ""), timezone.localdate())
    return _file(write_pdf(patient.name, period, entries), "application/pdf", "diary.pdf")


def _file(content: bytes, media_type: str, name: str) -> HttpResponse:
    headers = {"Content-Disposition": content_disposition_header(True, name) or ""}  # noqa: FBT003
    return HttpResponse(content, content_type=media_type, headers=headers)
