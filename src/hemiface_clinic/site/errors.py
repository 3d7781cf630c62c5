"""Pages for what went wrong: kind, short, with a number to quote where it is our fault."""

import logging
from uuid import uuid4

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

log = logging.getLogger(__name__)


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Say that there is no such page; the same for what exists and is not theirs."""
    return render(request, "errors/404.html", status=404)


def forbidden(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Say that this is not for them."""
    return render(request, "errors/403.html", status=403)


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Say that the request could not be understood."""
    return render(request, "errors/400.html", status=400)


def failed(request: HttpRequest) -> HttpResponse:
    """Say that it is our fault, with a number that is also in the log."""
    number = uuid4().hex[:8]
    log.error("failure %s at %s", number, request.resolver_match)
    return render(request, "errors/500.html", {"number": number}, status=500)


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """Say that the form was open too long, or cookies are off; the question form keeps its text."""
    from hemiface_clinic.questions.asking import ask_again

    if request.resolver_match and request.resolver_match.url_name == "ask":
        return ask_again(request)
    return render(request, "errors/csrf.html", status=403)
