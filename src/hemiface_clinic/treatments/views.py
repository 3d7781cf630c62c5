"""The pages of treatments: the line of time, one treatment, and the forms."""

from typing import Any
from uuid import UUID, uuid4

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from hemiface_clinic.people.gate import UserRequest, only
from hemiface_clinic.people.models import CLINICAL, Patient, Role
from hemiface_clinic.people.queries import patient_for
from hemiface_clinic.treatments import actions, queries
from hemiface_clinic.treatments.error_form import ErrorForm
from hemiface_clinic.treatments.face import face_map
from hemiface_clinic.treatments.forms import RecordForm, SideEffectForm
from hemiface_clinic.treatments.kinds import Kind, Taken
from hemiface_clinic.treatments.lists import read_lists
from hemiface_clinic.treatments.models import Record, Version
from hemiface_clinic.treatments.pages import lines_of, shown, treatments_to_choose
from hemiface_clinic.treatments.telling import FORMS, facts_of

TEMPLATES = {
    Kind.INJECTION: "treatments/injection.html",
    Kind.OPERATION: "treatments/operation.html",
}
clinic_and_patients = only(Role.PATIENT, *CLINICAL)


@clinic_and_patients
@require_safe
def index(request: UserRequest, pk: UUID) -> HttpResponse:
    """Show the treatments of a patient on a line of time."""
    patient = patient_for(request.user, pk)
    versions = queries.read_latest_versions(request.user, patient)
    context = {"patient": patient, "lines": lines_of(versions), "kinds": Kind}
    return render(request, "treatments/index.html", context)


@clinic_and_patients
@require_safe
def show(request: UserRequest, pk: UUID) -> HttpResponse:
    """Show one treatment or side effect, and its history."""
    record = queries.read_record(request.user, pk)
    may_change = queries.may_change(request.user, record)
    context = {"patient": record.patient, "may_change": may_change, **shown(record)}
    return render(request, "treatments/treatment.html", context)


@only(*CLINICAL)
@require_http_methods(["GET", "HEAD", "POST"])
def add(request: UserRequest, pk: UUID, kind: Kind) -> HttpResponse:
    """Write down a treatment."""
    return _add(request, patient_for(request.user, pk), Kind(kind))


@clinic_and_patients
@require_http_methods(["GET", "HEAD", "POST"])
def add_side_effect(request: UserRequest, pk: UUID) -> HttpResponse:
    """Write down a side effect; patients may, too."""
    return _add(request, patient_for(request.user, pk), Kind.SIDE_EFFECT)


@clinic_and_patients
@require_http_methods(["GET", "HEAD", "POST"])
def change(request: UserRequest, pk: UUID) -> HttpResponse:
    """Write the next version of a treatment or side effect."""
    record = queries.read_record(request.user, pk)
    latest = queries.latest_of(record)
    if latest.is_error or not queries.may_change(request.user, record):
        raise Http404
    form = _form(request, record.patient, latest.kind, initial=latest.contents)
    if request.method != "POST" or not form.is_valid():
        return _show_form(request, record.patient, latest.kind, form, latest=latest)
    try:
        actions.change(record, _number_of(request), form.contents(), by=request.user)
    except actions.ChangedMeanwhileError:
        return _show_conflict(request, record, form)
    messages.success(request, _("Saved. The earlier version is kept."))
    return redirect("treatment", pk)


@clinic_and_patients
@require_POST
def say_taken(request: UserRequest, pk: UUID) -> HttpResponse:
    """Write down whether a medicine is taken; patients may, too."""
    record = queries.record_for(request.user, pk)
    taken = request.POST.get("taken", "")
    if record.kind != Kind.MEDICINE or taken not in Taken.values:
        raise Http404
    try:
        actions.say_taken(record, _number_of(request), taken, by=request.user)
        messages.success(request, _("Saved. The earlier version is kept."))
    except actions.ChangedMeanwhileError:
        messages.error(request, _("Somebody changed it meanwhile. Look at it, then say it again."))
    return redirect("treatment", pk)


@clinic_and_patients
@require_http_methods(["GET", "HEAD", "POST"])
def mark_as_error(request: UserRequest, pk: UUID) -> HttpResponse:
    """Take back what should never have been written; it stays in the history."""
    record = queries.read_record(request.user, pk)
    latest = queries.latest_of(record)
    if latest.is_error or not queries.may_change(request.user, record):
        raise Http404
    form = ErrorForm(request.POST if request.method == "POST" else None)
    context = {"patient": record.patient, "form": form, **shown(record)}
    if request.method == "POST" and form.is_valid():
        reason, number = form.cleaned_data["reason"], _number_of(request)
        try:
            actions.mark_as_error(record, number, reason, by=request.user)
            messages.success(request, _("Marked as entered in error. It stays in the history."))
            return redirect("treatments", record.patient_id)
        except actions.ChangedMeanwhileError:
            context["trouble"] = _("Somebody changed it meanwhile. Look at it before you go on.")
            return render(request, "treatments/error.html", context, status=409)
    return render(request, "treatments/error.html", context, status=422 if form.errors else 200)


def _add(request: UserRequest, patient: Patient, kind: Kind) -> HttpResponse:
    form = _form(request, patient, kind, initial={"after": request.GET.get("after", "")})
    if request.method != "POST" or not form.is_valid():
        return _show_form(request, patient, kind, form)
    try:
        record = actions.add(patient, kind, form.contents(), key=_key_of(request), by=request.user)
    except actions.AddedBeforeError:
        messages.info(request, _("This page was sent before. It is kept once."))
        return redirect("treatments", patient.pk)
    messages.success(request, _("Written down."))
    return redirect("treatment", record.pk)


def _form(
    request: UserRequest, patient: Patient, kind: Kind, *, initial: dict[str, Any]
) -> RecordForm:
    typed = request.POST if request.method == "POST" else None
    if kind == Kind.SIDE_EFFECT:
        offered = treatments_to_choose(queries.read_latest_versions(request.user, patient))
        return SideEffectForm(typed, initial=initial, treatments=offered)
    return FORMS[kind](typed, initial=initial)


def _show_form(
    request: UserRequest,
    patient: Patient,
    kind: Kind,
    form: RecordForm,
    *,
    latest: Version | None = None,
    **more: Any,
) -> HttpResponse:
    context = {
        "patient": patient, "kind": kind, "form": form, "latest": latest,
        "key": _key_of(request), "number": latest.number if latest else 0,
        "substances": read_lists().substance,
        "face": face_map() if kind == Kind.INJECTION else None,
        **more,
    }  # fmt: skip
    status = 409 if "trouble" in more else 422 if form.errors else 200
    return render(request, TEMPLATES.get(kind, "treatments/form.html"), context, status=status)


def _show_conflict(request: UserRequest, record: Record, form: RecordForm) -> HttpResponse:
    latest = queries.versions_of(record)[-1]
    if latest.is_error:
        messages.error(request, _("Somebody marked it as entered in error meanwhile."))
        return redirect("treatment", record.pk)
    return _show_form(
        request, record.patient, latest.kind, form, latest=latest, theirs=facts_of(latest),
        trouble=_("%(name)s changed this while you wrote. Yours is not kept yet: compare, then "
                  "save again.") % {"name": latest.author.name if latest.author else _("Somebody")},
    )  # fmt: skip


def _number_of(request: UserRequest) -> int:
    number = request.POST.get("number", "")
    return int(number) if number.isascii() and number.isdigit() and len(number) < 7 else 0


def _key_of(request: UserRequest) -> UUID:
    try:
        return UUID(request.POST.get("key", ""))
    except ValueError:
        return uuid4()
