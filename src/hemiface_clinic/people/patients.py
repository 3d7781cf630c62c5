"""The patients of a doctor or nurse."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from hemiface_clinic.people import actions
from hemiface_clinic.people.forms import EmergencyForm
from hemiface_clinic.people.gate import UserRequest, only
from hemiface_clinic.people.models import CLINICAL, Patient
from hemiface_clinic.people.queries import (
    colleague_or_404,
    colleagues,
    consents_of,
    has_account,
    patient_by_email,
    patient_for,
    read_patient,
    read_patients,
)
from hemiface_clinic.people.timeline import timeline_of
from hemiface_clinic.people.waiting import waiting_of


@only(*CLINICAL)
@require_safe
def index(request: UserRequest) -> HttpResponse:
    """List one's patients."""
    words = request.GET.get("q", "")[:120].casefold()
    patients = read_patients(request.user)
    found = [patient for patient in patients if words in patient.name.casefold()]
    return render(request, "people/patients.html", {"patients": found, "words": words})


@only(*CLINICAL)
@require_safe
def show(request: UserRequest, pk: UUID) -> HttpResponse:
    """Show everything about a patient on one line of time."""
    patient = read_patient(request.user, pk)
    context = {
        "patient": patient,
        "entries": timeline_of(patient),
        "waiting": waiting_of(Patient.objects.filter(pk=patient.pk)),
        "team": patient.team.order_by("name"),
        "colleagues": colleagues().exclude(pk__in=patient.team.values("pk")),
        "consents": consents_of(patient),
        "has_account": has_account(patient.email),
    }
    return render(request, "people/patient.html", context)


@only(*CLINICAL)
@require_POST
def add_to_team(request: UserRequest, pk: UUID) -> HttpResponse:
    """Let a colleague care for a patient, too."""
    patient = patient_for(request.user, pk)
    colleague = colleague_or_404(request.POST.get("colleague", ""))
    actions.add_to_team(patient, colleague, by=request.user)
    messages.success(request, _("%(name)s may see this patient now.") % {"name": colleague.name})
    return redirect("patient", pk)


@only(*CLINICAL)
@require_POST
def invite(request: UserRequest, pk: UUID) -> HttpResponse:
    """Invite a patient who has no account; an older invitation becomes useless."""
    patient = patient_for(request.user, pk)
    if not has_account(patient.email):
        actions.invite_again(patient, by=request.user)
        messages.success(request, _("Invited. The link in the letter works once, for seven days."))
    return redirect("patient", pk)


@only(*CLINICAL)
@require_http_methods(["GET", "HEAD", "POST"])
def find(request: UserRequest) -> HttpResponse:
    """Find somebody else's patient by their exact e-mail address, in an emergency."""
    email = request.POST.get("email", "").strip()
    if request.method != "POST" or not email:
        return render(request, "people/find.html")
    patient = patient_by_email(email, by=request.user)
    if patient is None:
        trouble = _("No patient has this address.")
        return render(request, "people/find.html", {"trouble": trouble, "email": email}, status=422)
    return redirect("patient-emergency", patient.pk)


@only(*CLINICAL)
@require_http_methods(["GET", "HEAD", "POST"])
def break_glass(request: UserRequest, pk: UUID) -> HttpResponse:
    """Open a stranger's data in an emergency, with a reason.

    This is the one page that does not look the patient up through who asks: its purpose is to
    reach those they may not see. It shows nothing about the patient.
    """
    patient = get_object_or_404(Patient, pk=pk)
    form = EmergencyForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        actions.break_glass(patient, form.cleaned_data["reason"], by=request.user)
        return redirect("patient", pk)
    return render(
        request,
        "people/emergency.html",
        {"form": form, "pk": pk},
        status=422 if form.errors else 200,
    )
