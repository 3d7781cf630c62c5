"""How long a session lasts: idle 15 minutes for staff and 60 for others, 12 hours at most."""

import time
from collections.abc import Callable
from typing import Any

from allauth.usersessions.models import UserSession
from django.contrib.auth import logout
from django.http import HttpRequest, HttpResponse

from hemiface_clinic.people.models import User

STAFF_IDLE_S, IDLE_S, LONGEST_S = 15 * 60, 60 * 60, 12 * 3600
_STEP_S = 30


class SessionLimits:
    """Middleware: ends a session that was idle too long, or is too old; an asker's, too."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Answer a request, without its session if that is over."""
        if request.user.is_authenticated or not request.session.is_empty():
            _end_or_go_on(request)
        return self.get_response(request)


def _end_or_go_on(request: HttpRequest) -> None:
    now = time.time()
    since = request.session.setdefault("since", now)
    seen = request.session.setdefault("seen", now)
    idle_s = STAFF_IDLE_S if getattr(request.user, "is_staff", False) else IDLE_S
    if now - seen > idle_s or now - since > LONGEST_S:
        logout(request)
    elif now - seen > _STEP_S and not _asks_by_itself(request):
        request.session["seen"] = now


def _asks_by_itself(request: HttpRequest) -> bool:
    # A page that looks after a measurement every two seconds is no sign of anybody before it.
    return request.method == "GET" and "HX-Request" in request.headers


def end_other_sessions(request: HttpRequest, user: User, **_signal: Any) -> None:
    """End what was opened before a second factor was set up: nobody proved it there."""
    for session in UserSession.objects.filter(user=user):
        if session.session_key != request.session.session_key:
            session.end()
