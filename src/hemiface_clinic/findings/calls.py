"""What a patient answered that cannot wait: told to the doctors until one has seen to it."""

from collections.abc import Iterator, Sequence

from django.db import transaction
from django.db.models import QuerySet
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from hemiface_clinic.audit.actions import record as note
from hemiface_clinic.findings.models import Call
from hemiface_clinic.people.letters import write_letter
from hemiface_clinic.people.models import Patient, Role, User
from hemiface_clinic.people.personal import Person
from hemiface_clinic.people.timeline import Entry

SELF_HARM = "self_harm"


@transaction.atomic
def call_doctors(patient: Patient, flags: Sequence[str], *, by: User) -> None:
    """Tell the doctors of a patient's team, once for each thing that nobody has seen to."""
    known = {name for call in open_calls(patient) for name in call.flags}
    fresh = [name for name in flags if name not in known]
    if not fresh:
        return
    call = Call.objects.create(patient=patient, flags=fresh)
    note("call.raise", call, by=by, patient=patient)
    for doctor in patient.team.filter(role=Role.DOCTOR, is_active=True):
        write_letter("call", doctor.email, reverse("patient", args=[patient.pk]))


@transaction.atomic
def see_to(patient: Patient, *, by: User) -> None:
    """Note that a doctor has seen to what waits."""
    for call in open_calls(patient):
        call.seen_by, call.seen_at = by, timezone.now()
        call.save(update_fields=["seen_by", "seen_at"])
        note("call.see-to", call, by=by, patient=patient)


def open_calls(patient: Patient) -> QuerySet[Call]:
    """Return what nobody has seen to."""
    return Call.objects.filter(patient=patient, seen_at=None)


def calls_of_person(person: Person) -> QuerySet[Call]:
    """Return the calls of a person."""
    return Call.objects.filter(patient__pk__in=person.patients)


def waiting(patients: QuerySet[Patient]) -> Iterator[Entry]:
    """Yield what waits of patients."""
    found = Call.objects.filter(seen_at=None, patient__in=patients.values("pk"))
    for call in found.select_related("patient"):
        title = _("%(name)s answered something that cannot wait.") % {"name": call.patient.name}
        yield Entry(call.at, "call", title, reverse("patient", args=[call.patient_id]))
