"""Whether the site is well: the truth for whoever watches over it, and nothing private."""

import logging
import shutil
import time
from pathlib import Path

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.db import Error
from django.http import HttpRequest, JsonResponse
from django.views.decorators.http import require_safe

from hemiface import __version__
from hemiface_clinic.recordings.bounds import MIN_FREE_BYTES
from hemiface_clinic.serve.database import waiting_changes
from hemiface_clinic.serve.worker import BEAT

log = logging.getLogger(__name__)
OK = "ok"
MAX_BEAT_AGE_S = 30.0


@login_not_required
@require_safe
def healthz(request: HttpRequest) -> JsonResponse:
    """Say whether database, worker and disk are well; 503 if one of them is not."""
    data: Path = settings.CONFIGURATION.data
    states = {"database": _database(), "worker": _worker(data), "disk": _disk(data)}
    is_well = all(state == OK for state in states.values())
    answer = {"status": OK if is_well else "degraded", **states, "version": __version__}
    return JsonResponse(answer, status=200 if is_well else 503)


def _database() -> str:
    try:
        return "must be brought up to date" if waiting_changes() else OK
    except Error as problem:
        log.warning("the database does not answer: %s", problem)
        return "does not answer"


def _worker(data: Path) -> str:
    try:
        age_s = time.time() - (data / BEAT).stat().st_mtime
    except OSError:
        return "has not started"
    return OK if age_s < MAX_BEAT_AGE_S else "has stopped"


def _disk(data: Path) -> str:
    return OK if shutil.disk_usage(data).free > MIN_FREE_BYTES else "is nearly full"
