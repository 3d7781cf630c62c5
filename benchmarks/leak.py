"""How much the still side of the face seems to move while the other one does."""

import math
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from statistics import median

import numpy as np
from scipy.ndimage import gaussian_filter1d

from benchmarks.baselines import SMOOTH_S
from benchmarks.cases import Case
from benchmarks.scores import CLEAR_MM
from hemiface.muscles import MUSCLES
from hemiface.types import SIDES, Floats, Spasm, other_side

# Responses smaller than these are no base for a ratio: mm, or fraction of a closed eye or a blend
# shape.
_LEAST = {"mm": 0.5, "fraction": 0.1}
_BEFORE_S = (0.25, 0.10)
_BLINK_MARGIN_S = 0.25


@dataclass(frozen=True)
class Response:
    """What both sides of one group of channels did during one spasm.

    Attributes
    ----------
    moving : float
        Largest rise on the side in spasm.
    largest : float
        Largest change, up or down, of the same channel on the other side, noise included.
    together : float
        Change of the other side at the moment of the largest rise.
    """

    moving: float
    largest: float
    together: float


@dataclass(frozen=True)
class Leak:
    """The still side's share of the moving side's response.

    Attributes
    ----------
    largest : float
        Median over spasms of the largest response, which holds the noise too.
    together : float
        All responses at the moments of the peaks together, in which noise cancels.
    n : int
        Spasms.
    """

    largest: float
    together: float
    n: int


def measure_leaks(cases: Sequence[Case]) -> tuple[dict[str, Leak], dict[str, Leak]]:
    """Return the leak of every group of our channels, and of every blend shape.

    Only spasms from `CLEAR_MM` with no blink near them count. Give cases at rest: what a person
    does besides with both sides looks like a leak.
    """
    ours: dict[str, list[Response]] = {}
    shapes: dict[str, list[Response]] = {}
    for case in cases:
        for spasm in _alone(case):
            for group, response in _our_responses(case, spasm):
                ours.setdefault(group, []).append(response)
            for name, response in _shape_responses(case, spasm):
                shapes.setdefault(name, []).append(response)
    return _summed(ours), _summed(shapes)


def respond(times_s: Floats, moving: Floats, still: Floats, spasm: Spasm) -> Response | None:
    """Return the response of some channels and their opposites, each (n_channels, n_frames)."""
    before = (times_s >= spasm.onset_s - _BEFORE_S[0]) & (times_s < spasm.onset_s - _BEFORE_S[1])
    during = (times_s >= spasm.onset_s) & (times_s < spasm.end_s)
    if not before.any() or not during.any():
        return None
    sigma = SMOOTH_S / float(np.median(np.diff(times_s)))
    rows = gaussian_filter1d(np.stack([moving, still]), sigma, axis=2)
    change = rows[:, :, during] - rows[:, :, before].mean(axis=2, keepdims=True)
    if not np.isfinite(change).all():
        return None
    channel, frame = np.unravel_index(change[0].argmax(), change[0].shape)
    return Response(
        moving=float(change[0, channel, frame]),
        largest=float(np.abs(change[1, channel]).max()),
        together=float(change[1, channel, frame]),
    )


def _alone(case: Case) -> Iterator[Spasm]:
    for spasm in case.truth.spasms:
        near = any(
            blink.onset_s - _BLINK_MARGIN_S < spasm.end_s
            and spasm.onset_s - _BLINK_MARGIN_S < blink.end_s
            for blink in case.truth.blinks
        )
        if spasm.amplitude_mm >= CLEAR_MM and not near:
            yield spasm


def _our_responses(case: Case, spasm: Spasm) -> Iterator[tuple[str, Response]]:
    signals = case.found.signals
    assert signals is not None
    for group, names in _groups().items():
        rows = [
            np.array([signals.row(name, side) for name in names])
            for side in (spasm.side, other_side(spasm.side))
        ]
        unit = "fraction" if group == "closure of the eye" else "mm"
        response = respond(signals.times_s, rows[0], rows[1], spasm)
        if response is not None and response.moving >= _LEAST[unit]:
            yield group, response


def _shape_responses(case: Case, spasm: Spasm) -> Iterator[tuple[str, Response]]:
    own = SIDES.index(spasm.side)
    for name, rows in case.traces.shapes.items():
        response = respond(case.traces.times_s, rows[[own]], rows[[1 - own]], spasm)
        if response is not None and response.moving >= _LEAST["fraction"]:
            yield name, response


def _groups() -> dict[str, list[str]]:
    groups: dict[str, list[str]] = {}
    for muscle in MUSCLES:
        name = "closure of the eye" if muscle.unit == "fraction" else muscle.group
        groups.setdefault(name, []).append(muscle.name)
    return groups


def _summed(responses: dict[str, list[Response]]) -> dict[str, Leak]:
    return {name: _leak(some) for name, some in responses.items()}


def _leak(responses: Iterable[Response]) -> Leak:
    some = list(responses)
    if not some:
        return Leak(math.nan, math.nan, 0)
    moving = sum(one.moving for one in some)
    return Leak(
        largest=median(one.largest / one.moving for one in some),
        together=abs(sum(one.together for one in some)) / moving,
        n=len(some),
    )
