"""What mild, moderate and severe mean: rates, durations, strengths and muscles of a patient.

Rates, durations and burdens are working ranges chosen for development (no published distribution
exists); the order of muscles, the pattern mix and the share with the other Babinski sign follow the
literature on hemifacial spasm.
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

OTHER_BABINSKI_SHARE = 0.68
"""Share of patients whose brow lifts while the eye closes."""

ATYPICAL_SHARE = 0.03
"""Share of patients in whom the lower face is affected and the eye is spared."""


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
    tonic_share : float
        Share of patients who have tonic spasms at all.
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
    tonic_share: float
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
        tonic_share=0.0,
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
        tonic_share=0.3,
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
        tonic_share=1.0,
        cluster=4.0,
        strength=(1.9, 1.7),
        stages=(0.03, 0.07, 0.15, 0.30, 0.25, 0.20),
    ),
}


@dataclass(frozen=True)
class Patient:
    """One virtual patient's own habits, drawn once.

    Attributes
    ----------
    clonic_per_min, tonic_per_min : float
        Mean rates.
    clonic_s : tuple of float
        Range of clonic durations.
    tonic_s : float
        Median tonic duration.
    other_babinski, atypical : bool
        Whether the brow lifts with the closing eye; whether the eye is spared.
    """

    profile: Profile
    clonic_per_min: float
    tonic_per_min: float
    clonic_s: tuple[float, float]
    tonic_s: float
    other_babinski: bool
    atypical: bool


def draw_patient(rng: np.random.Generator, severity: Severity) -> Patient:
    """Draw a patient of this severity, with rates and durations that fit its range of burden."""
    profile = PROFILES[severity]
    clonic = _log_uniform(rng, profile.clonic_per_min)
    tonic = 0.0
    if rng.random() < profile.tonic_share:
        tonic = _log_uniform(rng, profile.tonic_per_min)
    burden = rng.uniform(*profile.burden) if tonic else profile.burden[1]
    clonic_s = _clonic_range(rng, profile, clonic, 0.4 * burden if tonic else burden)
    left_s = 60.0 * burden - clonic * _mean_log_uniform(clonic_s)
    tonic_s = float(np.clip(left_s / tonic, *profile.tonic_s)) if tonic else 0.0
    return Patient(
        profile, clonic, tonic, clonic_s, tonic_s,
        bool(rng.random() < OTHER_BABINSKI_SHARE), bool(rng.random() < ATYPICAL_SHARE),
    )  # fmt: skip


def _clonic_range(
    rng: np.random.Generator, profile: Profile, per_min: float, burden: float
) -> tuple[float, float]:
    """Range of a patient's clonic durations that keeps their share of time at or below `burden`."""
    shortest, longest = profile.clonic_s
    ends = np.linspace(1.3 * shortest, longest * rng.uniform(0.75, 1.0), 60)
    fits = [end for end in ends if per_min * _mean_log_uniform((shortest, end)) <= 60.0 * burden]
    return shortest, float(fits[-1] if fits else ends[0])


def _log_uniform(rng: np.random.Generator, ends: tuple[float, float]) -> float:
    return float(np.exp(rng.uniform(np.log(ends[0]), np.log(ends[1]))))


def _mean_log_uniform(ends: tuple[float, float]) -> float:
    return float((ends[1] - ends[0]) / np.log(ends[1] / ends[0]))
