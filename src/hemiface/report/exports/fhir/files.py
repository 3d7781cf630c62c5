"""A course as one Bundle of FHIR, R5 or R4B, validated on the way out and on the way in."""

import json
from collections.abc import Mapping
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING

from hemiface.errors import ConventionError, MissingExtraError, SourceError
from hemiface.records import Course
from hemiface.report.exports.checking import check_course
from hemiface.report.exports.fhir.codes import RELEASES, Document, Json
from hemiface.report.exports.fhir.records import course_of
from hemiface.report.exports.fhir.releases import from_r4b, to_r4b
from hemiface.report.exports.fhir.resources import course_resources
from hemiface.report.exports.fhir.shape import a_document, a_text, each
from hemiface.whole import written_whole

if TYPE_CHECKING:
    from pydantic import BaseModel

_VERSION = "http://hl7.org/fhir/FHIR-version"


def write_fhir(course: Course, path: Path, release: str = "R5") -> None:
    """Write a course as a FHIR Bundle of type collection, in JSON.

    Parameters
    ----------
    course : Course
    path : Path
        The file; what stood there is replaced.
    release : "R5" or "R4B"

    Raises
    ------
    ConventionError
        If the release is not known, or the course has something that no file can hold.
    MissingExtraError
        If the package that validates is not installed.
    OutputError
        If it cannot be written.
    """
    document = fhir_bundle(course, release)
    text = json.dumps(document, ensure_ascii=False, indent=1, allow_nan=False)
    with written_whole(path) as part:
        part.write_text(text + "\n", encoding="utf-8")


def fhir_bundle(course: Course, release: str = "R5") -> Document:
    """Return the Bundle that `write_fhir` writes, validated.

    Raises
    ------
    ConventionError, MissingExtraError
        As `write_fhir`.
    """
    if release not in RELEASES:
        wanted = " or ".join(RELEASES)
        raise ConventionError(f"A release must be {wanted}; got {release!r}. Choose one of them.")
    check_course(course)
    entries: list[Json] = [
        {"fullUrl": address, "resource": resource if release == "R5" else to_r4b(resource)}
        for address, resource in course_resources(course)
    ]
    document: Document = {
        "resourceType": "Bundle",
        "meta": {"tag": [{"system": _VERSION, "code": RELEASES[release]}]},
        "type": "collection",
        "entry": entries,
    }
    problem = _problem(document, release)
    if problem:
        raise ConventionError(f"The course must be valid FHIR {release}; {problem}. Correct it.")
    return document


def read_fhir(path: Path) -> Course:
    """Read a course that `write_fhir` wrote, of either release.

    Raises
    ------
    SourceError
        If the file cannot be read, is not valid FHIR, or was not written by hemiface.
    MissingExtraError
        If the package that validates is not installed.
    """
    document = _read_json(path)
    release = _release(path, document)
    problem = _problem(document, release)
    if problem:
        raise SourceError(f"{path} must be valid FHIR {release}; {problem}. Export it again.")
    try:
        course = course_of(
            [
                (a_text(entry["fullUrl"]), _as_r5(a_document(entry["resource"]), release))
                for entry in each(document["entry"])
            ]
        )
        check_course(course)
    except (LookupError, TypeError, ValueError) as found:
        raise SourceError(
            f"{path} must be a course written by hemiface; it is not ({found}). Give such a file."
        ) from found
    return course


def _as_r5(resource: Document, release: str) -> Document:
    return resource if release == "R5" else from_r4b(resource)


def _read_json(path: Path) -> Document:
    try:
        return a_document(json.loads(path.read_text(encoding="utf-8")))
    except OSError as problem:
        raise SourceError(
            f"{path} cannot be read: {problem.strerror or problem}. Give another file."
        ) from problem
    except (ValueError, TypeError, RecursionError) as problem:
        raise SourceError(
            f"{path} must be a Bundle in JSON; it is something else. Give a file of write_fhir."
        ) from problem


def _release(path: Path, document: Document) -> str:
    """Return the release that a bundle says it is of."""
    names = {code: name for name, code in RELEASES.items()}
    meta = document.get("meta")
    tags = meta.get("tag") if isinstance(meta, dict) else None
    for tag in tags if isinstance(tags, list) else []:
        if isinstance(tag, dict) and tag.get("system") == _VERSION and str(tag["code"]) in names:
            return names[str(tag["code"])]
    raise SourceError(
        f"{path} must say that it is of FHIR {' or '.join(RELEASES)}; it does not. Give a file of "
        "write_fhir."
    )


def _problem(document: Document, release: str) -> str:
    """Return the first thing that is wrong with a bundle, empty if it is valid."""
    model = _bundle_model(release)
    from pydantic import ValidationError

    try:
        model.model_validate(document)
    except ValidationError as problem:
        first: Mapping[str, object] = {**problem.errors(include_url=False)[0]}
        place = first["loc"]
        where = ".".join(map(str, place)) if isinstance(place, tuple) else ""
        return f"{where}: {first['msg']}"
    return ""


def _bundle_model(release: str) -> "type[BaseModel]":
    folder = {"R5": "", "R4B": ".R4B"}[release]
    try:
        model: type[BaseModel] = import_module(f"fhir.resources{folder}.bundle").Bundle
    except ImportError as problem:
        raise MissingExtraError(
            f"FHIR needs a package that is not installed ({problem.name} is missing). Install it "
            "with: pip install 'hemiface[fhir]'"
        ) from problem
    return model
