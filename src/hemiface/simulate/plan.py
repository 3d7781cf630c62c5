"""When a virtual patient's spasms come, how strong they are, and which muscles take part.

Everything is drawn in seconds and millimetres from a seed, before any frame exists: the same seed
gives the same spasms at 30 and at 120 frames per second.
"""

import numpy as np

from hemiface.errors import ConventionError
from hemiface.simulate.envelopes import Envelope, draw_plateau, draw_train, draw_twitch
from hemiface.simulate.fields import CHANNELS
from hemiface.simulate.schedule import LAG_S, Build, Contraction, Schedule, row
from hemiface.simulate.severity import (
    LARGEST_MM,
    PROFILES,
    STAGES,
    Patient,
    Severity,
    draw_patient,
)
from hemiface.types import Side, Span

GAP_S = 0.2
"""Least rest between two spasms; closer ones would be one."""

AMPLITUDE_MM = (0.5, 4.0)
"""Range of the largest displacement of skin in a spasm; a closing lid may travel further."""

_LID = "orbicularis_oculi_upper"


def plan_spasms(
    seed: int,
    *,
    side: Side | None,
    severity: Severity,
    duration_s: float,
    build: Build,
    observed: tuple[Span, ...] | None = None,
) -> Schedule:
    """Draw the spasms of one recording.

    Parameters
    ----------
    seed : int
        Same seed, same spasms.
    side : "left", "right" or None
        The person's own side; None plans no spasm.
    severity : "mild", "moderate" or "severe"
        Which ranges rates, durations, strengths and muscles are drawn from.
    duration_s : float
        Length of the recording.
    build : Build
        The face they will be seen on.
    observed : tuple of Span, optional
        Where a face is in view; spasms that would leave it are dropped.

    Returns
    -------
    Schedule
        At least one spasm if a side is given and one fits.

    Raises
    ------
    ConventionError
        If the severity is unknown.
    """
    if severity not in PROFILES:
        raise ConventionError(
            f"The severity must be one of {', '.join(PROFILES)}; got {severity!r}. Choose one."
        )
    if side is None:
        return Schedule((), build)
    rng = np.random.default_rng([seed, 1])
    patient = draw_patient(rng, severity)
    shapes = _draw_shapes(rng, patient, duration_s)
    placed = _place(rng, shapes, patient.profile.cluster, duration_s)
    spans = (Span(0.0, duration_s),) if observed is None else observed
    drawn = [_recruit(rng, patient, envelope, side, build) for envelope in placed]
    seen = tuple(one for one in drawn if _inside(one.envelope, spans))
    return Schedule(seen, build)


def _draw_shapes(rng: np.random.Generator, patient: Patient, duration_s: float) -> list[Envelope]:
    """Draw as many spasms as this stretch of time holds; those it has no room for are left."""
    minutes = duration_s / 60.0
    n_clonic = max(int(rng.poisson(patient.clonic_per_min * minutes)), 1)
    n_tonic = int(rng.poisson(patient.tonic_per_min * minutes))
    shapes = [_draw_clonic(rng, patient) for _ in range(n_clonic)]
    shortest, longest = patient.profile.tonic_s
    longest = min(longest, 0.5 * duration_s)
    for _ in range(n_tonic if longest > shortest else 0):
        wanted = patient.tonic_s * float(rng.lognormal(-0.18, 0.6))
        shapes.append(draw_plateau(rng, float(np.clip(wanted, shortest, longest))))
    order = rng.permutation(len(shapes))
    shapes = [shapes[index] for index in order]
    while shapes and not _fit(shapes, duration_s):
        shapes.pop()
    return shapes


def _fit(shapes: list[Envelope], duration_s: float) -> bool:
    busy_s = sum(shape.length_s for shape in shapes)
    return busy_s <= 0.62 * duration_s and busy_s + GAP_S * (len(shapes) + 1) <= 0.9 * duration_s


def _draw_clonic(rng: np.random.Generator, patient: Patient) -> Envelope:
    shortest, longest = np.log(patient.clonic_s)
    duration_s = float(np.exp(rng.uniform(shortest, longest)))
    if duration_s > 0.25 and rng.random() < 0.75:
        return draw_train(rng, duration_s)
    return draw_twitch(rng, duration_s)


def _place(
    rng: np.random.Generator, shapes: list[Envelope], cluster: float, duration_s: float
) -> list[Envelope]:
    """Lay the spasms out in clusters: short rests within one, long irregular ones between."""
    if not shapes:
        return []
    starts_cluster = rng.random(len(shapes) + 1) < 1.0 / cluster
    starts_cluster[[0, -1]] = True
    rests = np.where(starts_cluster, 0.0, GAP_S + rng.exponential(0.25, len(shapes) + 1))
    free_s = duration_s - sum(shape.length_s for shape in shapes) - GAP_S * (len(shapes) + 1)
    rests *= min(1.0, 0.4 * free_s / max(rests.sum(), 1e-9))
    weights = np.where(starts_cluster, rng.exponential(1.0, len(rests)), 0.0)
    rests += GAP_S + (free_s - rests.sum()) * weights / weights.sum()
    placed, now_s = [], 0.0
    for envelope, rest in zip(shapes, rests, strict=False):
        placed.append(Envelope(now_s + rest, envelope.values))
        now_s += rest + envelope.length_s
    return placed


def _recruit(
    rng: np.random.Generator, patient: Patient, envelope: Envelope, side: Side, build: Build
) -> Contraction:
    """Choose the muscles of one spasm, their order, their lags and how far each pulls."""
    strength = float(rng.beta(*patient.profile.strength))
    muscles = _choose_muscles(rng, patient, strength)
    low, high = AMPLITUDE_MM
    wanted = low * (high / low) ** strength
    share = {m: rng.uniform(0.5, 1.0) * LARGEST_MM[m] for m in muscles if m != _LID}
    drive = _scaled(share, wanted, side, build)
    if _LID in muscles:
        closure = float(np.clip(0.1 + 0.9 * strength * rng.uniform(0.5, 1.3), 0.1, 1.0))
        drive[_LID] = closure * build.opening_mm[side]
    lags = np.sort(rng.uniform(0.0, LAG_S, len(muscles)))
    lags -= lags[0]
    return Contraction(
        envelope, side, muscles, tuple(drive[m] for m in muscles), tuple(lags.tolist())
    )


def _choose_muscles(rng: np.random.Generator, patient: Patient, strength: float) -> tuple[str, ...]:
    depth = int(rng.choice(len(STAGES), p=patient.profile.stages))
    stages = STAGES[: depth + 1]
    if patient.atypical:
        stages = STAGES[2 : max(depth + 1, 3)]
    chosen: list[str] = []
    for stage in stages:
        kept = [muscle for muscle in stage if len(stage) == 1 or rng.random() < 0.7]
        chosen += kept or [stage[0]]
    if _LID in chosen and rng.random() > 0.35 + 1.3 * strength:
        chosen.remove(_LID)  # a weak spasm often lifts the lower lid alone
    lifts = patient.other_babinski and not patient.atypical and depth > 0 and rng.random() < 0.6
    if lifts and "corrugator" not in chosen:
        chosen.append("frontalis")
    return tuple(chosen)


def _scaled(share: dict[str, float], wanted: float, side: Side, build: Build) -> dict[str, float]:
    """Scale the shares so that the patch that moves most moves `wanted` mm, within its limits."""
    drive = np.zeros(len(CHANNELS))
    for muscle, mm in share.items():
        drive[row(muscle, side)] = mm
    shown = build.gain @ drive
    most = max(shown[row(muscle, side)] for muscle in share)
    scale = wanted / max(most, 1e-6)
    return {muscle: min(mm * scale, LARGEST_MM[muscle]) for muscle, mm in share.items()}


def _inside(envelope: Envelope, spans: tuple[Span, ...]) -> bool:
    end_s = envelope.start_s + envelope.length_s + LAG_S
    return any(span.start_s <= envelope.start_s and end_s <= span.end_s for span in spans)
