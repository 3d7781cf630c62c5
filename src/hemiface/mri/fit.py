"""Shapes fitted to the voxels of both pictures at once.

Masks and distance maps read a touch where a gap is smaller than a voxel. So the pictures are
painted from the shapes, as a scanner would have taken them, and the shapes are moved until the
painted voxels are the seen ones (Gauss and Newton, damped after Marquardt 1963,
DOI 10.1137/0111030; outlying voxels weigh less, Huber 1964, DOI 10.1214/aoms/1177703732).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np

from hemiface.mri.scene import PatchShape, TubeShape
from hemiface.mri.synthesis import Shape, Window, paint
from hemiface.types import Floats

Kind = Literal["pons", "vestibulocochlear", "facial", "vessel", "vein"]
ROUNDS, _HUBER, _FIELD_MM = 14, 2.5, 4.0


@dataclass(frozen=True)
class Part:
    """A shape to be fitted: what it is, the shape, and its numbers as first seen."""

    kind: Kind
    shape: Shape
    start: Floats


@dataclass(frozen=True)
class View:
    """A picture's window ready to be fitted: weights (0: not looked at) and its usual levels."""

    window: Window
    weight: Floats
    levels: Floats
    spread: Floats
    is_tof: bool


@dataclass(frozen=True)
class Fitted:
    """What was found.

    Attributes
    ----------
    numbers : list of numpy.ndarray
        Of each shape.
    levels : list of numpy.ndarray
        Brightness of fluid and of each shape in each picture.
    shift : numpy.ndarray
        Of the TOF, mm, shape (3,).
    covariance : numpy.ndarray
        Of the shapes' numbers, one after the other, for noise alone.
    misfit : float
        Root mean square of what is left, in units of the noise.
    cost : float
    """

    numbers: list[Floats]
    levels: list[Floats]
    shift: Floats
    covariance: Floats
    misfit: float
    cost: float


def fit(
    parts: Sequence[Part], views: Sequence[View], middle: Floats, rounds: int = ROUNDS
) -> Fitted:
    """Fit shapes to pictures.

    Parameters
    ----------
    parts : sequence of Part
        In the order in which one covers another.
    views : sequence of View
    middle : numpy.ndarray
        Of the window, LPS mm.
    rounds : int
        At most so many steps.
    """
    problem = _Problem(parts, views, middle)
    theta = problem.start
    left, slopes, robust = problem.at(theta)
    cost, damping = problem.cost(left, theta), 1e-2
    for _ in range(rounds):
        normal = slopes.T @ (robust[:, None] * slopes) + problem.stiff
        pull = slopes.T @ (robust * left) - problem.stiff @ (theta - problem.rest)
        moved = False
        for _ in range(4):
            step = np.linalg.solve(normal + damping * np.diag(np.diag(normal)), pull)
            fresh = problem.kept(theta + step)
            fresh_left, fresh_slopes, fresh_robust = problem.at(fresh)
            fresh_cost = problem.cost(fresh_left, fresh)
            if fresh_cost < cost:
                moved = True
                break
            damping *= 8.0
        if not moved:
            break
        gained, cost = cost - fresh_cost, fresh_cost
        theta, left, slopes, robust = fresh, fresh_left, fresh_slopes, fresh_robust
        damping = max(damping / 5.0, 1e-6)
        if gained < 0.05:
            break
    return problem.told(theta, left, slopes, robust, cost)


class _Problem:
    """Residuals and their slopes, with what is usual as a soft bound."""

    def __init__(self, parts: Sequence[Part], views: Sequence[View], middle: Floats) -> None:
        self.parts, self.views, self.middle = parts, views, middle
        sizes = [part.shape.n for part in parts]
        self.ends = np.cumsum([0, *sizes])
        n_levels = len(parts) + 1
        self.at_view, total = [], int(self.ends[-1])
        for _ in views:
            self.at_view.append(total)
            total += n_levels + 3
        self.at_shift, self.n = total, total + 3
        self.rest, self.stiff = np.zeros(self.n), np.zeros((self.n, self.n))
        for part, begin in zip(parts, self.ends, strict=False):
            self.rest[begin : begin + part.shape.n] = part.start
            self.stiff[begin : begin + part.shape.n, begin : begin + part.shape.n] = _usual(part)
        for view, begin in zip(views, self.at_view, strict=True):
            self.rest[begin : begin + n_levels] = view.levels
            spread = np.concatenate([view.spread, np.full(3, 0.1)])
            where = np.arange(begin, begin + n_levels + 3)
            self.stiff[where, where] = 1.0 / spread**2
        where = np.arange(self.at_shift, self.n)
        self.stiff[where, where] = 1.0 / 0.25**2
        self.start = self.rest.copy()

    def shapes(self, theta: Floats) -> list[Floats]:
        return [theta[a:b] for a, b in zip(self.ends[:-1], self.ends[1:], strict=True)]

    def kept(self, theta: Floats) -> Floats:
        for part, begin in zip(self.parts, self.ends, strict=False):
            if isinstance(part.shape, TubeShape):
                at = begin + part.shape.n - 5
                theta[at] = np.clip(theta[at], 0.2, 3.0)
                theta[at + 3 : at + 5] = np.clip(theta[at + 3 : at + 5], -0.35, 0.35)
        return theta

    def at(self, theta: Floats) -> tuple[Floats, Floats, Floats]:
        left, slopes, robust = [], [], []
        numbers, n_levels = self.shapes(theta), len(self.parts) + 1
        for view, begin in zip(self.views, self.at_view, strict=True):
            levels, field = theta[begin : begin + n_levels], theta[begin + n_levels :][:3]
            shift = theta[self.at_shift :] if view.is_tof else np.zeros(3)
            cells = view.window.cells - shift
            seen = [p.shape.see(x, cells) for p, x in zip(self.parts, numbers, strict=True)]
            painted = paint(view.window, seen, levels)
            away = (view.window.places - self.middle) / _FIELD_MM
            lit = 1.0 + away @ field
            rows = np.zeros((len(lit), self.n))
            for (a, b), change in zip(
                zip(self.ends[:-1], self.ends[1:], strict=True), painted.by_shape, strict=True
            ):
                rows[:, a:b] = lit[:, None] * change
            rows[:, begin : begin + n_levels] = lit[:, None] * painted.by_level
            rows[:, begin + n_levels : begin + n_levels + 3] = painted.picture[:, None] * away
            if view.is_tof:
                rows[:, self.at_shift :] = lit[:, None] * painted.by_shift
            off = view.weight * (view.window.seen - lit * painted.picture)
            kept = view.weight > 0
            left.append(off[kept])
            slopes.append((view.weight[:, None] * rows)[kept])
            robust.append(np.minimum(1.0, _HUBER / np.maximum(np.abs(off[kept]), 1e-9)))
        return np.concatenate(left), np.concatenate(slopes), np.concatenate(robust)

    def cost(self, left: Floats, theta: Floats) -> float:
        size = np.abs(left)
        data = np.where(size < _HUBER, 0.5 * size**2, _HUBER * (size - 0.5 * _HUBER)).sum()
        off = theta - self.rest
        return float(data + 0.5 * off @ self.stiff @ off)

    def told(
        self, theta: Floats, left: Floats, slopes: Floats, robust: Floats, cost: float
    ) -> Fitted:
        normal = slopes.T @ (robust[:, None] * slopes) + self.stiff
        n = int(self.ends[-1])
        n_levels = len(self.parts) + 1
        return Fitted(
            self.shapes(theta),
            [theta[begin : begin + n_levels] for begin in self.at_view],
            theta[self.at_shift :],
            np.asarray(np.linalg.inv(normal)[:n, :n], float),
            float(np.sqrt(np.mean(np.minimum(left**2, 16.0)))),
            cost,
        )


def _usual(part: Part) -> Floats:
    """Return how stiffly a shape's numbers are held to what is usual, shape (n, n)."""
    n = part.shape.n
    stiff = np.zeros((n, n))
    if isinstance(part.shape, PatchShape):
        degree = part.shape.powers.sum(axis=1).astype(int)
        spread = np.array([1.0, 1.0, 0.7, 0.25, 0.12])[degree]
        stiff[np.arange(n), np.arange(n)] = 1.0 / spread**2
        return stiff
    knots = part.shape.basis.shape[1]
    stiff[np.arange(2 * knots), np.arange(2 * knots)] = 1.0 / 0.8**2
    bend = np.diff(np.eye(knots), 2, axis=0) if knots > 2 else np.zeros((1, knots))
    for begin in (0, knots):
        stiff[begin : begin + knots, begin : begin + knots] += bend.T @ bend / 0.25**2
    spread = np.array(_SPREADS[part.kind])
    stiff[np.arange(n - 5, n), np.arange(n - 5, n)] = 1.0 / spread**2
    return stiff


_SPREADS = {
    "facial": (0.12, 0.05, 0.04, 0.12, 0.12),
    "vestibulocochlear": (0.15, 0.05, 0.04, 0.10, 0.10),
    "vessel": (0.6, 0.10, 0.08, 0.05, 0.05),
    "vein": (0.25, 0.10, 0.08, 0.05, 0.05),
}
"""Of radius, its slope and bend (mm), and the ellipse: our choice."""
