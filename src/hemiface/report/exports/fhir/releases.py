"""The same resources in R4B: what was renamed, split or dropped between R4B and R5, both ways."""

from collections.abc import Callable

from hemiface.report.exports.fhir.codes import EXTENSION, Document, Json, extension, given
from hemiface.report.exports.fhir.shape import a_bool, a_document, a_text, a_whole, each

_UNTIL = f"{EXTENSION}until"
_AS_AGREED = f"{EXTENSION}taken-as-agreed"
_ADHERENCE = "http://hl7.org/fhir/CodeSystem/medication-statement-adherence"
_SEVERITY = "http://terminology.hl7.org/CodeSystem/adverse-event-severity"
_SEVERITIES = {1: "mild", 2: "moderate", 3: "severe"}
_IS_AS_AGREED = {"taking-as-directed": True, "taking-not-as-directed": False}

_RENAMED: dict[str, dict[str, str]] = {
    "Procedure": {
        "occurrenceDateTime": "performedDateTime",
        "occurrencePeriod": "performedPeriod",
    },
    "MedicationAdministration": {"occurenceDateTime": "effectiveDateTime"},
    "AdverseEvent": {"code": "event"},
}
"""Name in R5 (one of them is spelt so), name in R4B."""


def to_r4b(resource: Document) -> Document:
    """Return a resource of our R5 export as R4B has it."""
    kind = a_text(resource["resourceType"])
    renamed = _rename(resource, _RENAMED.get(kind, {}))
    return given(_TO_R4B.get(kind, dict)(renamed))


def from_r4b(resource: Document) -> Document:
    """Return a resource of our R4B export as R5 has it."""
    kind = a_text(resource["resourceType"])
    back = {old: new for new, old in _RENAMED.get(kind, {}).items()}
    return given(_FROM_R4B.get(kind, dict)(_rename(resource, back)))


def _rename(resource: Document, names: dict[str, str]) -> Document:
    return {names.get(name, name): value for name, value in resource.items()}


def _condition(resource: Document) -> Document:
    """R4B has no clinical status for "not known"."""
    return {name: value for name, value in resource.items() if name != "clinicalStatus"}


def _procedure(resource: Document) -> Document:
    used = each(resource.pop("used", []))
    references: list[Json] = [one["reference"] for one in used if "reference" in one]
    concepts: list[Json] = [one["concept"] for one in used if "concept" in one]
    return resource | {"usedReference": references, "usedCode": concepts}


def _procedure_back(resource: Document) -> Document:
    references: list[Json] = [{"reference": one} for one in each(resource.pop("usedReference", []))]
    concepts: list[Json] = [{"concept": one} for one in each(resource.pop("usedCode", []))]
    return resource | {"used": references + concepts}


def _administration(resource: Document) -> Document:
    return resource | {"medicationReference": _part(resource.pop("medication"), "reference")}


def _administration_back(resource: Document) -> Document:
    return resource | {"medication": {"reference": resource.pop("medicationReference")}}


def _statement(resource: Document) -> Document:
    """R4B tells of going on or not; whether it is taken as agreed is an extension."""
    goes_on = "end" not in a_document(resource["effectivePeriod"])
    drug = _part(resource.pop("medication"), "concept")
    extensions: list[Json] = []
    if (adherence := resource.pop("adherence", None)) is not None:
        coding = each(a_document(_part(adherence, "code"))["coding"])
        agreed = _IS_AS_AGREED[a_text(coding[0]["code"])]
        extensions.append(extension("taken-as-agreed", "valueBoolean", agreed))
    return resource | {
        "extension": extensions,
        "status": "active" if goes_on else "completed",
        "medicationCodeableConcept": drug,
    }


def _statement_back(resource: Document) -> Document:
    resource["medication"] = {"concept": resource.pop("medicationCodeableConcept")}
    for one in each(resource.pop("extension", [])):
        if one["url"] == _AS_AGREED:
            names = {agreed: name for name, agreed in _IS_AS_AGREED.items()}
            code = names[a_bool(one["valueBoolean"])]
            resource["adherence"] = {"code": {"coding": [{"system": _ADHERENCE, "code": code}]}}
    return resource | {"status": "recorded"}


def _event(resource: Document) -> Document:
    """R4B has a day and a severity; the end is an extension."""
    period = a_document(resource.pop("occurrencePeriod"))
    extensions = each(resource.pop("extension", []))
    degrees = [_SEVERITIES.get(a_whole(one["valueInteger"])) for one in extensions]
    severity: list[Json] = [{"system": _SEVERITY, "code": one} for one in degrees if one]
    until = [extension("until", "valueDate", period["end"])] if "end" in period else []
    causes: list[Json] = [
        {"instance": {"display": a_document(one["instanceCodeableConcept"])["text"]}}
        for one in each(resource.pop("suspectEntity", []))
    ]
    del resource["status"]
    return resource | {
        "extension": [*extensions, *until],
        "date": period["start"],
        "severity": {"coding": severity} if severity else None,
        "suspectEntity": causes,
    }  # type: ignore[return-value]  # `given` takes the empty ones out


def _event_back(resource: Document) -> Document:
    extensions = each(resource.pop("extension", []))
    ends = [one["valueDate"] for one in extensions if one["url"] == _UNTIL]
    causes: list[Json] = [
        {"instanceCodeableConcept": {"text": a_document(one["instance"])["display"]}}
        for one in each(resource.pop("suspectEntity", []))
    ]
    others: list[Json] = [one for one in extensions if one["url"] != _UNTIL]
    resource.pop("severity", None)
    period: Document = {"start": resource.pop("date"), **({"end": ends[0]} if ends else {})}
    return resource | {
        "extension": others,
        "status": "completed" if ends else "in-progress",
        "occurrencePeriod": period,
        "suspectEntity": causes,
    }


def _part(json: Json, name: str) -> Json:
    return a_document(json)[name]


_TO_R4B: dict[str, Callable[[Document], Document]] = {
    "Condition": _condition,
    "Procedure": _procedure,
    "MedicationAdministration": _administration,
    "MedicationStatement": _statement,
    "AdverseEvent": _event,
}
_FROM_R4B: dict[str, Callable[[Document], Document]] = {
    "Procedure": _procedure_back,
    "MedicationAdministration": _administration_back,
    "MedicationStatement": _statement_back,
    "AdverseEvent": _event_back,
}
