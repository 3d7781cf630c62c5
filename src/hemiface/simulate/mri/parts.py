"""The parts of one cerebellopontine angle, in the frame of its side."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

import numpy as np

from hemiface.simulate.mri.fossa import Fossa
from hemiface.simulate.mri.tubes import STEP_MM, Tube, nearest_on
from hemiface.types import Floats

Site = Literal["root_exit", "attached", "detachment", "cisternal", "meatal"]
VesselKind = Literal["artery", "vertebral", "vein"]
MassKind = Literal["schwannoma", "meningioma", "epidermoid", "cyst"]

CANAL_MM, CANAL_RADIUS, CANAL_TAPER = 9.5, 3.4, 0.06
_NEAR_CANAL_MM = 3.0  # further outside the depth is -inf


@dataclass(frozen=True)
class Nerves:
    """The facial nerve from where it leaves the brainstem's groove, and its neighbour.

    Attributes
    ----------
    fossa : Fossa
    facial, vestibulocochlear : Tube
        Of the facial nerve the stretch before `detachment` is attached to the pons.
    detachment, porus : int
        Indices in the facial nerve's line: where it leaves the pons, and enters the bone.
    bright : float
        On T2, where cerebrospinal fluid is 1.
    displacement_mm : float
        How far a vessel pushed both.
    """

    fossa: Fossa
    facial: Tube
    vestibulocochlear: Tube
    detachment: int
    porus: int
    bright: float = 0.35
    displacement_mm: float = 0.0

    @property
    def s(self) -> Floats:
        """Length along the facial nerve from the detachment point, mm; before it negative."""
        arc = self.facial.arc
        s: Floats = arc - arc[self.detachment]
        return s

    def canal(self) -> Callable[[Floats], Floats]:
        """Return the depth in the fluid-filled meatus around both nerves, with its blind end."""
        before = round(3.0 / STEP_MM)
        facial = self.facial.line[self.porus - before : self.porus + round(CANAL_MM / STEP_MM)]
        _, beside = nearest_on(self.vestibulocochlear.line, facial)
        middle = (facial + self.vestibulocochlear.line[beside]) / 2.0
        inward = np.clip((np.arange(len(middle)) - before) * STEP_MM, 0.0, None)
        radius = CANAL_RADIUS - CANAL_TAPER * inward
        end = (middle[-1] - middle[-10]) / np.linalg.norm(middle[-1] - middle[-10])
        far = CANAL_RADIUS + _NEAR_CANAL_MM
        low, high = middle.min(axis=0) - far, middle.max(axis=0) + far

        def depth(points: Floats) -> Floats:
            inside = np.full(len(points), -np.inf)
            boxed = np.flatnonzero(np.all((points > low) & (points < high), axis=1))
            distance, nearest = nearest_on(middle, points[boxed], far)
            near = np.isfinite(distance)
            inside[boxed[near]] = radius[nearest[near]] - distance[near]
            shut: Floats = np.minimum(inside, -((points - middle[-1]) @ end))
            return shut

        return depth


@dataclass(frozen=True)
class Vessel:
    """An artery or vein, and how bright it is.

    Attributes
    ----------
    tube : Tube
    kind : "artery", "vertebral" or "vein"
    t2 : float
    tof : float
        At the beginning of the line; `fade` of it is lost at the end.
    fade : float
    """

    tube: Tube
    kind: VesselKind
    t2: float
    tof: float
    fade: float = 0.0

    @property
    def in_tof(self) -> bool:
        """Whether the TOF shows it."""
        return self.kind != "vein"

    def tof_along(self) -> Floats:
        """Return the brightness on TOF at each point of the line."""
        share = np.linspace(0.0, 1.0, len(self.tube.line))
        bright: Floats = self.tof * (1.0 - self.fade * share)
        return bright


@dataclass(frozen=True)
class Mass:
    """What is neither vessel nor nerve: one or several balls grown together.

    Attributes
    ----------
    kind : str
    centres, radii : numpy.ndarray
        Shapes (n, 3) and (n,), mm.
    t2, tof : float
    wall_mm : float
        Thickness of a wall as dark as tissue; 0: none.
    on_bone : bool
        Whether it sits on bone rather than wears it away.
    """

    kind: MassKind
    centres: Floats
    radii: Floats
    t2: float
    tof: float
    wall_mm: float = 0.0
    on_bone: bool = False

    def depth(self, points: Floats) -> Floats:
        """Return how deep points (n, 3) lie in it, bone not taken out, mm."""
        each = [
            radius - np.linalg.norm(points - centre, axis=1)
            for centre, radius in zip(self.centres, self.radii, strict=True)
        ]
        deepest: Floats = np.max(each, axis=0)
        return deepest


@dataclass(frozen=True)
class Angle:
    """One side: its room, nerves, vessels (the offender first) and masses."""

    nerves: Nerves
    vessels: tuple[Vessel, ...]
    masses: tuple[Mass, ...] = ()

    @property
    def fossa(self) -> Fossa:
        """The room."""
        return self.nerves.fossa
