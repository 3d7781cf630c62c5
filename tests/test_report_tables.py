from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from hemiface.errors import OutputError
from hemiface.report.tables import (
    SPASM_COLUMNS,
    signals_table,
    spasms_table,
    write_signals_parquet,
    write_spasms_csv,
)
from report_story import left_eye_story, still_story


def test_spasms_begin_as_bids_events_do():
    table = spasms_table(left_eye_story(12.0))
    assert list(table.columns) == list(SPASM_COLUMNS)
    assert list(table.columns[:3]) == ["onset", "duration", "trial_type"]
    assert list(table["onset"]) == [1.0, 3.0, 5.0, 7.0, 9.0, 11.0]
    assert set(table["trial_type"]) == {"spasm/left/clonic"}
    assert table["muscles"][1] == (
        "orbicularis_oculi_lower+orbicularis_oculi+orbicularis_oculi_upper"
    )


def test_spasms_are_in_order_of_onset():
    m = left_eye_story(12.0)
    table = spasms_table(replace(m, spasms=m.spasms[::-1]))
    assert table["onset"].is_monotonic_increasing


def test_no_spasm_is_a_table_without_rows():
    table = spasms_table(still_story())
    assert len(table) == 0
    assert list(table.columns) == list(SPASM_COLUMNS)


def test_unknown_is_n_a_in_the_file(tmp_path):
    m = left_eye_story(12.0)
    m = replace(m, spasms=(replace(m.spasms[0], amplitude_mm=float("nan")),))
    write_spasms_csv(m, tmp_path / "s.csv")
    assert "n/a" in (tmp_path / "s.csv").read_text()
    assert np.isnan(pd.read_csv(tmp_path / "s.csv")["amplitude_mm"][0])


def test_signals_begin_as_openface_does():
    table = signals_table(left_eye_story(12.0))
    assert list(table.columns[:4]) == ["frame", "timestamp", "confidence", "success"]
    assert list(table["frame"][:2]) == [1, 2]
    assert "zygomaticus_left_mm" in table
    assert "orbicularis_oculi_right_fraction" in table
    assert len(table) == 360


def test_hidden_frames_have_no_success_and_no_values():
    table = signals_table(left_eye_story(12.0)).set_index("timestamp")
    hidden = table.loc[2.0:2.95]
    assert (hidden["success"] == 0).all()
    assert hidden["zygomaticus_left_mm"].isna().all()


def test_the_side_that_moves_is_the_one_named():
    """The left eye closes 0.7 at 1.1 s; the right one does not."""
    table = signals_table(left_eye_story(12.0)).set_index("frame")
    assert table["orbicularis_oculi_left_fraction"][34] == pytest.approx(0.7, abs=0.05)
    assert table["orbicularis_oculi_right_fraction"][34] == pytest.approx(0.0, abs=0.05)


def test_signals_survive_the_file(tmp_path):
    m = left_eye_story(12.0)
    write_signals_parquet(m, tmp_path / "s.parquet")
    pd.testing.assert_frame_equal(pd.read_parquet(tmp_path / "s.parquet"), signals_table(m))


def test_no_signals_is_a_table_without_rows():
    assert len(signals_table(still_story())) == 0


@pytest.mark.parametrize("write", [write_spasms_csv, write_signals_parquet])
def test_no_place_to_write(write, tmp_path):
    with pytest.raises(OutputError, match="cannot be written"):
        write(left_eye_story(4.0), tmp_path / "missing" / "x")
