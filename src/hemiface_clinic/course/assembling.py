"""A patient's course, put together from what the other parts of the site keep."""

from collections.abc import Sequence

from hemiface.records import Course, Injection, Operation, Person, Treatment
from hemiface.types import Side
from hemiface_clinic.diary.course import course_entries
from hemiface_clinic.people.models import Patient
from hemiface_clinic.recordings.course import course_measured, measured_recordings
from hemiface_clinic.recordings.models import Recording
from hemiface_clinic.scales.queries import course_grades
from hemiface_clinic.treatments.course import course_side_effects, course_treatments
from hemiface_clinic.vault.seal import blind_index

_SIDES: dict[str, Side] = {"left": "left", "right": "right"}


def course_of(patient: Patient) -> Course:
    """Return everything written down about a patient, without their name."""
    recordings = measured_recordings(patient)
    treatments = course_treatments(patient)
    return Course(
        person=Person(key=pseudonym(patient), affected_side=_affected(recordings, treatments)),
        measured=course_measured(recordings),
        grades=course_grades(patient),
        diary=course_entries(patient),
        treatments=treatments,
        side_effects=course_side_effects(patient),
    )


def pseudonym(patient: Patient) -> str:
    """Return what a patient is called outside the clinic: always the same, and no way back."""
    return "P-" + blind_index("course", str(patient.pk))[:12].upper()


def _affected(recordings: Sequence[Recording], treatments: Sequence[Treatment]) -> Side | None:
    """Return the side that was treated last, else the one seen affected in the last video."""
    for one in reversed(treatments):
        if isinstance(one, Operation):
            return one.side
        if isinstance(one, Injection) and len(sides := {dose.side for dose in one.doses}) == 1:
            return sides.pop()
    seen = (recording.current.get("affected_side") for recording in reversed(recordings))
    return next((_SIDES[side] for side in seen if side in _SIDES), None)
