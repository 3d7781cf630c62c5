"""The pages of the report: written and signed by a doctor, read by the patient; and the request."""

from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.http import content_disposition_header
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from hemiface_clinic.audit.actions import record
from hemiface_clinic.card import shown_card
from hemiface_clinic.diary.summary import can_write_pdf
from hemiface_clinic.mri.actions import ChangedMeanwhileError, write_report
from hemiface_clinic.mri.forms import ReportForm
from hemiface_clinic.mri.models import Study
from hemiface_clinic.mri.queries import latest_of, read_signed, read_study, versions_of
from hemiface_clinic.mri.reporting import lines_of, plain_of, proposed
from hemiface_clinic.people.gate import UserRequest, only
from hemiface_clinic.people.models import Patient, Role
from hemiface_clinic.people.queries import patient_for

doctors = only(Role.DOCTOR)


@doctors
@require_http_methods(["GET", "HEAD", "POST"])
def report(request: UserRequest, pk: UUID) -> HttpResponse:
    """Write the report on a study: a draft, or signed; what was signed is amended by a new one."""
    study = read_study(request.user, pk, what="report")
    latest = latest_of(study)
    number = latest.number if latest else 0
    initial = latest.contents if latest else proposed(study)
    is_sent = request.method == "POST"
    form = ReportForm(initial, proposed(study), request.POST if is_sent else None)
    sign = "sign" in request.POST
    if is_sent and form.is_valid() and (not sign or form.check_to_sign()):
        try:
            write_report(study, _number(request), form.contents(), sign=sign, by=request.user)
        except ChangedMeanwhileError:
            form.add_error(None, _(
                "Somebody else wrote a version meanwhile. Look at it below; yours is not kept yet."
            ))  # fmt: skip
        else:
            messages.success(request, _("Signed.") if sign else _("The draft is kept."))
            return redirect("mri-report-read" if sign else "mri-report", study.pk)
    context = {
        "study": study, "patient": study.patient, "form": form, "number": number,
        "latest": latest, "versions": versions_of(study),
    }  # fmt: skip
    return render(request, "mri/report.html", context, status=422 if form.errors else 200)


@only(Role.PATIENT, Role.DOCTOR)
@require_safe
def read(request: UserRequest, pk: UUID) -> HttpResponse:
    """Show the signed report: as it was written to doctors, in plain words to the patient."""
    signed = read_signed(request.user, pk)
    study: Study = signed.study
    context = {
        "report": signed, "study": study, "patient": study.patient,
        "lines": list(lines_of(signed)), "plain": list(plain_of(signed)),
        "n_versions": len(versions_of(study)), "can_write_pdf": can_write_pdf(),
    }  # fmt: skip
    return render(request, "mri/read.html", context)


@doctors
@require_safe
def request_form(request: UserRequest, pk: UUID) -> HttpResponse:
    """Show the request for the right sequences, to be printed."""
    patient = _asked_for(request, pk)
    context = {"patient": patient, "now": timezone.localtime(), "can_write_pdf": can_write_pdf()}
    return render(request, "mri/request.html", context)


@doctors
@require_safe
def request_pdf(request: UserRequest, pk: UUID) -> HttpResponse:
    """Hand out the request for the right sequences as PDF."""
    if not can_write_pdf():
        raise Http404
    patient = _asked_for(request, pk)
    context = {
        "patient": patient, "card": shown_card(), "language": get_language() or "en",
        "now": timezone.localtime(), "doctor": request.user.name,
    }  # fmt: skip
    headers = {
        "Content-Disposition": content_disposition_header(True, "mri-request.pdf") or ""  # noqa: FBT003
    }
    content = _as_pdf(render_to_string("mri/request_pdf.html", context))
    return HttpResponse(content, content_type="application/pdf", headers=headers)


def _asked_for(request: UserRequest, pk: UUID) -> Patient:
    patient = patient_for(request.user, pk)
    record("mri.request", patient, by=request.user, patient=patient)
    return patient


def _number(request: UserRequest) -> int:
    typed = request.POST.get("number", "")
    return int(typed) if typed.isascii() and typed.isdigit() and len(typed) < 6 else -1


def _as_pdf(page: str) -> bytes:
    from weasyprint import HTML
    from weasyprint.urls import URLFetcher

    nothing = URLFetcher(allowed_protocols=set(), allow_redirects=False)
    content: bytes = HTML(string=page, url_fetcher=nothing).write_pdf(pdf_variant="pdf/ua-1")
    return content
