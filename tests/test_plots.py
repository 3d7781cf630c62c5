import matplotlib as mpl
import numpy as np
import pytest
from matplotlib.colors import to_hex
from matplotlib.figure import Figure

from hemiface.errors import TooLittleError
from hemiface.muscles import MUSCLE
from hemiface.report import face
from hemiface.report.plots import (
    CORAL,
    SLATE,
    TEAL,
    plot_face_map,
    plot_signals,
    plot_timeline,
    side_colour,
)
from report_story import left_eye_story, still_story


def colours(ax):
    return {to_hex(patch.get_facecolor()) for patch in ax.patches}


@pytest.mark.parametrize("plot", [plot_timeline, plot_signals, plot_face_map])
def test_draws_on_the_axes_given_and_changes_no_style(plot, tmp_path):
    before = dict(mpl.rcParams)
    ax = Figure().add_subplot()
    assert plot(left_eye_story(12.0), ax=ax) is ax
    assert dict(mpl.rcParams) == before
    ax.figure.savefig(tmp_path / "plot.png")


@pytest.mark.parametrize("plot", [plot_timeline, plot_face_map])
def test_nothing_found_is_drawn_too(plot):
    plot(still_story()).figure.canvas.draw()


def test_timeline_has_a_bar_per_spasm_of_its_side():
    ax = plot_timeline(left_eye_story(12.0))
    left, right, blinks = (len(bars.get_paths()) for bars in ax.collections)
    assert (left, right, blinks) == (6, 0, 2)
    assert ax.get_xlim() == (0.0, 12.0)
    assert "11 s observed" in ax.get_xlabel()


def test_signals_draw_both_sides_to_one_scale():
    ax = plot_signals(left_eye_story(12.0), ("zygomaticus",))
    lines = {line.get_label(): line for line in ax.lines}
    assert lines["zygomaticus left"].get_color() == CORAL
    assert lines["zygomaticus right"].get_color() == SLATE
    assert np.nanmax(lines["zygomaticus left"].get_ydata()) == pytest.approx(0.4)
    assert np.nanmax(lines["zygomaticus right"].get_ydata()) < -0.35


def test_signals_without_signals_are_refused_in_words():
    with pytest.raises(TooLittleError, match="needs a measurement with signals"):
        plot_signals(still_story())


def test_coral_means_affected():
    assert side_colour(left_eye_story(4.0), "left") == CORAL
    assert side_colour(left_eye_story(4.0), "right") == SLATE
    assert side_colour(still_story(), "left") == TEAL
    assert CORAL in colours(plot_face_map(left_eye_story(12.0)))
    assert CORAL not in colours(plot_face_map(still_story()))


def test_every_muscle_has_its_shape():
    assert set(face.SHAPES) == set(MUSCLE)


@pytest.mark.parametrize("name", list(face.SHAPES))
def test_the_persons_left_is_on_the_right_of_the_picture(name):
    left, _ = face.centre(face.SHAPES[name], "left")
    right, _ = face.centre(face.SHAPES[name], "right")
    assert left > face.MIDLINE > right
    assert left + right == pytest.approx(2 * face.MIDLINE)
