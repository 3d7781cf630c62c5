"""What treatments do to spasms over the days: botulinum toxin, medicines, surgery, or nothing.

A treatment is a plan (a day, a dose) with a response: the mean one as written here, a patient's own
from `responses`. Its `effect` on a day says what is left of rate and amplitude, and what harm there
is. Doses are inputs of a simulation, never a recommendation.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np

TAU_D, T50_D, STEEPNESS = 10.6, 95.0, 2.8
"""Rise, half-life and steepness of the toxin's effect: our choice, made to meet Bentivoglio 2009
(Eur J Neurol 16:392), Sorgun 2015 and Jitpimolmard 1998."""

Harm = Literal["none", "ptosis", "lagophthalmos", "droop"]

_HARM_DAYS = (3.0, 14.0, 28.0, 42.0)  # begins, full, begins to go, gone: our choice


@dataclass(frozen=True)
class Effect:
    """What is left of the spasms, and what harm there is, on one day.

    Attributes
    ----------
    rate_factor, amplitude_factor : float
        1 without treatment.
    ptosis_mm, droop_mm : float
        How far the lid and the mouth corner of the affected side hang.
    palsy : float
        Share of the affected side's movement that is lost, 0 to 1.
    """

    rate_factor: float = 1.0
    amplitude_factor: float = 1.0
    ptosis_mm: float = 0.0
    droop_mm: float = 0.0
    palsy: float = 0.0


@dataclass(frozen=True)
class Toxin:
    """Botulinum toxin A of one session.

    Attributes
    ----------
    dose_u : float
        Units of onabotulinumtoxinA; other brands have other units.
    day : float
        Of the injection.
    tau_d, t50_d : float
        How fast the effect rises, and when half of it is gone; the mean patient's if not drawn.
    responds : bool
        Whether this session works.
    harm : str
        Its side effect, if any, of `harm_size` 0 to 1.
    """

    dose_u: float
    day: float = 0.0
    tau_d: float = TAU_D
    t50_d: float = T50_D
    responds: bool = True
    harm: Harm = "none"
    harm_size: float = 0.0

    def block(self, day: float) -> float:
        """Return the share of a spasm that is blocked on a day of the course."""
        t = day - self.day
        if t <= 0.0 or not self.responds:
            return 0.0
        most = 0.95 * self.dose_u**1.5 / (self.dose_u**1.5 + 11.3**1.5)
        rise = 1.0 - float(np.exp(-((t / self.tau_d) ** 2)))
        return float(most * rise / (1.0 + (t / self.t50_d) ** STEEPNESS))

    def effect(self, day: float) -> Effect:
        """Return what this session does on a day of the course."""
        left = 1.0 - self.block(day)
        hurts = float(np.interp(day - self.day, _HARM_DAYS, (0.0, 1.0, 1.0, 0.0)))
        hurts *= self.harm_size
        return Effect(
            rate_factor=left,
            amplitude_factor=left,
            ptosis_mm=3.0 * hurts if self.harm == "ptosis" else 0.0,
            droop_mm=3.0 * hurts if self.harm == "droop" else 0.0,
            palsy=0.4 * hurts if self.harm == "lagophthalmos" else 0.0,
        )


@dataclass(frozen=True)
class Surgery:
    """Microvascular decompression.

    Attributes
    ----------
    day : float
        Of the operation.
    outcome : "immediate", "delayed" or "failed"
        Whether and when it relieves.
    free_d : float
        Days from the operation until free, of the delayed.
    left : float
        What a failed one leaves of the rate, and what a recurrence brings back.
    recurs_d : float
        Days until it recurs; infinite if never.
    palsy, palsy_d : float
        Depth of a transient facial palsy, and how many days it lasts.
    """

    day: float
    outcome: Literal["immediate", "delayed", "failed"] = "immediate"
    free_d: float = 0.0
    left: float = 0.8
    recurs_d: float = float("inf")
    palsy: float = 0.0
    palsy_d: float = 60.0

    def effect(self, day: float) -> Effect:
        """Return what the operation does on a day of the course."""
        t = day - self.day
        if t < 0.0:
            return Effect()
        palsy = self.palsy * max(1.0 - t / self.palsy_d, 0.0)
        return Effect(rate_factor=self._rate(t), droop_mm=3.0 * palsy, palsy=palsy)

    def _rate(self, t: float) -> float:
        if self.outcome == "failed" or t >= self.recurs_d:
            return self.left
        if self.outcome == "delayed" and t < self.free_d:
            return 0.6 * (1.0 - t / self.free_d)
        return 0.0


@dataclass(frozen=True)
class Medicine:
    """An oral medicine whose modest effect fades; size and times are our choice.

    Attributes
    ----------
    day : float
        Of the first dose.
    best : float
        Share of the rate it takes away at its best.
    """

    day: float
    best: float = 0.25

    def effect(self, day: float) -> Effect:
        """Return what the medicine does on a day of the course."""
        t = max(day - self.day, 0.0)
        works = self.best * (1.0 - float(np.exp(-t / 7.0))) * float(np.exp(-t / 180.0))
        return Effect(rate_factor=1.0 - works, amplitude_factor=1.0 - 0.5 * works)


@dataclass(frozen=True)
class Untreated:
    """The disease by itself.

    Attributes
    ----------
    per_year : float
        Factor of the rate after a year; 0 for a remission.
    remits_day : float
        When a remission begins; it takes a month.
    """

    per_year: float = 1.0
    remits_day: float = float("inf")

    def effect(self, day: float) -> Effect:
        """Return how the disease itself has changed by a day of the course."""
        if self.per_year == 0.0:
            return Effect(
                rate_factor=float(np.clip(1.0 - (day - self.remits_day) / 30.0, 0.0, 1.0))
            )
        return Effect(rate_factor=float(self.per_year ** (day / 365.0)))


Treatment = Toxin | Surgery | Medicine | Untreated


def combine(effects: Sequence[Effect]) -> Effect:
    """Return several effects together: what is left multiplies, what hangs adds up."""
    return Effect(
        rate_factor=float(np.prod([one.rate_factor for one in effects])),
        amplitude_factor=float(np.prod([one.amplitude_factor for one in effects])),
        ptosis_mm=sum(one.ptosis_mm for one in effects),
        droop_mm=sum(one.droop_mm for one in effects),
        palsy=1.0 - float(np.prod([1.0 - one.palsy for one in effects])),
    )
