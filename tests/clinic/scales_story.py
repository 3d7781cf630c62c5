"""What the tests of scales grade."""

from datetime import date

from hemiface.scales import grade, scale
from hemiface_clinic.people.models import Patient, User
from hemiface_clinic.scales import actions
from hemiface_clinic.scales.models import Graded
from hemiface_clinic.scales.queries import author_of

DAY = date(2026, 3, 2)


def graded(
    patient: Patient,
    value: float,
    *,
    by: User,
    on: date = DAY,
    key: str = "self_rating",
    version: str = "1",
) -> Graded:
    """Give one grade."""
    return actions.add(patient, grade(scale(key, version), value, on=on, by=author_of(by)), by=by)
