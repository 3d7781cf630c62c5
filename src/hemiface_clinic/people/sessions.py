"""How long a log-in lasts: idle 15 minutes for staff and 60 for patients, 12 hours at most."""

import time
from collections.abc import Callable

from django.contrib.auth import logout
from django.http import HttpRequest, HttpResponse

STAFF_IDLE_S, PATIENT_IDLE_S, LONGEST_S = 15 * 60, 60 * 60, 12 * 3600
_STEP_S = 30


class SessionLimits:
    """Middleware: ends a session that was idle too long, or is too old."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Answer a request, logged out if its session is over."""
        if request.user.is_authenticated:
            now = time.time()
            since = request.session.setdefault("since", now)
            seen = request.session.setdefault("seen", now)
            idle_s = STAFF_IDLE_S if request.user.is_staff else PATIENT_IDLE_S
            if now - seen > idle_s or now - since > LONGEST_S:
                logout(request)
            elif now - seen > _STEP_S:
                request.session["seen"] = now
        return self.get_response(request)
