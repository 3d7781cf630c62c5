"""Logging out leaves nothing of the diary in the browser: neither what waited nor its key."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse

_WAYS_OUT = ("account_logout", "erase")


class ForgetAtLogOut:
    """Middleware: asks the browser to forget what the site has stored in it when somebody leaves.

    A session that has only grown old keeps what waits to be sent: it lies there encrypted.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Answer a request."""
        response = self.get_response(request)
        place = request.resolver_match.url_name if request.resolver_match else None
        if place in _WAYS_OUT and request.method == "POST" and not request.user.is_authenticated:
            response.headers["Clear-Site-Data"] = '"storage"'
        return response
