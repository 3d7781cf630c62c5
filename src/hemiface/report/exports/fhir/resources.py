"""A course as resources of FHIR R5; what R5 has no place for is in extensions of ours."""

import math
from collections.abc import Iterator
from dataclasses import fields

from hemiface.records import Course, Entry, Grade, Measured, Person, SideEffect
from hemiface.report.exports.fhir.codes import (
    COMPONENT,
    DIARY,
    HFS_ICD_10,
    HFS_ICD_11,
    ICD_10_CM,
    ICD_11,
    MEASURE,
    PSEUDONYM,
    SCALE,
    SCALE_ITEM,
    SIDE,
    SIDE_EFFECT,
    TRIGGER,
    Document,
    Json,
    address,
    coded,
    concept,
    extension,
    given,
    period,
    quantity,
    refer,
    side_concept,
    text_extension,
)
from hemiface.report.exports.fhir.treatment_resources import Entries, treatment_resources
from hemiface.types import Side

ANSWERS = {
    "side": ("Side", "valueCoding"),
    "burden": ("How much the spasms troubled, 0 to 10", "valueInteger"),
    "spell_s": ("Length of the worst spell, seconds", "valueDecimal"),
    "sites": ("Where", "valueString"),
    "triggers": ("Triggers", "valueCoding"),
    "stress": ("Stress, 0 to 10", "valueInteger"),
    "sleep_h": ("Sleep the night before, hours", "valueDecimal"),
    "medicines": ("Medicines taken", "valueString"),
    "spasm_now": ("A spasm going on", "valueBoolean"),
    "note": ("Note", "valueString"),
}
"""Of a diary entry: by the name of its field, the question and the type of the answer."""

_CODED = {"side": SIDE, "triggers": TRIGGER}
_AUTHORS = {"patient": "Patient", "clinician": "Practitioner", "software": "Device"}
_CATEGORY = "http://terminology.hl7.org/CodeSystem/observation-category"
_TERMS = "http://terminology.hl7.org/CodeSystem/"


def course_resources(course: Course) -> Entries:
    """Give every resource with its address, the patient first, each part in the course's order."""
    key = course.person.key
    patient = address(key, "patient")
    yield patient, _patient(course.person)
    if course.person.affected_side is not None or course.person.onset is not None:
        yield address(key, "condition"), _condition(course.person, patient)
    for number, one in enumerate(course.measured):
        yield address(key, f"measured/{number}"), _measured(one, patient)
    for number, grade in enumerate(course.grades):
        yield address(key, f"grade/{number}"), _grade(grade, patient)
    for number, entry in enumerate(course.diary):
        yield address(key, f"diary/{number}"), _entry(entry, patient)
    for number, treatment in enumerate(course.treatments):
        yield from treatment_resources(treatment, key, number, patient)
    for number, effect in enumerate(course.side_effects):
        yield address(key, f"side-effect/{number}"), _side_effect(effect, patient)


def _sided(side: Side | None) -> Json:
    return {} if side is None else side_concept(side)


def _patient(person: Person) -> Document:
    return given(
        {
            "resourceType": "Patient",
            "identifier": [{"system": PSEUDONYM, "value": person.key}],
            "gender": person.sex,
            "birthDate": None if person.birth_year is None else f"{person.birth_year:04d}",
        }
    )


def _condition(person: Person, patient: str) -> Document:
    """What the course is about; unconfirmed, since a course states no diagnosis."""
    codes: list[Json] = [
        {"system": ICD_10_CM, "code": HFS_ICD_10[person.affected_side]},
        {"system": ICD_11, "code": HFS_ICD_11},
    ]
    return given(
        {
            "resourceType": "Condition",
            "clinicalStatus": coded(f"{_TERMS}condition-clinical", "unknown"),
            "verificationStatus": coded(f"{_TERMS}condition-ver-status", "unconfirmed"),
            "code": {"coding": codes, "text": "Hemifacial spasm"},
            "bodySite": [side_concept(person.affected_side)] if person.affected_side else None,
            "subject": refer(patient),
            "onsetDateTime": None if person.onset is None else person.onset.isoformat(),
        }
    )


def _measured(one: Measured, patient: str) -> Document:
    absent = math.isnan(one.value)
    return given(
        {
            "resourceType": "Observation",
            "extension": text_extension("unit", one.unit) if absent else None,
            "status": "final",
            "category": [coded(_CATEGORY, "exam")],
            "code": concept(MEASURE, one.name),
            "subject": refer(patient),
            "effectiveDateTime": one.on.isoformat(),
            "valueQuantity": None if absent else quantity(one.value, one.unit),
            "dataAbsentReason": coded(f"{_TERMS}data-absent-reason", "unknown") if absent else None,
            "bodySite": _sided(one.side),
            "derivedFrom": [{"display": one.recording}] if one.recording else None,
            "component": list(_components(one)),
        }
    )


def _components(one: Measured) -> Iterator[Json]:
    ends = {
        name: quantity(value, one.unit)
        for name, value in (("low", one.low), ("high", one.high))
        if not math.isnan(value)
    }
    if ends:
        yield {"code": concept(COMPONENT, "interval_95"), "valueRange": {**ends}}
    for name, value, unit in (("observed", one.observed_s, "s"), ("fps", one.fps, "frames/s")):
        if not math.isnan(value):
            yield {"code": concept(COMPONENT, name), "valueQuantity": quantity(value, unit)}
    yield {"code": concept(COMPONENT, "n"), "valueInteger": one.n}
    yield {"code": concept(COMPONENT, "task"), "valueString": one.task}


def _grade(grade: Grade, patient: str) -> Document:
    return given(
        {
            "resourceType": "Observation",
            "status": "final",
            "category": [coded(_CATEGORY, "survey")],
            "code": concept(SCALE, grade.scale, version=grade.version),
            "subject": refer(patient),
            "effectiveDateTime": grade.on.isoformat(),
            "performer": [{"type": _AUTHORS[grade.by], "display": grade.by}],
            "valueQuantity": quantity(grade.value, "points"),
            "bodySite": _sided(grade.side),
            "component": [
                {"code": concept(SCALE_ITEM, name), "valueQuantity": quantity(value, "points")}
                for name, value in grade.items
            ],
        }
    )


def _entry(entry: Entry, patient: str) -> Document:
    items = [_answered(field.name, getattr(entry, field.name)) for field in fields(entry)[1:]]
    return {
        "resourceType": "QuestionnaireResponse",
        "questionnaire": DIARY,
        "status": "completed",
        "subject": refer(patient),
        "authored": entry.at.isoformat(),
        "item": [one for one in items if one is not None],
    }


def _answered(name: str, value: Json | tuple[str, ...] | None) -> Json | None:
    text, key = ANSWERS[name]
    found: tuple[Json, ...] = value if isinstance(value, tuple) else (value,)  # type: ignore[assignment]
    answers: list[Json] = [
        {key: {"system": _CODED[name], "code": one} if name in _CODED else one}
        for one in found
        if one is not None and one != ""
    ]
    return {"linkId": name, "text": text, "answer": answers} if answers else None


def _side_effect(one: SideEffect, patient: str) -> Document:
    cause: Document = {"instanceCodeableConcept": {"text": one.after}}
    return given(
        {
            "resourceType": "AdverseEvent",
            "extension": [extension("degree", "valueInteger", one.degree)]
            if one.degree is not None
            else None,
            "status": "in-progress" if one.until is None else "completed",
            "actuality": "actual",
            "code": concept(SIDE_EFFECT, one.kind),
            "subject": refer(patient),
            "occurrencePeriod": period(one.on, one.until),
            "suspectEntity": [cause] if one.after else None,
        }
    )
