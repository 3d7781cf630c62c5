import base64
import json

import numpy as np

from hemiface.report.player import NOT_OBSERVED, pack, player_document
from report_story import EXAMPLE, example_story, left_eye_story, still_story


def unpack(scale: float, text: str) -> np.ndarray:
    counts = np.frombuffer(base64.b64decode(text), dtype="<i2").astype(float)
    counts[counts == NOT_OBSERVED] = np.nan
    return counts * scale


def test_packing_loses_less_than_half_a_count():
    values = np.array([0.0, -1.25, 3.2767, np.nan, 0.5])
    back = unpack(*pack(values))
    np.testing.assert_allclose(back, values, atol=3.2767 / 32767 / 2 + 1e-12, equal_nan=True)


def test_packing_of_nothing_and_of_zeros():
    assert np.isnan(unpack(*pack(np.full(3, np.nan)))).all()
    assert (unpack(*pack(np.zeros(3))) == 0).all()
    assert unpack(*pack(np.zeros(0))).size == 0


def test_example_is_what_the_report_writes():
    """Vitest reads the same file, so both sides of the document are held to one example."""
    assert json.loads(EXAMPLE.read_text("utf-8")) == player_document(example_story())


def test_what_was_hidden_is_one_span():
    document = player_document(left_eye_story(12.0))
    assert document["unseen"] == [{"start_s": 2.0, "end_s": 3.0}]


def test_without_signals_there_are_events_only():
    document = player_document(still_story())
    assert document["channels"] == []
    assert document["times_s"] == ""
    assert document["unseen"] == []


def test_ten_minutes_stay_small():
    document = player_document(left_eye_story(600.0, 60.0))
    assert len(json.dumps(document)) < 4_000_000
