"""The pages of scales: what was graded, one form for each scale, and help where it is needed."""

from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from hemiface.scales import needs_help, read_grade, scale
from hemiface_clinic.findings.calls import SELF_HARM, call_doctors
from hemiface_clinic.people.gate import UserRequest, only
from hemiface_clinic.people.models import CLINICAL, Role
from hemiface_clinic.people.queries import patient_for
from hemiface_clinic.scales import actions, queries
from hemiface_clinic.scales.forms import GradeForm
from hemiface_clinic.scales.pages import offered, shown

clinic_and_patients = only(Role.PATIENT, *CLINICAL)


@clinic_and_patients
@require_safe
def index(request: UserRequest, pk: UUID) -> HttpResponse:
    """Show what was graded, with what it says; offer the scales that the reader fills in."""
    patient = patient_for(request.user, pk)
    grades = queries.read_grades(request.user, patient)
    if request.user.role == Role.PATIENT:
        grades = [one for one in grades if one.grade.by == "patient"]
    scales = offered(queries.scales_for(request.user), patient)
    context = {"patient": patient, "grades": shown(grades), "offered": scales}
    return render(request, "scales/index.html", context)


@clinic_and_patients
@require_http_methods(["GET", "HEAD", "POST"])
def fill(request: UserRequest, pk: UUID, key: str, version: str) -> HttpResponse:
    """Give one grade. An answer that needs help is heard even where another one is missing."""
    patient, asked = patient_for(request.user, pk), scale(key, version)
    if asked not in queries.scales_for(request.user):
        raise Http404
    typed = request.POST if request.method == "POST" else None
    form = GradeForm(asked, queries.author_of(request.user), typed)
    is_good = typed is not None and form.is_valid()
    wants_help = typed is not None and needs_help(asked, form.answers())
    if wants_help:
        call_doctors(patient, [SELF_HARM], by=request.user)
    if is_good:
        graded = actions.add(patient, form.grade(), by=request.user)
        if wants_help:
            return render(request, "scales/help.html", {"patient": patient})
        messages.success(request, read_grade(graded.grade).sentences[0])
        return redirect("scales", patient.pk)
    context = {"patient": patient, "asked": asked, "form": form, "wants_help": wants_help}
    return render(request, "scales/fill.html", context, status=422 if form.errors else 200)


@clinic_and_patients
@require_POST
def take_back(request: UserRequest, pk: UUID) -> HttpResponse:
    """Mark a grade as given in error."""
    graded = queries.graded_for(request.user, pk)
    actions.take_back(graded, request.POST.get("reason", "")[:500], by=request.user)
    messages.success(request, _("Marked as given in error. It stays in the list."))
    return redirect("scales", graded.patient_id)
