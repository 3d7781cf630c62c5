"""The gate: a page needs a log-in unless its view says otherwise; staff need a second factor."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from allauth.mfa.utils import is_mfa_enabled
from django.contrib.auth.middleware import LoginRequiredMiddleware
from django.http import Http404, HttpRequest, HttpResponseBase
from django.shortcuts import redirect

from hemiface_clinic.audit.actions import record
from hemiface_clinic.people.models import Role, User

View = Callable[..., HttpResponseBase]


class UserRequest(HttpRequest):
    """A request that has passed the gate: somebody has logged in."""

    user: User


class Gate(LoginRequiredMiddleware):
    """Middleware: asks for a log-in, and of staff for a second factor, before any view runs."""

    def process_view(
        self, request: HttpRequest, view_func: Callable[..., Any], view_args: Any, view_kwargs: Any
    ) -> HttpResponseBase | None:
        """Let a request pass, or send it to where it can be let in."""
        if request.resolver_match and "api" in request.resolver_match.namespaces:
            return None  # answers 401 by itself
        answer = super().process_view(request, view_func, view_args, view_kwargs)
        if answer is not None or not getattr(view_func, "login_required", True):
            return answer
        if _may_come_without_second_factor(request) or is_mfa_enabled(request.user):
            return None
        return redirect("mfa_index")


def _may_come_without_second_factor(request: HttpRequest) -> bool:
    view_name = request.resolver_match.url_name or "" if request.resolver_match else ""
    is_setting_it_up = view_name.startswith(("mfa_", "account_"))
    return is_setting_it_up or not getattr(request.user, "is_staff", False)


def only(*roles: Role) -> Callable[[View], View]:
    """Let only some roles use a view; for the others there is no such page."""

    def decorate(view: View) -> View:
        @wraps(view)
        def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
            if getattr(request.user, "role", None) not in roles:
                record("denied", request.path[:80], by=request.user, outcome="denied")
                raise Http404
            return view(request, *args, **kwargs)

        guarded.roles = roles  # type: ignore[attr-defined]  # read by tools/inventory.py
        return guarded

    return decorate
