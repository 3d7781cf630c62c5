"""What mild, moderate and severe mean: the ranges that rates, durations and strengths come from.

Rates, durations and burdens are working ranges, our choice (no published distribution exists). The
order of muscles begins as Wang and Jankovic 1998 (Muscle Nerve 21:1740) and Colosimo 2006 (Arch
Neurol 63:441) describe it; its tail, after the mouth, is our choice.
"""

from dataclasses import dataclass
from typing import Literal

import numpy as np

Severity = Literal["mild", "moderate", "severe"]

STAGES: tuple[tuple[str, ...], ...] = (
    ("orbicularis_oculi_lower",),
    ("orbicularis_oculi_upper",),
    ("zygomaticus", "levator_labii"),
    ("risorius", "orbicularis_oris", "depressor_anguli_oris", "depressor_labii"),
    ("corrugator", "nasalis", "mentalis"),
    ("platysma",),
)
"""The order in which the disease, and each spasm, spreads."""

LARGEST_MM: dict[str, float] = {
    "orbicularis_oculi_lower": 2.0,
    "zygomaticus": 4.0,
    "levator_labii": 3.0,
    "risorius": 4.0,
    "orbicularis_oris": 2.5,
    "depressor_anguli_oris": 3.0,
    "depressor_labii": 2.0,
    "corrugator": 2.0,
    "nasalis": 1.5,
    "mentalis": 2.0,
    "platysma": 3.0,
    "frontalis": 3.0,
}
"""How far each muscle pulls at most, mm."""


@dataclass(frozen=True)
class Profile:
    """The ranges one severity is drawn from.

    Attributes
    ----------
    clonic_per_min, tonic_per_min : tuple of float
        Range of a patient's mean rate; drawn log-uniformly.
    clonic_s, tonic_s : tuple of float
        Range of durations; clonic ones are drawn log-uniformly.
    burden : tuple of float
        Range of a patient's share of time in spasm.
    cluster : float
        Mean number of spasms in a cluster.
    strength : tuple of float
        Beta distribution of a spasm's strength, 0 to 1.
    stages : tuple of float
        How likely a spasm reaches each depth of `STAGES`: only the first, the first two, and so on.
    """

    clonic_per_min: tuple[float, float]
    tonic_per_min: tuple[float, float]
    clonic_s: tuple[float, float]
    tonic_s: tuple[float, float]
    burden: tuple[float, float]
    cluster: float
    strength: tuple[float, float]
    stages: tuple[float, ...]


PROFILES: dict[Severity, Profile] = {
    "mild": Profile(
        clonic_per_min=(2.0, 10.0),
        tonic_per_min=(0.0, 0.0),
        clonic_s=(0.1, 0.4),
        tonic_s=(1.0, 1.0),
        burden=(0.0, 0.027),
        cluster=1.5,
        strength=(1.2, 2.6),
        stages=(0.45, 0.37, 0.13, 0.05, 0.0, 0.0),
    ),
    "moderate": Profile(
        clonic_per_min=(10.0, 55.0),
        tonic_per_min=(0.5, 1.5),
        clonic_s=(0.1, 1.0),
        tonic_s=(1.05, 3.0),
        burden=(0.05, 0.18),
        cluster=4.0,
        strength=(1.4, 2.1),
        stages=(0.12, 0.18, 0.30, 0.28, 0.10, 0.02),
    ),
    "severe": Profile(
        clonic_per_min=(8.0, 25.0),
        tonic_per_min=(2.0, 9.0),
        clonic_s=(0.1, 0.9),
        tonic_s=(1.05, 30.0),
        burden=(0.25, 0.52),
        cluster=4.0,
        strength=(1.9, 1.7),
        stages=(0.03, 0.07, 0.15, 0.30, 0.25, 0.20),
    ),
}


@dataclass(frozen=True)
class Rates:
    """How often and how long one patient's spasms come, drawn once.

    Attributes
    ----------
    clonic_per_min, tonic_per_min : float
        Mean rates at rest, untreated.
    clonic_s : tuple of float
        Range of clonic durations; each is drawn log-uniformly.
    tonic_s : float
        Mean tonic duration, 0 without tonic spasms.
    """

    clonic_per_min: float
    tonic_per_min: float
    clonic_s: tuple[float, float]
    tonic_s: float


def draw_rates(rng: np.random.Generator, severity: Severity, *, tonic: bool) -> Rates:
    """Draw rates and durations of a severity that fit its range of burden."""
    profile = PROFILES[severity]
    clonic = _log_uniform(rng, profile.clonic_per_min)
    if not tonic:
        return Rates(clonic, 0.0, _clonic_range(rng, profile, clonic, profile.burden[1]), 0.0)
    per_min = _log_uniform(rng, profile.tonic_per_min)
    burden = rng.uniform(*profile.burden)
    clonic_s = _clonic_range(rng, profile, clonic, 0.4 * burden)
    left_s = 60.0 * burden - clonic * mean_log_uniform(clonic_s)
    return Rates(clonic, per_min, clonic_s, float(np.clip(left_s / per_min, *profile.tonic_s)))


def _clonic_range(
    rng: np.random.Generator, profile: Profile, per_min: float, burden: float
) -> tuple[float, float]:
    """Range of a patient's clonic durations that keeps their share of time at or below `burden`."""
    shortest, longest = profile.clonic_s
    ends = np.linspace(1.3 * shortest, longest * rng.uniform(0.75, 1.0), 60)
    fits = [end for end in ends if per_min * mean_log_uniform((shortest, end)) <= 60.0 * burden]
    return shortest, float(fits[-1] if fits else ends[0])


def _log_uniform(rng: np.random.Generator, ends: tuple[float, float]) -> float:
    return float(np.exp(rng.uniform(np.log(ends[0]), np.log(ends[1]))))


def mean_log_uniform(ends: tuple[float, float]) -> float:
    """Return the mean of a log-uniform distribution between two ends."""
    return float((ends[1] - ends[0]) / np.log(ends[1] / ends[0]))
