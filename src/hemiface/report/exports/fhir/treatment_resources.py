"""Treatments as resources of FHIR R5: procedures, and medicines given or taken."""

import math
from collections.abc import Iterator

from hemiface.records import Injection, Medicine, Operation, Therapy, Treatment
from hemiface.report.exports.fhir.codes import (
    ATC,
    BOTULINUM_TOXIN,
    BRAND,
    EXTENSION,
    INJECTION,
    MUSCLE,
    OPERATION,
    THERAPY,
    Document,
    Json,
    address,
    amount_extension,
    coded,
    concept,
    extension,
    given,
    period,
    quantity,
    refer,
    side_concept,
    text_extension,
    toxin_quantity,
)

Entries = Iterator[tuple[str, Document]]


def treatment_resources(one: Treatment, key: str, number: int, patient: str) -> Entries:
    """Give the resources of a treatment with their addresses; of an injection there are several."""
    name = f"treatment/{number}"
    if isinstance(one, Injection):
        yield from _injection(one, key, name, patient)
    elif isinstance(one, Medicine):
        yield address(key, name), _medicine(one, patient)
    elif isinstance(one, Therapy):
        yield address(key, name), _therapy(one, patient)
    else:
        yield address(key, name), _operation(one, patient)


def _injection(one: Injection, key: str, name: str, patient: str) -> Entries:
    """The session is a Procedure, the vial a Medication, each dose a MedicationAdministration."""
    session, vial = address(key, name), address(key, f"{name}/vial")
    yield vial, _vial(one)
    yield (
        session,
        {
            "resourceType": "Procedure",
            "status": "completed",
            "code": concept(INJECTION, "botulinum_toxin"),
            "subject": refer(patient),
            "occurrenceDateTime": one.on.isoformat(),
            "used": [{"reference": refer(vial)}],
        },
    )
    for number, dose in enumerate(one.doses):
        site = concept(MUSCLE, dose.muscle)
        site["extension"] = [extension("side", "valueCode", dose.side)]
        yield (
            address(key, f"{name}/dose/{number}"),
            {
                "resourceType": "MedicationAdministration",
                "status": "completed",
                "partOf": [refer(session)],
                "medication": {"reference": refer(vial)},
                "subject": refer(patient),
                "occurenceDateTime": one.on.isoformat(),
                "dosage": {"site": site, "dose": toxin_quantity(dose.units, one.brand)},
            },
        )


def _vial(one: Injection) -> Document:
    code = concept(BRAND, one.brand)
    codings = code["coding"]
    assert isinstance(codings, list)
    codings.append({"system": ATC, "code": BOTULINUM_TOXIN})
    return given(
        {
            "resourceType": "Medication",
            "extension": [
                *amount_extension("dilution", one.dilution_ml, quantity(one.dilution_ml, "mL")),
                *amount_extension(
                    "vial-units", one.vial_units, toxin_quantity(one.vial_units, one.brand)
                ),
            ],
            "code": code,
            "batch": {"lotNumber": one.lot} if one.lot else None,
        }
    )


def _medicine(one: Medicine, patient: str) -> Document:
    drug = concept(ATC, one.atc) if one.atc else {}
    rate = quantity(one.daily_mg, "mg/d")
    as_agreed = {True: "taking-as-directed", False: "taking-not-as-directed"}
    system = "http://hl7.org/fhir/CodeSystem/medication-statement-adherence"
    return given(
        {
            "resourceType": "MedicationStatement",
            "status": "recorded",
            "medication": {"concept": drug | {"text": one.name}},
            "subject": refer(patient),
            "effectivePeriod": period(one.on, one.until),
            "adherence": None
            if one.taken is None
            else {"code": coded(system, as_agreed[one.taken])},
            "dosage": None
            if math.isnan(one.daily_mg)
            else [{"doseAndRate": [{"rateQuantity": rate}]}],
        }
    )


def _therapy(one: Therapy, patient: str) -> Document:
    sessions = [] if one.sessions is None else [extension("sessions", "valueInteger", one.sessions)]
    settings: list[Json] = [
        {
            "url": f"{EXTENSION}setting",
            "extension": [
                {"url": "name", "valueString": name},
                {"url": "amount", "valueQuantity": quantity(value, unit)},
            ],
        }
        for name, value, unit in one.settings
    ]
    return given(
        {
            "resourceType": "Procedure",
            "extension": [*sessions, *settings],
            "status": "in-progress" if one.until is None else "completed",
            "code": concept(THERAPY + one.modality, one.kind),
            "subject": refer(patient),
            "occurrencePeriod": period(one.on, one.until),
        }
    )


def _operation(one: Operation, patient: str) -> Document:
    vessels = [extension("vessel", "valueString", vessel) for vessel in one.vessels]
    return given(
        {
            "resourceType": "Procedure",
            "extension": [
                *text_extension("approach", one.approach),
                *vessels,
                *text_extension("segment", one.segment),
                extension("lateral-spread-response", "valueString", one.lsr),
            ],
            "status": "completed",
            "code": concept(OPERATION, one.procedure),
            "subject": refer(patient),
            "occurrenceDateTime": one.on.isoformat(),
            "bodySite": [side_concept(one.side)],
            "used": [{"concept": {"text": one.implant}}] if one.implant else None,
        }
    )
