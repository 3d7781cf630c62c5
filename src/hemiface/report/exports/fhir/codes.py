"""Codes and addresses of the FHIR export, in one place, each with where it comes from.

ICD codes after the tables checked in our reference: ICD-10-CM of April 2026, ICD-11 MMS. No SNOMED
code is written, since none could be checked. Systems that begin with ``urn:hemiface:`` are ours.
"""

import math
import re
from collections.abc import Mapping
from datetime import date
from uuid import NAMESPACE_URL, uuid5

from hemiface.types import Side

Json = str | bool | int | float | list["Json"] | dict[str, "Json"]
Document = dict[str, Json]

PSEUDONYM = "urn:hemiface:pseudonym"
MEASURE = "urn:hemiface:measure"
COMPONENT = "urn:hemiface:component"
SCALE = "urn:hemiface:scale"
SCALE_ITEM = "urn:hemiface:scale-item"
SIDE = "urn:hemiface:side"
TRIGGER = "urn:hemiface:trigger"
BRAND = "urn:hemiface:botulinum-toxin-brand"
MUSCLE = "urn:hemiface:muscle"
OPERATION = "urn:hemiface:operation"
INJECTION = "urn:hemiface:injection"
SIDE_EFFECT = "urn:hemiface:side-effect"
THERAPY = "urn:hemiface:therapy:"
DIARY = "urn:hemiface:questionnaire:diary|1"
EXTENSION = "urn:hemiface:extension:"

UCUM = "http://unitsofmeasure.org"
ATC = "http://www.whocc.no/atc"
BOTULINUM_TOXIN = "M03AX01"
ICD_10_CM = "http://hl7.org/fhir/sid/icd-10-cm"
ICD_11 = "http://id.who.int/icd/release/11/mms"
HFS_ICD_11 = "8B88.2"
HFS_ICD_10: Mapping[Side | None, str] = {"right": "G51.31", "left": "G51.32", None: "G51.39"}

UNITS: Mapping[str, str] = {
    "%": "%", "s": "s", "ms": "ms", "min": "min", "mm": "mm", "mA": "mA", "Hz": "Hz", "deg": "deg",
    "per_min": "/min", "1/min": "/min", "/min": "/min", "fraction": "1", "1": "1", "ratio": "1",
    "µs": "us", "mg": "mg", "µg": "ug", "g": "g", "mmol": "mmol", "IU": "[iU]", "mL": "mL",
    "mg/d": "mg/d", "frames/s": "/s", "points": "{score}",
}  # fmt: skip
"""Our units, and what the Unified Code for Units of Measure calls them."""

RELEASES: Mapping[str, str] = {"R5": "5.0.0", "R4B": "4.3.0"}

_CODE = re.compile(r"\S+( \S+)*")


def concept(system: str, text: str, **more: str) -> Document:
    """Return a CodeableConcept; what cannot be a code of FHIR is a display."""
    code = {"code" if _CODE.fullmatch(text) else "display": text}
    return {"coding": [{"system": system, **code, **more}], "text": text}


def side_concept(side: Side) -> Document:
    """Return the person's own left or right."""
    return {"coding": [{"system": SIDE, "code": side}], "text": f"{side} side of the face"}


def quantity(value: float, unit: str) -> Document:
    """Return a Quantity, with its UCUM code where it has one."""
    coded = {"system": UCUM, "code": UNITS[unit]} if unit in UNITS else {}
    return {"value": value, **({"unit": unit} if unit else {}), **coded}


def toxin_quantity(units: float, brand: str) -> Document:
    """Return units of one brand: arbitrary units, which no other brand's can be added to."""
    return {"value": units, "unit": f"U ({brand})", "system": UCUM, "code": "[arb'U]"}


def extension(name: str, key: str, value: Json) -> Document:
    """Return an extension of ours; `key` is its type, such as ``valueString``."""
    return {"url": EXTENSION + name, key: value}


def given(document: Mapping[str, Json | None]) -> Document:
    """Return a document without what is empty, which FHIR does not know."""
    return {
        name: value
        for name, value in document.items()
        if value is not None and not (isinstance(value, str | list | dict) and not value)
    }


def address(key: str, name: str) -> str:
    """Return the address of a resource within the bundle of one person, always the same."""
    return uuid5(NAMESPACE_URL, f"urn:hemiface:{key}/{name}").urn


def refer(address: str) -> Document:
    """Return a Reference."""
    return {"reference": address}


def coded(system: str, code: str) -> Document:
    """Return a CodeableConcept that is a code only."""
    return {"coding": [{"system": system, "code": code}]}


def text_extension(name: str, value: str) -> list[Json]:
    """Return an extension for a text, none where it is empty."""
    return [extension(name, "valueString", value)] if value else []


def amount_extension(name: str, value: float, amount: Document) -> list[Json]:
    """Return an extension for an amount, none where its value is not known."""
    return [] if math.isnan(value) else [extension(name, "valueQuantity", amount)]


def period(on: date, until: date | None) -> Document:
    """Return a Period, which goes on where it has no end."""
    return given({"start": on.isoformat(), "end": None if until is None else until.isoformat()})
