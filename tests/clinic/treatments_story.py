"""What the tests of treatments write down."""

from uuid import uuid4

from hemiface_clinic.people.models import Patient, User
from hemiface_clinic.treatments import actions
from hemiface_clinic.treatments.kinds import Kind
from hemiface_clinic.treatments.models import Record
from hemiface_clinic.treatments.telling import FORMS

INJECTION = {
    "on": "2026-03-02", "affected_side": "left", "brand": "botox", "lot": "C7654",
    "expiry": "2027-01-31", "vial_units": "100", "dilution_ml": "2.5",
    "left-orbicularis_oculi_lower": "2.5", "left-orbicularis_oculi": "5",
    "left-zygomaticus": "1.25", "right-zygomaticus": "0.75",
}  # fmt: skip
MEDICINE = {"name": "carbamazepine", "daily_mg": "400", "on": "2025-11-01", "until": "2026-02-20"}
OPERATION = {
    "on": "2026-06-15", "side": "left", "procedure": "microvascular_decompression",
    "approach": "retrosigmoid", "vessel": ["AICA", "other"], "vessel_name": "labyrinthine artery",
    "segment": "attached_segment", "implant": "Teflon", "lsr": "gone",
    "complications": ["hearing_loss"],
}  # fmt: skip
PHYSICAL = {
    "what": "electrical_stimulation", "on": "2025-09-01", "until": "2025-10-01", "sessions": "10",
    "frequency": "20", "pulse_width": "200", "current": "3.5", "session_length": "15",
}  # fmt: skip
NUTRITION = {"what": "magnesium", "amount": "300", "amount_unit": "mg", "on": "2025-08-01"}
COMPLEMENTARY = {"what": "other", "what_name": "cupping", "on": "2025-07-01", "sessions": "3"}
SIDE_EFFECT = {"what": "ptosis", "on": "2026-03-08", "until": "2026-03-30", "degree": "1"}
ALL = {
    Kind.INJECTION: INJECTION, Kind.MEDICINE: MEDICINE, Kind.OPERATION: OPERATION,
    Kind.PHYSICAL: PHYSICAL, Kind.NUTRITION: NUTRITION, Kind.COMPLEMENTARY: COMPLEMENTARY,
    Kind.SIDE_EFFECT: SIDE_EFFECT,
}  # fmt: skip


def written(patient: Patient, kind: Kind, by: User, *, after: str = "", **more: str) -> Record:
    """Write something down as its form reads it."""
    form = FORMS[kind]({**ALL[kind], **more})
    assert form.is_valid(), form.errors
    contents = form.contents() | ({"after": after} if after else {})
    return actions.add(patient, kind, contents, key=uuid4(), by=by)
