"""How one patient responds to treatments, and what their disease does by itself: drawn from a seed.

Shares have their source beside them; what is marked *our choice* was never published.
"""

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from hemiface.simulate.course.treatments import TAU_D, Harm, Surgery, Toxin, Treatment, Untreated

ONSET_D = (5.4, 5.0)
"""Mean and SD of the day on which the toxin is felt: 5.4 (5.3) days (Bentivoglio 2009)."""

DURATION_D = (95.0, 45.0)
"""Mean and SD of `t50_d`: our choice, after 85 (42) to 106 (54) days (Bentivoglio 2009)."""

NON_RESPONSE = 0.05
"""Share of sessions without effect: 4.6 to 6.5 % (Bentivoglio 2009)."""

SIDE_EFFECTS = 0.17
"""Share of sessions with a side effect: 17.4 % (Bentivoglio 2009)."""

HARMS: dict[Harm, float] = {"ptosis": 0.7, "lagophthalmos": 0.14, "droop": 0.16}
"""Which side effect it is. Ptosis follows about 12 % of sessions; the rest is our choice."""

IMMEDIATE, DELAYED = 0.718, 0.254
"""Relief after surgery at once, and late: pooled shares of 2 727 operations (PMID 25668113). The
2.8 % left are failures here; the final 85 to 91 % free in other series count from other bases."""

DELAY_CURVE = ((7.0, 0.35), (30.0, 0.51), (91.0, 0.73), (182.0, 0.87), (365.0, 0.97), (730.0, 1.0))
"""Days until free and share of patients, 175 of one centre, all cured in the end (PMID 36097503);
the last day is our choice. Those relieved late are those after the first week."""

RECURRENCE = 0.04
"""Share relieved who relapse: 2.4 % (Miller 2012, Br J Neurosurg 26:438) to 5.7 % (Brain Sci 2022
12:583). When, .5 to 5 years on, is our choice."""

TRANSIENT_PALSY = 0.095
"""Share of operations (Miller 2012). Its depth and 3 to 12 weeks are our choice."""

TRENDS: dict[float, float] = {1.3: 0.106, 0.7: 0.096, 1.0: 0.774, 0.0: 0.024}
"""Share of the untreated by what a year makes of their rate. Worse 10.6 % and partly better 9.6 %
of 104 (Lee 2017, Stereotact Funct Neurosurg 95:21), remission the floor of 2.4 %, for those 104
remained of 1 775; the factors are our choice."""


def draw_responses(seed: int, treatments: Sequence[Treatment]) -> tuple[Treatment, ...]:
    """Return the treatments with the responses of one patient, and their disease's own trend.

    Onset and duration of toxin are the patient's, the same in every session; failure and side
    effects are the session's. A treatment added at the end changes none before it.

    Parameters
    ----------
    seed : int
        Same seed, same responses.
    treatments : sequence of Treatment
        As planned; `Untreated` among them is given a drawn trend like any other course.
    """
    rng = np.random.default_rng([seed, 31])
    trend = _draw_trend(rng)
    tau_d = TAU_D * _log_normal(rng, ONSET_D) / ONSET_D[0]
    t50_d = _log_normal(rng, DURATION_D)
    planned = [one for one in treatments if not isinstance(one, Untreated)]
    drawn: list[Treatment] = [trend]
    for index, one in enumerate(planned):
        own = np.random.default_rng([seed, 32, index])
        if isinstance(one, Toxin):
            drawn.append(_draw_session(own, replace(one, tau_d=tau_d, t50_d=t50_d)))
        elif isinstance(one, Surgery):
            drawn.append(_draw_outcome(own, one))
        else:
            drawn.append(replace(one, best=float(own.uniform(0.0, 0.5))))
    return tuple(drawn)


def _draw_trend(rng: np.random.Generator) -> Untreated:
    shares = np.array(list(TRENDS.values()))
    per_year = list(TRENDS)[int(rng.choice(len(shares), p=shares / shares.sum()))]
    return Untreated(per_year, float(rng.uniform(0.0, 365.0)))


def _draw_session(rng: np.random.Generator, plan: Toxin) -> Toxin:
    fails, hurts = rng.random() < NON_RESPONSE, rng.random() < SIDE_EFFECTS
    kind = list(HARMS)[int(rng.choice(len(HARMS), p=list(HARMS.values())))]
    size = float(rng.uniform(0.3, 1.0))
    return replace(
        plan, responds=not fails, harm=kind if hurts else "none", harm_size=size if hurts else 0.0
    )


def _draw_outcome(rng: np.random.Generator, plan: Surgery) -> Surgery:
    chance, late, recurs = rng.random(), rng.random(), rng.random() < RECURRENCE
    recurs_d, left = float(rng.uniform(180.0, 1825.0)), float(rng.uniform(0.5, 1.0))
    palsied = rng.random() < TRANSIENT_PALSY
    depth, palsy_d = rng.uniform(0.2, 0.8), rng.uniform(21.0, 84.0)
    delayed = IMMEDIATE <= chance < IMMEDIATE + DELAYED
    free_d = _delay_d(late) if delayed else 0.0
    return replace(
        plan,
        outcome="immediate" if chance < IMMEDIATE else "delayed" if delayed else "failed",
        free_d=free_d,
        left=left,
        recurs_d=free_d + recurs_d if recurs else float("inf"),
        palsy=float(depth) if palsied else 0.0,
        palsy_d=float(palsy_d),
    )


def _delay_d(late: float) -> float:
    """Return when one of those relieved after the first week is free, by their rank 0 to 1."""
    days, shares = zip(*DELAY_CURVE, strict=True)
    return float(np.interp(shares[0] + late * (1.0 - shares[0]), shares, days))


def _log_normal(rng: np.random.Generator, mean_sd: tuple[float, float]) -> float:
    mean, sd = mean_sd
    sigma = np.sqrt(np.log(1.0 + (sd / mean) ** 2))
    return float(rng.lognormal(np.log(mean) - sigma**2 / 2.0, sigma))
