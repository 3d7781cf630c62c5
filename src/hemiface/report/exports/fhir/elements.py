"""Parts that several resources share: concepts, quantities, periods and our extensions."""

from datetime import date

from hemiface.report.exports.fhir.codes import EXTENSION, Document, Json
from hemiface.report.exports.fhir.shape import a_document, a_number, a_text, each
from hemiface.types import SIDES, Side


def until(period: Document) -> date | None:
    """Return the end of a Period; None where it goes on."""
    return date_of(period["end"]) if "end" in period else None


def extensions(one: Document, name: str) -> list[Document]:
    """Return the extensions of ours of one name."""
    return [found for found in each(one.get("extension", [])) if found["url"] == EXTENSION + name]


def extended(one: Document, name: str) -> str:
    """Return the text of an extension of ours; empty where there is none."""
    found = extensions(one, name)
    return a_text(found[0]["valueString"]) if found else ""


def amount(one: Document, name: str) -> float:
    """Return the value of an extension of ours that is a Quantity; NaN where there is none."""
    found = extensions(one, name)
    return value_of(found[0]["valueQuantity"]) if found else float("nan")


def system(concept: Json) -> str:
    """Return the first system of a CodeableConcept."""
    return a_text(each(a_document(concept)["coding"])[0]["system"])


def text_of(concept: Json) -> str:
    """Return the text of a CodeableConcept."""
    return a_text(a_document(concept)["text"])


def side_of(concept: Json | None) -> Side | None:
    """Return the side that a concept names; None where there is none."""
    return None if concept is None else known_side(each(a_document(concept)["coding"])[0]["code"])


def known_side(code: Json) -> Side:
    """Return left or right."""
    if code not in SIDES:
        raise ValueError(f"{code!r} is neither left nor right")
    return code


def value_of(quantity: Json) -> float:
    """Return the value of a Quantity; NaN where it has none."""
    found = a_document(quantity).get("value")
    return float("nan") if found is None else a_number(found)


def date_of(json: Json) -> date:
    """Return a day."""
    return date.fromisoformat(a_text(json))
