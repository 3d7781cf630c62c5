"""The facial nerve from the root exit point to the meatus: attached to the pons, then free."""

from dataclasses import dataclass

import numpy as np

from hemiface.mri.grid import Grid
from hemiface.mri.lines import arc_of, nearest_on
from hemiface.mri.nerves import SECTION_MM, Pair
from hemiface.mri.results import Site
from hemiface.types import Floats

STEP_MM = 0.25
EXIT_MM, DETACHMENT_MM, BEFORE_PORUS_MM = 1.5, 4.0, 1.5
"""The root exit point ends this far behind the groove, the detachment zone this far behind the
detachment, and the meatal stretch begins this far before the bone: our choice, after the zones of
Campos-Benitez and Kaufmann 2008 (DOI 10.3171/JNS/2008/109/9/0416)."""
_SURFACE_MM, _EDGE, _BROAD = 4.0, 1.0, 5.0


@dataclass(frozen=True)
class NerveLine:
    """The facial nerve's course.

    Attributes
    ----------
    line : numpy.ndarray
        LPS mm, a point every `STEP_MM`, shape (n, 3): on the pons' surface, then in the nerve.
    s_mm : numpy.ndarray
        Length from the detachment point, negative on the pons; shape (n,).
    meatus_s_mm : float
        Where it enters the bone.
    beside : numpy.ndarray
        The vestibulocochlear nerve, shape (m, 3).
    """

    line: Floats
    s_mm: Floats
    meatus_s_mm: float
    beside: Floats

    @property
    def detachment(self) -> Floats:
        """Where it leaves the pons, LPS mm."""
        place: Floats = self.line[int(np.argmin(np.abs(self.s_mm)))]
        return place

    @property
    def on_pons(self) -> Floats:
        """The attached stretch, shape (k, 3)."""
        return self.line[self.s_mm <= 0.0]

    def s_of(self, places: Floats) -> Floats:
        """Return where along the nerve places (n, 3) are nearest."""
        _, nearest = nearest_on(self.line, places)
        found: Floats = self.s_mm[nearest]
        return found

    def site(self, s_mm: float) -> Site:
        """Return the stretch that a length along the nerve belongs to."""
        if s_mm < self.s_mm[0] + EXIT_MM and self.s_mm[0] < -EXIT_MM:
            return "root_exit"
        if s_mm < 0.0:
            return "attached"
        if s_mm < DETACHMENT_MM:
            return "detachment"
        return "cisternal" if s_mm < self.meatus_s_mm - BEFORE_PORUS_MM else "meatal"


def nerve_line(grid: Grid, pair: Pair, root_exit: Floats, meatus: Floats) -> NerveLine:
    """Return the course from a traced pair, which begins at the meatus, and two clicks."""
    from scipy.ndimage import gaussian_filter

    depth = grid.pick(gaussian_filter(grid.brain.astype(float), _EDGE), pair.facial) - 0.5
    deep = np.flatnonzero((depth[:-1] > 0.0) & (depth[1:] > 0.0))
    end = max(int(deep[0]), 1) if len(deep) else len(depth) - 1
    path = pair.facial[: end + 1].copy()
    if depth[end] > 0.0 > depth[end - 1]:
        path[end] += (path[end - 1] - path[end]) * depth[end] / (depth[end] - depth[end - 1])
    free = _smooth(path[::-1])
    attached = on_pons(grid, root_exit, free[0])
    line = np.concatenate([attached[:-1], free])
    arc = arc_of(line)
    s = arc - arc[len(attached) - 1]
    porus = float(s[int(np.argmin(np.linalg.norm(line - meatus, axis=1)))])
    return NerveLine(line, s, porus, pair.vestibulocochlear[: end + 3][::-1])


def on_pons(grid: Grid, root_exit: Floats, detachment: Floats) -> Floats:
    """Return the way along the pons' surface from the root exit to the detachment."""
    from scipy.ndimage import gaussian_filter

    length = float(np.linalg.norm(detachment - root_exit))
    points = root_exit + np.linspace(0.0, 1.0, max(int(length / STEP_MM), 2))[:, None] * (
        detachment - root_exit
    )
    edge = gaussian_filter(grid.brain.astype(float), _EDGE)
    broad = gaussian_filter(grid.brain.astype(float), _BROAD)
    slope = [np.gradient(broad, axis=axis) for axis in range(3)]
    steps = np.arange(-_SURFACE_MM, _SURFACE_MM, 0.05)
    found = []
    for point in points:
        out = -np.array([grid.pick(one, point[None])[0] for one in slope])
        out /= np.linalg.norm(out) + 1e-9
        inside = grid.pick(edge, point + steps[:, None] * out) > 0.5
        crosses = inside.any() and not inside[-1]
        found.append(point + steps[int(np.flatnonzero(inside)[-1])] * out if crosses else point)
    return _smooth(np.array(found))


def _smooth(line: Floats) -> Floats:
    from scipy.interpolate import make_smoothing_spline

    if len(line) < 6:
        return line
    arc = arc_of(line)
    fine = np.linspace(0.0, arc[-1], max(int(arc[-1] / STEP_MM), 2) + 1)
    lam = 0.3 * SECTION_MM
    smooth: Floats = np.column_stack(
        [make_smoothing_spline(arc, line[:, axis], lam=lam)(fine) for axis in range(3)]
    )
    return smooth
