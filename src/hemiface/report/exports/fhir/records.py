"""Resources of FHIR R5 back to the course they were made from."""

from collections import defaultdict
from datetime import datetime
from typing import cast

from hemiface.records import Author, Course, Entry, Grade, Measured, Person, Sex, SideEffect
from hemiface.report.exports.fhir.codes import DIARY, MEASURE, PSEUDONYM, SCALE, Document, Json
from hemiface.report.exports.fhir.elements import (
    date_of,
    extended,
    extensions,
    side_of,
    system,
    text_of,
    until,
    value_of,
)
from hemiface.report.exports.fhir.resources import ANSWERS
from hemiface.report.exports.fhir.shape import a_document, a_number, a_text, a_whole, each
from hemiface.report.exports.fhir.treatments import Resources, read_treatments


def course_of(resources: Resources) -> Course:
    """Return the course that resources were made from.

    Parameters
    ----------
    resources : list of (str, dict)
        Address and R5 resource, in the order of the bundle.

    Raises
    ------
    KeyError, TypeError, ValueError
        If something is not as this package writes it.
    """
    kinds: dict[str, list[tuple[str, Document]]] = defaultdict(list)
    for address, resource in resources:
        kinds[a_text(resource["resourceType"])].append((address, resource))
    observations = [one for _, one in kinds["Observation"]]
    return Course(
        _person([one for _, one in kinds["Patient"]], [one for _, one in kinds["Condition"]]),
        tuple(_measured(one) for one in observations if system(one["code"]) == MEASURE),
        tuple(_grade(one) for one in observations if system(one["code"]) == SCALE),
        tuple(
            _entry(one)
            for _, one in kinds["QuestionnaireResponse"]
            if one["questionnaire"] == DIARY
        ),
        tuple(read_treatments(resources)),
        tuple(_side_effect(one) for _, one in kinds["AdverseEvent"]),
    )


def _person(patients: list[Document], conditions: list[Document]) -> Person:
    (patient,) = patients
    keys = [one["value"] for one in each(patient["identifier"]) if one["system"] == PSEUDONYM]
    year = patient.get("birthDate")
    condition = conditions[0] if conditions else {}
    sites = each(condition.get("bodySite", []))
    onset = condition.get("onsetDateTime")
    return Person(
        a_text(keys[0]),
        cast(Sex, a_text(patient["gender"])),
        None if year is None else int(a_text(year)),
        side_of(sites[0]) if sites else None,
        None if onset is None else date_of(onset),
    )


def _measured(one: Document) -> Measured:
    parts = {text_of(part["code"]): part for part in each(one["component"])}
    value = a_document(one.get("valueQuantity", {}))
    range_ = a_document(parts.get("interval_95", {}).get("valueRange", {}))
    origins = each(one.get("derivedFrom", []))
    return Measured(
        on=date_of(one["effectiveDateTime"]),
        name=text_of(one["code"]),
        value=value_of(value),
        unit=a_text(value.get("unit", "")) or extended(one, "unit"),
        side=side_of(one.get("bodySite")),
        task=a_text(parts["task"]["valueString"]),
        observed_s=value_of(parts.get("observed", {}).get("valueQuantity", {})),
        n=a_whole(parts["n"]["valueInteger"]),
        low=value_of(range_.get("low", {})),
        high=value_of(range_.get("high", {})),
        recording=a_text(origins[0]["display"]) if origins else "",
        fps=value_of(parts.get("fps", {}).get("valueQuantity", {})),
    )


def _grade(one: Document) -> Grade:
    (coding,), (author,) = each(a_document(one["code"])["coding"]), each(one["performer"])
    return Grade(
        on=date_of(one["effectiveDateTime"]),
        scale=text_of(one["code"]),
        version=a_text(coding["version"]),
        value=value_of(one["valueQuantity"]),
        by=cast(Author, a_text(author["display"])),
        side=side_of(one.get("bodySite")),
        items=tuple(
            (text_of(part["code"]), value_of(part["valueQuantity"]))
            for part in each(one.get("component", []))
        ),
    )


def _entry(one: Document) -> Entry:
    found = {a_text(item["linkId"]): _answers(item) for item in each(one["item"])}
    several = {name: tuple(found.pop(name, ())) for name in ("sites", "triggers", "medicines")}
    single = {name: answers[0] for name, answers in found.items()}
    decimals = {name: a_number(single[name]) for name in ("spell_s", "sleep_h") if name in single}
    at = datetime.fromisoformat(a_text(one["authored"]))
    return Entry(at, **single | decimals | several)  # type: ignore[arg-type]  # by the same table


def _answers(item: Document) -> list[Json]:
    """Return the values of an answer; of a coding its code."""
    _, key = ANSWERS[a_text(item["linkId"])]
    values = [answer[key] for answer in each(item["answer"])]
    return [value["code"] if isinstance(value, dict) else value for value in values]


def _side_effect(one: Document) -> SideEffect:
    period = a_document(one["occurrencePeriod"])
    degrees = extensions(one, "degree")
    causes = each(one.get("suspectEntity", []))
    return SideEffect(
        on=date_of(period["start"]),
        kind=text_of(one["code"]),
        until=until(period),
        degree=a_whole(degrees[0]["valueInteger"]) if degrees else None,
        after=text_of(causes[0]["instanceCodeableConcept"]) if causes else "",
    )
