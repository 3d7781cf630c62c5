"""Procedures, medications and their administrations back to treatments."""

from collections import defaultdict
from collections.abc import Iterator

from hemiface.records import Dose, Injection, Medicine, Operation, Therapy, Treatment
from hemiface.report.exports.fhir.codes import ATC, INJECTION, OPERATION, THERAPY, Document
from hemiface.report.exports.fhir.elements import (
    amount,
    date_of,
    extended,
    extensions,
    known_side,
    system,
    text_of,
    until,
    value_of,
)
from hemiface.report.exports.fhir.shape import a_document, a_text, a_whole, each

Resources = list[tuple[str, Document]]


def read_treatments(resources: Resources) -> Iterator[Treatment]:
    """Give the treatments in the order of the bundle; a session of toxin with all its doses."""
    vials = {address: one for address, one in resources if one["resourceType"] == "Medication"}
    doses: dict[str, list[Document]] = defaultdict(list)
    for _, one in resources:
        if one["resourceType"] == "MedicationAdministration":
            doses[a_text(each(one["partOf"])[0]["reference"])].append(one)
    for address, one in resources:
        if one["resourceType"] == "MedicationStatement":
            yield _medicine(one)
        elif one["resourceType"] == "Procedure":
            kind = system(one["code"])
            if kind == INJECTION:
                yield _injection(one, vials, doses[address])
            elif kind == OPERATION:
                yield _operation(one)
            elif kind.startswith(THERAPY):
                yield _therapy(one)


def _injection(one: Document, vials: dict[str, Document], doses: list[Document]) -> Injection:
    vial = vials[a_text(a_document(each(one["used"])[0]["reference"])["reference"])]
    return Injection(
        on=date_of(one["occurrenceDateTime"]),
        brand=text_of(vial["code"]),
        doses=tuple(_dose(a_document(dose["dosage"])) for dose in doses),
        lot=a_text(a_document(vial.get("batch", {})).get("lotNumber", "")),
        dilution_ml=amount(vial, "dilution"),
        vial_units=amount(vial, "vial-units"),
    )


def _dose(dosage: Document) -> Dose:
    site = a_document(dosage["site"])
    (side,) = extensions(site, "side")
    return Dose(text_of(site), known_side(side["valueCode"]), value_of(dosage["dose"]))


def _medicine(one: Document) -> Medicine:
    drug = a_document(a_document(one["medication"])["concept"])
    codes = [
        a_text(coding.get("code") or coding["display"])
        for coding in each(drug.get("coding", []))
        if coding["system"] == ATC
    ]
    period = a_document(one["effectivePeriod"])
    dosages = each(one.get("dosage", []))
    adherence = one.get("adherence")
    return Medicine(
        on=date_of(period["start"]),
        name=a_text(drug["text"]),
        atc=codes[0] if codes else "",
        daily_mg=value_of(each(dosages[0]["doseAndRate"])[0]["rateQuantity"])
        if dosages
        else float("nan"),
        until=until(period),
        taken=None if adherence is None else _is_as_agreed(a_document(adherence)),
    )


def _is_as_agreed(adherence: Document) -> bool:
    (coding,) = each(a_document(adherence["code"])["coding"])
    return {"taking-as-directed": True, "taking-not-as-directed": False}[
        a_text(coding.get("code") or coding["display"])
    ]


def _therapy(one: Document) -> Therapy:
    period = a_document(one["occurrencePeriod"])
    sessions = extensions(one, "sessions")
    modality = system(one["code"]).removeprefix(THERAPY)
    return Therapy(
        on=date_of(period["start"]),
        modality=modality,  # type: ignore[arg-type]  # checked by the caller
        kind=text_of(one["code"]),
        until=until(period),
        sessions=a_whole(sessions[0]["valueInteger"]) if sessions else None,
        settings=tuple(_setting(found) for found in extensions(one, "setting")),
    )


def _setting(found: Document) -> tuple[str, float, str]:
    name, amount = each(found["extension"])
    value = a_document(amount["valueQuantity"])
    return a_text(name["valueString"]), value_of(value), a_text(value.get("unit", ""))


def _operation(one: Document) -> Operation:
    used = each(one.get("used", []))
    (site,) = each(one["bodySite"])
    return Operation(
        on=date_of(one["occurrenceDateTime"]),
        side=known_side(each(site["coding"])[0]["code"]),
        procedure=text_of(one["code"]),
        approach=extended(one, "approach"),
        vessels=tuple(a_text(found["valueString"]) for found in extensions(one, "vessel")),
        segment=extended(one, "segment"),
        implant=a_text(a_document(used[0]["concept"])["text"]) if used else "",
        lsr=extended(one, "lateral-spread-response"),  # type: ignore[arg-type]  # checked later
    )
