"""Both nerves of an angle drawn at random, and how a thing that presses moves them."""

from dataclasses import replace

import numpy as np

from hemiface.simulate.mri.fossa import Fossa, Random, Tier, on_surface, slope_of
from hemiface.simulate.mri.parts import Mass, Nerves
from hemiface.simulate.mri.tubes import STEP_MM, Tube, nearest_on, resampled, smooth_line
from hemiface.types import Floats

PORUS_MM = 16.0
BESIDE = np.array([0.0, 0.9, -0.25]) / np.hypot(0.9, 0.25)
"""From the facial to the vestibulocochlear nerve: behind, and a little below."""
_KNOTS = np.array(
    [(-0.6, -1.0, -2.0), (4.0, -0.8, -1.5), (9.0, -0.2, -0.7), (16.0, 0.5, 0.5), (25.0, 1.2, 1.1)]
)
_JITTER = np.array([0.3, 0.5, 0.5, 0.3, 0.2])
_ATTACHED_MM = (8.0, 10.0)
_BULGE_MM = (0.0, 0.1)
_HELD_MM = 3.0  # so long the pons still holds the nerve


def draw_nerves(random: Random, tier: Tier, fossa: Fossa, *, room_mm: float = 0.0) -> Nerves:
    """Draw both nerves, with more room between them if asked."""
    knots = _KNOTS + random.uniform(-1.0, 1.0, (5, 3)) * _JITTER[:, None]
    knots[3:, 0] += fossa.bone_x - 16.0
    radius = random.uniform(0.50, 0.75)
    free = smooth_line(knots)
    free = free[np.argmax(fossa.pons(free) < 0.0) :]
    attached = _draw_attached(random, fossa, free[0], radius)
    line = np.concatenate([attached, free])
    flat, across = (random.uniform(1.15, 1.6) if tier == "hard" else 1.0), _direction(random)
    facial = Tube(line, np.full(len(line), radius), flat, across)
    beside = _draw_beside(random, tier, facial, len(attached), room_mm)
    bright = random.uniform(0.36, 0.46) if tier == "hard" else 0.35
    porus = len(attached) + round((PORUS_MM + fossa.bone_x - 16.0) / STEP_MM)
    return Nerves(fossa, facial, beside, len(attached), porus, bright)


def _direction(random: Random) -> tuple[float, float, float]:
    x, y, z = (float(one) for one in random.normal(size=3))
    return x, y, z


def _draw_attached(random: Random, fossa: Fossa, detachment: Floats, radius: float) -> Floats:
    """Return the line below the pons' surface, from the root exit point up to the detachment."""
    length = random.uniform(*_ATTACHED_MM)
    down = np.array([0.0, random.uniform(-0.15, 0.15), -1.0])
    points = [on_surface(fossa, detachment[None])[0]]
    for _ in range(round(length / STEP_MM)):
        outward = slope_of(fossa.pons, points[-1][None])[0]
        step = down - (down @ outward) * outward
        further = points[-1] + STEP_MM * step / np.linalg.norm(step)
        points.append(on_surface(fossa, further[None])[0])
    line = np.array(points[:0:-1])
    sunk = radius - random.uniform(*_BULGE_MM)
    depth = sunk * np.clip(np.arange(len(line), 0, -1) * STEP_MM / 2.0, 0.0, 1.0)
    attached: Floats = line - depth[:, None] * slope_of(fossa.pons, line)
    return attached


def _draw_beside(random: Random, tier: Tier, facial: Tube, begin: int, room_mm: float) -> Tube:
    """Return the vestibulocochlear nerve; it begins inside the brainstem."""
    radius = random.uniform(0.75, 1.0)
    line = facial.line[begin:]
    s = np.arange(len(line)) * STEP_MM
    apart = facial.radius[0] * np.sqrt(facial.flat) + radius + random.uniform(0.2, 0.9) + room_mm
    line = line + (apart + 0.8 * np.exp(-s / 4.0))[:, None] * BESIDE
    stub = line[0] - np.arange(2.5, 0.0, -STEP_MM)[:, None] * np.array([1.0, 0.0, 0.0])
    line = resampled(np.concatenate([stub, line]))
    flat = random.uniform(1.0, 1.3) if tier == "hard" else 1.0
    return Tube(line, np.full(len(line), radius), flat, _direction(random))


def displaced(nerves: Nerves, at: int, towards: Floats, size_mm: float) -> Nerves:
    """Return both nerves moved by a vessel that presses at a point: 2 mm wide, none at the pons."""
    s = nerves.s
    free = np.clip(s / _HELD_MM, 0.0, 1.0)
    bump = size_mm * np.exp(-0.5 * ((s - s[at]) / 2.0) ** 2) * free**2 * (3.0 - 2.0 * free)
    along = _alike(nerves, bump)
    return replace(
        nerves,
        facial=nerves.facial.moved(bump[:, None] * towards),
        vestibulocochlear=nerves.vestibulocochlear.moved(along[:, None] * towards),
        displacement_mm=float(bump.max()),
    )


def _alike(nerves: Nerves, values: Floats) -> Floats:
    """Return values along the facial nerve at the neighbouring points of the other one."""
    free = nerves.facial.line[nerves.detachment :]
    _, nearest = nearest_on(free, nerves.vestibulocochlear.line)
    alike: Floats = values[nerves.detachment :][nearest]
    return alike


def pushed_aside(nerves: Nerves, mass: Mass) -> Nerves:
    """Return the nerves moved to the surface of a mass that pushes them."""
    facial = _aside(nerves.facial, mass, nerves.detachment)
    if mass.kind == "schwannoma":  # it grows on the other one
        return replace(nerves, facial=facial)
    beside = _aside(nerves.vestibulocochlear, mass, 0)
    return replace(nerves, facial=facial, vestibulocochlear=beside)


def _aside(tube: Tube, mass: Mass, begin: int) -> Tube:
    from scipy.ndimage import gaussian_filter1d

    for _ in range(8):
        lack = np.clip(mass.depth(tube.line) + tube.radius, 0.0, None)
        lack[:begin] = 0.0
        shift = lack[:, None] * slope_of(mass.depth, tube.line)
        tube = tube.moved(gaussian_filter1d(shift, 8.0, axis=0))
    return tube
