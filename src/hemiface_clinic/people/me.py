"""What everybody finds when they have logged in, and what they may do with their own data."""

import tempfile

from allauth.account.decorators import reauthentication_required
from django.conf import settings
from django.contrib import messages
from django.contrib.auth import logout
from django.contrib.auth.decorators import login_not_required
from django.http import FileResponse, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from hemiface_clinic.audit.actions import record
from hemiface_clinic.people import actions
from hemiface_clinic.people.forms import AcceptForm
from hemiface_clinic.people.gate import UserRequest, only
from hemiface_clinic.people.models import Patient, Role
from hemiface_clinic.people.personal import erase as erase_person
from hemiface_clinic.people.personal import note_export, pack_everything_about, person_of
from hemiface_clinic.people.purposes import PURPOSES
from hemiface_clinic.people.queries import consents_of, open_invitation
from hemiface_clinic.people.timeline import timeline_of

_AT_HOME: dict[str, str] = {Role.NURSE: "inbox", Role.DOCTOR: "inbox", Role.ADMINISTRATOR: "people"}


@require_safe
def home(request: UserRequest) -> HttpResponse:
    """Show a patient their own page; send staff to their work."""
    if request.user.role in _AT_HOME:
        return redirect(_AT_HOME[request.user.role])
    patient = get_object_or_404(Patient, user=request.user)
    record("patient.read", patient, by=request.user, patient=patient)
    agreed = consents_of(patient)
    context = {
        "patient": patient,
        "entries": timeline_of(patient, by_patient=True),
        "purposes": [(purpose, agreed.get(purpose.name)) for purpose in PURPOSES],
    }
    return render(request, "people/me.html", context)


@only(Role.PATIENT)
@require_POST
def change_consent(request: UserRequest, purpose: str) -> HttpResponse:
    """Give or withdraw consent: the same button, as easy one way as the other."""
    patient = get_object_or_404(Patient, user=request.user)
    wanted = next((one for one in PURPOSES if one.name == purpose), None)
    if wanted is None:
        return redirect("home-of-user")
    change = actions.give_consent if "give" in request.POST else actions.withdraw_consent
    change(patient, wanted, by=request.user)
    messages.success(request, _("Saved."))
    return redirect("home-of-user")


@only(Role.PATIENT)
@reauthentication_required  # type: ignore[untyped-decorator]
@require_safe
def export(request: UserRequest) -> FileResponse:
    """Hand over everything that is kept about a patient, in one file."""
    patient = get_object_or_404(Patient, user=request.user)
    person = person_of(patient)
    note_export(person, by=request.user)
    packed = tempfile.TemporaryFile(dir=settings.FILE_UPLOAD_TEMP_DIR)  # noqa: SIM115 - the answer closes it
    pack_everything_about(person, packed)
    packed.seek(0)
    return FileResponse(packed, as_attachment=True, filename="my-data.zip")


@only(Role.PATIENT)
@reauthentication_required  # type: ignore[untyped-decorator]
@require_http_methods(["GET", "HEAD", "POST"])
def erase(request: UserRequest) -> HttpResponse:
    """Erase a patient, and give them the receipt."""
    patient = get_object_or_404(Patient, user=request.user)
    if request.method != "POST" or "sure" not in request.POST:
        return render(request, "people/erase.html")
    lines = erase_person(person_of(patient), by=request.user)
    logout(request)
    return render(request, "people/erased.html", {"lines": lines})


@login_not_required
@require_http_methods(["GET", "HEAD", "POST"])
def accept_invitation(request: HttpRequest, token: str) -> HttpResponse:
    """Let somebody who was invited make their account."""
    invitation = open_invitation(token)
    if invitation is None:
        return render(request, "people/invitation_gone.html", status=410)
    form = AcceptForm(request.POST or None, initial={"name": invitation.name})
    if request.method == "POST" and form.is_valid():
        typed = form.cleaned_data
        if actions.accept_invitation(invitation, typed["name"], typed["password"]) is None:
            return render(request, "people/invitation_gone.html", status=410)
        messages.success(request, _("Your account is ready. Log in."))
        return redirect("account_login")
    context = {"form": form, "invitation": invitation}
    return render(request, "people/accept.html", context, status=422 if form.errors else 200)
