"""A course to take along: the summary for the chart, files for other programs, a cohort."""

import io
import json
import tempfile
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import TypedDict
from uuid import UUID

from allauth.account.decorators import reauthentication_required
from django.http import Http404, HttpResponse
from django.utils import timezone
from django.utils.http import content_disposition_header
from django.views.decorators.http import require_safe

from hemiface.course import course_document
from hemiface.diagnosis import Differential, differential
from hemiface.records import Course
from hemiface.report.course_page import Answers, summary_html, summary_pdf
from hemiface.report.exports import cohort_table, fhir_bundle, write_csv
from hemiface_clinic.course.assembling import course_of
from hemiface_clinic.course.pages import answers_of, reading_made
from hemiface_clinic.course.queries import read_cohort, read_course
from hemiface_clinic.diary.summary import can_write_pdf
from hemiface_clinic.findings.queries import latest_answers
from hemiface_clinic.people.gate import UserRequest, only
from hemiface_clinic.people.models import CLINICAL, Patient, Role
from hemiface_clinic.people.queries import patient_for
from hemiface_clinic.recordings.course import last_measured
from hemiface_clinic.vault.seal import blind_index

# The page is whole in itself. In the sandbox it has an origin of its own: no cookie, no site.
SUMMARY_POLICY = (
    "sandbox allow-modals; default-src 'none'; style-src 'unsafe-inline'; font-src data:; "
    "img-src data:; frame-ancestors 'none'; base-uri 'none'; form-action 'none'"
)

clinic_and_patients = only(Role.PATIENT, *CLINICAL)


@clinic_and_patients
@require_safe
def summary(request: UserRequest, pk: UUID) -> HttpResponse:
    """Show the summary for the doctor's chart, to be printed."""
    patient = read_course(request.user, pk, what="summary")
    page = summary_html(course_of(patient), timezone.localdate(), **_said(patient))
    return HttpResponse(page, headers={"Content-Security-Policy": SUMMARY_POLICY})


@clinic_and_patients
@require_safe
def pdf(request: UserRequest, pk: UUID) -> HttpResponse:
    """Hand out the summary for the doctor's chart as PDF."""
    if not can_write_pdf():
        raise Http404
    patient = read_course(request.user, pk, what="pdf")
    content = summary_pdf(course_of(patient), timezone.localdate(), **_said(patient))
    return _file(content, "application/pdf", "course.pdf")


@clinic_and_patients
@require_safe
def export(request: UserRequest, pk: UUID, form: str) -> HttpResponse:
    """Hand out a course for another program, without the name of the patient."""
    patient_for(request.user, pk)  # a stranger is not asked for a password: there is nothing
    answer: HttpResponse = _hand_out(request, pk, form)
    return answer


@reauthentication_required  # type: ignore[untyped-decorator]
def _hand_out(request: UserRequest, pk: UUID, form: str) -> HttpResponse:
    patient = read_course(request.user, pk, what="export", form=form)
    name, media_type, write = FORMS[form]
    return _file(write(course_of(patient)), media_type, name)


@only(Role.DOCTOR)
@reauthentication_required  # type: ignore[untyped-decorator]
@require_safe
def cohort(request: UserRequest) -> HttpResponse:
    """Hand out a de-identified table of one's patients who agree to research."""
    courses = [course_of(patient) for patient in read_cohort(request.user)]
    secret = bytes.fromhex(blind_index("cohort", "study numbers"))
    table = cohort_table(courses, secret=secret).to_csv(index=False)
    return _file(table.encode(), "text/csv; charset=utf-8", "cohort.csv")


class _Said(TypedDict):
    """What stands on the summary beside the course."""

    name: str
    answers: Answers | None
    differential: Differential | None


def _said(patient: Patient) -> _Said:
    known = latest_answers(patient)
    weighed = differential(known, last_measured(patient)) if known else None
    return {"name": patient.name, "answers": _answers(patient), "differential": weighed}


def _answers(patient: Patient) -> Answers | None:
    """Return what can be said of the course as it is; nothing while that is being computed."""
    reading = reading_made(patient)
    return answers_of(reading) if reading.is_answered else None


def _as_json(course: Course) -> bytes:
    return json.dumps(course_document(course), ensure_ascii=False, indent=1).encode()


def _as_csv(course: Course) -> bytes:
    packed = io.BytesIO()
    with tempfile.TemporaryDirectory() as folder, zipfile.ZipFile(packed, "w") as archive:
        for path in write_csv(course, Path(folder)):
            archive.write(path, path.name, zipfile.ZIP_DEFLATED)
    return packed.getvalue()


def _as_fhir(release: str) -> Callable[[Course], bytes]:
    def write(course: Course) -> bytes:
        return json.dumps(fhir_bundle(course, release), ensure_ascii=False, indent=1).encode()

    return write


FORMS: dict[str, tuple[str, str, Callable[[Course], bytes]]] = {
    "fhir-r5": ("course.fhir-r5.json", "application/fhir+json", _as_fhir("R5")),
    "fhir-r4b": ("course.fhir-r4b.json", "application/fhir+json", _as_fhir("R4B")),
    "csv": ("course.zip", "application/zip", _as_csv),
    "json": ("course.json", "application/json", _as_json),
}
"""Name of the file, media type, and what writes it."""


def _file(content: bytes, media_type: str, name: str) -> HttpResponse:
    headers = {"Content-Disposition": content_disposition_header(True, name) or ""}  # noqa: FBT003
    return HttpResponse(content, content_type=media_type, headers=headers)
