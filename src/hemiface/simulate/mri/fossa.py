"""What stays: pons, cerebellum and bone of one side, as depths that are positive inside.

The numbers are our choice, made to look as a heavy T2 of the angle does.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

import numpy as np

from hemiface.types import Floats

Tier = Literal["standard", "hard", "attached"]
Random = np.random.Generator
Depth = Callable[[Floats], Floats]


@dataclass(frozen=True)
class Fossa:
    """The room of one side, in its frame: x from the pons to the ear, y to the back, z to the head.

    Attributes
    ----------
    pons_axes, cerebellum_centre : tuple of float
        Half axes of one ellipsoid, and middle of the other, mm.
    bone_x : float
        Where the petrous bone begins at y = 0, mm.
    clivus_y : float
        In front of it is bone, mm; more room is left before the middle of the pons.
    uneven_mm : float
        Height of the waves of the pons' surface; 0 is an ellipsoid, and a cerebellum without folia.
    phases : tuple of float
        Of those waves.
    sulcus_z : float
        Below it the brainstem recedes, as at the pontomedullary sulcus; -inf: it does not.
    """

    pons_axes: tuple[float, float, float] = (14.0, 16.0, 22.0)
    cerebellum_centre: tuple[float, float, float] = (4.0, 20.0, 0.0)
    bone_x: float = 16.0
    clivus_y: float = -12.8
    uneven_mm: float = 0.0
    phases: tuple[float, float, float] = (0.0, 0.0, 0.0)
    sulcus_z: float = -np.inf

    def pons(self, points: Floats) -> Floats:
        """Return how deep points (n, 3) lie in the pons, mm; good to first order near its surface.

        Its middle is at x = -14, wherever its surface is.
        """
        depth = _ellipsoid(points, PONS_CENTRE, np.array(self.pons_axes))
        if np.isfinite(self.sulcus_z):
            above = np.tanh((points[:, 2] - self.sulcus_z) / _SULCUS_WIDTH_MM)
            depth = depth - SULCUS_MM * (1.0 - above) / 2.0
        uneven: Floats = depth + self._waves(points) if self.uneven_mm else depth
        return uneven

    def _waves(self, points: Floats) -> Floats:
        """Return waves of 8 to 12 mm length."""
        x, y, z = points.T
        a, b, c = self.phases
        along = np.sin(0.75 * y + 0.2 * x + a) + np.sin(0.55 * z + 0.3 * y + b)
        waves: Floats = 0.5 * self.uneven_mm * (along + 0.5 * np.sin(0.7 * (y - z) + c))
        return waves

    def cerebellum(self, points: Floats) -> Floats:
        """Return how deep points lie in the cerebellum with its flocculus, mm."""
        inside = _ellipsoid(points, np.array(self.cerebellum_centre), _CEREBELLUM_AXES)
        if self.uneven_mm:
            x, _, z = points.T
            fold = np.sin(1.6 * z + 1.1 * np.sin(0.7 * z + self.phases[0]) + 0.4 * np.sin(0.5 * x))
            inside = inside - _FOLIA_MM * (1.0 - np.abs(fold)) ** 2
        spared: Floats = np.minimum(inside, -self.petrous(points))
        return spared

    def bone(self, points: Floats) -> Floats:
        """Return how deep points lie in bone, mm, the meatus not taken out."""
        room = _PREPONTINE_MM * np.exp(-(((points[:, 0] - PONS_CENTRE[0]) / 5.0) ** 2))
        inside: Floats = np.maximum(self.petrous(points), self.clivus_y - room - points[:, 1])
        return inside

    def petrous(self, points: Floats) -> Floats:
        """Return how deep points lie behind the petrous surface, mm."""
        ahead = points[:, 0] - (self.bone_x - BONE_SLOPE * points[:, 1])
        depth: Floats = ahead / np.hypot(1.0, BONE_SLOPE)
        return depth


PONS_CENTRE = np.array([-14.0, 0.0, 0.0])
BONE_SLOPE = 0.3
SULCUS_MM, _SULCUS_WIDTH_MM = 3.0, 1.2
_CEREBELLUM_AXES = np.array([15.0, 9.5, 17.0])
_PREPONTINE_MM = 9.0
_FOLIA_MM = 0.9


def draw_fossa(random: Random, tier: Tier, *, small: bool) -> Fossa:
    """Return the room of one side; a small one has its bone and cerebellum nearer.

    In the hard and the attached tier the pons is uneven: what is fitted to it by a smooth surface
    does not share its shape. In the attached tier it ends at a groove, where the nerve leaves it.
    """
    near = 2.5 if small else 0.0
    uneven = {"standard": 0.0, "hard": 0.12, "attached": 0.12}[tier]
    a, b, c = (float(one) for one in random.uniform(0.0, 2.0 * np.pi, 3))
    return Fossa(
        cerebellum_centre=(4.0, 20.0 - near, 0.0), bone_x=16.0 - near, clivus_y=-12.8 + near,
        uneven_mm=uneven, phases=(a, b, c), sulcus_z=-11.5 if tier == "attached" else -np.inf,
    )  # fmt: skip


def slope_of(depth: Depth, points: Floats) -> Floats:
    """Return the direction straight out of a thing at points, shape (n, 3)."""
    steps = 0.02 * np.eye(3)
    slope = np.stack([depth(points - step) - depth(points + step) for step in steps], axis=-1)
    unit: Floats = slope / np.maximum(np.linalg.norm(slope, axis=-1, keepdims=True), 1e-9)
    return unit


def on_surface(fossa: Fossa, points: Floats) -> Floats:
    """Return points moved straight onto the surface of the pons, shape (n, 3)."""
    for _ in range(6):
        points = points + fossa.pons(points)[:, None] * slope_of(fossa.pons, points)
    return points


def _ellipsoid(points: Floats, centre: Floats, axes: Floats) -> Floats:
    scaled = (points - centre) / axes
    far = np.linalg.norm(scaled, axis=1)
    steep = np.linalg.norm(scaled / axes, axis=1)
    depth: Floats = (1.0 - far) * far / np.maximum(steep, 1e-9)
    return np.where(far < 1e-6, float(axes.min()), depth)
