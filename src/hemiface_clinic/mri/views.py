"""The pages of a study, for doctors: sending it, looking at it, the points, what was measured."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from hemiface_clinic.mri import actions
from hemiface_clinic.mri.checks import StudyRefusedError, sentence
from hemiface_clinic.mri.forms import UploadForm
from hemiface_clinic.mri.models import State, Study
from hemiface_clinic.mri.pages import draw, shown
from hemiface_clinic.mri.points import PointsForm
from hemiface_clinic.mri.queries import read_studies, read_study, study_for, versions_of
from hemiface_clinic.mri.serving import send_file, send_page
from hemiface_clinic.mri.slices import PLANES
from hemiface_clinic.people.gate import UserRequest, only
from hemiface_clinic.people.models import Role

doctors = only(Role.DOCTOR)


@doctors
@require_http_methods(["GET", "HEAD", "POST"])
def index(request: UserRequest, pk: UUID) -> HttpResponse:
    """List the studies of a patient; take another one."""
    patient, studies = read_studies(request.user, pk)
    is_sent = request.method == "POST"
    form = UploadForm(request.POST, request.FILES) if is_sent else UploadForm()
    if is_sent and form.is_valid():
        typed = form.cleaned_data
        uploads = [one for one in (typed["t2"], typed["tof"]) if one]
        try:
            study = actions.receive(uploads, patient, typed["on"], by=request.user)
            return redirect("mri-study", study.pk)
        except StudyRefusedError as problem:
            form.add_error("t2", str(problem))
    context = {"patient": patient, "studies": studies, "form": form}
    return render(request, "mri/index.html", context, status=422 if form.errors else 200)


@doctors
@require_safe
def study(request: UserRequest, pk: UUID) -> HttpResponse:
    """Show a study: its pictures, the points, what was measured."""
    one = read_study(request.user, pk, what="read")
    return _page(request, one, PointsForm(one))


@doctors
@require_safe
def state(request: UserRequest, pk: UUID) -> HttpResponse:
    """Show where a study stands; once nothing more will happen, the page is asked for anew."""
    one = study_for(request.user, pk)
    is_part = bool(request.headers.get("HX-Request"))
    if is_part and one.is_settled:
        return HttpResponse(headers={"HX-Refresh": "true"})
    return render(request, "mri/state.html", {"study": one, "trouble": _trouble(one)})


@doctors
@require_POST
def points(request: UserRequest, pk: UUID) -> HttpResponse:
    """Keep the points of both sides, and measure if that is asked for."""
    one = study_for(request.user, pk)
    typed = request.POST.dict()
    if "here" in typed:  # without a script: one point is set to the place that is shown
        return _page(request, one, PointsForm(one, typed | {typed["here"]: typed.get("place", "")}))
    form = PointsForm(one, typed)
    if not form.is_valid():
        return _page(request, one, form)
    actions.keep_points(one, form.clicks(), by=request.user)
    if "measure" in typed and form.clicks():
        actions.ask_to_measure(one, by=request.user)
    else:
        messages.success(request, _("The points are kept."))
    return redirect("mri-study", one.pk)


@doctors
@require_safe
def section(request: UserRequest, pk: UUID, plane: str) -> HttpResponse:
    """Draw a section of the T2 through a place."""
    one = read_study(request.user, pk, what="section", plane=plane)
    return HttpResponse(draw(one, PLANES[plane], request.GET.dict()), content_type="image/png")


@doctors
@require_safe
def file(request: UserRequest, pk: UUID, name: str) -> HttpResponseBase:
    """Hand out a file of a study, opened: for the viewer, or to keep."""
    return send_file(read_study(request.user, pk, what="file", name=name), name)


@doctors
@require_safe
def page(request: UserRequest, pk: UUID) -> HttpResponseBase:
    """Show the page that hemiface made of a measurement."""
    return send_page(read_study(request.user, pk, what="page"))


@doctors
@require_POST
def delete(request: UserRequest, pk: UUID) -> HttpResponse:
    """Delete a study, with what was measured and reported."""
    one = study_for(request.user, pk)
    actions.delete_study(one, by=request.user)
    messages.success(request, _("The MRI, what was measured and its reports are deleted."))
    return redirect("mri", one.patient_id)


def _page(request: UserRequest, one: Study, form: PointsForm) -> HttpResponse:
    context: dict[str, Any] = {
        **shown(one, request.GET.dict() | request.POST.dict()),
        "patient": one.patient, "form": form, "trouble": _trouble(one),
        "versions": versions_of(one),
    }  # fmt: skip
    status = 422 if form.is_bound and "here" not in form.data and form.errors else 200
    return render(request, "mri/study.html", context, status=status)


def _trouble(one: Study) -> str:
    if one.state != State.FAILED:
        return ""
    if one.refusal:
        return sentence(one.refusal)
    return _("The pictures could not be measured, and it is not your fault. They are kept.")
