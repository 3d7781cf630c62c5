"""Where the eyes look: mostly at the camera, now and then away, or along lines of text.

Rates and sizes are our choice. An eye of 12 mm radius that turns by 10 degrees moves its iris by
about 2 mm.
"""

import numpy as np

from hemiface.simulate.people.motion import TRACK_HZ
from hemiface.types import Floats

_AWAY_SD_MM = (1.3, 0.5)  # sideways and up-down
_MOST_MM = ((-2.6, -1.2), (2.6, 0.4))
_AWAY_S = (0.3, 1.6)
_SACCADE_S = 0.012  # half of how long a saccade takes
_DRIFT_MM = 0.05
_FIXATION_S = (0.18, 0.32)
_LINE_MM = (1.8, -1.8)  # text begins at the reader's left
_WORDS = 8
_PAGE_MM = -0.8  # a page is held lower than the camera


def draw_glances(rng: np.random.Generator, per_min: float, n: int) -> Floats:
    """Return the gaze of someone who looks at the camera, (2, n) mm to their left and up."""
    away = np.zeros((2, n))
    for _ in range(int(rng.poisson(per_min * n / TRACK_HZ / 60.0))):
        start = rng.integers(0, n)
        end = start + int(rng.uniform(*_AWAY_S) * TRACK_HZ)
        where = np.clip(rng.normal(0.0, _AWAY_SD_MM), *_MOST_MM)
        away[:, start:end] = where[:, None]
    return _as_saccades(away + rng.normal(0.0, _DRIFT_MM, (2, 1)))


def draw_reading(rng: np.random.Generator, n: int) -> Floats:
    """Return the gaze of someone who reads, (2, n) mm to their left and up."""
    gaze, at, word = np.full((2, n), _PAGE_MM), 0, 0
    while at < n:
        end = at + int(rng.uniform(*_FIXATION_S) * TRACK_HZ)
        gaze[0, at:end] = np.interp(word % _WORDS, [0, _WORDS - 1], _LINE_MM)
        at, word = end, word + 1
    return _as_saccades(gaze)


def _as_saccades(steps: Floats) -> Floats:
    from scipy.ndimage import gaussian_filter1d

    smooth: Floats = gaussian_filter1d(steps, _SACCADE_S * TRACK_HZ, axis=1, mode="nearest")
    return smooth
