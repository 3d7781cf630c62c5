import json
import math
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from hemiface.errors import OutputError, SourceError
from hemiface.report.document import (
    SCHEMA,
    from_document,
    read_measurement,
    to_document,
    write_json,
)
from hemiface.types import Measurement
from report_story import left_eye_story, still_story


def same(a: Measurement, b: Measurement) -> bool:
    """Equal but for signals; NaN equals NaN, as both become null."""
    return to_document(a) == to_document(b)


@pytest.mark.parametrize("m", [left_eye_story(12.0), still_story(), still_story("undetermined")])
def test_a_measurement_survives_the_file(m, tmp_path):
    write_json(m, tmp_path / "m.json")
    back = read_measurement(tmp_path / "m.json")
    assert same(back, m)
    assert back.signals is None
    assert back.spasms == m.spasms


def test_nan_is_null_and_back():
    m = left_eye_story(12.0)
    unknown = to_document(m)["measures"][-1]
    assert unknown["value"] is None
    assert unknown["reason"] == "The brow was hidden."
    assert math.isnan(from_document(to_document(m)).measures[-1].value)


def test_signals_are_not_in_the_document():
    assert "signals" not in to_document(left_eye_story(12.0))


def test_numpy_and_odd_names_become_plain():
    m = still_story()
    odd = replace(m, recording=replace(m.recording, source="a\udce9.mp4"))
    odd = replace(odd, software={**m.software, "settings": {"a": np.float64(1.5), "b": (1, 2)}})
    document = to_document(odd)
    assert document["software"]["settings"] == {"a": 1.5, "b": [1, 2]}
    json.dumps(document, ensure_ascii=False, allow_nan=False).encode("utf-8")


def broken(change):
    document = json.loads(json.dumps(to_document(left_eye_story(12.0))))
    change(document)
    return document


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        (lambda d: d.update(schema="x/1"), '"schema" must be'),
        (lambda d: d.pop("spasms"), '"spasms" is missing'),
        (lambda d: d.update(extra=1), '"extra" is not a field'),
        (
            lambda d: d["spasms"][2].update(onset_s="soon"),
            r'"spasms\[2\].onset_s" must be a number',
        ),
        (lambda d: d["spasms"][0].update(side="Left"), '"left" or "right", found "Left"'),
        (lambda d: d["spasms"][0].update(cut_end=1), "must be true or false, found 1"),
        (lambda d: d["recording"].update(width=True), "must be a whole number, found true"),
        (lambda d: d["recording"].update(width=6.5), "must be a whole number, found 6.5"),
        (lambda d: d["recording"].update(duration_s=10**400), "found a very large number"),
        (lambda d: d.update(measures={}), '"measures" must be a list, found an object'),
        (lambda d: d["software"].pop("version"), '"software.version" is missing'),
    ],
)
def test_what_is_wrong_is_named(change, sentence):
    with pytest.raises(SourceError, match=sentence):
        from_document(broken(change))


@pytest.mark.parametrize(
    ("data", "sentence"),
    [
        (b"", "not JSON"),
        (b"\xff\xfe\x00", "not text in UTF-8"),
        (b"[1, 2]", "an object is needed|JSON object is needed"),
        (b'{"schema": NaN}', "holds NaN"),
        (b"[" * 200_000, "too deep"),
        (b"1" * 5000, "too deep or holds a number too long"),
    ],
)
def test_a_file_that_is_something_else(data, sentence, tmp_path):
    path = tmp_path / "x.json"
    path.write_bytes(data)
    with pytest.raises(SourceError, match=sentence) as caught:
        read_measurement(path)
    assert "\n" not in str(caught.value)
    assert str(path) in str(caught.value)


def test_no_file(tmp_path):
    with pytest.raises(SourceError, match=r"cannot be read: No such file"):
        read_measurement(tmp_path / "none.json")


def test_no_place_to_write(tmp_path):
    with pytest.raises(OutputError, match="cannot be written"):
        write_json(still_story(), tmp_path / "missing" / "m.json")


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=9),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=9), inner),
    max_leaves=8,
)


@given(st.data())
def test_any_damage_is_a_sentence_or_a_measurement(data):
    """Any one value of a good document is replaced by anything: never another exception."""
    document = broken(lambda d: None)
    node, key = document, data.draw(st.sampled_from(sorted(document)))
    while isinstance(node[key], (dict, list)) and node[key] and data.draw(st.booleans()):
        node = node[key]
        key = data.draw(st.sampled_from(sorted(node) if isinstance(node, dict) else [0]))
    node[key] = data.draw(JSON)
    try:
        again = to_document(from_document(document))
    except SourceError:
        return
    assert again["schema"] == SCHEMA
