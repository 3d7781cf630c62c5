"""Who is asking: the client's address, believed from a proxy only if the clinic named it."""

from collections.abc import Callable
from contextvars import ContextVar
from ipaddress import IPv4Address, ip_address, ip_network
from urllib.parse import unquote

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

_address: ContextVar[str] = ContextVar("address", default="")
_FORWARDED = ("HTTP_X_FORWARDED_FOR", "HTTP_X_FORWARDED_PROTO", "HTTP_X_FORWARDED_HOST")


class ClientAddress:
    """Middleware: settles the client's address, and drops what strangers claim of themselves."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Answer a request whose address is known."""
        forwarded = {name: request.META.pop(name, "") for name in _FORWARDED}
        peer = request.META.get("REMOTE_ADDR", "")
        if peer in settings.TRUSTED_PROXIES:
            peer = forwarded["HTTP_X_FORWARDED_FOR"].rsplit(",", 1)[-1].strip() or peer
            if forwarded["HTTP_X_FORWARDED_PROTO"] == "https":
                request.META["wsgi.url_scheme"] = "https"
        request.META["REMOTE_ADDR"] = peer
        token = _address.set(peer[:45])
        try:
            if _is_too_big(request):
                return render(request, "errors/400.html", status=413)
            if "\0" in unquote(request.get_full_path()):  # no database takes it
                return render(request, "errors/400.html", status=400)
            return self.get_response(request)
        finally:
            _address.reset(token)


def _is_too_big(request: HttpRequest) -> bool:
    # Said before anything is read: a body is spooled to disk before any right is checked.
    length = request.META.get("CONTENT_LENGTH") or "0"
    is_chunked = "chunked" in request.META.get("HTTP_TRANSFER_ENCODING", "").lower()
    return is_chunked or not length.isdigit() or int(length) > _limit(request)


def _limit(request: HttpRequest) -> int:
    if request.path.endswith(("/video/", "/mri/")):
        return settings.LARGEST_FILM
    return settings.LARGEST_PART if request.method == "PATCH" else settings.LARGEST_FORM


def client_address() -> str:
    """Return the address of the client that is being answered; empty outside a request."""
    return _address.get()


def client_network() -> str:
    """Return whose tries are counted together: an address, or the /64 of IPv6 one home has."""
    try:
        number = ip_address(client_address())
    except ValueError:
        return client_address()
    if isinstance(number, IPv4Address):
        return str(number)
    return str(number.ipv4_mapped or ip_network((int(number), 64), strict=False))
