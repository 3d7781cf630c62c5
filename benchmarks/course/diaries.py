"""Diaries in which one trigger makes spasms more frequent, and others do nothing.

All sizes are our choice: counts scatter, days that follow each other are alike, triggers come in
runs, and a treatment waxes and wanes under it all.
"""

from datetime import UTC, datetime, timedelta

import numpy as np

from hemiface.records import Course, Entry, Person, Trigger
from hemiface.types import Floats

TRIGGERS: tuple[Trigger, ...] = ("stress", "fatigue", "speaking", "bright_light", "cold")
PLANTED: Trigger = "stress"
_PER_DAY, _DISPERSION, _ALIKE, _ALIKE_SD = 5.0, 0.2, 0.5, 0.25
_TREATED_TO, _TREATED_SD_D = 0.35, 15.0
_BEGIN = datetime(2026, 1, 1, 20, tzinfo=UTC)


def make_diary(seed: int, *, ratio: float, n_days: int = 56) -> Course:
    """Return the diary of one person.

    Parameters
    ----------
    seed : int
        Same seed, same diary.
    ratio : float
        How many times more spasms there are on days with the planted trigger.
    n_days : int
    """
    rng = np.random.default_rng([seed, 77])
    present, _, counts = _draw(rng, ratio, n_days)
    entries = [entry for day in range(n_days) for entry in _write(rng, day, counts[day], present)]
    return Course(Person(f"diary-{seed}"), diary=tuple(entries))


def is_tellable(seed: int, *, ratio: float, n_days: int, level: float = 0.01) -> bool:
    """Return whether one who knows what the treatment does would find the planted trigger."""
    import statsmodels.api as sm

    present, treated, counts = _draw(np.random.default_rng([seed, 77]), ratio, n_days)
    design = sm.add_constant(present[PLANTED], has_constant="add")
    family = sm.families.NegativeBinomial(alpha=_DISPERSION + _ALIKE_SD**2)
    fit = sm.GLM(counts, design, family=family, offset=np.log(treated)).fit()
    return bool(fit.pvalues[1] < level)


def _draw(
    rng: np.random.Generator, ratio: float, n_days: int
) -> tuple[dict[Trigger, Floats], Floats, Floats]:
    """Return when each trigger is there, what treatment leaves, and the spasms noted each day."""
    present = {name: _come_and_go(rng, n_days) for name in TRIGGERS}
    middle = rng.uniform(0, n_days)
    wave = np.exp(-0.5 * ((np.arange(n_days) - middle) / _TREATED_SD_D) ** 2)
    treated = _TREATED_TO**wave
    mean = _PER_DAY * treated * np.exp(_ALIKE_SD * _alike(rng, n_days)) * ratio ** present[PLANTED]
    counts = rng.poisson(mean * rng.gamma(1 / _DISPERSION, _DISPERSION, n_days))
    return present, treated, counts.astype(np.float64)


def _write(
    rng: np.random.Generator, day: int, n: float, present: dict[Trigger, Floats]
) -> list[Entry]:
    at = _BEGIN + timedelta(days=day)
    named = tuple(name for name, days in present.items() if days[day])
    sleep_h = round(float(rng.normal(7.0, 1.0)), 1)
    evening = Entry(at, burden=min(10, int(n)), triggers=named, sleep_h=sleep_h)
    return [*(Entry(at - timedelta(minutes=k + 1), spasm_now=True) for k in range(int(n))), evening]


def _come_and_go(rng: np.random.Generator, n_days: int) -> Floats:
    """Return on which days a trigger is there: on a fifth to a half, in runs."""
    share = rng.uniform(0.2, 0.5)
    drawn, kept = rng.random(n_days) < share, rng.random(n_days) < 0.7
    kept[0] = False
    last = np.maximum.accumulate(np.where(kept, 0, np.arange(n_days)))
    return drawn[last].astype(np.float64)


def _alike(rng: np.random.Generator, n_days: int) -> Floats:
    noise, series = rng.standard_normal(n_days), np.zeros(n_days)
    for day in range(n_days):
        before = series[day - 1] if day else noise[0]
        series[day] = _ALIKE * before + np.sqrt(1 - _ALIKE**2) * noise[day]
    return series
