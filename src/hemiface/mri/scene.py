"""What lies in a small window, as shapes whose form is still open: tubes, and a patch of pons.

Every shape says how deep a place lies in it, and how that changes with its own numbers, so that a
picture can be fitted by least squares without numerical derivatives.
"""

from dataclasses import dataclass

import numpy as np

from hemiface.mri.lines import Indices, arc_of, nearest_on, tangents_of
from hemiface.types import Floats

KNOT_MM, POINT_MM = 2.2, 0.1
_SMOOTH = 0.3
_REACH_MM = 0.8


@dataclass(frozen=True)
class Seen:
    """A shape seen from places: how deep they lie in it.

    Attributes
    ----------
    where : numpy.ndarray
        Which of the places are near enough, shape (m,).
    depth : numpy.ndarray
        mm, positive inside, shape (m,).
    outward : numpy.ndarray
        Shape (m, 3).
    slopes : numpy.ndarray
        Change of the depth with each number of the shape, shape (m, n_numbers).
    """

    where: Indices
    depth: Floats
    outward: Floats
    slopes: Floats


@dataclass(frozen=True)
class TubeShape:
    """A tube around a line that may bend away from where it was first seen.

    Its numbers: offsets of the line's knots along both axes, the radius in the middle and its
    slope and bend along the line, and two of an ellipse.

    Attributes
    ----------
    base : numpy.ndarray
        Line as first seen, LPS mm, a point every `POINT_MM`, shape (n, 3).
    one, other : numpy.ndarray
        Axes across it, shape (n, 3).
    basis : numpy.ndarray
        Weight of each knot at each point, shape (n, n_knots).
    along : numpy.ndarray
        -1 to 1 along the line, shape (n,).
    """

    base: Floats
    one: Floats
    other: Floats
    basis: Floats
    along: Floats

    @property
    def n(self) -> int:
        """How many numbers it has."""
        return 2 * int(self.basis.shape[1]) + 5

    def start(self, radius: float) -> Floats:
        """Return its numbers as first seen."""
        numbers = np.zeros(self.n)
        numbers[-5] = radius
        return numbers

    def line(self, numbers: Floats) -> Floats:
        """Return the line, shape (n, 3)."""
        knots = self.basis.shape[1]
        a, b = self.basis @ numbers[:knots], self.basis @ numbers[knots : 2 * knots]
        line: Floats = self.base + a[:, None] * self.one + b[:, None] * self.other
        return line

    def radius(self, numbers: Floats) -> Floats:
        """Return the mean radius along the line, shape (n,)."""
        r, slope, bend = numbers[-5:-2]
        radius: Floats = np.maximum(r + slope * self.along + bend * (self.along**2 - 0.3), 0.1)
        return radius

    def support(self, numbers: Floats, at: Indices, towards: Floats) -> Floats:
        """Return how far the surface reaches from points of the line in directions (m, 3)."""
        x, y = self._across(at, towards)
        size = np.hypot(x, y) + 1e-12
        even, odd = numbers[-2:]
        cos2, sin2 = (x * x - y * y) / size**2, 2.0 * x * y / size**2
        flat = np.hypot(even, odd)
        turn = (even * cos2 + odd * sin2) / max(flat, 1e-12)
        # An ellipse of half axes r (1 + flat) and r (1 - flat), measured as a shadow is.
        share = np.sqrt(0.5 * ((1 + flat) ** 2 * (1 + turn) + (1 - flat) ** 2 * (1 - turn)))
        reach: Floats = self.radius(numbers)[at] * share
        return reach

    def _across(self, at: Indices, towards: Floats) -> tuple[Floats, Floats]:
        return np.sum(towards * self.one[at], axis=1), np.sum(towards * self.other[at], axis=1)

    def see(self, numbers: Floats, places: Floats) -> Seen:
        """Return how deep places (m, 3) lie in it."""
        line, radius = self.line(numbers), self.radius(numbers)
        bound = float(radius.max()) * 1.3 + _REACH_MM
        low, high = line.min(axis=0) - bound, line.max(axis=0) + bound
        where = np.flatnonzero(np.all((places > low) & (places < high), axis=1))
        away, at = nearest_on(line, places[where], bound)
        near = np.isfinite(away)
        where, at = where[near], at[near]
        tangent = tangents_of(line)
        to = places[where] - line[at]
        ahead = np.clip(np.sum(to * tangent[at], axis=1), -POINT_MM, POINT_MM)
        to = to - ahead[:, None] * tangent[at]
        size = np.linalg.norm(to, axis=1) + 1e-9
        outward = to / size[:, None]
        x, y = self._across(at, outward)
        flat = np.hypot(x, y) + 1e-9
        cos2, sin2 = (x * x - y * y) / flat**2, 2.0 * x * y / flat**2
        even, odd = numbers[-2:]
        bulge = 1.0 + even * cos2 + odd * sin2
        r, u = radius[at], self.along[at]
        slopes = np.column_stack([
            x[:, None] * self.basis[at], y[:, None] * self.basis[at],
            bulge, bulge * u, bulge * (u**2 - 0.3), r * cos2, r * sin2,
        ])  # fmt: skip
        return Seen(where, r * bulge - size, outward, slopes)


def tube_shape(line: Floats) -> TubeShape:
    """Return a tube around a line (n, 3) whose points lie in order."""
    from scipy.interpolate import BSpline, make_smoothing_spline

    arc = arc_of(line)
    fine = np.linspace(0.0, arc[-1], max(int(arc[-1] / POINT_MM), 8))
    if len(line) >= 5:
        base = np.column_stack(
            [make_smoothing_spline(arc, line[:, axis], lam=_SMOOTH)(fine) for axis in range(3)]
        )
    else:
        base = np.column_stack([np.interp(fine, arc, line[:, axis]) for axis in range(3)])
    fine = arc_of(base)
    one, other = _frames(base)
    n_spans = max(round(fine[-1] / KNOT_MM), 1)
    knots = np.linspace(0.0, fine[-1], n_spans + 1)
    step = knots[1]
    outer = step * np.arange(1, 4)
    padded = np.concatenate([knots[0] - outer[::-1], knots, knots[-1] + outer])
    basis = BSpline.design_matrix(np.clip(fine, 0.0, fine[-1] - 1e-9), padded, 3).toarray()
    return TubeShape(base, one, other, basis, 2.0 * fine / fine[-1] - 1.0)


def _frames(line: Floats) -> tuple[Floats, Floats]:
    """Return two axes across a line that turn as little as they can along it."""
    tangent = tangents_of(line)
    axis = np.eye(3)[int(np.argmin(np.abs(tangent[0])))]
    ones = []
    for t in tangent:
        axis = axis - (axis @ t) * t
        axis = axis / np.linalg.norm(axis)
        ones.append(axis)
    one = np.array(ones)
    return one, np.cross(tangent, one)


@dataclass(frozen=True)
class PatchShape:
    """A patch of the pons' surface: a height over a plane, as a polynomial.

    Attributes
    ----------
    middle, one, other, out : numpy.ndarray
        A point on the surface, two axes along it and one out of it; LPS mm, shape (3,).
    powers : numpy.ndarray
        Shape (n_numbers, 2).
    """

    middle: Floats
    one: Floats
    other: Floats
    out: Floats
    powers: Floats

    @property
    def n(self) -> int:
        """How many numbers it has."""
        return len(self.powers)

    def start(self) -> Floats:
        """Return its numbers as first seen: flat."""
        return np.zeros(self.n)

    def see(self, numbers: Floats, places: Floats) -> Seen:
        """Return how deep places (m, 3) lie in it."""
        height = (places - self.middle) @ self.out
        where = np.flatnonzero(height < _DEEP_MM)
        depth, outward = -height[where], np.tile(self.out, (len(where), 1))
        slopes = np.zeros((len(where), self.n))
        near = np.flatnonzero(depth < _DEEP_MM)  # deeper all is pons
        depth[near], outward[near], slopes[near] = self._look(numbers, places[where[near]])
        return Seen(where, depth, outward, slopes)

    def _look(self, numbers: Floats, places: Floats) -> tuple[Floats, Floats, Floats]:
        to = places - self.middle
        x, y = to @ self.one / _PATCH_MM, to @ self.other / _PATCH_MM
        terms, dx, dy = _polynomial(np.clip(x, -1.6, 1.6), np.clip(y, -1.6, 1.6), self.powers)
        sx, sy = dx @ numbers / _PATCH_MM, dy @ numbers / _PATCH_MM
        steep = np.sqrt(1.0 + sx**2 + sy**2)
        leaning = self.out - sx[:, None] * self.one - sy[:, None] * self.other
        depth = (terms @ numbers - to @ self.out) / steep
        return depth, leaning / steep[:, None], terms / steep[:, None]

    def foot(self, numbers: Floats, places: Floats) -> tuple[Floats, Floats, Floats]:
        """Return how high places (m, 3) lie over it, their feet on it, and its outward axis there.

        The foot is sought where the surface is at right angles to the way down to it.
        """
        foot = places
        for _ in range(4):
            _, outward, _ = self._look(numbers, foot)
            depth, _, _ = self._look(numbers, places)
            height = -depth
            foot = places - height[:, None] * outward
            for _ in range(2):
                off, _, _ = self._look(numbers, foot)
                height = height - off
                foot = places - height[:, None] * outward
        return height, foot, outward


_PATCH_MM, _DEGREE, _DEEP_MM = 4.0, 4, 3.0


def patch_shape(middle: Floats, out: Floats) -> PatchShape:
    """Return a flat patch through a point, with its outward axis."""
    axis = np.eye(3)[int(np.argmin(np.abs(out)))]
    one = np.cross(out, axis)
    one /= np.linalg.norm(one)
    powers = [(i, j) for i in range(_DEGREE + 1) for j in range(_DEGREE + 1 - i)]
    return PatchShape(middle, one, np.cross(out, one), out, np.array(powers, float))


def _polynomial(x: Floats, y: Floats, powers: Floats) -> tuple[Floats, Floats, Floats]:
    i, j = powers[:, 0], powers[:, 1]
    xs, ys = np.vander(x, _DEGREE + 1, increasing=True), np.vander(y, _DEGREE + 1, increasing=True)
    at_i, at_j = i.astype(int), j.astype(int)
    terms = xs[:, at_i] * ys[:, at_j]
    dx = i * xs[:, np.maximum(at_i - 1, 0)] * ys[:, at_j]
    dy = j * xs[:, at_i] * ys[:, np.maximum(at_j - 1, 0)]
    return terms, dx, dy
