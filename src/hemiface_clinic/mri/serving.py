"""Answering with a study's sealed files: opened as they go out, unable to do anything there."""

from django.http import Http404, HttpResponseBase, StreamingHttpResponse
from django.utils.http import content_disposition_header

from hemiface_clinic.mri.child import EVERYTHING, MASKS, NERVES, PAGE, T2, TOF, VESSELS
from hemiface_clinic.mri.files import sealed_path
from hemiface_clinic.mri.models import Study
from hemiface_clinic.vault.files import read_sealed

FILES = {
    "t2": T2, "tof": TOF, "nerves": NERVES, "vessels": VESSELS, "masks": MASKS,
    "everything": EVERYTHING,
}  # fmt: skip
_NOTHING = (
    "sandbox; default-src 'none'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'"
)
# The page is whole in itself. In the sandbox it has an origin of its own: no cookie, no site.
_PAGE = (
    "sandbox allow-modals; default-src 'none'; style-src 'unsafe-inline'; img-src data:; "
    "font-src data:; frame-ancestors 'none'; base-uri 'none'; form-action 'none'"
)


def send_file(study: Study, name: str) -> HttpResponseBase:
    """Answer with a file to keep, or for the viewer.

    Raises
    ------
    django.http.Http404
        If there is none of this name.
    """
    response = _send(study, name, _NOTHING, "application/octet-stream")
    response["Content-Disposition"] = content_disposition_header(True, f"mri-{name}") or ""  # noqa: FBT003
    return response


def send_page(study: Study) -> HttpResponseBase:
    """Answer with the page made of what was measured.

    Raises
    ------
    django.http.Http404
        If there is none yet.
    """
    return _send(study, PAGE, _PAGE, "text/html; charset=utf-8")


def _send(study: Study, name: str, policy: str, media_type: str) -> HttpResponseBase:
    path = sealed_path(study.pk, name)
    if not path.exists():
        raise Http404
    headers = {"Content-Security-Policy": policy, "X-Content-Type-Options": "nosniff"}
    return StreamingHttpResponse(read_sealed(path), headers=headers, content_type=media_type)
