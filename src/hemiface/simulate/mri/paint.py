"""What lies in an angle, in the order in which one thing covers another, and how bright it is.

Cerebrospinal fluid is 1 on T2. The brightnesses are our choice.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

import numpy as np

from hemiface.simulate.mri.fossa import Depth
from hemiface.simulate.mri.parts import Angle, Mass, Vessel
from hemiface.simulate.mri.tubes import Tube, depth_in
from hemiface.types import Floats

Picture = Literal["t2", "tof"]
Look = Callable[[Floats, float], tuple[Floats, Floats | float]]
"""From points (n, 3) and a reach to their depth inside, mm, and how bright a thing is there.

Further outside than the reach a depth may be -inf.
"""

FLUID = {"t2": 1.0, "tof": 0.15}
TISSUE = {"t2": 0.33, "tof": 0.36}
BONE = {"t2": 0.05, "tof": 0.08}
_TOF_NERVE = 0.30


@dataclass(frozen=True)
class Shape:
    """One thing, named for what it is, in the frame of a side."""

    name: str
    look: Look


def shapes_of(angle: Angle, picture: Picture) -> list[Shape]:
    """Return what lies in an angle; a later shape covers an earlier one."""
    nerves = angle.nerves
    nerve = nerves.bright if picture == "t2" else _TOF_NERVE
    masses = [shape for one in angle.masses for shape in _mass(one, angle, picture)]
    return [
        Shape("bone", _plain(angle.fossa.bone, BONE[picture])),
        Shape("cerebellum", _plain(angle.fossa.cerebellum, TISSUE[picture])),
        Shape("meatus", _plain(nerves.canal(), FLUID[picture])),
        *masses,
        Shape("facial", _tube(nerves.facial, nerve)),
        Shape("vestibulocochlear", _tube(nerves.vestibulocochlear, nerve)),
        Shape("pons", _plain(angle.fossa.pons, TISSUE[picture])),
        *(Shape(one.kind, _vessel(one, picture)) for one in angle.vessels),
    ]


def _plain(depth: Depth, bright: float) -> Look:
    return lambda points, _reach: (depth(points), bright)


def _tube(tube: Tube, bright: float) -> Look:
    return lambda points, reach: (depth_in(tube, points, reach)[0], bright)


def _vessel(vessel: Vessel, picture: Picture) -> Look:
    if picture == "t2" or not vessel.fade:
        return _tube(vessel.tube, vessel.t2 if picture == "t2" else vessel.tof)
    along = vessel.tof_along()

    def look(points: Floats, reach: float) -> tuple[Floats, Floats]:
        depth, nearest = depth_in(vessel.tube, points, reach)
        return depth, along[nearest]

    return look


def _mass(mass: Mass, angle: Angle, picture: Picture) -> list[Shape]:
    """Return a mass, its wall first."""
    canal = angle.nerves.canal()

    def depth(points: Floats) -> Floats:
        inside = mass.depth(points)
        if not mass.on_bone:
            return inside
        return np.minimum(inside, np.maximum(-angle.fossa.bone(points), canal(points)))

    def core(points: Floats) -> Floats:
        return depth(points) - mass.wall_mm

    bright = mass.t2 if picture == "t2" else mass.tof
    if not mass.wall_mm:
        return [Shape(mass.kind, _plain(depth, bright))]
    wall = Shape(f"{mass.kind} wall", _plain(depth, TISSUE[picture]))
    return [wall, Shape(mass.kind, _plain(core, bright))]
