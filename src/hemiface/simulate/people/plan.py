"""When a virtual patient's spasms come, what shape they have, and which muscles take part.

Everything is drawn in seconds and millimetres from a seed, before any frame exists: the same seed
gives the same spasms at 30 and at 120 frames per second.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from hemiface.errors import ConventionError
from hemiface.simulate.face.fields import CHANNELS
from hemiface.simulate.people.envelopes import Envelope, draw_plateau, draw_train, draw_twitch
from hemiface.simulate.people.mimics import plan_mimic
from hemiface.simulate.people.patient import Patient, draw_patient
from hemiface.simulate.people.process import (
    CLUSTER_REST_S,
    GAP_S,
    Marks,
    amplitude_factor,
    draw_marks,
    draw_one,
    skin_mm,
)
from hemiface.simulate.people.schedule import LAG_S, TONIC_S, Build, Contraction, Schedule, row
from hemiface.simulate.people.severity import LARGEST_MM, PROFILES, STAGES, Severity
from hemiface.simulate.people.state import RESTING, State
from hemiface.simulate.people.triggers import Movement
from hemiface.types import Side, Span

OTHER_BABINSKI_PER_SPASM = 0.6
"""Share of spasms that close the eye in which the brow lifts, of those who have the sign: our
choice."""

_LID = "orbicularis_oculi_upper"


@dataclass(frozen=True, eq=False)
class _Take:
    """Whose spasms, on which side and face, and what treatment leaves of their amplitude."""

    patient: Patient
    side: Side
    amplitude: float
    build: Build


def plan_spasms(
    seed: int,
    *,
    side: Side | None,
    severity: Severity,
    duration_s: float,
    build: Build,
    observed: tuple[Span, ...] | None = None,
    patient: Patient | None = None,
    state: State | None = None,
    movements: Sequence[Movement] = (),
) -> Schedule:
    """Draw the involuntary movements of one recording.

    Parameters
    ----------
    seed : int
        Same seed, same spasms.
    side : "left", "right" or None
        The person's own side; None plans no spasm.
    severity : "mild", "moderate" or "severe"
        Of the patient who is drawn from the seed if none is given.
    duration_s : float
        Length of the recording.
    build : Build
        The face they will be seen on.
    observed : tuple of Span, optional
        Where a face is in view; spasms lie inside one of these.
    patient : Patient, optional
        Whose spasms, or whose mimic of them; their own side and severity hold.
    state : State, optional
        What they do and how they are treated; at rest and untreated if not given.
    movements : sequence of Movement
        Blinks and voluntary movements, which may provoke spasms or carry synkinesis.

    Returns
    -------
    Schedule
        Without a state, at least one spasm if a side is given and one fits; with one, as many as
        the process gives, which may be none.

    Raises
    ------
    ConventionError
        If the severity or the task is unknown.
    """
    if severity not in PROFILES:
        raise ConventionError(
            f"The severity must be one of {', '.join(PROFILES)}; got {severity!r}. Choose one."
        )
    spans = (Span(0.0, duration_s),) if observed is None else observed
    if patient is None and side is None:
        return Schedule((), build)
    patient = patient or draw_patient(seed, severity=severity, side=side)
    if patient.side is None or patient.condition != "hfs":
        return plan_mimic(seed, patient, build=build, observed=spans, movements=movements)
    rng = np.random.default_rng([seed, 1])
    drawn = [(span, draw_marks(rng, patient, state or RESTING, span, movements)) for span in spans]
    if state is None:
        drawn = _at_least_one(rng, patient, drawn)
    take = _Take(patient, patient.side, amplitude_factor(state or RESTING), build)
    contractions = [one for span, marks in drawn for one in _contract(rng, take, marks, span)]
    return Schedule(tuple(contractions), build)


def _at_least_one(
    rng: np.random.Generator, patient: Patient, drawn: list[tuple[Span, Marks]]
) -> list[tuple[Span, Marks]]:
    """Return what was drawn, or a single spasm in the longest stretch if that was nothing."""
    if not drawn or any(len(marks) for _, marks in drawn):
        return drawn
    longest = max((span for span, _ in drawn), key=lambda span: span.duration_s)
    return [(longest, draw_one(rng, patient, longest))]


def _contract(rng: np.random.Generator, take: _Take, marks: Marks, span: Span) -> list[Contraction]:
    """Give the spasms of one stretch their shape, their time and their muscles."""
    shapes = [_draw_shape(rng, float(duration_s)) for duration_s in marks.duration_s]
    starts = _lay_out(rng, marks, [shape.length_s for shape in shapes], span)
    return [
        _recruit(rng, take, marks, index, Envelope(starts[index], shapes[index].values))
        for index in np.argsort(starts, kind="stable").tolist()
    ]


def _draw_shape(rng: np.random.Generator, duration_s: float) -> Envelope:
    """Draw the shape of a spasm: its bursts fuse in a tonic one, a long clonic one is a run."""
    if duration_s >= TONIC_S:
        return draw_plateau(rng, duration_s)
    if duration_s > 0.25 and rng.random() < 0.75:
        return draw_train(rng, duration_s)
    return draw_twitch(rng, duration_s)


def _lay_out(
    rng: np.random.Generator, marks: Marks, lengths_s: list[float], span: Span
) -> list[float]:
    """Return when each shape starts: clusters where they fall, then pushed apart to rest between.

    A later one waits for an earlier one to end; what would leave the stretch moves back into it.
    """
    room_s = span.duration_s - LAG_S
    starts = _fall(rng, marks, lengths_s, room_s)
    order = np.argsort(starts, kind="stable").tolist()
    rest_s = min(GAP_S, max(0.0, (room_s - sum(lengths_s)) / (len(lengths_s) + 1)))
    free_s = rest_s
    for index in order:
        starts[index] = max(starts[index], free_s)
        free_s = starts[index] + lengths_s[index] + rest_s
    free_s = room_s - rest_s
    for index in reversed(order):
        starts[index] = min(starts[index], free_s - lengths_s[index])
        free_s = starts[index] - rest_s
    return [span.start_s + start for start in starts]


def _fall(
    rng: np.random.Generator, marks: Marks, lengths_s: list[float], room_s: float
) -> list[float]:
    """Return where shapes fall by chance: clusters anywhere, their own one after the other."""
    rests = GAP_S + rng.exponential(CLUSTER_REST_S, len(marks))
    starts: list[float] = []
    next_s: dict[int, float] = {}
    for cluster, at, length_s, rest in zip(
        marks.cluster.tolist(), marks.at.tolist(), lengths_s, rests.tolist(), strict=True
    ):
        starts.append(next_s.get(cluster, at * (room_s - length_s)))
        next_s[cluster] = starts[-1] + length_s + rest
    return starts


def _recruit(
    rng: np.random.Generator, take: _Take, marks: Marks, index: int, envelope: Envelope
) -> Contraction:
    """Choose the muscles of one spasm, their order, their lags and how far each pulls."""
    side, closure = take.side, float(marks.closure[index])
    muscles = _choose_muscles(rng, take.patient, int(marks.depth[index]), closes=closure > 0.0)
    wanted = float(skin_mm(marks.strength[index]))
    share = {m: rng.uniform(0.5, 1.0) * LARGEST_MM[m] for m in muscles if m != _LID}
    drive = _scaled(share, wanted, side, take.build)
    drive[_LID] = closure * take.build.opening_mm[side]
    lags = np.sort(rng.uniform(0.0, LAG_S, len(muscles)))
    lags -= lags[0]
    pulls = tuple(take.amplitude * drive[muscle] for muscle in muscles)
    return Contraction(envelope, side, muscles, pulls, tuple(lags.tolist()))


def _choose_muscles(
    rng: np.random.Generator, patient: Patient, depth: int, *, closes: bool
) -> tuple[str, ...]:
    stages = STAGES[2 : max(depth + 1, 3)] if patient.atypical else STAGES[: depth + 1]
    chosen: list[str] = []
    for stage in stages:
        kept = [muscle for muscle in stage if len(stage) == 1 or rng.random() < 0.7]
        chosen += kept or [stage[0]]
    if _LID in chosen and not closes:
        chosen.remove(_LID)
    lifts = rng.random() < OTHER_BABINSKI_PER_SPASM
    if lifts and closes and patient.other_babinski and "corrugator" not in chosen:
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
