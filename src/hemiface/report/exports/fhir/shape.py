"""What must stand where in a document that came from outside; a `TypeError` says it does not."""

from hemiface.report.exports.fhir.codes import Document, Json


def a_document(json: Json) -> Document:
    """Return what must be an object."""
    if not isinstance(json, dict):
        raise TypeError(f"an object must stand where {json!r} does")
    return json


def each(json: Json) -> list[Document]:
    """Return what must be a list of objects."""
    if not isinstance(json, list):
        raise TypeError(f"a list must stand where {json!r} does")
    return [a_document(one) for one in json]


def a_text(json: Json) -> str:
    """Return what must be text."""
    if not isinstance(json, str):
        raise TypeError(f"text must stand where {json!r} does")
    return json


def a_number(json: Json) -> float:
    """Return what must be a number."""
    if isinstance(json, bool) or not isinstance(json, int | float):
        raise TypeError(f"a number must stand where {json!r} does")
    return float(json)


def a_whole(json: Json) -> int:
    """Return what must be a whole number."""
    if isinstance(json, bool) or not isinstance(json, int):
        raise TypeError(f"a whole number must stand where {json!r} does")
    return json


def a_bool(json: Json) -> bool:
    """Return what must be true or false."""
    if not isinstance(json, bool):
        raise TypeError(f"true or false must stand where {json!r} does")
    return json
