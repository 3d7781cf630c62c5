"""The margins of the lids, read from pictures of eyes whose opening is known."""

import numpy as np
import pytest

from hemiface.track.margins import lid_opening

SIZE, LEFT, RIGHT = 192, 48.0, 144.0
WIDTH = RIGHT - LEFT


def picture_of_eye(opening: float, rng: np.random.Generator | None = None) -> np.ndarray:
    """Draw skin, dark lashes on the upper margin, and a grey eye open by a share of its width."""
    rows, columns = np.mgrid[:SIZE, :SIZE].astype(float)
    along = (columns - LEFT) / WIDTH
    arch = np.clip(4 * along * (1 - along), 0, None)
    upper = SIZE / 2 - 0.7 * opening * WIDTH * arch
    lower = SIZE / 2 + 0.3 * opening * WIDTH * arch
    grey = np.full((SIZE, SIZE), 170.0)
    inside = (rows > upper) & (rows < lower) & (along > 0) & (along < 1)
    grey[inside] = 100.0
    grey[inside & (rows < upper + 4)] = 40.0
    if rng is not None:
        grey += rng.normal(0, 6, grey.shape)
    return np.repeat(np.clip(grey, 0, 255).astype(np.uint8)[..., None], 3, axis=2)


def contour(opening: float) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    along = np.linspace(0.1, 0.9, 7)
    x, arch = LEFT + along * WIDTH, 4 * along * (1 - along)
    upper = np.column_stack([x, SIZE / 2 - 0.7 * opening * WIDTH * arch])
    lower = np.column_stack([x, SIZE / 2 + 0.3 * opening * WIDTH * arch])
    return upper, lower, np.array([LEFT, RIGHT])


def middle(opening: float) -> float:
    """Return the median height over the columns that are read, which leave out the corners."""
    along = np.linspace(0.3, 0.7, 25)
    return opening * float(np.median(4 * along * (1 - along)))


@pytest.mark.parametrize("opening", [0.25, 0.32, 0.40])
def test_the_opening_is_read_from_the_picture(opening):
    found = lid_opening(picture_of_eye(opening), *contour(opening))
    assert found == pytest.approx(middle(opening), rel=0.06)


def test_a_contour_that_hardly_follows_is_corrected():
    usual, narrower = 0.36, 0.9 * 0.36
    shy = 0.5 * (usual + narrower)  # as far as a network that has a usual eye in mind goes
    before = lid_opening(picture_of_eye(usual), *contour(usual))
    after = lid_opening(picture_of_eye(narrower), *contour(shy))
    assert after / before == pytest.approx(0.9, abs=0.03)


def test_noise_hardly_matters():
    rng = np.random.default_rng(3)
    read = [lid_opening(picture_of_eye(0.34, rng), *contour(0.34)) for _ in range(8)]
    assert np.std(read) < 0.02 * np.mean(read)
