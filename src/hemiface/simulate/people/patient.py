"""A virtual patient: who they are, what they have, and how it shows, drawn once from a seed."""

from dataclasses import dataclass
from typing import TypeVar

import numpy as np

from hemiface.errors import ConventionError
from hemiface.simulate.people.epidemiology import (
    AT_ONCE_SECONDARY,
    ATYPICAL_SHARE,
    CAUSES,
    CLUSTER_OF_PATTERN,
    CONDITIONS,
    DEPTHS_MILD_2,
    DEPTHS_STAGE_1,
    LEFT_SHARE,
    ONSET_AGE,
    OTHER_BABINSKI,
    PATTERN_MIX,
    PATTERNS,
    PERIOCULAR_FIRST,
    SEVERITY_OF_STAGE,
    STAGE_MIX,
    SYNKINESIS_PRIMARY,
    SYNKINESIS_SECONDARY,
    WOMEN,
    YEARS_OF_STAGE,
    Cause,
    Condition,
    OnsetSite,
    Pattern,
    Sex,
)
from hemiface.simulate.people.severity import PROFILES, Rates, Severity, draw_rates
from hemiface.simulate.people.triggers import Trigger, draw_sensitivity
from hemiface.types import SIDES, Side

__all__ = ["CONDITIONS", "Condition", "Patient", "draw_patient"]

T = TypeVar("T")


@dataclass(frozen=True)
class Patient:
    """One virtual patient, drawn once; what changes with time is in `State` and treatments.

    Attributes
    ----------
    seed : int
        What they were drawn from.
    condition : str
        Hemifacial spasm ("hfs"), one of its mimics, or "healthy".
    sex, age_years, age_at_onset_years : str, float, float
        Years, one decimal; of the healthy both ages are the same.
    side : "left", "right" or None
        The person's own affected side; None where no side is: both eyes, or health.
    cause, onset_site : str
        Where the disease comes from, and where it began; "none" but in HFS.
    stage : int
        SMC grade of spread, 1 to 4; 0 but in HFS.
    pattern : str
        Isolated twitches, grouped bursts, mixed, tonic; "none" but in HFS.
    severity : "mild", "moderate" or "severe"
        Which profile rates, durations and strengths are drawn from.
    rates : Rates
        How often and how long spasms come; zeros but in HFS.
    cluster : float
        Mean number of spasms in a cluster, at least 1.
    strength : tuple of float
        Beta distribution of a spasm's strength, 0 to 1.
    depths : tuple of float
        How likely a spasm reaches each depth of `STAGES`.
    other_babinski, atypical : bool
        Whether the brow lifts with the closing eye; whether the eye is spared.
    sensitivity : dict of trigger to float
        Factor of the rate under each trigger, 1 where it does nothing.
    synkinesis : float
        How strongly one part of the face follows another, 0 to 1.
    weakness : float
        Share of the affected side's movement that is lost, 0 to 1.
    opening_mm : dict of side to float
        Opening of each eye at rest, ptosis and narrowing included.
    ptosis_mm : float
        How far the upper lid of the affected side hangs, of itself.
    """

    seed: int
    condition: Condition
    sex: Sex
    age_years: float
    age_at_onset_years: float
    side: Side | None
    cause: Cause
    onset_site: OnsetSite
    stage: int
    pattern: Pattern
    severity: Severity
    rates: Rates
    cluster: float
    strength: tuple[float, float]
    depths: tuple[float, ...]
    other_babinski: bool
    atypical: bool
    sensitivity: dict[Trigger, float]
    synkinesis: float
    weakness: float
    opening_mm: dict[Side, float]
    ptosis_mm: float

    @property
    def years(self) -> float:
        """Years since the onset."""
        return round(self.age_years - self.age_at_onset_years, 1)


def draw_patient(
    seed: int,
    *,
    condition: Condition = "hfs",
    severity: Severity | None = None,
    side: Side | None = None,
) -> Patient:
    """Draw a virtual patient.

    Parameters
    ----------
    seed : int
        Same seed, same patient.
    condition : str
        One of `CONDITIONS`.
    severity : "mild", "moderate" or "severe", optional
        Drawn with the stage of spread if not given.
    side : "left" or "right", optional
        Drawn if not given; not used for blepharospasm and health, which have none.

    Raises
    ------
    ConventionError
        If the seed, condition, severity or side is none that exists.
    """
    _check(seed, condition, severity, side)
    rng = np.random.default_rng([seed, 30])
    hfs = condition == "hfs"
    drawn_stage, severity = _draw_stage(rng, severity)
    pattern = _pick(rng, PATTERNS, PATTERN_MIX[severity])
    cause = _pick(rng, tuple(CAUSES), tuple(CAUSES.values()))
    atypical = bool(rng.random() < ATYPICAL_SHARE) and drawn_stage > 1
    onset_site = _draw_onset_site(rng, cause, atypical=atypical)
    onset, age = _draw_ages(rng, condition, drawn_stage)
    own_side = _draw_side(rng, condition, side)
    ptosis_mm, weakness = _draw_ptosis(rng), _draw_weakness(rng, condition, cause, drawn_stage)
    return Patient(
        seed=seed,
        condition=condition,
        sex="female" if rng.random() < WOMEN[condition] else "male",
        age_years=age,
        age_at_onset_years=onset,
        side=own_side,
        cause=cause if hfs else "none",
        onset_site=onset_site if hfs else "none",
        stage=drawn_stage if hfs else 0,
        pattern=pattern if hfs else "none",
        severity=severity,
        rates=_draw_rates(rng, severity, pattern) if hfs else Rates(0.0, 0.0, (0.1, 0.4), 0.0),
        cluster=max(PROFILES[severity].cluster * CLUSTER_OF_PATTERN[pattern], 1.0),
        strength=_draw_strength(rng, severity),
        depths=_depths(drawn_stage, severity),
        other_babinski=bool(rng.random() < OTHER_BABINSKI.get(condition, 0.0)),
        atypical=atypical and hfs,
        sensitivity=draw_sensitivity(rng),
        synkinesis=_draw_synkinesis(rng, condition, cause),
        weakness=weakness,
        opening_mm=_draw_opening(rng, own_side if hfs else None, ptosis_mm),
        ptosis_mm=ptosis_mm,
    )


def _check(seed: int, condition: str, severity: str | None, side: str | None) -> None:
    if seed < 0:
        raise ConventionError(f"The seed must be 0 or more; got {seed}. Give another.")
    for name, value, choices in (
        ("condition", condition, CONDITIONS),
        ("severity", severity or "mild", tuple(PROFILES)),
        ("side", side or "left", SIDES),
    ):
        if value not in choices:
            raise ConventionError(
                f"The {name} must be one of {', '.join(choices)}; got {value!r}. Choose one."
            )


def _draw_stage(rng: np.random.Generator, severity: Severity | None) -> tuple[int, Severity]:
    """Draw grade of spread and severity together, of those that agree with a severity given."""
    pairs = [
        (stage, one, STAGE_MIX[stage - 1] * share)
        for stage, severities in SEVERITY_OF_STAGE.items()
        for one, share in severities.items()
        if severity in (None, one)
    ]
    weights = np.array([weight for *_, weight in pairs])
    stage, drawn, _ = pairs[int(rng.choice(len(pairs), p=weights / weights.sum()))]
    return stage, drawn


def _pick(rng: np.random.Generator, choices: tuple[T, ...], shares: tuple[float, ...]) -> T:
    return choices[int(rng.choice(len(choices), p=np.array(shares) / sum(shares)))]


def _draw_onset_site(rng: np.random.Generator, cause: Cause, *, atypical: bool) -> OnsetSite:
    at_once = 1.0 - PERIOCULAR_FIRST
    if cause not in ("primary", "familial"):
        at_once = AT_ONCE_SECONDARY
    together = rng.random() < at_once
    if atypical:
        return "lower_face"
    return "upper_and_lower" if together else "lower_lid"


def _draw_ages(rng: np.random.Generator, condition: Condition, stage: int) -> tuple[float, float]:
    """Return age at onset and age now; onset from 15 to 87 years as in Wang and Jankovic 1998."""
    low = 3.0 if condition == "tic" else 15.0
    onset = float(np.clip(rng.normal(*ONSET_AGE[condition]), low, 87.0))
    years = float(rng.lognormal(np.log(YEARS_OF_STAGE[stage]), 0.6))
    age = onset if condition == "healthy" else min(onset + years, 95.0)
    return round(onset, 1), round(age, 1)


def _draw_side(rng: np.random.Generator, condition: Condition, given: Side | None) -> Side | None:
    drawn: Side = "left" if rng.random() < LEFT_SHARE else "right"
    return None if condition in ("blepharospasm", "healthy") else given or drawn


def _draw_rates(rng: np.random.Generator, severity: Severity, pattern: Pattern) -> Rates:
    """Draw rates; moderate disease has tonic spasms where its pattern is mixed, severe always."""
    tonic = severity == "severe" or (severity == "moderate" and pattern == "mixed")
    rates = draw_rates(rng, severity, tonic=tonic)
    if pattern == "tonic":
        return Rates(0.0, rates.tonic_per_min, rates.clonic_s, rates.tonic_s)
    return rates


def _draw_strength(rng: np.random.Generator, severity: Severity) -> tuple[float, float]:
    """Shift the profile's mean strength by a tenth or so, so that patients differ: our choice."""
    a, b = PROFILES[severity].strength
    mean = float(np.clip(a / (a + b) + rng.normal(0.0, 0.05), 0.1, 0.9))
    return (a + b) * mean, (a + b) * (1.0 - mean)


def _depths(stage: int, severity: Severity) -> tuple[float, ...]:
    if stage == 1:
        return DEPTHS_STAGE_1
    return DEPTHS_MILD_2 if severity == "mild" else PROFILES[severity].stages


def _draw_synkinesis(rng: np.random.Generator, condition: Condition, cause: Cause) -> float:
    """Draw its gain, .15 to .6 (our choice); everyone has it after palsy, nobody without HFS."""
    gain = float(rng.uniform(0.15, 0.6))
    primary = cause in ("primary", "familial")
    share = SYNKINESIS_PRIMARY if primary else SYNKINESIS_SECONDARY
    has = rng.random() < (share if condition == "hfs" else float(condition == "synkinesis"))
    return gain if has else 0.0


def _draw_weakness(
    rng: np.random.Generator, condition: Condition, cause: Cause, stage: int
) -> float:
    """Draw the share of movement lost: our choice, but that it grows with severity.

    Facial weakness went with severity in 321 patients (PMID 22222858).
    """
    drawn = float(rng.beta(2.0, 6.0))
    if condition == "synkinesis" or (condition == "hfs" and cause == "after_palsy"):
        return 0.6 * drawn
    return 0.1 * stage * drawn if condition == "hfs" else 0.0


def _draw_ptosis(rng: np.random.Generator) -> float:
    """Draw how far a lid hangs; one person in ten, .5 to 2 mm: our choice."""
    hangs, mm = rng.random() < 0.1, float(rng.uniform(0.5, 2.0))
    return mm if hangs else 0.0


def _draw_opening(
    rng: np.random.Generator, side: Side | None, ptosis_mm: float
) -> dict[Side, float]:
    """Draw each eye's opening at rest, about 9.5 mm (our choice).

    The affected eye is a tenth narrower: its aspect ratio was .25 untreated and .27 with toxin,
    .30 in healthy eyes (Gameiro 2024); that the second difference lasts at rest is our reading.
    """
    usual = float(rng.normal(9.5, 0.9))
    opening = {one: usual + float(rng.normal(0.0, 0.25)) for one in SIDES}
    narrower = float(np.clip(rng.normal(0.9, 0.05), 0.7, 1.0))
    if side is not None:
        opening[side] = opening[side] * narrower
    opening[side or "left"] -= ptosis_mm
    return {one: round(max(mm, 4.0), 3) for one, mm in opening.items()}
