"""Headers of pages that are not public: nobody keeps them, nothing but the page itself may act."""

from collections.abc import Callable, MutableMapping

from django.http import HttpRequest, HttpResponse

# The worker sees every picture of the recorder: it may fetch its network, and reach nobody else.
RECORD_WORKER = "record-worker"
WORKER_POLICY = "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; connect-src 'self'"
PERMISSIONS = "camera=(), microphone=(), geolocation=(), payment=(), usb=(), browsing-topics=()"


def add_to_file(headers: MutableMapping[str, str], _path: str, url: str) -> None:
    """Add headers to a static file that is about to be served."""
    if f"/{RECORD_WORKER}." in url:
        headers["Content-Security-Policy"] = WORKER_POLICY


class PrivateHeaders:
    """Middleware: no-store unless a view says otherwise, and no use of the device's sensors."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Answer a request."""
        response = self.get_response(request)
        response.headers.setdefault("Cache-Control", "no-store")
        response.headers.setdefault("Permissions-Policy", PERMISSIONS)
        response.headers.setdefault("Cross-Origin-Resource-Policy", "same-origin")
        return response
