"""How many patients and visits show that a treatment lowers the spasm rate.

Trials are drawn from the counts of virtual patients. A patient's answer is the change of the
logarithm of their rate, from the visits before treatment to as many visits under it. The logarithm,
because a treatment multiplies a rate, and so its effect is one number for patients with many spasms
and with few (Keene 1995, Stat Med 14:811, doi:10.1002/sim.4780140810). The change of means over
visits, because patients differ from each other far more than one does from visit to visit (Frison
and Pocock 1992, Stat Med 11:1685, doi:10.1002/sim.4780111304).

A rank test says whether the changes differ between two arms (Mann and Whitney 1947, Ann Math Stat
18:50) or from none (Wilcoxon 1945, Biometrics Bull 1:80). Not a t test: now and then a disease
remits by itself, whatever the arm, and one such change outweighs many others in a mean.
"""

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Literal, get_args

import numpy as np
from numpy.typing import NDArray

from hemiface.errors import ConventionError, TooLittleError
from hemiface.simulate.course.power_counts import Counts
from hemiface.types import Floats

Design = Literal["two_arm", "before_after"]
DESIGNS: tuple[Design, ...] = get_args(Design)

ALPHA = 0.05
"""Two-sided level of the test."""

TARGETS = (0.8, 0.9)
"""Power that a trial is planned for."""

MOST_PATIENTS = 1000
"""Larger trials (per arm) are not looked for."""

RANK_EFFICIENCY = 3.0 / math.pi
"""Of a rank test against a t test where changes are normal: Hodges and Lehmann 1956 (Ann Math Stat
27:324)."""

_FEWEST = 6  # fewer changes cannot be significant by Wilcoxon's test
_CURVE_SIZES = 16  # sizes of a curve besides those that the search visits
_NORMAL_MAD = 1.4826  # standard deviation over median absolute deviation


@dataclass(frozen=True)
class Trial:
    """How a drop is looked for.

    Attributes
    ----------
    design : "two_arm" or "before_after"
        Treated against untreated patients, or treated ones against themselves before.
    visits : int
        Before treatment, and again as many under it.
    """

    design: Design
    visits: int


@dataclass(frozen=True, eq=False)
class PowerCurve:
    """Power of one trial against its size.

    Attributes
    ----------
    trial : Trial
        What is planned.
    patients : ndarray of int
        Sizes looked at, ascending: patients in each arm (two arms) or in all (before and after).
    found : ndarray of int
        Simulated trials of that size whose test was significant.
    n_trials : int
        Simulated trials of each size.
    """

    trial: Trial
    patients: NDArray[np.int64]
    found: NDArray[np.int64]
    n_trials: int

    @property
    def power(self) -> Floats:
        """Share of trials that were significant, one per size."""
        return np.asarray(self.found / self.n_trials, dtype=np.float64)

    def interval(self, index: int) -> tuple[float, float]:
        """Return the 95 % interval of a power (Wilson 1927, J Am Stat Assoc 22:209)."""
        from scipy.stats import binomtest

        test = binomtest(int(self.found[index]), self.n_trials)
        bounds = test.proportion_ci(0.95, method="wilson")
        return float(bounds.low), float(bounds.high)

    def smallest(self, target: float) -> int | None:
        """Return the smallest size with this power; None if none has it."""
        enough = np.flatnonzero(self.power >= target)
        return int(self.patients[enough[0]]) if len(enough) else None


@dataclass(frozen=True)
class Requirement:
    """How many patients one trial needs.

    Attributes
    ----------
    trial : Trial
        What is planned.
    target : float
        Power it is planned for.
    patients : int or None
        Per arm (two arms) or in all; None if more than `MOST_PATIENTS`.
    power, low, high : float
        Power at that size with its 95 % interval; NaN without one.
    """

    trial: Trial
    target: float
    patients: int | None
    power: float
    low: float
    high: float


def plan_trials(
    counts: Counts,
    trials: Sequence[Trial],
    *,
    seed: int,
    n_trials: int = 4000,
    progress: Callable[[float], None] | None = None,
) -> tuple[PowerCurve, ...]:
    """Simulate each trial at several sizes, among them the smallest of each target.

    Parameters
    ----------
    counts : Counts
        Of a cohort, of at least twice as many visits as a trial has.
    trials : sequence of Trial
        What is planned.
    seed : int
        Same seed, same numbers.
    n_trials : int
        Simulated trials of each size; 4000 leave 1.3 points of uncertainty at a power of 80 %.
    progress : callable, optional
        Told the share done, 0 to 1.

    Raises
    ------
    ConventionError
        If the courses are too short for a trial.
    TooLittleError
        If nobody can be enrolled.
    """
    for trial in trials:
        _check_room(counts, trial)
    curves = []
    for index, trial in enumerate(trials):
        rng = np.random.default_rng([seed, 61, index])
        curves.append(_power_curve(rng, counts, trial, n_trials))
        if progress is not None:
            progress((index + 1) / len(trials))
    return tuple(curves)


def require(
    curves: Sequence[PowerCurve], targets: Sequence[float] = TARGETS
) -> tuple[Requirement, ...]:
    """Return how many patients each trial needs for each power."""
    return tuple(_requirement(curve, target) for curve in curves for target in targets)


def _requirement(curve: PowerCurve, target: float) -> Requirement:
    size = curve.smallest(target)
    if size is None:
        return Requirement(curve.trial, target, None, np.nan, np.nan, np.nan)
    at = int(np.searchsorted(curve.patients, size))
    return Requirement(curve.trial, target, size, float(curve.power[at]), *curve.interval(at))


def formula_patients(arms: Sequence[Floats], target: float) -> int:
    """Return the size that a formula asks for, per arm or in all.

    The power of the t test for the median and the usual spread of the changes, over the efficiency
    of a rank test. It errs where trials are small.

    Parameters
    ----------
    arms : sequence of ndarray
        Changes under treatment, and without it if there are two arms.
    target : float
        Power.
    """
    from scipy.stats import nct, t

    effect = abs(float(np.median(arms[0]) - (np.median(arms[1]) if len(arms) == 2 else 0.0)))
    variance = sum(_usual_sd(arm) ** 2 for arm in arms)
    sizes = np.arange(2, 10 * MOST_PATIENTS)
    freedom = len(arms) * (sizes - 1)
    shift = effect * np.sqrt(sizes / variance)
    power = nct.sf(t.ppf(1.0 - ALPHA / 2.0, freedom), freedom, shift)
    enough = np.flatnonzero(power >= target)
    size = int(sizes[enough[0] if len(enough) else -1])
    return math.ceil(size / RANK_EFFICIENCY)


def _usual_sd(changes: Floats) -> float:
    """Return a standard deviation that the few patients who remit do not move."""
    return _NORMAL_MAD * float(np.median(np.abs(changes - np.median(changes))))


def _power_curve(
    rng: np.random.Generator, counts: Counts, trial: Trial, n_trials: int
) -> PowerCurve:
    arms = [counts.changes(trial.visits, treated=True)]
    if trial.design == "two_arm":
        arms.append(counts.changes(trial.visits, treated=False))
    if not len(arms[0]):
        raise TooLittleError(
            "A trial needs patients with a spasm a minute or more; found none. Draw more patients."
        )
    guess = 2 * formula_patients(arms, max(TARGETS))
    most = min(max(guess, 2 * _FEWEST), MOST_PATIENTS)
    found = _search(_draw_trials(rng, arms, n_trials, most), most)
    if most < MOST_PATIENTS and found[most] < max(TARGETS) * n_trials:
        found = _search(_draw_trials(rng, arms, n_trials, MOST_PATIENTS), MOST_PATIENTS)
    sizes = sorted(found)
    return PowerCurve(trial, np.array(sizes), np.array([found[n] for n in sizes]), n_trials)


def _draw_trials(
    rng: np.random.Generator, changes: Sequence[Floats], n_trials: int, most: int
) -> list[Floats]:
    """Draw the changes of each trial's patients, (n_trials, most) for each arm."""
    shape = (n_trials, most)
    return [rng.choice(pool, shape) for pool in changes]


def _search(arms: Sequence[Floats], most: int) -> dict[int, int]:
    """Count significant trials of several sizes; by halving, those next to each target too.

    A trial of n patients is the beginning of one of n + 1, so power hardly wavers between sizes.
    """
    spread = np.geomspace(_FEWEST, most, _CURVE_SIZES).round().astype(int)
    found = {int(size): _count_found(arms, int(size)) for size in spread}
    for target in TARGETS:
        enough = target * len(arms[0])
        sizes = sorted(found)
        above = next((size for size in sizes if found[size] >= enough), None)
        if above is None:
            continue
        below = max((size for size in sizes if size < above), default=above - 1)
        while above - below > 1:
            middle = (below + above) // 2
            found[middle] = _count_found(arms, middle)
            below, above = (below, middle) if found[middle] >= enough else (middle, above)
    return found


def _count_found(arms: Sequence[Floats], size: int) -> int:
    from scipy.stats import mannwhitneyu, wilcoxon

    drawn = [arm[:, :size] for arm in arms]
    if len(drawn) == 2:
        value = mannwhitneyu(drawn[0], drawn[1], axis=1, method="asymptotic").pvalue
    else:
        value = wilcoxon(drawn[0], axis=1, method="approx", correction=True).pvalue
    return int(np.count_nonzero(np.asarray(value) < ALPHA))


def days_needed(visits: int, every_days: float) -> int:
    """Return how long courses must be for trials of so many visits: a year at least."""
    return max(365, math.ceil(2 * visits * every_days))


def _check_room(counts: Counts, trial: Trial) -> None:
    held = counts.untreated.shape[1]
    if not 2 <= 2 * trial.visits <= held:
        raise ConventionError(
            f"The visits of a trial must be from 1 to {held // 2}, half of each course's; got "
            f"{trial.visits}. Take fewer, or draw longer courses."
        )


def check_effect(drop_percent: float, visits: Sequence[int]) -> None:
    """Refuse a drop, or numbers of visits, that no trial can have.

    Raises
    ------
    ConventionError
        Naming what must be what, and what it was.
    """
    ranges = [("drop", drop_percent, 1.0, 99.0, " %")]
    ranges += [("number of visits", one, 1, 50, "") for one in visits]
    for name, value, low, high, unit in ranges:
        if not low <= value <= high:
            raise ConventionError(
                f"The {name} of a trial must be from {low:g} to {high:g}{unit}; got {value:g}. "
                "Give a value in that range."
            )
