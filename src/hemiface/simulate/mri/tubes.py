"""Nerves and vessels as tubes: a smooth line with a radius, and distances from them."""

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import ArrayLike, NDArray

from hemiface.types import Floats

STEP_MM = 0.1


@dataclass(frozen=True)
class Tube:
    """A smooth line with a radius, round or a little flattened.

    Attributes
    ----------
    line : numpy.ndarray
        Shape (n, 3), mm, a point every `STEP_MM`.
    radius : numpy.ndarray
        Shape (n,), mm: of a circle of the same area.
    flat : float
        Long over short axis of the cross-section; 1 is round.
    across : tuple of float
        Which way the long axis points, as far as it lies across the line.
    """

    line: Floats
    radius: Floats
    flat: float = 1.0
    across: tuple[float, float, float] = (0.0, 0.0, 1.0)

    @property
    def arc(self) -> Floats:
        """Length along the line from its beginning, mm, shape (n,)."""
        steps = np.linalg.norm(np.diff(self.line, axis=0), axis=1)
        return np.concatenate([[0.0], np.cumsum(steps)])

    @property
    def tangent(self) -> Floats:
        """Direction of the line at each point, shape (n, 3)."""
        direction = np.gradient(self.line, axis=0)
        unit: Floats = direction / np.linalg.norm(direction, axis=1, keepdims=True)
        return unit

    def moved(self, shift: ArrayLike) -> "Tube":
        """Return the tube moved as a whole, or each point by its own shift."""
        return replace(self, line=self.line + np.asarray(shift, float))

    def reach(self, at: NDArray[np.intp], towards: Floats) -> Floats:
        """Return how far the surface lies from the line, at points and in directions.

        Parameters
        ----------
        at : numpy.ndarray
            Indices of points, shape (m,).
        towards : numpy.ndarray
            Directions, shape (m, 3), of any length.
        """
        if self.flat == 1.0:
            return self.radius[at]
        along, across = self._in_section(at, towards)
        half_long, half_short = self._halves(at)
        reach: Floats = 1.0 / np.hypot(along / half_long, across / half_short)
        return reach

    def support(self, at: NDArray[np.intp], towards: Floats) -> Floats:
        """Return how far the cross-section reaches measured along a direction, as a shadow does.

        Two convex things that face each other are as far apart as their middles less both.
        """
        if self.flat == 1.0:
            return self.radius[at]
        along, across = self._in_section(at, towards)
        half_long, half_short = self._halves(at)
        support: Floats = np.hypot(along * half_long, across * half_short)
        return support

    def _halves(self, at: NDArray[np.intp]) -> tuple[Floats, Floats]:
        return self.radius[at] * np.sqrt(self.flat), self.radius[at] / np.sqrt(self.flat)

    def _in_section(self, at: NDArray[np.intp], towards: Floats) -> tuple[Floats, Floats]:
        """Return a direction as shares of the long and the short axis of the cross-section."""
        tangent, wide = self.tangent[at], np.array(self.across)
        long = wide - (tangent @ wide)[:, None] * tangent
        long /= np.linalg.norm(long, axis=1, keepdims=True)
        along = np.sum(towards * long, axis=1)
        across = np.sum(towards * np.cross(tangent, long), axis=1)
        length = np.hypot(along, across) + 1e-12
        return along / length, across / length


def smooth_line(knots: ArrayLike) -> Floats:
    """Return a line through points, as a cubic spline over the length between them."""
    from scipy.interpolate import CubicSpline

    points = np.asarray(knots, float)
    at = np.concatenate([[0.0], np.cumsum(np.linalg.norm(np.diff(points, axis=0), axis=1))])
    return resampled(CubicSpline(at, points)(np.linspace(0.0, at[-1], 2000)))


def resampled(line: Floats) -> Floats:
    """Return a line with a point every `STEP_MM`."""
    steps = np.linalg.norm(np.diff(line, axis=0), axis=1)
    arc = np.concatenate([[0.0], np.cumsum(steps)])
    places = np.arange(0.0, arc[-1], STEP_MM)
    return np.column_stack([np.interp(places, arc, line[:, axis]) for axis in range(3)])


def nearest_on(
    line: Floats, points: Floats, most_mm: float = np.inf
) -> tuple[Floats, NDArray[np.intp]]:
    """Return the distance of points to a line, and which of its points is nearest; (n,) both.

    Further off than `most_mm` the distance is infinite and there is no such point.
    """
    from scipy.spatial import cKDTree

    distance, nearest = cKDTree(line).query(points, distance_upper_bound=most_mm)
    return np.asarray(distance, float), np.asarray(nearest, np.intp)


def gaps(nerve: Tube, vessel: Tube) -> tuple[Floats, NDArray[np.intp]]:
    """Return the gap between two surfaces at each point of the first line.

    Returns
    -------
    gap : numpy.ndarray
        Distance of the lines less what each surface reaches towards the other, mm, shape (n,);
        negative where the vessel lies in the nerve.
    nearest : numpy.ndarray
        Index of the vessel's point, shape (n,).
    """
    distance, nearest = nearest_on(vessel.line, nerve.line)
    towards = vessel.line[nearest] - nerve.line
    places = np.arange(len(nerve.line))
    gap: Floats = distance - nerve.support(places, towards) - vessel.support(nearest, -towards)
    return gap, nearest


def depth_in(tube: Tube, points: Floats, most_mm: float) -> tuple[Floats, NDArray[np.intp]]:
    """Return how deep points lie in a tube, mm, and which point of its line is nearest to each.

    Further outside than `most_mm` the depth is -inf, and the nearest point the first.
    """
    bound = float(tube.radius.max()) * np.sqrt(tube.flat) + most_mm
    low, high = tube.line.min(axis=0) - bound, tube.line.max(axis=0) + bound
    depth, found = np.full(len(points), -np.inf), np.zeros(len(points), np.intp)
    boxed = np.flatnonzero(np.all((points > low) & (points < high), axis=1))
    distance, nearest = nearest_on(tube.line, points[boxed], bound)
    near = np.isfinite(distance)
    at, boxed = nearest[near], boxed[near]
    depth[boxed] = tube.reach(at, points[boxed] - tube.line[at]) - distance[near]
    found[boxed] = at
    return depth, found
