"""Tubes followed through a mask of them, ridge by ridge."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from hemiface.mri.grid import STEP_MM, Grid
from hemiface.mri.lines import nearest_on
from hemiface.types import Floats

TRACE_MM = 0.3
_NEAR_MM, _SKIN_MM, _SHORTEST_MM, _LONGEST_MM = 4.0, 0.6, 2.5, 15.0
_MOST, _SAME_MM = 8, 0.55
_GAP_MM, _TURN = 5.0, 0.6


@dataclass(frozen=True)
class Traced:
    """A vessel's middle, LPS mm, (n, 3), a point every `TRACE_MM`; its radius, mm, (n,)."""

    line: Floats
    radius: Floats
    in_tof: bool = True

    @property
    def length_mm(self) -> float:
        """Length of the line."""
        return float(np.linalg.norm(np.diff(self.line, axis=0), axis=1).sum())


def trace(
    grid: Grid, mask: NDArray[np.bool_], near: Floats, *, in_tof: bool = True
) -> list[Traced]:
    """Return the tubes in a mask within `_NEAR_MM` of points (n, 3), the thickest first."""
    from scipy.ndimage import distance_transform_edt, gaussian_filter

    depth = distance_transform_edt(mask) * STEP_MM
    ridge = gaussian_filter(depth, 1.0)
    free = mask & _within(grid, near, _NEAR_MM)
    found: list[Traced] = []
    while free.any() and len(found) < _MOST:
        seed = np.argwhere(free)[int(np.argmax(ridge[free]))]
        line = _follow(ridge, mask, seed.astype(float))
        radius = np.maximum(_pick(depth, line) + 0.5 * STEP_MM, 0.3)
        _cover(free, line, radius)
        fresh = _fresh(grid.places(line), found)
        if (fresh.stop - fresh.start) * TRACE_MM >= _SHORTEST_MM:
            radius = gaussian_filter(radius, 2.0, mode="nearest")
            found.append(Traced(grid.places(line)[fresh], radius[fresh], in_tof))
    return found


def join(tubes: Sequence[Traced]) -> list[Traced]:
    """Return tubes of which those that go on in another beyond a gap are one."""
    left = list(tubes)
    while (best := _best_join(left)) is not None:
        one, other, joined = best
        left = [tube for at, tube in enumerate(left) if at not in (one, other)] + [joined]
    return left


def _best_join(tubes: Sequence[Traced]) -> tuple[int, int, Traced] | None:
    found = []
    for one in range(len(tubes)):
        for other in range(one + 1, len(tubes)):
            for a in (tubes[one], _turned(tubes[one])):
                for b in (tubes[other], _turned(tubes[other])):
                    if (bend := _bend(a, b)) is not None:
                        found.append((bend, one, other, a, b))
    if not found:
        return None
    _, one, other, a, b = min(found, key=lambda each: each[0])
    gap = float(np.linalg.norm(b.line[0] - a.line[-1]))
    between = np.linspace(0.0, 1.0, max(int(gap / TRACE_MM), 1) + 1)[1:-1, None]
    line = np.concatenate([a.line, a.line[-1] + between * (b.line[0] - a.line[-1]), b.line])
    radius = np.concatenate([
        a.radius, np.full(len(between), (np.median(a.radius) + np.median(b.radius)) / 2.0), b.radius
    ])  # fmt: skip
    return one, other, Traced(line, radius, a.in_tof)


def _turned(tube: Traced) -> Traced:
    return Traced(tube.line[::-1], tube.radius[::-1], tube.in_tof)


def _bend(a: Traced, b: Traced) -> float | None:
    """Return how much one must bend to go on in the other; None if too far or too much."""
    across = b.line[0] - a.line[-1]
    gap = float(np.linalg.norm(across))
    if not 0.0 < gap < _GAP_MM:
        return None
    ahead = _unit(a.line[-1] - a.line[-min(6, len(a.line))])
    on = _unit(b.line[min(5, len(b.line) - 1)] - b.line[0])
    straight = min(float(ahead @ across) / gap, float(on @ across) / gap)
    return gap * (2.0 - straight) if straight > _TURN else None


def _unit(vector: Floats) -> Floats:
    unit: Floats = vector / max(float(np.linalg.norm(vector)), 1e-9)
    return unit


def _fresh(line: Floats, known: Sequence[Traced]) -> slice:
    """Return the longest stretch of a line that is no vessel known already."""
    is_new = np.ones(len(line), bool)
    for one in known:
        away, at = nearest_on(one.line, line)
        is_new &= away > np.maximum(_SAME_MM, 0.6 * one.radius[at])
    edges = np.flatnonzero(np.diff(np.concatenate([[False], is_new, [False]]).astype(int)))
    runs = edges.reshape(-1, 2)
    begin, end = max(runs, key=lambda run: run[1] - run[0], default=(0, 0))
    return slice(int(begin), int(end))


def _within(grid: Grid, near: Floats, most_mm: float) -> NDArray[np.bool_]:
    places = grid.places(np.indices(grid.t2.shape).reshape(3, -1).T)
    away, _ = nearest_on(near, places, most_mm)
    inside: NDArray[np.bool_] = np.isfinite(away).reshape(grid.t2.shape)
    return inside


def _follow(ridge: Floats, mask: NDArray[np.bool_], seed: Floats) -> Floats:
    """Return the ridge through a point, both ways, in indices."""
    from scipy.ndimage import gaussian_filter1d

    heading = _heading(ridge, seed)
    back = _walk(ridge, mask, seed, -heading)
    ahead = _walk(ridge, mask, seed, heading)
    line = np.array([*back[::-1], seed, *ahead])
    if len(line) <= 3:
        return line
    smooth: Floats = gaussian_filter1d(line, 1.5, axis=0, mode="nearest")
    return smooth


def _heading(ridge: Floats, at: Floats) -> Floats:
    offsets = _ball(5.0)
    weight = np.maximum(_pick(ridge, at + offsets), 0.0)
    middle = (weight[:, None] * offsets).sum(axis=0) / weight.sum()
    spread = (weight[:, None] * (offsets - middle)).T @ (offsets - middle)
    direction: Floats = np.linalg.eigh(spread)[1][:, -1]
    return direction


def _walk(ridge: Floats, mask: NDArray[np.bool_], start: Floats, heading: Floats) -> list[Floats]:
    """Return points ahead, each centred in the plane across the heading, until the mask ends."""
    at = start
    points: list[Floats] = []
    while len(points) < _LONGEST_MM / TRACE_MM:
        ahead = at + heading * (TRACE_MM / STEP_MM)
        centred = _centred(ridge, ahead, heading)
        if _pick(mask.astype(float), centred[None])[0] < 0.3:
            break
        step = centred - at
        heading = heading * 0.6 + 0.4 * step / max(float(np.linalg.norm(step)), 1e-9)
        heading = heading / np.linalg.norm(heading)
        at = centred
        points.append(at)
    return points


def _centred(ridge: Floats, at: Floats, heading: Floats) -> Floats:
    reach = max(2.0, 1.2 * float(_pick(ridge, at[None])[0]) / STEP_MM)
    offsets = _ball(reach)
    offsets = offsets - (offsets @ heading)[:, None] * heading
    weight = np.maximum(_pick(ridge, at + offsets), 0.0) ** 3 + 1e-12
    centre: Floats = at + (weight[:, None] * offsets).sum(axis=0) / weight.sum()
    return centre


def _ball(reach: float) -> Floats:
    n = int(np.ceil(reach))
    steps = np.stack(np.meshgrid(*3 * [np.arange(-n, n + 1)], indexing="ij"), -1).reshape(-1, 3)
    ball: Floats = steps[np.linalg.norm(steps, axis=1) <= reach].astype(float)
    return ball


def _pick(values: Floats, at: Floats) -> Floats:
    from scipy.ndimage import map_coordinates

    found: Floats = map_coordinates(values, at.T, order=1, mode="constant", cval=0.0)
    return found


def _cover(free: NDArray[np.bool_], line: Floats, radius: Floats) -> None:
    """Take what a vessel fills out of what is still to be traced."""
    left = np.argwhere(free).astype(float)
    away, nearest = nearest_on(line, left)
    filled = left[away * STEP_MM < radius[nearest] + _SKIN_MM]
    free[tuple(filled.astype(int).T)] = False
