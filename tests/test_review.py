"""What a doctor confirms, rejects, moves and adds is measured as if it had been found."""

from pathlib import Path

import numpy as np
import pytest

from hemiface.errors import SourceError
from hemiface.measures import measure_tasks
from hemiface.report.signals_file import read_signals, write_signals
from hemiface.review import Mark, review
from hemiface.spasms import detect_spasms
from hemiface.types import Measurement, Signals
from report_story import left_eye_story


@pytest.fixture(scope="module")
def story() -> Measurement:
    return left_eye_story(30.0)


def signals_of(m: Measurement) -> Signals:
    assert m.signals is not None
    return m.signals


def marks_of(m: Measurement) -> list[Mark]:
    return [Mark(one.onset_s, one.end_s, one.side, n) for n, one in enumerate(m.spasms)]


def value(m: Measurement, name: str) -> float:
    return next(one.value for one in m.measures if (one.name, one.side) == (name, "left"))


def test_to_confirm_everything_changes_no_spasm(story: Measurement) -> None:
    found = review(story, signals_of(story), marks_of(story))
    assert found.spasms == story.spasms
    assert found.affected_side == "left"


def test_what_is_not_marked_is_rejected_and_the_rate_falls(story: Measurement) -> None:
    whole = review(story, signals_of(story), marks_of(story))
    half = review(story, signals_of(story), marks_of(story)[::2])
    assert len(half.spasms) == len(story.spasms[::2])
    share = len(half.spasms) / len(story.spasms)
    assert value(half, "spasm_rate") == pytest.approx(share * value(whole, "spasm_rate"))
    assert review(story, signals_of(story), []).affected_side == "none"


def test_a_spasm_that_was_missed_gets_size_and_muscles(story: Measurement) -> None:
    missed, *others = marks_of(story)
    added = Mark(missed.onset_s - 0.02, missed.end_s + 0.02, "left")
    found = review(story, signals_of(story), [*others, added])
    assert found.spasms[0].onset_s == added.onset_s
    assert found.spasms[0].amplitude_mm > 1.0
    assert "orbicularis_oculi_lower" in found.spasms[0].muscles


def test_a_side_can_be_set_right(story: Measurement) -> None:
    marks = [Mark(one.onset_s, one.end_s, "right", one.found) for one in marks_of(story)]
    found = review(story, signals_of(story), marks)
    assert found.affected_side == "right"
    assert len(found.spasms) == len(story.spasms)


def test_where_nothing_was_seen_the_size_is_unknown(story: Measurement) -> None:
    found = review(story, signals_of(story), [Mark(2.3, 2.6, "left")])
    assert np.isnan(found.spasms[0].amplitude_mm)
    assert found.spasms[0].muscles == ()


def test_signals_are_kept_and_give_the_same_measures(story: Measurement, tmp_path: Path) -> None:
    signals = signals_of(story)
    write_signals(signals, tmp_path / "signals.npz")
    again = read_signals(tmp_path / "signals.npz")
    assert again.channels == signals.channels
    assert np.allclose(again.values, signals.values, atol=1e-5, equal_nan=True)
    spasms = detect_spasms(signals)
    for one, other in zip(
        measure_tasks(signals, spasms, ()), measure_tasks(again, spasms, ()), strict=True
    ):
        assert other.value == pytest.approx(one.value, rel=1e-4, abs=1e-4, nan_ok=True)


@pytest.mark.parametrize("content", [b"", b"PK\x03\x04 no archive", b"{}"])
def test_what_holds_no_signals_is_refused(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "a.npz").write_bytes(content)
    with pytest.raises(SourceError, match="must hold signals"):
        read_signals(tmp_path / "a.npz")
