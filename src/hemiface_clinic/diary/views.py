"""The diary as its owner has it: write, look back, mend."""

from uuid import UUID, uuid4

from django.contrib import messages
from django.http import HttpResponse, HttpResponseBase, JsonResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from hemiface_clinic.diary import actions
from hemiface_clinic.diary.forms import EntryForm
from hemiface_clinic.diary.offline import is_from_queue, problems, receipt
from hemiface_clinic.diary.pages import shown
from hemiface_clinic.diary.queries import (
    entries_of,
    entry_if_any,
    may_write,
    medicines_used,
    own_entry,
    own_patient,
    read_diary,
)
from hemiface_clinic.diary.reminders import ReminderForm
from hemiface_clinic.diary.reminders import reminder as write_reminder
from hemiface_clinic.people.gate import UserRequest, only
from hemiface_clinic.people.models import Patient, Role

patients_only = only(Role.PATIENT)


@patients_only
@require_http_methods(["GET", "HEAD", "POST"])
def diary(request: UserRequest) -> HttpResponseBase:
    """Show a patient their diary; take an entry."""
    patient = own_patient(request.user)
    if request.method == "POST":
        return _take(request, patient)
    return _show(request, patient, EntryForm(names=medicines_used(patient)))


@patients_only
@require_POST
def begin(request: UserRequest) -> HttpResponse:
    """Note that a patient agrees that the clinic keeps their diary."""
    actions.begin(own_patient(request.user), by=request.user)
    return redirect("diary")


@patients_only
@require_http_methods(["GET", "HEAD", "POST"])
def change(request: UserRequest, pk: UUID) -> HttpResponse:
    """Change an entry."""
    row = own_entry(request.user, pk)
    form = EntryForm(request.POST or None, held=row.entry, names=medicines_used(row.patient))
    if request.method == "POST" and form.is_valid():
        actions.change(row, form.entry(), by=request.user)
        messages.success(request, _("Changed."))
        return redirect("diary")
    status = 422 if form.errors else 200
    return render(request, "diary/change.html", {"form": form, "row": row}, status=status)


@patients_only
@require_POST
def delete(request: UserRequest, pk: UUID) -> HttpResponseBase:
    """Delete an entry: also the way back from a tap."""
    actions.delete(own_entry(request.user, pk), by=request.user)
    if is_from_queue(request):
        return JsonResponse({"deleted": str(pk)})
    messages.success(request, _("Deleted."))
    return redirect("diary")


@patients_only
@require_http_methods(["GET", "HEAD"])
def reminder(request: UserRequest) -> HttpResponse:
    """Make a reminder for the telephone's calendar; nothing about it is kept."""
    form = ReminderForm(request.GET or None)
    if not form.is_valid():
        status = 422 if form.errors else 200
        return render(request, "diary/reminder.html", {"form": form}, status=status)
    calendar = write_reminder(form.cleaned_data["time"], form.cleaned_data["days"])
    headers = {"Content-Disposition": 'attachment; filename="reminder.ics"'}
    return HttpResponse(calendar, content_type="text/calendar; charset=utf-8", headers=headers)


def _take(request: UserRequest, patient: Patient) -> HttpResponseBase:
    is_queued = is_from_queue(request)
    form = EntryForm(request.POST, names=medicines_used(patient))
    if not may_write(patient):
        return (
            problems([_("Agree first that your diary is kept.")])
            if is_queued
            else _show(request, patient, form)
        )
    if not form.is_valid():
        return problems(form.errors) if is_queued else _show(request, patient, form)
    row = actions.write(patient, form.entry(), form.key, by=request.user)
    if is_queued:
        return receipt(row)
    return redirect(f"{request.path}?new={row.pk}")


def _show(request: UserRequest, patient: Patient, form: EntryForm) -> HttpResponse:
    entries = entries_of(patient)
    context = {
        "form": form,
        "key": uuid4(),
        "patient": patient,
        "may_write": may_write(patient),
        "keeping": actions.KEEPING,
        "new": entry_if_any(entries, request.GET.get("new", "")),
        **shown(request, read_diary(request.user, patient)),
    }
    return render(request, "diary/diary.html", context, status=422 if form.errors else 200)
