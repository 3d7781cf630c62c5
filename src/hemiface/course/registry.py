"""Many people together: what each kind of treatment did, for a clinic to learn from."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np

from hemiface.course.compare import TreatmentEffect, treatment_effects
from hemiface.records import Course, Injection, Medicine, Operation, Treatment

HALVED = 0.5
LEAST_PEOPLE = 5
"""Fewer people than this could be known again: nothing is told of them."""
_N_DRAWS, _SEED = 999, 30


@dataclass(frozen=True)
class Outcome:
    """What one kind of treatment did in many people.

    Attributes
    ----------
    kind : str
        "botulinum toxin" with its brand, the substance of a medicine, an operation, a therapy.
    n_people, n_sessions : int
    ratio, low, high : float
        Median over people of the rate under it over the usual one, and its 95 % bootstrap interval.
    halved, halved_low, halved_high : float
        Share of people whose rate it halved, and Wilson's interval.
    effects_per_session, effects_low, effects_high : float
        Share of sessions followed by a side effect put down to it, and Wilson's interval.
    """

    kind: str
    n_people: int
    n_sessions: int
    ratio: float
    low: float
    high: float
    halved: float
    halved_low: float
    halved_high: float
    effects_per_session: float
    effects_low: float
    effects_high: float


def outcomes(courses: Iterable[Course]) -> tuple[Outcome, ...]:
    """Return what each kind of treatment did, where at least five people were given it.

    A person counts once for each kind: the median of their sessions.
    """
    gathered = _gather(courses)
    kinds = sorted({kind for person in gathered for kind in person})
    made = [_outcome(kind, [one[kind] for one in gathered if kind in one]) for kind in kinds]
    return tuple(one for one in made if one.n_people >= LEAST_PEOPLE)


@dataclass(frozen=True)
class _Given:
    """What one person was given of one kind."""

    ratios: tuple[float, ...]
    n_sessions: int
    n_with_effects: int


def _gather(courses: Iterable[Course]) -> list[dict[str, _Given]]:
    people = []
    for course in courses:
        by_kind: dict[str, list[TreatmentEffect]] = {}
        for effect in treatment_effects(course):
            by_kind.setdefault(_kind(effect.treatment), []).append(effect)
        people.append({kind: _given(course, some) for kind, some in by_kind.items()})
    return people


def _kind(one: Treatment) -> str:
    if isinstance(one, Injection):
        return f"botulinum toxin: {one.brand}"
    if isinstance(one, Medicine):
        return f"medicine: {one.name}"
    if isinstance(one, Operation):
        return f"operation: {one.procedure}"
    return f"{one.modality}: {one.kind}"


def _given(course: Course, effects: Sequence[TreatmentEffect]) -> _Given:
    known = tuple(one.ratio for one in effects if np.isfinite(one.ratio))
    return _Given(
        known, len(effects), sum(_has_side_effect(course, one.treatment) for one in effects)
    )


def _has_side_effect(course: Course, one: Treatment) -> bool:
    """Return whether a side effect put down to such a treatment began before the next of them."""
    later = [
        other.on for other in course.treatments if type(other) is type(one) and other.on > one.on
    ]
    until = min(later, default=None)
    word = type(one).__name__.lower()
    return any(
        effect.after == word and effect.on >= one.on and (until is None or effect.on < until)
        for effect in course.side_effects
    )


def _outcome(kind: str, people: Sequence[_Given]) -> Outcome:
    ratios = np.array([float(np.median(one.ratios)) for one in people if one.ratios])
    n_sessions = sum(one.n_sessions for one in people)
    n_effects = sum(one.n_with_effects for one in people)
    return Outcome(
        kind,
        len(people),
        n_sessions,
        *_median(ratios),
        *_share(int((ratios < HALVED).sum()), len(ratios)),
        *_share(n_effects, n_sessions),
    )


def _median(values: np.ndarray) -> tuple[float, float, float]:
    if not len(values):
        return float("nan"), float("nan"), float("nan")
    draws = np.random.default_rng(_SEED).choice(values, size=(_N_DRAWS, len(values)))
    low, high = np.quantile(np.median(draws, axis=1), [0.025, 0.975])
    return float(np.median(values)), float(low), float(high)


def _share(n: int, of: int) -> tuple[float, float, float]:
    from statsmodels.stats.proportion import proportion_confint

    if not of:
        return float("nan"), float("nan"), float("nan")
    low, high = proportion_confint(n, of, method="wilson")
    return n / of, float(low), float(high)
