"""Gaps between surfaces, from fitted shapes: along the free nerve, and on the pons."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from hemiface.mri.lines import nearest_on, tangents_of
from hemiface.mri.scene import PatchShape, TubeShape
from hemiface.mri.windows import Local
from hemiface.types import Floats

STRIP_MM = 1.5
_CHORD, _CHORD_ON_PONS = 10, 4
"""Directions are taken over a millimetre each way: nearer they are noise."""
"""So far beside its course the attached nerve may be met on the pons: our choice."""


@dataclass(frozen=True)
class Gaps:
    """Gaps of one vessel at points of the facial nerve's course in a window.

    Attributes
    ----------
    places : numpy.ndarray
        On the nerve's line, or on the pons; shape (n, 3).
    on_pons : numpy.ndarray
        Shape (n,).
    gap_mm : numpy.ndarray
        Shape (n,).
    angle_deg, vessel_radius_mm, nerve_radius_mm : numpy.ndarray
        There; the nerve's radius is NaN on the pons. Shape (n,).
    """

    places: Floats
    on_pons: NDArray[np.bool_]
    gap_mm: Floats
    angle_deg: Floats
    vessel_radius_mm: Floats
    nerve_radius_mm: Floats


def free_gaps(local: Local, vessel: int, numbers: list[Floats]) -> Gaps | None:
    """Return the gaps of a vessel to the free nerve, where it is outside the pons.

    Parameters
    ----------
    local : Local
    vessel : int
        Which of the window's parts it is.
    numbers : list of numpy.ndarray
        Of all parts.
    """
    at = local.index("facial")
    if at is None:
        return None
    nerve, tube = local.parts[at].shape, local.parts[vessel].shape
    assert isinstance(nerve, TubeShape)
    assert isinstance(tube, TubeShape)
    line, other = nerve.line(numbers[at]), tube.line(numbers[vessel])
    inside = np.linalg.norm(line - local.middle, axis=1) < local.radius_mm
    pons = local.index("pons")
    if pons is not None:
        patch = local.parts[pons].shape
        assert isinstance(patch, PatchShape)
        inside &= patch.foot(numbers[pons], line)[0] > 0.0
    where = np.flatnonzero(inside)
    if not len(where):
        return None
    away, nearest = nearest_on(other, line[where])
    to = other[nearest] - line[where]
    gap = away - nerve.support(numbers[at], where, to) - tube.support(numbers[vessel], nearest, -to)
    return Gaps(
        line[where], np.zeros(len(where), bool), gap,
        _crossing(tangents_of(line, _CHORD)[where], tangents_of(other, _CHORD)[nearest]),
        tube.radius(numbers[vessel])[nearest], nerve.radius(numbers[at])[where],
    )  # fmt: skip


def pons_gaps(local: Local, vessel: int, numbers: list[Floats], course: Floats) -> Gaps | None:
    """Return the gaps of a vessel to the pons beside the attached nerve's course (n, 3)."""
    pons = local.index("pons")
    if pons is None or len(course) < 2:
        return None
    patch, tube = local.parts[pons].shape, local.parts[vessel].shape
    assert isinstance(patch, PatchShape)
    assert isinstance(tube, TubeShape)
    line = tube.line(numbers[vessel])
    height, foot, outward = patch.foot(numbers[pons], line)
    everywhere = np.arange(len(line))
    gap = height - tube.support(numbers[vessel], everywhere, outward)
    beside, nearest = nearest_on(course, foot)
    inside = np.linalg.norm(foot - local.middle, axis=1) < local.radius_mm
    where = np.flatnonzero(inside & (beside < STRIP_MM))
    if not len(where):
        return None
    along, across = tangents_of(course, _CHORD_ON_PONS), tangents_of(line, _CHORD)
    return Gaps(
        course[nearest[where]], np.ones(len(where), bool), gap[where],
        _crossing(along[nearest[where]], across[where]),
        tube.radius(numbers[vessel])[where], np.full(len(where), np.nan),
    )  # fmt: skip


def least_gap(local: Local, vessel: int, numbers: list[Floats], course: Floats) -> float:
    """Return the least gap of a vessel in a window; infinite if it is nowhere near."""
    found = (free_gaps(local, vessel, numbers), pons_gaps(local, vessel, numbers, course))
    return min((float(one.gap_mm.min()) for one in found if one is not None), default=float("inf"))


def gap_sd(local: Local, vessel: int, course: Floats) -> float:
    """Return the standard deviation of the least gap, for noise alone."""
    numbers = local.fitted.numbers
    flat = np.concatenate(numbers)
    ends = np.cumsum([len(one) for one in numbers])[:-1]
    spread = np.sqrt(np.diag(local.fitted.covariance))
    here = least_gap(local, vessel, numbers, course)
    slope = np.zeros(len(flat))
    for at in range(len(flat)):
        step = max(0.2 * spread[at], 1e-4)
        moved = flat.copy()
        moved[at] += step
        slope[at] = (least_gap(local, vessel, np.split(moved, ends), course) - here) / step
    slope = np.where(np.isfinite(slope), slope, 0.0)
    variance = float(slope @ local.fitted.covariance @ slope)
    return float(max(variance, 0.0) ** 0.5)


def _crossing(one: Floats, other: Floats) -> Floats:
    along = np.abs(np.einsum("ij,ij->i", one, other))
    return np.asarray(np.degrees(np.arccos(np.minimum(along, 1.0))), float)
