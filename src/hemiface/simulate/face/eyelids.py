"""Lids that close over the eye: the upper lid slides down as a sheet, and covers what is below it.

In the columns of the eye the skin between brow and lid margin stretches, a narrow band with the
lashes moves as it is, and the eye itself stays where it was until a lid covers it.
"""

from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from hemiface.simulate.face.face import BROW_LOWER, EYE_LOWER, EYE_UPPER, Face
from hemiface.simulate.face.fields import smoothstep
from hemiface.types import Floats, Side

LASHES_MM = (2.5, 0.6)
"""The margin's band that moves without stretching: above and below the tracked margin."""

_LEAST_LID_MM = 5.0  # brow to margin, where a low brow leaves less than can stretch
_SOFT_MM = 0.6  # width of the lids' soft edge
_CORNER_SOFT_MM = 2.5  # and where they meet, so that skin beside the corner is not torn
_DRAG_MM = 1.2  # how far beside a column skin is dragged along with it
_COLUMN_MM = 0.1
_BESIDE_MM = 3.0  # how far the region reaches beyond the corners


@dataclass(frozen=True, eq=False)
class Lids:
    """The outlines of one eye, as heights v (mm) at given columns u.

    Attributes
    ----------
    brow, upper, lower : ndarray
        Lower edge of the brow and the two margins; where there is no eye the margins meet.
    travel : ndarray
        How far the upper lid comes down to shut the eye; skin beside the corners is dragged along.
    """

    brow: Floats
    upper: Floats
    lower: Floats
    travel: Floats

    @property
    def gap(self) -> Floats:
        """Opening of each column, mm."""
        return np.maximum(self.upper - self.lower, 0.0)


def lids_at(face: Face, side: Side, u: Floats) -> Lids:
    """Return the outlines of one eye at columns `u`."""
    columns, lids = _outlines(face, side)
    heights = (lids.brow, lids.upper, lids.lower, lids.travel)
    return Lids(*(np.interp(u, columns, height) for height in heights))


@lru_cache(maxsize=8)
def _outlines(face: Face, side: Side) -> tuple[Floats, Lids]:
    """Return closely spaced columns over one eye and its surroundings, and the outlines there."""
    from scipy.ndimage import gaussian_filter1d

    low, high = lids_reach(face, side)
    columns = np.arange(low[0] - _BESIDE_MM, high[0] + _BESIDE_MM, _COLUMN_MM)
    upper = _curve(face.uv[list(EYE_UPPER[side])], columns)
    lower = np.minimum(_curve(face.uv[list(EYE_LOWER[side])], columns), upper)
    brow = _curve(face.uv[list(BROW_LOWER[side])], columns) + 1.0
    travel = gaussian_filter1d(upper - lower, _DRAG_MM / _COLUMN_MM)
    return columns, Lids(np.maximum(brow, upper + _LEAST_LID_MM), upper, lower, travel)


def lids_reach(face: Face, side: Side) -> tuple[Floats, Floats]:
    """Return the least and greatest (u, v) that closing this eye touches."""
    eye = face.uv[list(EYE_UPPER[side] + EYE_LOWER[side])]
    brow = face.uv[list(BROW_LOWER[side])]
    low = eye.min(axis=0) - _BESIDE_MM
    high = np.array([eye[:, 0].max() + _BESIDE_MM, max(brow[:, 1].max(), eye[:, 1].max()) + 6.0])
    return low, high


def upper_lid_source(lids: Lids, closure: float, v: Floats) -> Floats:
    """Return the height each pixel of the upper lid's sheet comes from.

    Parameters
    ----------
    lids : Lids
        Outlines at the pixels' columns.
    closure : float
        Share of the present opening that the upper lid closes, 0 to 1.
    v : ndarray
        Heights of the pixels, mm.
    """
    travel = closure * lids.travel
    margin = lids.upper + LASHES_MM[0]
    free = np.maximum(lids.brow - margin, 0.5 * _LEAST_LID_MM)
    along = np.clip((margin + free - v) / (free + travel), 0.0, 1.0)
    # Stretched evenly but for a soft beginning and end: the slope never falls to zero, so no fold.
    source = v + travel * (0.6 * along + 0.4 * smoothstep(along))
    rigid = v <= margin - travel
    placed: Floats = np.where(rigid, v + travel, np.where(v >= margin + free, v, source))
    return placed


def upper_lid_cover(lids: Lids, closure: float, v: Floats) -> Floats:
    """Return how much of each pixel the upper lid's sheet covers, 0 to 1."""
    edge = lids.upper - closure * lids.travel - _lash_depth(lids)
    meet = 1.0 - smoothstep(lids.gap / 1.5)
    return smoothstep((v - edge) / (_SOFT_MM + _CORNER_SOFT_MM * meet) + 0.5)


def margin_band(lids: Lids, v: Floats) -> Floats:
    """Return how near each pixel is to the upper margin, 1 at what of the eye it takes along."""
    above = 1.0 - smoothstep((v - lids.upper - 0.3) / _SOFT_MM)
    return above * smoothstep(lids.gap / 1.0)


def eye_cover(lids: Lids, lower_rise: Floats, v: Floats) -> Floats:
    """Return how much of each pixel shows the eye, before the upper lid comes over it, 0 to 1.

    Parameters
    ----------
    lower_rise : ndarray
        How far the lower margin has risen in each column, mm.
    """
    above_lower = smoothstep((v - lids.lower - lower_rise) / _SOFT_MM + 0.5)
    below_upper = smoothstep((lids.upper + LASHES_MM[0] - v) / _SOFT_MM + 0.5)
    cover: Floats = above_lower * below_upper * smoothstep(lids.gap / 1.0)
    return cover


def _lash_depth(lids: Lids) -> Floats:
    """Depth of the lashes below the margin; none where the eye has no opening to show them in."""
    depth: Floats = np.minimum(LASHES_MM[1], 0.3 * lids.gap)
    return depth


def _curve(points: Floats, u: Floats) -> Floats:
    """Smooth height of an outline at columns `u`, level beyond its ends."""
    from scipy.interpolate import PchipInterpolator

    order = np.argsort(points[:, 0])
    at, height = points[order, 0], points[order, 1]
    keep = np.concatenate([[True], np.diff(at) > 1e-6])
    curve: Floats = PchipInterpolator(at[keep], height[keep])(np.clip(u, at[0], at[-1]))
    return curve
