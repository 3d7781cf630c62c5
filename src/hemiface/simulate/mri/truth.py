"""What is true of a phantom: points, lines, and the conflict, from the geometry alone."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from hemiface.simulate.mri.distances import course_of, profile, site_of
from hemiface.simulate.mri.fossa import Tier
from hemiface.simulate.mri.masses import mass_size
from hemiface.simulate.mri.parts import Angle, Mass, MassKind, Nerves, Site, VesselKind
from hemiface.simulate.mri.tubes import Tube
from hemiface.types import Floats, Side

NEAR_MM = 0.25
"""A smaller gap counts to the contact's length, since a touch has no length of its own."""
DEEP_MM, DISPLACED_MM = 0.35, 0.5
"""From this depth a contact is of grade 3, from this displacement of grade 2: our choice."""

Point = tuple[float, float, float]


@dataclass(frozen=True)
class NerveTruth:
    """A nerve: its middle, LPS mm, shape (n, 3), and the radius of a circle of its area, mm, (n,).

    `s_mm` is the length from the detachment point of the facial nerve; negative before it. Of the
    vestibulocochlear nerve it is counted from the beginning.
    """

    line: Floats
    radius_mm: Floats
    s_mm: Floats


@dataclass(frozen=True)
class VesselTruth:
    """A vessel: kind, middle (LPS mm, (n, 3)), radius (mm, (n,)), and whether the TOF shows it."""

    kind: VesselKind
    line: Floats
    radius_mm: Floats
    in_tof: bool


@dataclass(frozen=True)
class MassTruth:
    """A mass: kind, middle (LPS mm), largest extent, and volume without pons.

    `balls` are those it is grown together of: x, y, z and radius, mm, shape (n, 4).
    """

    kind: MassKind
    centre: Point
    diameter_mm: float
    volume_ml: float
    balls: Floats


@dataclass(frozen=True)
class SideTruth:
    """What is true of one side.

    Attributes
    ----------
    side : "left" or "right"
        The person's own.
    root_exit, detachment, meatus : tuple of float
        Where the nerve leaves the brainstem's groove, where it leaves the surface of the pons,
        and where it enters the bone; LPS mm.
    facial, vestibulocochlear : NerveTruth
    vessels : tuple of VesselTruth
    gap_mm : numpy.ndarray
        Gap to the nearest vessel at each point of the facial nerve, shape (n,); negative where it
        indents. Before the detachment point: between the vessel and the surface of the pons, or
        the slight bulge of the nerve in it.
    distance_mm, at_s_mm : float
        The least gap, and where along the nerve.
    place : tuple of float
        The same place, LPS mm, in the middle of the nerve.
    nearest : int
        Which vessel it is.
    site : str
    angle_deg : float
        Between nerve and vessel, 0 to 90.
    contact_length_mm : float
        Of the nerve with a gap below `NEAR_MM`.
    depth_mm, displacement_mm : float
    vessel_diameter_mm, nerve_diameter_mm : float
        There; of a circle of the same area.
    grade : int
        0 apart, 1 touching, 2 displaced, 3 deep.
    masses : tuple of MassTruth
    """

    side: Side
    root_exit: Point
    detachment: Point
    meatus: Point
    facial: NerveTruth
    vestibulocochlear: NerveTruth
    vessels: tuple[VesselTruth, ...]
    gap_mm: Floats
    distance_mm: float
    at_s_mm: float
    place: Point
    nearest: int
    site: Site
    angle_deg: float
    contact_length_mm: float
    depth_mm: float
    displacement_mm: float
    vessel_diameter_mm: float
    nerve_diameter_mm: float
    grade: int
    masses: tuple[MassTruth, ...]

    @property
    def is_contact(self) -> bool:
        """Whether vessel and nerve (or pons) touch."""
        return self.distance_mm <= 0.0


@dataclass(frozen=True, eq=False)
class Truth:
    """What is true of a phantom.

    Attributes
    ----------
    seed : int
    tier : str
    snr : float
        Brightness of fluid (T2) or fast blood (TOF) over the noise of a channel.
    sides : tuple of SideTruth
    t2_mm, tof_mm : tuple of float
        Voxels as they were acquired; the picture may be interpolated to smaller ones.
    tof_pose : numpy.ndarray
        Shape (4, 4): from a place in the T2 (and here) to the same place in the TOF, LPS mm.
    """

    seed: int
    tier: Tier
    snr: float
    sides: tuple[SideTruth, ...]
    t2_mm: Point
    tof_mm: Point
    tof_pose: Floats

    def side(self, side: Side) -> SideTruth:
        """Return what is true of one side."""
        return next(one for one in self.sides if one.side == side)


@dataclass(frozen=True)
class Placing:
    """From the frame of a side to LPS mm, whose origin is the middle of the pons."""

    side: Side

    def __call__(self, points: Floats) -> Floats:
        """Return places in LPS mm, of shape (..., 3)."""
        placed: Floats = (points + _TO_MIDDLE) * self._mirror
        return placed

    def back(self, places: Floats) -> Floats:
        """Return points in the frame of the side."""
        points: Floats = places * self._mirror - _TO_MIDDLE
        return points

    def point(self, point: Floats) -> Point:
        """Return one place."""
        x, y, z = (float(one) for one in self(point))
        return x, y, z

    @property
    def _mirror(self) -> Floats:
        return np.array([1.0 if self.side == "left" else -1.0, 1.0, 1.0])


_TO_MIDDLE = np.array([14.0, 0.0, 0.0])


def side_truth(angle: Angle, side: Side) -> SideTruth:
    """Return what is true of an angle."""
    nerves, lps = angle.nerves, Placing(side)
    course = course_of(nerves)
    each = [profile(course, one.tube) for one in angle.vessels]
    gap = np.min([one for one, _ in each], axis=0)
    at = int(np.argmin(gap))
    nearest = int(np.argmin([one[at] for one, _ in each]))
    touch, vessel = int(each[nearest][1][at]), angle.vessels[nearest].tube
    distance = float(gap[at])
    return SideTruth(
        side=side,
        root_exit=lps.point(nerves.facial.line[0]),
        detachment=lps.point(nerves.facial.line[nerves.detachment]),
        meatus=lps.point(nerves.facial.line[nerves.porus]),
        facial=_nerve(nerves.facial, nerves.s, lps),
        vestibulocochlear=_nerve(nerves.vestibulocochlear, nerves.vestibulocochlear.arc, lps),
        vessels=tuple(
            VesselTruth(one.kind, lps(one.tube.line), one.tube.radius, one.in_tof)
            for one in angle.vessels
        ),
        gap_mm=gap,
        distance_mm=distance,
        at_s_mm=float(nerves.s[at]),
        place=lps.point(nerves.facial.line[at]),
        nearest=nearest,
        site=site_of(nerves, at),
        angle_deg=_crossing(nerves.facial.tangent[at], vessel.tangent[touch]),
        contact_length_mm=_length(nerves, gap < NEAR_MM),
        depth_mm=max(-distance, 0.0),
        displacement_mm=nerves.displacement_mm,
        vessel_diameter_mm=2.0 * float(vessel.radius[touch]),
        nerve_diameter_mm=2.0 * float(nerves.facial.radius[at]),
        grade=_grade(distance, nerves.displacement_mm),
        masses=tuple(_mass(one, nerves, lps) for one in angle.masses),
    )


def _nerve(tube: Tube, s: Floats, lps: Placing) -> NerveTruth:
    return NerveTruth(lps(tube.line), tube.radius, s)


def _mass(mass: Mass, nerves: Nerves, lps: Placing) -> MassTruth:
    balls = np.column_stack([lps(mass.centres), mass.radii])
    return MassTruth(
        mass.kind, lps.point(mass.centres.mean(axis=0)), *mass_size(mass, nerves), balls
    )


def _length(nerves: Nerves, near: NDArray[np.bool_]) -> float:
    return float(np.sum(np.gradient(nerves.s)[near]))


def _crossing(one: Floats, other: Floats) -> float:
    return float(np.degrees(np.arccos(min(abs(float(one @ other)), 1.0))))


def _grade(distance: float, displacement: float) -> int:
    if distance > 0.0:
        return 0
    if -distance >= DEEP_MM:
        return 3
    return 2 if displacement >= DISPLACED_MM else 1
