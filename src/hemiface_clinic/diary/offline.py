"""The diary without a network: a page that holds nobody's data, and the way in for what waited.

The browser keeps the empty form (`shell`) and its scripts; entries wait there, encrypted, and are
sent one by one. Each is answered with a receipt, and only then forgotten there.
"""

import hashlib
import json
from collections.abc import Mapping, Sequence
from typing import Any

from django.http import HttpResponse, JsonResponse
from django.middleware.csrf import get_token
from django.shortcuts import render
from django.templatetags.static import static
from django.urls import reverse
from django.utils.formats import time_format
from django.utils.translation import get_language
from django.views.decorators.http import require_safe

from hemiface_clinic.diary.forms import EntryForm
from hemiface_clinic.diary.models import DiaryEntry
from hemiface_clinic.diary.queries import own_patient
from hemiface_clinic.people.gate import UserRequest, only
from hemiface_clinic.people.models import Role

NEEDED = ("site.css", "diary.js", "favicon.svg", "fonts/sans.woff2", "fonts/serif.woff2")
patients_only = only(Role.PATIENT)


@patients_only
@require_safe
def shell(request: UserRequest) -> HttpResponse:
    """Show the diary's form alone, as it is where there is no network."""
    return _shell(request)


@patients_only
@require_safe
def sender(request: UserRequest) -> JsonResponse:
    """Say whose diary it is that takes entries now, and with which token they are sent."""
    patient = own_patient(request.user)
    return JsonResponse({"owner": str(patient.pk), "token": get_token(request)})


@patients_only
@require_safe
def worker(request: UserRequest) -> HttpResponse:
    """Return the script that shows the form where there is no network."""
    page = reverse("diary-shell")
    files = [static(name) for name in NEEDED]
    empty = _shell(request).content
    stamp = hashlib.sha256(json.dumps(files).encode() + empty).hexdigest()[:12]
    context = {
        "page": json.dumps(page),
        "files": json.dumps(files),
        "stamp": stamp,
        "language": get_language() or "en",
    }
    return render(request, "diary/worker.js", context, content_type="text/javascript")


def is_from_queue(request: UserRequest) -> bool:
    """Whether the page's script asks, and wants a receipt in place of a page."""
    return request.headers.get("Accept") == "application/json"


def receipt(row: DiaryEntry) -> JsonResponse:
    """Say that an entry is kept."""
    return JsonResponse({
        "saved": str(row.sent_as),
        "at": time_format(row.local_at, "TIME_FORMAT"),
        "undo": reverse("diary-delete", args=[row.pk]),
    })  # fmt: skip


def problems(sentences: Mapping[str, Sequence[Any]] | Sequence[str]) -> JsonResponse:
    """Say why an entry cannot be kept."""
    if isinstance(sentences, Mapping):
        sentences = [str(one) for field in sentences.values() for one in field]
    return JsonResponse({"problems": list(sentences)}, status=422)


def _shell(request: UserRequest) -> HttpResponse:
    request.is_public = True  # type: ignore[attr-defined]  # it shows no messages of anybody
    return render(request, "diary/offline.html", {"form": EntryForm()})
