import copy

import jsonschema
import pytest

from hemiface.errors import SourceError
from hemiface.report.document import SCHEMA, from_document, read_schema, to_document
from report_story import left_eye_story, still_story


@pytest.fixture(scope="module")
def validator() -> jsonschema.Draft202012Validator:
    schema = read_schema()
    jsonschema.Draft202012Validator.check_schema(schema)
    return jsonschema.Draft202012Validator(schema)


@pytest.mark.parametrize(
    "m", [left_eye_story(12.0), still_story(), still_story("both"), still_story("undetermined")]
)
def test_what_is_written_fits_the_published_schema(m, validator):
    validator.validate(to_document(m))


def test_the_schema_bears_the_documents_name(validator):
    assert validator.schema["properties"]["schema"]["const"] == SCHEMA


def test_schema_and_reader_refuse_the_same_missing_fields(validator):
    """The reader builds from the types, so this holds the types and the schema to each other."""
    whole = to_document(left_eye_story(12.0))
    for path in fields_of(whole):
        damaged = without(whole, path)
        assert not validator.is_valid(damaged), path
        with pytest.raises(SourceError):
            from_document(damaged)


def fields_of(document):
    """Every field of the document, of the first item of every list."""
    for name, value in document.items():
        yield (name,)
        if name == "software":
            continue
        inner, step = (
            (value[0], (name, 0)) if isinstance(value, list) and value else (value, (name,))
        )
        if isinstance(inner, dict):
            yield from (step + rest for rest in fields_of(inner))


def without(document, path):
    damaged = copy.deepcopy(document)
    node = damaged
    for step in path[:-1]:
        node = node[step]
    del node[path[-1]]
    return damaged
