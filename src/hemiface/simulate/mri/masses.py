"""Masses of the angle: schwannoma, meningioma, epidermoid, arachnoid cyst."""

from typing import Literal

import numpy as np

from hemiface.simulate.mri.fossa import BONE_SLOPE, Random
from hemiface.simulate.mri.parts import Mass, MassKind, Nerves
from hemiface.simulate.mri.tubes import STEP_MM
from hemiface.types import Floats

MassPlace = Literal["meatus", "porus", "angle"]
_ALONG_MM = {"meatus": 20.0, "porus": 15.0, "angle": 8.0}
_SIZES = {"meatus": (3.0, 6.0), "porus": (4.0, 12.0), "angle": (4.0, 15.0)}


def draw_mass(
    random: Random, nerves: Nerves, kind: MassKind, place: MassPlace, diameter_mm: float | None
) -> Mass:
    """Draw a mass at a place; brightnesses are our choice."""
    across = random.uniform(*_SIZES[place])
    radius = (across if diameter_mm is None else diameter_mm) / 2.0
    middle = _on_neighbour(nerves, _ALONG_MM[place])
    if kind == "schwannoma":
        t2 = float(random.uniform(0.38, 0.50))
        return Mass(kind, middle[None], np.array([radius]), t2, 0.34)
    if kind == "meningioma":
        return _meningioma(random, nerves, middle, radius)
    if kind == "epidermoid":
        return _epidermoid(random, middle, radius)
    outside = middle + np.array([0.0, 0.8, -0.6]) * (radius + 1.0)
    return Mass(kind, outside[None], np.array([radius]), 1.0, 0.15, wall_mm=0.3, on_bone=True)


def _on_neighbour(nerves: Nerves, s_mm: float) -> Floats:
    line = nerves.vestibulocochlear.line
    begin = int(np.argmin(np.abs(line[:, 0] - nerves.facial.line[nerves.detachment, 0])))
    point: Floats = line[min(begin + round(s_mm / STEP_MM), len(line) - 1)]
    return point


def _meningioma(random: Random, nerves: Nerves, near: Floats, radius: float) -> Mass:
    """Return a flat heap of balls on the petrous bone, behind the meatus."""
    along = np.array([-BONE_SLOPE, 1.0, 0.0]) / np.hypot(1.0, BONE_SLOPE)
    y = near[1] + 1.5 + radius
    base = np.array([nerves.fossa.bone_x - BONE_SLOPE * y, y, near[2]])
    steps = np.array([-0.4, 0.0, 0.4]) * radius
    lift = random.uniform(-0.2, 0.2, 3) * radius
    centres = base + steps[:, None] * along + lift[:, None] * np.array([0.0, 0.0, 1.0])
    radii = radius * np.array([0.6, 0.75, 0.6])
    t2 = float(random.uniform(0.34, 0.46))
    return Mass("meningioma", centres, radii, t2, 0.38, on_bone=True)


def _epidermoid(random: Random, near: Floats, radius: float) -> Mass:
    """Return lobes nearly as bright as fluid, which creep between what is there."""
    directions = random.normal(size=(6, 3))
    directions /= np.linalg.norm(directions, axis=1, keepdims=True)
    centres = near + 0.55 * radius * np.concatenate([np.zeros((1, 3)), directions])
    radii = radius * np.concatenate([[0.6], random.uniform(0.35, 0.5, 6)])
    return Mass("epidermoid", centres, radii, float(random.uniform(0.68, 0.82)), 0.20, on_bone=True)


def mass_size(mass: Mass, nerves: Nerves) -> tuple[float, float]:
    """Return the largest extent of a mass in mm and its volume in ml, pons (and bone) left out."""
    low = (mass.centres - mass.radii[:, None]).min(axis=0)
    high = (mass.centres + mass.radii[:, None]).max(axis=0)
    step = 0.2
    axes = [np.arange(a + step / 2.0, b, step) for a, b in zip(low, high, strict=True)]
    points = np.stack(np.meshgrid(*axes, indexing="ij"), axis=-1).reshape(-1, 3)
    inside = (mass.depth(points) > 0.0) & (nerves.fossa.pons(points) < 0.0)
    if mass.on_bone:
        inside &= (nerves.fossa.bone(points) < 0.0) | (nerves.canal()(points) > 0.0)
    apart = np.linalg.norm(mass.centres[:, None] - mass.centres[None], axis=2)
    extent = float((apart + mass.radii[:, None] + mass.radii[None]).max())
    return extent, float(inside.sum()) * step**3 / 1000.0
