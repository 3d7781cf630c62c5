"""The digital cerebellopontine angle: two pictures of it, and what is true of it."""

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from hemiface.simulate.mri.anatomy import Wish, draw_angle
from hemiface.simulate.mri.fossa import Random, Tier
from hemiface.simulate.mri.options import ODDITIES, PLACES, TIERS, PhantomOptions, check_options
from hemiface.simulate.mri.paint import FLUID, Picture, shapes_of
from hemiface.simulate.mri.parts import Angle, Site, Vessel, VesselKind
from hemiface.simulate.mri.scanner import Scan, Shape3, View, scan
from hemiface.simulate.mri.truth import Placing, SideTruth, Truth, side_truth
from hemiface.simulate.mri.vessels import basilar
from hemiface.types import SIDES, Floats, Side
from hemiface.volume import Volume

_BOX = (np.array([-8.0, -15.0, -12.0]), np.array([28.0, 15.0, 12.0]))
_LOWER_BOX = (np.array([-8.0, -15.0, -17.0]), np.array([28.0, 15.0, 7.0]))
_SLAB = np.array([110.0, 44.0, 34.0])
_T2_VOXELS = ((0.5, 0.5, 0.8), (0.4, 0.4, 0.4), (0.5, 0.5, 0.5), (0.3, 0.3, 0.6), (0.6, 0.6, 0.6))
_TOF_VOXELS = ((0.5, 0.5, 0.8), (0.4, 0.4, 0.6), (0.5, 0.5, 0.5), (0.6, 0.6, 0.8))
_SNRS = {
    "standard": (10.0, 15.0, 20.0, 25.0, 30.0, 40.0),
    "hard": (15.0, 20.0, 25.0, 30.0),
    "attached": (15.0, 20.0, 25.0, 30.0),
}
_SITES: tuple[Site, ...] = ("detachment", "cisternal", "meatal")
_SITES_UP_TO = (0.50, 0.85)
_TURN_DEG, _SHIFT_MM, _FAR_TURN_DEG = 1.5, 1.5, 2.0
_OBLIQUE_DEG = (18.0, 0.0, -10.0)
_WOBBLE_MM = 0.12
_ROOM_MM = 0.8  # the meatus has no room for a wider gap, nor for a vertebral artery
_STREAM = 40  # the first of the numbers that seed one purpose each


@dataclass(frozen=True, eq=False)
class Phantom:
    """Pictures of an angle nobody has, with their truth.

    Attributes
    ----------
    seed : int
    tier : str
    t2 : Volume
    tof : Volume or None
    truth : Truth
    """

    seed: int
    tier: Tier
    t2: Volume
    tof: Volume | None
    truth: Truth


def simulate_mri(
    seed: int, tier: Tier = "standard", *, options: PhantomOptions | None = None
) -> Phantom:
    """Make a phantom.

    Parameters
    ----------
    seed : int
        Not negative. Same seed, same phantom.
    tier : "standard", "hard" or "attached"
        "standard": round nerves, arteries as parabolas. "hard": flattened nerves, winding arteries
        of varying width, ringing, shadows, fading blood, ghosts. "attached": the vessel lies on
        the pons, where the nerve is attached and not seen.
    options : PhantomOptions, optional

    Raises
    ------
    ConventionError
        If the seed, the tier or an option is none that can be made.
    """
    asked = options or PhantomOptions()
    check_options(seed, tier, asked)
    random = _random(seed, 0)
    side: Side = "left" if random.random() < 0.5 else "right"
    side = asked.side or side
    snr = float(random.choice(_SNRS[tier]))
    snr = snr if asked.snr is None else asked.snr
    angles = _draw_angles(seed, tier, asked, side)
    t2_scan, tof_scan = _scans(_random(seed, 1), tier, asked, snr)
    pose = _pose(_random(seed, 2), asked)
    truth = Truth(
        seed, tier, snr, _truths(angles), t2_scan.voxel_mm, tof_scan.voxel_mm, pose
    )  # fmt: skip
    t2 = _picture(_random(seed, 3), t2_scan, tier, angles, "t2", asked=asked)
    if not asked.with_tof:
        return Phantom(seed, tier, t2, None, truth)
    blood = {one: _in_tof(seed, tier, asked, angle) for one, angle in angles.items()}
    tof = _picture(_random(seed, 4), tof_scan, tier, blood, "tof", asked=asked, pose=pose)
    return Phantom(seed, tier, t2, tof, truth)


def draw_clicks(seed: int, truth: SideTruth, sd_mm: float = 0.4) -> Floats:
    """Return a doctor's clicks on root exit, detachment and meatus, LPS mm, shape (3, 3).

    Each is off by a Gaussian along every axis.
    """
    points = np.array([truth.root_exit, truth.detachment, truth.meatus])
    clicked: Floats = points + _random(seed, 5).normal(0.0, sd_mm, (3, 3))
    return clicked


def _random(seed: int, purpose: int, *more: int) -> Random:
    return np.random.default_rng([seed, _STREAM + purpose, *more])


def _draw_angles(seed: int, tier: Tier, asked: PhantomOptions, side: Side) -> dict[Side, Angle]:
    if asked.sides == "one":
        return {side: _draw(seed, tier, asked, side)}
    drawn: dict[Side, Angle] = {}
    for one in SIDES:
        angle = _draw(seed, tier, asked if one == side else _well(seed, asked), one)
        drawn[one] = replace(angle, vessels=(*angle.vessels, basilar()))
    return drawn


def _well(seed: int, asked: PhantomOptions) -> PhantomOptions:
    """Return what the other side holds: mostly no contact, at times a light one."""
    random = _random(seed, 6)
    gap = random.uniform(-0.1, 0.0) if random.random() < 0.3 else random.uniform(0.3, 3.0)
    return replace(
        asked, clearance_mm=float(gap), site=None, vessel="artery", mass="none",
        nasty=asked.nasty - {"between", "touching"},
    )  # fmt: skip


def _draw(seed: int, tier: Tier, asked: PhantomOptions, side: Side) -> Angle:
    random = _random(seed, 7, TIERS.index(tier), SIDES.index(side))
    return draw_angle(random, _wish(random, tier, asked))


def _wish(random: Random, tier: Tier, asked: PhantomOptions) -> Wish:
    """Draw what is not asked for; every draw is made, so that asking for one changes no other."""
    clearance, site = _draw_clearance(random, tier), _draw_site(random, tier)
    kind: VesselKind = "vertebral" if random.random() < 0.2 else "artery"
    touches, grows = random.random() < 0.35, random.random() < 0.5
    place = PLACES[random.integers(len(PLACES))]
    odd = {one for one in ODDITIES if one in asked.nasty}
    gap = clearance if asked.clearance_mm is None else asked.clearance_mm
    crowded = site == "meatal" and (gap > _ROOM_MM or (asked.vessel or kind) == "vertebral")
    site = asked.site or ("cisternal" if crowded else site)
    if tier == "hard" and touches and asked.vessel is None and "between" not in odd:
        odd.add("touching")
    if "between" in odd or "touching" in odd:
        kind = "artery"
    is_grown = grows if asked.mass == "drawn" else asked.mass != "none"
    if asked.mass != "none" and asked.mass != "drawn":
        place = asked.mass
    return Wish(
        tier, gap, site, asked.vessel or kind, frozenset(odd),
        asked.mass_kind if is_grown else None, place, asked.mass_mm,
    )  # fmt: skip


def _draw_clearance(random: Random, tier: Tier) -> float:
    """Half of them touch; of the others a third by less than half a millimetre do not."""
    kind = random.random()
    if kind < 0.5:
        return float(random.uniform(-0.5 if tier == "attached" else -1.0, 0.0))
    low, high = (0.05, 0.5) if kind < 0.5 + 0.5 / 3.0 else (0.5, 3.0)
    return float(random.uniform(low, high))


def _draw_site(random: Random, tier: Tier) -> Site:
    kind = float(random.random())
    return "attached" if tier == "attached" else _SITES[int(np.searchsorted(_SITES_UP_TO, kind))]


def _in_tof(seed: int, tier: Tier, asked: PhantomOptions, angle: Angle) -> Angle:
    """Return the angle as the TOF sees it: arteries may lie elsewhere by a little, or fade."""
    random = _random(seed, 8)
    off = _WOBBLE_MM if tier == "hard" else 0.0

    def seen(one: Vessel) -> Vessel:
        tube = one.tube.moved(random.normal(0.0, off, 3))
        weak = "tof_weak" in asked.nasty and one.kind == "artery"
        return replace(one, tube=tube, tof=0.6, fade=0.5) if weak else replace(one, tube=tube)

    return replace(angle, vessels=tuple(seen(one) for one in angle.vessels))


def _scans(random: Random, tier: Tier, asked: PhantomOptions, snr: float) -> tuple[Scan, Scan]:
    t2 = Scan(_T2_VOXELS[random.integers(len(_T2_VOXELS))], snr)
    tof = Scan(_TOF_VOXELS[random.integers(len(_TOF_VOXELS))], snr)
    moved = float(random.uniform(0.0, 0.06)) if tier == "hard" and random.random() < 0.5 else 0.0
    if tier == "hard":
        t2, tof = replace(t2, rings=True, shadow=0.3, ghost=moved), replace(tof, rings=True)
    t2 = t2 if asked.t2_mm is None else replace(t2, voxel_mm=asked.t2_mm)
    has = asked.nasty.__contains__
    t2 = replace(
        t2,
        rings=t2.rings or has("truncated"),
        shadow=0.3 if has("shadows") else t2.shadow,
        ghost=0.12 if has("ghosts") else t2.ghost,
        bands=0.6 if has("bands") else 0.0,
        is_zoomed=has("zoomed"),
    )
    return t2, replace(tof, rings=tof.rings or has("truncated"))


def _pose(random: Random, asked: PhantomOptions) -> Floats:
    """Return how the head moved before the TOF: LPS to LPS, shape (4, 4)."""
    from scipy.spatial.transform import Rotation

    turns = random.uniform(-_TURN_DEG, _TURN_DEG, 3)
    if "tof_turned" in asked.nasty:
        turns = np.where(turns < 0.0, -_FAR_TURN_DEG, _FAR_TURN_DEG)
    pose = np.eye(4)
    pose[:3, :3] = Rotation.from_euler("xyz", turns, degrees=True).as_matrix()
    pose[:3, 3] = random.uniform(-_SHIFT_MM, _SHIFT_MM, 3)
    return pose


def _truths(angles: dict[Side, Angle]) -> tuple[SideTruth, ...]:
    return tuple(side_truth(angle, side) for side, angle in angles.items())


def _picture(
    random: Random, how: Scan, tier: Tier, angles: dict[Side, Angle], picture: Picture, *,
    asked: PhantomOptions, pose: Floats | None = None,
) -> Volume:  # fmt: skip
    low, high = _field(tier, tuple(angles))
    turned = picture == "t2" and "oblique" in asked.nasty
    affine, shape = _grid(how, low, high, _OBLIQUE_DEG if turned else (0.0, 0.0, 0.0))
    moved = np.eye(4) if pose is None else pose
    scene = [_view(side, angle, picture, moved, len(angles)) for side, angle in angles.items()]
    return scan(random, how, scene, affine, shape)


def _view(side: Side, angle: Angle, picture: Picture, pose: Floats, n_sides: int) -> View:
    placing, back = Placing(side), np.linalg.inv(pose)

    def owns(places: Floats) -> NDArray[np.bool_]:
        found: NDArray[np.bool_] = (points(places)[:, 0] > -14.0) | (n_sides == 1)
        return found

    def points(places: Floats) -> Floats:
        return placing.back(places @ back[:3, :3].T + back[:3, 3])

    return View(owns, points, shapes_of(angle, picture), FLUID[picture])


def _field(tier: Tier, sides: tuple[Side, ...]) -> tuple[Floats, Floats]:
    """Return the corners of the field, LPS mm."""
    low, high = _LOWER_BOX if tier == "attached" else _BOX
    if len(sides) == 2:
        middle = np.array([0.0, 0.0, (low[2] + high[2]) / 2.0])
        return middle - _SLAB / 2.0, middle + _SLAB / 2.0
    corners = Placing(sides[0])(np.array([low, high]))
    return corners.min(axis=0), corners.max(axis=0)


def _grid(
    how: Scan, low: Floats, high: Floats, turn_deg: tuple[float, float, float]
) -> tuple[Floats, Shape3]:
    """Return the grid that fills a field, turned about its middle."""
    from scipy.spatial.transform import Rotation

    size = np.asarray(how.voxel_mm)
    n_i, n_j, n_k = (int(one) for one in np.floor((high - low) / size + 1e-6))
    affine = np.eye(4)
    affine[:3, :3] = Rotation.from_euler("xyz", turn_deg, degrees=True).as_matrix() * size
    half = (np.array([n_i, n_j, n_k]) - 1.0) / 2.0
    affine[:3, 3] = (low + high) / 2.0 - affine[:3, :3] @ half
    return affine, (n_i, n_j, n_k)
