"""Who is asking: the client's address, believed from a proxy only if the clinic named it."""

from collections.abc import Callable
from contextvars import ContextVar

from django.conf import settings
from django.http import HttpRequest, HttpResponse

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
            return self.get_response(request)
        finally:
            _address.reset(token)


def client_address() -> str:
    """Return the address of the client that is being answered; empty outside a request."""
    return _address.get()
