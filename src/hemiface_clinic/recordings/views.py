"""What one may see of a recording: where it stands, the video, the report."""

from pathlib import Path
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from hemiface_clinic.card import shown_card
from hemiface_clinic.people.gate import UserRequest, only
from hemiface_clinic.people.models import CLINICAL, Role
from hemiface_clinic.recordings.actions import (
    delete_recording,
    measure_anew,
    stop_measuring,
)
from hemiface_clinic.recordings.drawing import ask_for_drawing, is_being_drawn
from hemiface_clinic.recordings.files import (
    clip_path,
    faceless_path,
    film_path,
    report_path,
    still_path,
    video_path,
)
from hemiface_clinic.recordings.models import Kind, Recording
from hemiface_clinic.recordings.plain import found_in
from hemiface_clinic.recordings.queries import read_recording, recording_for
from hemiface_clinic.recordings.serving import ENDINGS, send_report, send_video
from hemiface_clinic.vault.files import read_sealed

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
    # The card, asked for every two seconds, shows neither.
    more = {} if is_part else {"found": found_in(recording), **_drawing(recording)}
    response = render(request, template, {"recording": recording, **more})
    if is_part and recording.is_settled and not request.user.is_clinical:
        response["HX-Refresh"] = "true"  # the patient's page says more than the card
    return response


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
def clip(request: UserRequest, pk: UUID) -> HttpResponseBase:
    """Hand out the film of the strongest spasm."""
    return _send_film(request, clip_path(read_recording(request.user, pk, what="clip").pk))


@clinic_and_patients
@require_safe
def film(request: UserRequest, pk: UUID) -> HttpResponseBase:
    """Hand out the film that a page shows: of a video smaller than it; of points their lines."""
    return _send_film(request, film_path(read_recording(request.user, pk, what="film").pk))


@clinic_and_patients
@require_safe
def still(request: UserRequest, pk: UUID) -> HttpResponseBase:
    """Hand out the small picture."""
    path = still_path(read_recording(request.user, pk, what="still").pk)
    if not path.exists():
        raise Http404
    return HttpResponse(b"".join(read_sealed(path)), content_type="image/jpeg")


@clinic_and_patients
@require_http_methods(["GET", "HEAD", "POST"])
def faceless(request: UserRequest, pk: UUID) -> HttpResponseBase:
    """Have the face drawn as lines; hand out the film once it is there."""
    if request.method == "POST":
        recording = recording_for(request.user, pk)
        if recording.kind == Kind.VIDEO and video_path(recording.pk).exists():
            ask_for_drawing(recording, by=request.user)
        return redirect("recording", pk)
    return _send_film(request, faceless_path(read_recording(request.user, pk, what="faceless").pk))


@clinic_and_patients
@require_safe
def report(request: UserRequest, pk: UUID) -> HttpResponseBase:
    """Show the page that hemiface made of a recording."""
    recording = read_recording(request.user, pk, what="report")
    return send_report(report_path(recording.pk))


@clinic_and_patients
@require_POST
def stop(request: UserRequest, pk: UUID) -> HttpResponse:
    """Stop measuring a recording."""
    stop_measuring(recording_for(request.user, pk), by=request.user)
    return redirect("recording", pk)


@clinic_and_patients
@require_POST
def retry(request: UserRequest, pk: UUID) -> HttpResponse:
    """Measure a recording after all."""
    measure_anew(recording_for(request.user, pk), by=request.user)
    return redirect("recording", pk)


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


def _drawing(recording: Recording) -> dict[str, object]:
    return {
        "kept_days": shown_card().keep_videos_days,
        "is_drawn": faceless_path(recording.pk).exists(),
        "is_being_drawn": is_being_drawn(recording),
        "can_be_drawn": recording.kind == Kind.VIDEO and recording.has_film,
    }


def _send_film(request: UserRequest, path: Path) -> HttpResponseBase:
    if not path.exists():
        raise Http404
    size = sum(len(chunk) for chunk in read_sealed(path))
    return send_video(request, path, size, "video/mp4", inline=True)
