"""What one may see of a recording: where it stands, the video, the report."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from hemiface_clinic.people.gate import UserRequest, only
from hemiface_clinic.people.models import CLINICAL, Role
from hemiface_clinic.recordings.actions import delete_recording
from hemiface_clinic.recordings.files import report_path, video_path
from hemiface_clinic.recordings.queries import read_recording, recording_for
from hemiface_clinic.recordings.serving import ENDINGS, send_report, send_video

clinic_and_patients = only(Role.PATIENT, *CLINICAL)


@clinic_and_patients
@require_safe
def status(request: UserRequest, pk: UUID) -> HttpResponse:
    """Show where a recording stands, and what was measured; to htmx, only that part of the page.

    While it asks every two seconds it sees a number grow; the look at the result is noted.
    """
    is_part = bool(request.headers.get("HX-Request"))
    recording = recording_for(request.user, pk)
    if not is_part or recording.is_settled:
        recording = read_recording(request.user, pk, what="read")
    template = "recordings/card.html" if is_part else "recordings/recording.html"
    return render(request, template, {"recording": recording})


@clinic_and_patients
@require_safe
def video(request: UserRequest, pk: UUID) -> HttpResponseBase:
    """Hand out the video, opened: to keep, or to look at."""
    recording = read_recording(request.user, pk, what="video")
    inline = "inline" in request.GET and recording.media_type in ENDINGS
    return send_video(
        request, video_path(recording.pk), recording.size, recording.media_type, inline=inline
    )


@clinic_and_patients
@require_safe
def report(request: UserRequest, pk: UUID) -> HttpResponseBase:
    """Show the page that hemiface made of a recording."""
    recording = read_recording(request.user, pk, what="report")
    return send_report(report_path(recording.pk))


@clinic_and_patients
@require_POST
def delete(request: UserRequest, pk: UUID) -> HttpResponse:
    """Delete a recording."""
    recording = recording_for(request.user, pk)
    delete_recording(recording, by=request.user)
    messages.success(request, _("The video and what was measured are deleted."))
    if request.user.is_staff and recording.question_id:
        return redirect("question", recording.question_id)
    if request.user.is_staff:
        return redirect("patient", recording.patient_id)
    return redirect("home-of-user")
