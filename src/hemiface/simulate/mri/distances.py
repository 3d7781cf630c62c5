"""How far vessels lie from the nerve, from the geometry alone.

Of the free nerve the gap is that between its surface and the vessel's. Of the attached segment,
which no picture shows, it is the gap between the vessel and what it would touch: the surface of
the pons within `STRIP_MM` of the nerve's course, or the nerve's own slight bulge.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from hemiface.simulate.mri.fossa import on_surface, slope_of
from hemiface.simulate.mri.parts import Nerves, Site
from hemiface.simulate.mri.tubes import Tube, gaps, nearest_on
from hemiface.types import Floats

STRIP_MM = 1.5
EXIT_MM, DETACHMENT_MM, BEFORE_PORUS_MM = 1.5, 4.0, 1.5
"""The root exit point ends this far behind the groove, the detachment zone this far behind the
detachment point, and the meatal stretch begins this far before the porus: our choice, between the
stretches in which the conflicts are drawn."""


@dataclass(frozen=True)
class Course:
    """The facial nerve ready to be measured against many vessels.

    Attributes
    ----------
    nerves : Nerves
    strip : numpy.ndarray
        Points of the pons' surface beside each point of the attached segment, shape (n, m, 3).
    """

    nerves: Nerves
    strip: Floats


def course_of(nerves: Nerves) -> Course:
    """Return the course of the facial nerve with the strip of pons it is attached to."""
    attached = nerves.facial.line[: nerves.detachment]
    outward = slope_of(nerves.fossa.pons, attached)
    across = np.cross(nerves.facial.tangent[: nerves.detachment], outward)
    aside = np.linspace(-STRIP_MM, STRIP_MM, 13)
    points = attached[:, None] + aside[:, None] * across[:, None]
    strip = on_surface(nerves.fossa, points.reshape(-1, 3)).reshape(points.shape)
    return Course(nerves, strip)


def profile(course: Course, vessel: Tube) -> tuple[Floats, NDArray[np.intp]]:
    """Return the gap at each point of the facial nerve, and the point of the vessel it is to.

    Returns
    -------
    gap : numpy.ndarray
        mm, shape (n,); negative where the vessel lies in the nerve or the pons.
    nearest : numpy.ndarray
        Indices into the vessel's line, shape (n,).
    """
    facial, end = course.nerves.facial, course.nerves.detachment
    gap, nearest = gaps(facial, vessel)
    over, below = _to_strip(course, vessel)
    closer = np.flatnonzero(over < gap[:end])
    gap[closer], nearest[closer] = over[closer], below[closer]
    return gap, nearest


def _to_strip(course: Course, vessel: Tube) -> tuple[Floats, NDArray[np.intp]]:
    n, m, _ = course.strip.shape
    surface = course.strip.reshape(-1, 3)
    distance, nearest = nearest_on(vessel.line, surface)
    sunk = course.nerves.fossa.pons(vessel.line) > 0.0
    distance = np.where(sunk[nearest], -distance, distance)
    gap = distance - vessel.support(nearest, surface - vessel.line[nearest])
    gap, nearest = gap.reshape(n, m), nearest.reshape(n, m)
    least = np.argmin(gap, axis=1)
    rows = np.arange(n)
    return gap[rows, least], nearest[rows, least]


def site_of(nerves: Nerves, at: int) -> Site:
    """Return the segment of a point of the facial nerve.

    The names are those of Campos-Benitez and Kaufmann 2008 (J Neurosurg 109:416) and the meatus.
    """
    s = nerves.s
    if s[at] < s[0] + EXIT_MM:
        return "root_exit"
    if at < nerves.detachment:
        return "attached"
    if s[at] < DETACHMENT_MM:
        return "detachment"
    return "cisternal" if s[at] < s[nerves.porus] - BEFORE_PORUS_MM else "meatal"
