"""What changes answers: one more row, and one event in the audit."""

from collections.abc import Mapping

from django.db import transaction

from hemiface.diagnosis import Questionnaire, Value
from hemiface_clinic.audit.actions import record as note
from hemiface_clinic.findings.calls import call_doctors
from hemiface_clinic.findings.models import Filled, Reporter
from hemiface_clinic.findings.queries import latest_of, reporter_of
from hemiface_clinic.findings.telling import patients_flags
from hemiface_clinic.findings.typing_of import as_contents
from hemiface_clinic.people.models import Patient, User


@transaction.atomic
def fill(
    patient: Patient, questionnaire: Questionnaire, answered: Mapping[str, Value], *, by: User
) -> None:
    """Keep answers to a questionnaire, if they differ from what is kept; the earlier ones stay."""
    reporter, contents = reporter_of(by), as_contents(answered)
    held = latest_of(patient, questionnaire.name, reporter)
    if held is not None and held.contents == contents:
        return
    filled = Filled.objects.create(
        patient=patient, name=questionnaire.name, version=questionnaire.version,
        reporter=reporter, contents=contents, author=by,
    )  # fmt: skip
    if reporter == Reporter.PATIENT:
        call_doctors(patient, [flag.name for flag in patients_flags([filled.answers])], by=by)
    note(f"{questionnaire.name}.fill", filled, by=by, patient=patient)
