"""What every day of a course brings: stress, sleep, fatigue, and the whim of the disease.

All sizes and memories are our choice.
"""

from dataclasses import dataclass

import numpy as np

from hemiface.types import Floats

_STRESS = (0.3, 0.2, 0.8)  # mean, SD, memory from day to day
_SLEEP_H = (7.0, 1.0)
_WHIM = (0.2, 0.93)  # SD of the log rate, memory of about two weeks


@dataclass(frozen=True, eq=False)
class Days:
    """One value a day in every array.

    Attributes
    ----------
    stress, fatigue : ndarray
        0 to 1.
    sleep_h : ndarray
        Hours of sleep.
    whim : ndarray
        Factor of the rate that nothing explains, of mean 1.
    """

    stress: Floats
    fatigue: Floats
    sleep_h: Floats
    whim: Floats


def draw_days(seed: int, n_days: int) -> Days:
    """Draw the days of a course; more days begin as fewer do."""
    noise = np.random.default_rng([seed, 34]).standard_normal((n_days, 3))
    mean, sd, memory = _STRESS
    sleep_h = np.clip(_SLEEP_H[0] + _SLEEP_H[1] * noise[:, 1], 3.0, 10.0)
    log_sd, whim_memory = _WHIM
    return Days(
        stress=np.clip(mean + sd * _remember(noise[:, 0], memory), 0.0, 1.0),
        fatigue=np.clip((_SLEEP_H[0] - sleep_h) / 3.0, 0.0, 1.0),
        sleep_h=sleep_h,
        whim=np.exp(log_sd * _remember(noise[:, 2], whim_memory) - log_sd**2 / 2.0),
    )


def _remember(noise: Floats, memory: float) -> Floats:
    """Return a series of variance 1 in which each day keeps a share of the day before."""
    series, new = noise.copy(), np.sqrt(1.0 - memory**2)
    for day in range(1, len(series)):
        series[day] = memory * series[day - 1] + new * noise[day]
    return series
