"""Vessels of the angle: the one that may touch the nerve, and those that pass by."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from hemiface.simulate.mri.distances import Course, profile, site_of
from hemiface.simulate.mri.fossa import Depth, Fossa, Random, Tier, slope_of
from hemiface.simulate.mri.parts import Nerves, Site, Vessel, VesselKind
from hemiface.simulate.mri.tubes import STEP_MM, Tube, gaps, resampled
from hemiface.types import Floats

_ARM_MM = {"standard": 9.0, "hard": 12.0, "attached": 12.0}
_RADII: dict[VesselKind, tuple[float, float]] = {
    "artery": (0.40, 0.75), "vertebral": (1.5, 1.9), "vein": (0.40, 0.55),
}  # fmt: skip
_CLEAR_MM, _BESIDE_MM, _EXACT_MM, _ASTRAY_MM = 0.4, 0.1, 0.002, 2.0
_ON_PONS = ("root_exit", "attached")


@dataclass(frozen=True)
class Plan:
    """Where a vessel shall pass the facial nerve.

    Attributes
    ----------
    tier : str
    kind : str
    clearance_mm : float
        Least gap; negative for an indentation.
    site : str
    at : int
        Index in the facial nerve's line.
    outward : numpy.ndarray
        From the nerve to the vessel.
    straight : bool
        Whether the vessel passes between the nerves, where it has no room to bend.
    """

    tier: Tier
    kind: VesselKind
    clearance_mm: float
    site: Site
    at: int
    outward: Floats
    straight: bool = False


def draw_place(random: Random, nerves: Nerves, site: Site) -> int:
    """Draw a point of the facial nerve within a segment."""
    s = nerves.s
    porus = float(s[nerves.porus])
    low, high = {
        "root_exit": (float(s[0]) + 0.2, float(s[0]) + 1.0),
        "attached": (-7.0, -1.0),
        "detachment": (1.0, 3.0),
        "cisternal": (4.5, porus - 2.5),
        "meatal": (porus - 0.5, porus + 1.0),
    }[site]
    return int(np.argmin(np.abs(s - random.uniform(low, high))))


def draw_outward(random: Random, nerves: Nerves, at: int) -> Floats:
    """Draw from where a vessel comes: off the pons, or from the front and below, within 40°."""
    if at < nerves.detachment:
        off: Floats = slope_of(nerves.fossa.pons, nerves.facial.line[at][None])[0]
        return off
    turn = np.radians(random.uniform(-40.0, 40.0))
    front, below = np.array([0.0, -1.0, 0.0]), np.array([0.0, 0.0, -1.0])
    wanted = np.cos(turn) * (front + below) / np.sqrt(2.0) + np.sin(turn) * (front - below)
    tangent = nerves.facial.tangent[at]
    across = wanted - (wanted @ tangent) * tangent
    unit: Floats = across / np.linalg.norm(across)
    return unit


def draw_passing(
    random: Random, course: Course, plan: Plan, solids: Sequence[Depth]
) -> Vessel | None:
    """Draw a vessel that passes as planned and enters nothing solid; None if it did not succeed."""
    tube = _draw_tube(random, course.nerves, plan)
    for _ in range(3):
        tube = _kept_off(tube, plan, solids, course.nerves.facial.line[plan.at])
        tube = _placed(course, tube, plan)
    gap, _ = profile(course, tube)
    at = int(np.argmin(gap))
    is_there = abs(gap[at] - plan.clearance_mm) < _EXACT_MM and not _meets_itself(tube)
    s = course.nerves.s
    is_there &= abs(s[at] - s[plan.at]) < _ASTRAY_MM + max(plan.clearance_mm, 0.0)
    is_there &= site_of(course.nerves, at) == plan.site
    return _coloured(random, plan, tube) if is_there else None


def _draw_tube(random: Random, nerves: Nerves, plan: Plan) -> Tube:
    contact, tangent = nerves.facial.line[plan.at], nerves.facial.tangent[plan.at]
    crossing = np.radians(random.uniform(35.0, 90.0))
    along = np.cos(crossing) * tangent + np.sin(crossing) * np.cross(tangent, plan.outward)
    stiff = 0.4 if plan.kind == "vertebral" else 1.0
    bend = 0.0 if plan.straight else random.uniform(0.04, 0.12) * stiff
    arm, radius = _ARM_MM[plan.tier], random.uniform(*_RADII[plan.kind])
    if plan.tier == "standard" or plan.straight:
        u = np.arange(-arm, arm, STEP_MM)
        line = resampled(contact + u[:, None] * along + (bend * u**2)[:, None] * plan.outward)
        return Tube(line, np.full(len(line), radius))
    arms = [_wound(random, sign * along, plan.outward, bend, arm, stiff) for sign in (-1.0, 1.0)]
    line = contact + np.concatenate([arms[0][:0:-1], arms[1]])
    wave = np.sin(np.arange(len(line)) * STEP_MM * random.uniform(0.3, 0.7) + random.uniform(0, 6))
    flat = random.uniform(1.0, 1.2) if plan.tier == "hard" else 1.0
    x, y, z = (float(one) for one in random.normal(size=3))
    return Tube(line, radius * (1.0 + 0.12 * wave), flat, (x, y, z))


def _wound(
    random: Random, along: Floats, outward: Floats, bend: float, arm_mm: float, stiff: float
) -> Floats:
    """Return an arm of a winding vessel from its contact on: it bends away, then as it likes."""
    n = round(arm_mm / STEP_MM)
    u = np.arange(n) * STEP_MM
    knots = np.arange(0.0, arm_mm + 2.5, 2.5)
    pulls = random.normal(0.0, 0.22 * stiff, (len(knots), 3))
    likes = np.column_stack([np.interp(u, knots, pulls[:, axis]) for axis in range(3)])
    bends = likes * np.clip((u - 1.0) / 2.0, 0.0, 1.0)[:, None]
    bends += (2.0 * bend * np.exp(-((u / 5.0) ** 2)))[:, None] * outward
    points, heading = [np.zeros(3)], along
    for curve in bends[1:]:
        heading = heading + STEP_MM * (curve - (curve @ heading) * heading)
        heading = heading / np.linalg.norm(heading)
        points.append(points[-1] + STEP_MM * heading)
    return np.array(points)


def _kept_off(tube: Tube, plan: Plan, solids: Sequence[Depth], contact: Floats) -> Tube:
    """Return the vessel moved out of what is solid: the pons first, then other things.

    It keeps further from the pons than from the nerve, unless it is to lie on the pons.
    """
    from scipy.ndimage import gaussian_filter1d

    pons, *others = solids
    for _ in range(25):
        from_pons = _apart(plan, tube.line, contact)
        shift = np.zeros_like(tube.line)
        beside = np.full(len(tube.line), _BESIDE_MM)
        for depth, least in ((pons, from_pons), *((one, beside) for one in others)):
            lack = np.clip(depth(tube.line) + tube.radius + least, 0.0, None)
            in_way = np.flatnonzero(lack)
            shift[in_way] += lack[in_way, None] * slope_of(depth, tube.line[in_way])
        if not shift.any():
            break
        tube = tube.moved(gaussian_filter1d(shift, 8.0, axis=0, mode="nearest"))
    return replace(tube, line=resampled(tube.line), radius=_again(tube))


def _apart(plan: Plan, line: Floats, contact: Floats) -> Floats:
    """Return how far from the pons a vessel shall keep at each of its points, mm."""
    most = max(plan.clearance_mm, 0.0) + _CLEAR_MM
    if plan.site not in _ON_PONS:
        return np.full(len(line), most)
    far = np.linalg.norm(line - contact, axis=1)
    lifted: Floats = plan.clearance_mm + 0.15 * np.clip(far - 1.5, 0.0, 4.0)
    return np.minimum(lifted, most)


def _again(tube: Tube) -> Floats:
    """Return the radius at the points that `resampled` gives the line."""
    n = len(resampled(tube.line))
    radius: Floats = np.interp(np.arange(n) * STEP_MM, tube.arc, tube.radius)
    return radius


def _placed(course: Course, tube: Tube, plan: Plan) -> Tube:
    """Return the vessel moved as a whole until its least gap is as planned."""
    for _ in range(12):
        gap, _ = profile(course, tube)
        lack = plan.clearance_mm - float(gap.min())
        tube = tube.moved(lack * plan.outward)
        if abs(lack) < _EXACT_MM / 20.0:
            break
    return tube


def _meets_itself(tube: Tube) -> bool:
    from scipy.spatial import cKDTree

    thin = tube.line[::3]
    pairs = cKDTree(thin).query_pairs(2.0 * float(tube.radius.max()) + 0.1, output_type="ndarray")
    return bool(np.any(pairs[:, 1] - pairs[:, 0] > 4.0 * tube.radius.max() / STEP_MM / 3.0 + 6))


def _coloured(random: Random, plan: Plan, tube: Tube) -> Vessel:
    """Return the vessel with its brightnesses; in the hard tier blood fades along it."""
    if plan.kind == "vein":
        return Vessel(tube, "vein", 0.28, 0.22)
    hard = plan.tier == "hard"
    t2 = random.uniform(0.12, 0.30) if hard else random.uniform(0.08, 0.20)
    tof = random.uniform(0.55, 0.85) if hard else random.uniform(0.70, 0.95)
    fade = random.uniform(0.0, 0.4) if hard else 0.0
    return Vessel(tube, plan.kind, t2, 1.0 if plan.kind == "vertebral" else tof, fade)


def draw_touching(random: Random, offender: Vessel, outward: Floats) -> Vessel:
    """Draw a second artery that touches the first on the side away from the nerve."""
    middle = len(offender.tube.line) // 2
    tangent = offender.tube.tangent[middle]
    turn = np.radians(random.uniform(15.0, 50.0))
    along = np.cos(turn) * tangent + np.sin(turn) * np.cross(outward, tangent)
    u = np.arange(-8.0, 8.0, STEP_MM)
    line = offender.tube.line[middle] + u[:, None] * along + (0.08 * u**2)[:, None] * outward
    tube = Tube(line, np.full(len(line), random.uniform(0.35, 0.55)))
    for _ in range(8):
        gap, _ = gaps(tube, offender.tube)
        tube = tube.moved((0.0 - float(gap.min())) * outward)
    return Vessel(tube, "artery", offender.t2, 0.9 * offender.tof)


def draw_vertebral(random: Random, fossa: Fossa) -> Vessel:
    """Draw the vertebral artery that is always there, along the clivus."""
    z = np.arange(-19.0, 17.0, STEP_MM)
    x = random.uniform(3.0, 5.0) + 0.4 * np.sin(z / 6.0)
    line = np.column_stack([x, np.full_like(z, fossa.clivus_y + 2.3), z])
    tube = Tube(line, np.full(len(line), random.uniform(1.5, 1.9)))
    return Vessel(tube, "vertebral", random.uniform(0.08, 0.20), 1.0)


def draw_vein(random: Random) -> Vessel:
    """Draw a vein that crosses behind and above."""
    u = np.arange(-8.0, 8.0, STEP_MM)
    middle = np.array(
        [random.uniform(5.0, 10.0), random.uniform(3.5, 5.0), random.uniform(3.0, 6.0)]
    )
    along = np.array([0.5, 0.2, random.uniform(0.3, 1.0)])
    line = middle + u[:, None] * along / np.linalg.norm(along)
    return Vessel(Tube(line, np.full(len(line), random.uniform(0.35, 0.5))), "vein", 0.28, 0.22)


def basilar() -> Vessel:
    """Return the artery in the middle before the pons; both sides share it."""
    z = np.arange(-19.0, 19.0, STEP_MM)
    line = np.column_stack([np.full_like(z, -14.0), np.full_like(z, -18.2), z])
    return Vessel(Tube(line, np.full(len(line), 1.7)), "vertebral", 0.12, 1.0)
