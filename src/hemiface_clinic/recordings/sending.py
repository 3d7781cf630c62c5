"""Sending a recording in parts, by tus 1.0: begun, gone on with, given up; whole, it is measured.

The protocol's own answers have no words; a browser's program reads them.
"""

from collections.abc import Callable
from functools import wraps
from http import HTTPStatus
from typing import Any
from uuid import UUID

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseNotAllowed
from django.urls import reverse
from django.utils.http import http_date

from hemiface_clinic.people.gate import UserRequest, only
from hemiface_clinic.people.models import CLINICAL, Role
from hemiface_clinic.people.queries import has_consented, patient_for
from hemiface_clinic.recordings.actions import RecordingRefusedError, take_over
from hemiface_clinic.recordings.checks import check_room_for
from hemiface_clinic.recordings.queries import PURPOSE, recordings_for, uploads_for
from hemiface_clinic.recordings.takes import TakeError, read_take
from hemiface_clinic.uploads.actions import (
    ConflictError,
    TooMuchError,
    append,
    begin,
    give_up,
)
from hemiface_clinic.uploads.models import KEPT, Upload
from hemiface_clinic.uploads.protocol import (
    EXTENSIONS,
    VERSION,
    ProtocolError,
    answer,
    check_version,
    read_body,
    read_metadata,
    read_number,
)

senders = only(Role.PATIENT, *CLINICAL)
_CONTENT = "application/offset+octet-stream"


def in_protocol(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """Answer in the words of the protocol where it is not kept."""

    @wraps(view)
    def answered(request: HttpRequest, *arguments: Any, **named: Any) -> HttpResponse:
        try:
            return view(request, *arguments, **named)
        except ProtocolError as problem:
            return answer(problem.status)
        except TakeError:
            return answer(HTTPStatus.BAD_REQUEST)
        except ConflictError:
            return answer(HTTPStatus.CONFLICT)
        except TooMuchError:
            return answer(HTTPStatus.REQUEST_ENTITY_TOO_LARGE)
        except RecordingRefusedError:
            return answer(HTTPStatus.INSUFFICIENT_STORAGE)

    return answered


@senders
@in_protocol
def uploads(request: UserRequest, pk: UUID) -> HttpResponse:
    """Begin to send a recording of a patient."""
    patient = patient_for(request.user, pk)
    if request.method == "OPTIONS":
        return answer(
            HTTPStatus.NO_CONTENT, Tus_Version=VERSION, Tus_Extension=EXTENSIONS,
            Tus_Max_Size=str(settings.LARGEST_UPLOAD),
        )  # fmt: skip
    if request.method != "POST":
        return HttpResponseNotAllowed(["OPTIONS", "POST"])
    check_version(request)
    if not has_consented(patient, PURPOSE):
        return answer(HTTPStatus.FORBIDDEN)
    length = read_number(request, "Upload-Length")
    if not 0 < length <= settings.LARGEST_UPLOAD:
        return answer(HTTPStatus.REQUEST_ENTITY_TOO_LARGE)
    check_room_for(length)
    upload = begin(patient, length, read_take(read_metadata(request)), by=request.user)
    place = reverse("upload", args=[upload.pk])
    return answer(HTTPStatus.CREATED, Location=place, Upload_Expires=_expires(upload))


@senders
@in_protocol
def upload(request: UserRequest, pk: UUID) -> HttpResponse:
    """Say where an upload stands, go on with it, or give it up."""
    one = uploads_for(request.user).filter(pk=pk).first()
    if one is None:
        return _arrived(request, pk)
    if request.method not in _METHODS:
        return HttpResponseNotAllowed(list(_METHODS))
    check_version(request)
    return _METHODS[request.method](request, one)


def _tell(_request: UserRequest, one: Upload) -> HttpResponse:
    return answer(
        HTTPStatus.OK, Upload_Offset=str(one.offset), Upload_Length=str(one.length),
        Upload_Expires=_expires(one),
    )  # fmt: skip


def _go_on(request: UserRequest, one: Upload) -> HttpResponse:
    if request.content_type != _CONTENT:
        return answer(HTTPStatus.UNSUPPORTED_MEDIA_TYPE)
    offset = append(one, read_number(request, "Upload-Offset"), read_body(request), take_over)
    return answer(HTTPStatus.NO_CONTENT, Upload_Offset=str(offset), Upload_Expires=_expires(one))


def _give_up(request: UserRequest, one: Upload) -> HttpResponse:
    if one.is_whole:  # it is being made a recording
        return answer(HTTPStatus.FORBIDDEN)
    give_up(one, by=request.user)
    return answer(HTTPStatus.NO_CONTENT)


_METHODS = {"HEAD": _tell, "PATCH": _go_on, "DELETE": _give_up}


def _arrived(request: UserRequest, pk: UUID) -> HttpResponse:
    """Say that all is there, where a recording has taken the file over."""
    recording = recordings_for(request.user).filter(pk=pk).first()
    if recording is None or request.method != "HEAD":
        raise Http404
    size = str(recording.size)
    return answer(HTTPStatus.OK, Upload_Offset=size, Upload_Length=size)


def _expires(upload: Upload) -> str:
    return http_date((upload.touched_at + KEPT).timestamp())
