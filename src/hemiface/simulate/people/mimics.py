"""What may be taken for hemifacial spasm: each with the sign that sets it apart.

Signs and shares follow the sources named beside them; rates, sizes and durations are our choice.
Nothing here is a spasm in the sense of hemifacial spasm, so a schedule of these has no events.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from hemiface.simulate.people.envelopes import (
    STEP_S,
    Envelope,
    draw_gesture,
    draw_plateau,
    draw_twitch,
)
from hemiface.simulate.people.epidemiology import Condition
from hemiface.simulate.people.patient import Patient
from hemiface.simulate.people.schedule import LAG_S, Build, Contraction, Schedule
from hemiface.simulate.people.severity import Severity
from hemiface.simulate.people.triggers import Movement
from hemiface.types import SIDES, Floats, Side, Span

_LID, _LOWER = "orbicularis_oculi_upper", "orbicularis_oculi_lower"
_REST_S = 0.3
_MANY: dict[Severity, float] = {"mild": 0.5, "moderate": 1.0, "severe": 1.8}

REPERTOIRE: tuple[tuple[dict[str, float], bool], ...] = (
    ({_LID: 0.9, _LOWER: 0.8}, True),
    ({_LID: 0.8, _LOWER: 1.2, "zygomaticus": 1.5}, False),
    ({"frontalis": 2.5}, True),
    ({"nasalis": 1.3, "levator_labii": 1.5}, True),
    ({"risorius": 3.0, "platysma": 1.5}, False),
    ({"orbicularis_oris": 1.8, "mentalis": 1.2}, True),
)
"""Tics of a face: how far each muscle pulls, mm (of the upper lid: share closed), both sides?"""


@dataclass(frozen=True, eq=False)
class _Scene:
    rng: np.random.Generator
    patient: Patient
    build: Build
    movements: Sequence[Movement]


def plan_mimic(
    seed: int,
    patient: Patient,
    *,
    build: Build,
    observed: tuple[Span, ...],
    movements: Sequence[Movement] = (),
) -> Schedule:
    """Draw what a patient without hemifacial spasm does involuntarily in one recording.

    Parameters
    ----------
    seed : int
        Same seed, same movements.
    patient : Patient
        Whose condition, side and severity.
    build : Build
        The face they will be seen on.
    observed : tuple of Span
        Where a face is in view; every movement lies inside one of these.
    movements : sequence of Movement
        Blinks and voluntary movements, which synkinesis follows; without them it shows nothing.

    Returns
    -------
    Schedule
        With the condition's name and no events.
    """
    plan = _PLANS.get(patient.condition)
    scene = _Scene(np.random.default_rng([seed, 33]), patient, build, movements)
    made = [] if plan is None else [one for span in observed for one in plan(scene, span)]
    inside = [one for one in made if _inside(one, observed)]
    inside.sort(key=lambda one: one.envelope.start_s)
    return Schedule(tuple(inside), build, patient.condition)


def _blepharospasm(scene: _Scene, span: Span) -> Iterator[Contraction]:
    """Close both eyes together, alike and for long, brows drawn down, never up (Defazio)."""
    rng = scene.rng
    for start_s, room_s in _begin(scene, span, 10.0):
        length_s = min(float(np.clip(rng.lognormal(np.log(1.2), 0.7), 0.4, 8.0)), room_s)
        depth, pull = rng.uniform(0.6, 1.0), rng.uniform(0.8, 1.8)
        shape = draw_plateau(rng, length_s)
        for side in SIDES:
            gain = 1.0 + float(rng.normal(0.0, 0.02))
            pulls = {_LOWER: pull * gain, _LID: min(depth * gain, 1.0), "corrugator": pull * gain}
            yield _contraction(scene, shape, start_s, side, pulls)


def _functional(scene: _Scene, span: Span) -> Iterator[Contraction]:
    """Hold the lower face of a side, the mouth corner down, the eye left alone.

    Baizabal-Carvallo and Jankovic 2017 (J Neurol): tonic, lower face only, downward, without the
    other Babinski sign. The other side joins now and then, not at the same time.
    """
    rng = scene.rng
    for start_s, room_s in _begin(scene, span, 2.5):
        length_s = min(float(np.clip(rng.lognormal(np.log(5.0), 0.6), 1.5, 20.0)), room_s)
        pull = rng.uniform(1.5, 3.0)
        pulls = {
            "depressor_anguli_oris": pull,
            "platysma": 0.7 * pull,
            "depressor_labii": 0.4 * pull,
        }
        side = _own_side(scene) if rng.random() < 0.8 else _other(_own_side(scene))
        yield _contraction(scene, draw_gesture(rng, length_s), start_s, side, pulls)


def _tic(scene: _Scene, span: Span) -> Iterator[Contraction]:
    """Jerk briefly, each time one of the patient's own few movements, on one side or both."""
    own = np.random.default_rng([scene.patient.seed, 38])  # the repertoire is the patient's
    known = own.permutation(len(REPERTOIRE))[: int(own.integers(2, 5))]
    rng = scene.rng
    for start_s, _ in _begin(scene, span, 12.0):
        pulls, both = REPERTOIRE[int(rng.choice(known))]
        shape, size = draw_twitch(rng, rng.uniform(0.12, 0.5)), rng.uniform(0.5, 1.0)
        one = _own_side(scene) if rng.random() < 0.7 else _other(_own_side(scene))
        for side in SIDES if both else (one,):
            sized = {muscle: size * mm for muscle, mm in pulls.items()}
            yield _contraction(scene, shape, start_s, side, sized)


def _myokymia(scene: _Scene, span: Span) -> Iterator[Contraction]:
    """Let one lower lid undulate by a fraction of a millimetre, in bursts with pauses."""
    rng = scene.rng
    for start_s, room_s in _begin(scene, span, 8.0):
        length_s = min(rng.uniform(0.8, 6.0), room_s)
        pulls = {_LOWER: float(rng.uniform(0.1, 0.4))}
        yield _contraction(scene, _undulation(rng, length_s), start_s, _own_side(scene), pulls)


def _synkinesis(scene: _Scene, span: Span) -> Iterator[Contraction]:
    """Follow the person's own movements of that side: the mouth a blink, the eye a smile."""
    for movement in scene.movements:
        if span.start_s <= movement.onset_s < span.end_s:
            yield _following(scene, movement)


def _following(scene: _Scene, movement: Movement) -> Contraction:
    """Follow one movement within 10 to 40 ms, as long as it lasts: no longer than an R1-like arc.

    Other Babinski sign after palsy: 23.5 % (J Neurol Sci 2017;378:36).
    """
    rng, gain = scene.rng, scene.patient.synkinesis * movement.strength
    length_s = max(movement.duration_s, 0.12)
    shape = draw_twitch(rng, length_s) if length_s < 0.6 else draw_gesture(rng, length_s)
    late_s = rng.uniform(0.01, 0.04)
    if movement.kind in ("blink", "eye_closure"):
        pulls = {"zygomaticus": 4.0 * gain, "orbicularis_oris": 2.0 * gain}
        if scene.patient.other_babinski:
            pulls["frontalis"] = 2.5 * gain
    else:
        pulls = {_LID: min(1.4 * gain, 0.9), _LOWER: 2.0 * gain}
    # The shape's faint beginning lies before the movement's onset, as the movement's own does.
    faint_s = shape.onset_s - shape.start_s
    onset_s = max(movement.onset_s + late_s, faint_s)
    return _contraction(scene, shape, onset_s - faint_s, _own_side(scene), pulls)


_PLANS: dict[Condition, Callable[[_Scene, Span], Iterator[Contraction]]] = {
    "blepharospasm": _blepharospasm,
    "functional": _functional,
    "tic": _tic,
    "myokymia": _myokymia,
    "synkinesis": _synkinesis,
}


def _begin(scene: _Scene, span: Span, per_min: float) -> list[tuple[float, float]]:
    """Draw when movements begin in a stretch, and how long each has until the next one."""
    mean = per_min * _MANY[scene.patient.severity] * span.duration_s / 60.0
    n = max(int(scene.rng.poisson(mean)), 1)
    starts = np.sort(scene.rng.uniform(span.start_s, span.end_s, n))
    pairs = pairwise([*starts.tolist(), span.end_s - LAG_S])
    return [(start, after - start - 2 * _REST_S) for start, after in pairs if after - start > 1.4]


def _contraction(
    scene: _Scene, shape: Envelope, start_s: float, side: Side, pulls: dict[str, float]
) -> Contraction:
    drive = {muscle: float(mm) for muscle, mm in pulls.items()}
    if _LID in drive:
        drive[_LID] *= scene.build.opening_mm[side]
    lags = (0.0,) * len(drive)
    moved = Envelope(start_s, shape.values)
    return Contraction(moved, side, tuple(drive), tuple(drive.values()), lags)


def _undulation(rng: np.random.Generator, length_s: float) -> Envelope:
    """Draw a slow wave of 2 to 8 a second, the visible part of bursts of 2 to 60 Hz, faded in."""
    times_s = np.arange(0.0, length_s, STEP_S)
    phase = 2.0 * np.pi * rng.uniform(2.0, 8.0) * times_s
    wave = 0.5 - 0.5 * np.cos(phase + np.cumsum(rng.normal(0.0, 0.03, len(times_s))))
    ends = np.minimum(np.minimum(times_s, times_s[::-1]) / 0.2, 1.0)
    values: Floats = ends * wave
    return Envelope(0.0, values / values.max())


def _own_side(scene: _Scene) -> Side:
    return scene.patient.side or "left"


def _other(side: Side) -> Side:
    return "right" if side == "left" else "left"


def _inside(one: Contraction, observed: tuple[Span, ...]) -> bool:
    end_s = one.envelope.start_s + one.envelope.length_s + LAG_S
    return any(s.start_s <= one.envelope.start_s and end_s <= s.end_s for s in observed)
