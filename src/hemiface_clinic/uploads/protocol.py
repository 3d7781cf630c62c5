"""The headers of tus 1.0.0 (https://tus.io/protocols/resumable-upload): read and written."""

import base64
import binascii
from collections.abc import Iterator
from http import HTTPStatus

from django.http import HttpRequest, HttpResponse
from django.http.request import UnreadablePostError

from hemiface.errors import HemifaceError

VERSION = "1.0.0"
EXTENSIONS = "creation,termination,expiration"
_CHUNK, _MOST_METADATA = 1 << 18, 20_000


class ProtocolError(HemifaceError):
    """A request that tus does not allow; `status` is what to answer with."""

    def __init__(self, message: str, status: HTTPStatus = HTTPStatus.BAD_REQUEST) -> None:
        super().__init__(message)
        self.status = status


def answer(status: HTTPStatus, **headers: str) -> HttpResponse:
    """Return an answer without a body; underscores of the headers' names become hyphens."""
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    fixed = {"Tus-Resumable": VERSION, "Cache-Control": "no-store"}
    return HttpResponse(status=status, headers=fixed | named)


def check_version(request: HttpRequest) -> None:
    """Refuse another version of the protocol.

    Raises
    ------
    ProtocolError
    """
    if request.headers.get("Tus-Resumable") != VERSION:
        raise ProtocolError(
            f"Tus-Resumable must be {VERSION}.", HTTPStatus.PRECONDITION_FAILED
        )  # fmt: skip


def read_number(request: HttpRequest, name: str) -> int:
    """Return a header that is a whole number.

    Raises
    ------
    ProtocolError
        If it is none.
    """
    text = request.headers.get(name, "")
    if not text.isascii() or not text.isdigit() or len(text) > 15:
        raise ProtocolError(f"{name} must be a whole number.")
    return int(text)


def read_metadata(request: HttpRequest) -> dict[str, str]:
    """Return the pairs of `Upload-Metadata`.

    Raises
    ------
    ProtocolError
        If it is not made as it must be.
    """
    text = request.headers.get("Upload-Metadata", "")
    if len(text) > _MOST_METADATA:
        raise ProtocolError("Upload-Metadata must be short; it is not.")
    found = {}
    for pair in filter(None, (one.strip() for one in text.split(","))):
        name, _, value = pair.partition(" ")
        try:
            found[name] = base64.b64decode(value, validate=True).decode()
        except (binascii.Error, UnicodeDecodeError) as problem:
            raise ProtocolError("Upload-Metadata must be Base64 of UTF-8; it is not.") from problem
    return found


def read_body(request: HttpRequest) -> Iterator[bytes]:
    """Yield the body as it comes; a connection that breaks is its end."""
    try:
        while chunk := request.read(_CHUNK):
            yield chunk
    except (UnreadablePostError, OSError):
        return
