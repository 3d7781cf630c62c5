"""The page of an MRI measurement."""

from dataclasses import replace

import numpy as np
import pytest

from hemiface.mri import Doubt
from hemiface.report.mri_page import mri_html, say_side
from hemiface.volume import Volume
from test_mri_writing import example_found


@pytest.fixture(scope="module")
def t2() -> Volume:
    affine = np.diag([0.5, 0.5, 0.5, 1.0])
    affine[:3, 3] = -14.0
    return Volume(
        np.random.default_rng(1).normal(1.0, 0.1, (57, 57, 57)).astype(np.float32), affine
    )


def test_the_answer_stands_in_words_with_its_interval_and_one_notice(t2: Volume) -> None:
    page = mri_html(example_found(), t2)
    assert "touches the facial nerve in the cistern" in page
    assert "-0.10 mm (-0.20 to 0.00)" in page
    assert page.count("not a medical device") == 1
    assert "culprit" not in page
    assert page.count("data:image/png") == 1


def test_a_quiet_screen_does_not_say_that_there_is_no_tumour(t2: Volume) -> None:
    found = example_found()
    quiet = replace(found, sides=(replace(found.sides[0], masses=()),))
    page = mri_html(quiet, t2)
    assert "excludes no tumour" in page
    assert "no tumour." in page
    assert "To be looked at" not in page
    assert "To be looked at" in mri_html(found, t2)


def test_what_is_refused_shows_pictures_and_the_reason_but_no_number(t2: Volume) -> None:
    page = mri_html(example_found().doubted([Doubt("snr", "It is too noisy.", refuses=True)]), t2)
    assert "It is too noisy." in page
    assert "data:image/png" in page
    assert "Gap</dt>" not in page
    assert "-0.10 mm" not in page


def test_unsure_is_told_as_unsure_and_no_vessel_as_none_seen() -> None:
    (side,) = example_found().sides
    assert side.conflict is not None
    unsure = replace(side, conflict=replace(side.conflict, contact="unsure"))
    assert "may touch" in say_side(unsure, is_refused=False)
    assert "no vessel is seen" in say_side(replace(side, conflict=None), is_refused=False)
