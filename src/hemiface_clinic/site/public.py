"""Public pages, kept ready: they are the same for everybody, so each is made once.

A view that is marked `public_page` depends on its address only. Its answer, headers and all, is
kept in memory, compressed, until the process ends.
"""

import gzip
from collections.abc import Callable
from functools import wraps
from hashlib import sha256
from typing import Any

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse, HttpResponseNotModified

MAX_AGE_S = 300
MAX_KEPT = 500
_kept: dict[str, tuple[HttpResponse, bytes, str]] = {}

View = Callable[..., HttpResponse]


def public_page(view: View) -> View:
    """Mark a view whose answer depends on nothing but its address."""

    @wraps(view)
    def marked(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        request.is_public = True  # type: ignore[attr-defined]  # templates show no messages
        response = view(request, *args, **kwargs)
        response.is_public = True  # type: ignore[attr-defined]
        response.headers.setdefault("Cache-Control", f"public, max-age={MAX_AGE_S}")
        return response

    return login_not_required(marked)


def forget_public_pages() -> None:
    """Make every public page anew when it is next asked for."""
    _kept.clear()


class PublicPages:
    """Middleware: answers from memory what is the same for everybody."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Answer a request."""
        request.get_host()  # refuses a host that is not ours
        if request.method not in ("GET", "HEAD") or request.META.get("QUERY_STRING"):
            return _without_cookies_if_public(self.get_response(request))
        if request.path in _kept:
            return _answer(request, *_kept[request.path])
        response = self.get_response(request)
        if getattr(response, "is_public", False) and response.status_code == 200:
            return _answer(request, *_keep(request.path, response))
        return _without_cookies_if_public(response)


def _without_cookies_if_public(response: HttpResponse) -> HttpResponse:
    # A cache on the way may keep what is public: nobody's session may be in it.
    if "public" in response.headers.get("Cache-Control", ""):
        response.cookies.clear()
    return response


def _keep(path: str, response: HttpResponse) -> tuple[HttpResponse, bytes, str]:
    response.headers["Vary"] = "Accept-Encoding"  # the address alone says the language
    response.cookies.clear()
    etag = f'"{sha256(response.content).hexdigest()[:20]}"'
    kept = (response, gzip.compress(response.content, 9), etag)
    if len(_kept) < MAX_KEPT:
        _kept[path] = kept
    return kept


def _answer(request: HttpRequest, kept: HttpResponse, packed: bytes, etag: str) -> HttpResponse:
    if request.META.get("HTTP_IF_NONE_MATCH") == etag:
        return HttpResponseNotModified(headers={"ETag": etag})
    takes_gzip = "gzip" in request.META.get("HTTP_ACCEPT_ENCODING", "")
    body = packed if takes_gzip else kept.content
    headers = {**kept.headers, "ETag": etag, "Content-Length": str(len(body))}
    if takes_gzip:
        headers["Content-Encoding"] = "gzip"
    return HttpResponse(body, headers=headers)
