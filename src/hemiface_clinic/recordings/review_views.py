"""The pages on which a doctor reviews the spasms of a recording."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse, HttpResponseBase, StreamingHttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from hemiface_clinic.audit.actions import record
from hemiface_clinic.people.gate import UserRequest, only
from hemiface_clinic.people.models import Role
from hemiface_clinic.recordings.actions import ChangedMeanwhileError, write_review
from hemiface_clinic.recordings.comparing import chosen, others_of, rows_of, starts_of
from hemiface_clinic.recordings.files import player_path
from hemiface_clinic.recordings.models import Recording
from hemiface_clinic.recordings.queries import read_recording, recording_for
from hemiface_clinic.recordings.reviewing import (
    MarkForms,
    agreed_of,
    annotations_of,
    initial_marks,
    marks_from,
    measure_again,
)
from hemiface_clinic.vault.files import read_sealed

doctors = only(Role.DOCTOR)


@doctors
@require_http_methods(["GET", "HEAD", "POST"])
def review(request: UserRequest, pk: UUID) -> HttpResponse:
    """Show what was found, to be confirmed, rejected, moved or added; measure it again."""
    if request.method != "POST":
        recording = _measured(read_recording(request.user, pk, what="review-page"))
        return _page(request, recording, MarkForms(initial=initial_marks(recording)))
    recording = _measured(recording_for(request.user, pk))
    typed = MarkForms(request.POST, initial=initial_marks(recording))
    if not typed.is_valid():
        return _page(request, recording, typed)
    marks = marks_from(typed, recording)
    number = request.POST.get("number", "")
    try:
        write_review(
            recording, int(number) if number.isdigit() else -1, marks,
            measure_again(recording, marks), by=request.user,
        )  # fmt: skip
    except ChangedMeanwhileError:
        trouble = _("Somebody else reviewed this meanwhile. Look at it below, and do it again.")
        return _page(request, recording, MarkForms(initial=initial_marks(recording)), trouble)
    messages.success(request, _("The review is kept, and measured again."))
    return redirect("recording-review", pk)


@doctors
@require_safe
def player(request: UserRequest, pk: UUID) -> HttpResponseBase:
    """Hand out what the player shows."""
    recording = _measured(read_recording(request.user, pk, what="player"))
    path = player_path(recording.pk)
    if not path.exists():
        raise Http404
    return StreamingHttpResponse(read_sealed(path), content_type="application/json")


@doctors
@require_safe
def annotations(request: UserRequest, pk: UUID) -> HttpResponse:
    """Hand out the spasms as a table, to check or to train on."""
    recording = _measured(read_recording(request.user, pk, what="spasms"))
    headers = {"Content-Disposition": f'attachment; filename="spasms-{recording.pk}.csv"'}
    return HttpResponse(annotations_of(recording), content_type="text/csv", headers=headers)


@doctors
@require_safe
def compare(request: UserRequest, pk: UUID) -> HttpResponse:
    """Show a recording beside another one of the same patient, both in step."""
    second = _measured(read_recording(request.user, pk, what="compare"))
    others = others_of(request.user, second)
    first = chosen(others, request.GET.get("with", ""), second)
    context: dict[str, Any] = {"second": second, "others": others, "first": first}
    if first is not None:
        record("recording.compare", first, by=request.user, patient=first.about)
        context |= {"starts": starts_of(first, second), "rows": rows_of(first, second)}
    return render(request, "recordings/compare.html", context)


def _measured(recording: Recording) -> Recording:
    if not recording.has_signals:
        raise Http404
    return recording


def _page(
    request: UserRequest, recording: Recording, forms: Any, trouble: str = ""
) -> HttpResponse:
    last = recording.review
    context = {
        "recording": recording, "forms": forms, "trouble": trouble,
        "number": last.number if last else 0, "agreed": agreed_of(recording), "last": last,
    }  # fmt: skip
    status = 422 if trouble or forms.is_bound else 200
    return render(request, "recordings/review.html", context, status=status)
