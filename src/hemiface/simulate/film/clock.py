"""When frames are taken: a steady beat, or the irregular one of a phone that drops some."""

import numpy as np

from hemiface.simulate.film.scene import Scene
from hemiface.types import Floats

_TICKS_PER_S = 90_000  # times a file can hold, so that the truth has the very same ones


def draw_frame_times(seed: int, scene: Scene, *, duration_s: float, fps: float) -> Floats:
    """Return the time of every frame that is recorded, from 0.

    Parameters
    ----------
    seed : int
        Same seed, same times.
    scene : Scene
        Its jitter and dropped frames.
    duration_s, fps : float
        Length and nominal rate; times stay increasing and below the length.
    """
    rng = np.random.default_rng([seed, 26])
    beat = np.arange(round(duration_s * fps)) / fps
    if scene.jitter == 0.0 and scene.dropped == 0.0:
        return beat
    late = rng.uniform(0.0, scene.jitter, len(beat)) / fps
    kept = rng.random(len(beat)) >= scene.dropped
    late[0], kept[0] = 0.0, True
    times: Floats = np.round((beat + late)[kept] * _TICKS_PER_S) / _TICKS_PER_S
    return times
