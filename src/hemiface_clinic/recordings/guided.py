"""The page on which a patient records at home, and sends a recording or only its points."""

from uuid import UUID

from csp.decorators import csp_update
from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from hemiface_clinic.people.gate import UserRequest, only
from hemiface_clinic.people.models import CLINICAL, Role
from hemiface_clinic.people.queries import has_consented, patient_for
from hemiface_clinic.recordings.queries import PURPOSE

PERMISSIONS = (
    "camera=(self), microphone=(self), geolocation=(), payment=(), usb=(), browsing-topics=()"
)


@csp_update({"media-src": ["blob:"], "worker-src": ["'self'"]})
@only(Role.PATIENT, *CLINICAL)
@require_safe
def guided(request: UserRequest, pk: UUID) -> HttpResponse:
    """Show the recorder of a patient; the camera may be asked for on this page alone."""
    patient = patient_for(request.user, pk)
    context = {"patient": patient, "has_consented": has_consented(patient, PURPOSE)}
    response = render(request, "recordings/guided.html", context)
    response.headers["Permissions-Policy"] = PERMISSIONS
    return response
