"""Answering with a sealed file: opened as it goes out, and unable to do anything where it lands."""

import re
from collections.abc import Iterable, Iterator
from pathlib import Path

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase, StreamingHttpResponse
from django.utils.http import content_disposition_header

from hemiface_clinic.recordings.probing import POINTS_TYPE
from hemiface_clinic.vault.files import read_sealed

# Nothing of a video runs or loads, whatever it turns out to be; the browser's player may show it.
VIDEO_POLICY = (
    "sandbox; default-src 'none'; media-src 'self'; frame-ancestors 'none'; base-uri 'none'; "
    "form-action 'none'"
)
# The page is whole in itself. In the sandbox it has an origin of its own: no cookie, no site.
REPORT_POLICY = (
    "sandbox allow-scripts; default-src 'none'; script-src 'unsafe-inline'; "
    "style-src 'unsafe-inline'; img-src data:; media-src data: blob:; font-src data:; "
    "connect-src data:; "  # its script turns the film it holds into one that can be sought in
    "frame-ancestors 'none'; base-uri 'none'; form-action 'none'"
)
ENDINGS = {
    "video/mp4": "mp4",
    "video/quicktime": "mov",
    "video/webm": "webm",
    "video/x-matroska": "mkv",
    "video/x-msvideo": "avi",
    POINTS_TYPE: "points",
}
_RANGE = re.compile(r"bytes=(?!-$)(\d{0,18})-(\d{0,18})")


def send_video(
    request: HttpRequest, path: Path, size: int, media_type: str, *, inline: bool
) -> HttpResponseBase:
    """Answer with a video of `size` bytes, or the part a player asks for, as Safari must.

    Raises
    ------
    django.http.Http404
        If there is no such file.
    """
    asked = _RANGE.fullmatch(request.headers.get("Range", "").strip())
    start, stop = _span(asked[1], asked[2], size) if asked else (0, size)
    if start >= stop:
        return HttpResponse(status=416, headers={"Content-Range": f"bytes */{size}"})
    response = _send(path, VIDEO_POLICY, _cut(read_sealed(path), start, stop))
    response["Content-Type"] = media_type if media_type in ENDINGS else "application/octet-stream"
    response["Content-Length"] = str(stop - start)
    response["Accept-Ranges"] = "bytes"
    name = f"recording-{path.stem}.{ENDINGS.get(media_type, 'bin')}"
    response["Content-Disposition"] = content_disposition_header(not inline, name) or ""
    if asked:
        response.status_code = 206
        response["Content-Range"] = f"bytes {start}-{stop - 1}/{size}"
    return response


def send_report(path: Path) -> HttpResponseBase:
    """Answer with the page made of a recording.

    Raises
    ------
    django.http.Http404
        If there is none yet.
    """
    response = _send(path, REPORT_POLICY, read_sealed(path))
    response["Content-Type"] = "text/html; charset=utf-8"
    return response


def _send(path: Path, policy: str, chunks: Iterable[bytes]) -> StreamingHttpResponse:
    if not path.exists():
        raise Http404
    headers = {"Content-Security-Policy": policy, "X-Content-Type-Options": "nosniff"}
    return StreamingHttpResponse(chunks, headers=headers)


def _span(first: str, last: str, size: int) -> tuple[int, int]:
    """Return the half-open span of bytes that is asked for; empty if there are none."""
    if not first:
        return max(0, size - int(last)), size
    return int(first), min(size, int(last) + 1 if last else size)


def _cut(chunks: Iterable[bytes], start: int, stop: int) -> Iterator[bytes]:
    at = 0
    for chunk in chunks:
        if part := chunk[max(0, start - at) : max(0, stop - at)]:
            yield part
        at += len(chunk)
        if at >= stop:
            return
