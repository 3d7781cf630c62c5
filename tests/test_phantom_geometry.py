"""What is true of a phantom follows from its geometry, in numbers known by thought."""

from itertools import pairwise

import numpy as np
import pytest

from hemiface.errors import ConventionError
from hemiface.simulate.mri import PhantomOptions, simulate_mri
from hemiface.simulate.mri.anatomy import Wish, draw_angle
from hemiface.simulate.mri.distances import course_of, profile
from hemiface.simulate.mri.fossa import Fossa, on_surface, slope_of
from hemiface.simulate.mri.masses import mass_size
from hemiface.simulate.mri.nerves import draw_nerves
from hemiface.simulate.mri.parts import Angle, Vessel
from hemiface.simulate.mri.truth import Placing, side_truth
from hemiface.simulate.mri.tubes import STEP_MM, Tube, gaps, nearest_on
from hemiface.types import Floats

TIERS = ("standard", "hard", "attached")


def _straight(through: Floats, along: Floats, radius: float, **more: object) -> Tube:
    u = np.arange(-4.0, 4.0 + STEP_MM / 2.0, STEP_MM)
    line = through + u[:, None] * along / np.linalg.norm(along)
    return Tube(line, np.full(len(line), radius), **more)


def test_parallel_tubes_are_apart_by_their_lines_less_their_radii() -> None:
    x = np.array([1.0, 0.0, 0.0])
    nerve, vessel = _straight(0.0 * x, x, 0.6), _straight(np.array([0.0, 2.0, 0.0]), x, 0.5)
    gap, nearest = gaps(nerve, vessel)
    np.testing.assert_allclose(gap, 0.9)
    np.testing.assert_array_equal(nearest, np.arange(len(gap)))


def test_a_vessel_inside_the_nerve_has_a_negative_gap() -> None:
    x, y = np.array([1.0, 0.0, 0.0]), np.array([0.0, 1.0, 0.0])
    gap, _ = gaps(_straight(0.0 * x, x, 0.6), _straight(np.array([0.0, 0.0, 0.8]), y, 0.5))
    assert gap.min() == pytest.approx(-0.3)


def test_a_flattened_nerve_reaches_as_far_as_its_axes() -> None:
    """An area of radius 0.6, twice as wide as high, is 0.6·√2 by 0.6/√2."""
    x, y, z = np.eye(3)
    flat = _straight(0.0 * x, x, 0.6, flat=2.0, across=(0.0, 0.0, 1.0))
    over, _ = gaps(flat, _straight(2.0 * z, y, 0.5))
    beside, _ = gaps(flat, _straight(2.0 * y, z, 0.5))
    assert over.min() == pytest.approx(1.5 - 0.6 * np.sqrt(2.0))
    assert beside.min() == pytest.approx(1.5 - 0.6 / np.sqrt(2.0))


def test_a_tilted_flattened_nerve_agrees_with_its_surface_point_by_point() -> None:
    x, y, _ = np.eye(3)
    flat = _straight(0.0 * x, x, 0.7, flat=1.6, across=(0.0, 1.0, 0.8))
    vessel = _straight(np.array([0.3, 0.0, 1.8]), y + 0.2 * x, 0.5)
    turn = np.linspace(0.0, 2.0 * np.pi, 721)
    long = np.array([0.0, 1.0, 0.8]) / np.hypot(1.0, 0.8)
    short = np.cross(x, long)
    ring = 0.7 * (
        np.sqrt(1.6) * np.cos(turn)[:, None] * long + np.sin(turn)[:, None] * short / np.sqrt(1.6)
    )
    surface = (flat.line[:, None] + ring).reshape(-1, 3)
    along = vessel.tangent[0]
    from_axis = np.cross(surface - vessel.line[0], along)
    truly = np.linalg.norm(from_axis, axis=1).min() - 0.5
    assert gaps(flat, vessel)[0].min() == pytest.approx(truly, abs=0.002)


def _surface(tube: Tube, begin: int = 0) -> Floats:
    """Return points of a tube's surface, some hundredths of a millimetre apart around it."""
    turn = np.linspace(0.0, 2.0 * np.pi, 160, endpoint=False)[None, :, None]
    wide, tangent = np.array(tube.across), tube.tangent
    long = wide - (tangent @ wide)[:, None] * tangent
    long /= np.linalg.norm(long, axis=1, keepdims=True)
    short = np.cross(tangent, long)
    ring = np.sqrt(tube.flat) * np.cos(turn) * long[:, None]
    ring = ring + np.sin(turn) * short[:, None] / np.sqrt(tube.flat)
    surface = tube.line[:, None] + tube.radius[:, None, None] * ring
    return surface[begin:].reshape(-1, 3)


@pytest.mark.parametrize("seed", [1, 4, 7])
def test_the_gap_of_a_winding_vessel_agrees_with_surfaces_point_by_point(seed: int) -> None:
    """Points of surfaces 0.04 mm apart read up to 0.02 mm too much."""
    wish = Wish("hard", 0.2, "cisternal", "artery")
    angle = draw_angle(np.random.default_rng(seed), wish)
    nerves = angle.nerves
    vessel = _surface(angle.vessels[0].tube)
    apart, _ = nearest_on(vessel, _surface(nerves.facial, nerves.detachment))
    assert side_truth(angle, "left").distance_mm == pytest.approx(apart.min(), abs=0.02)


def test_on_the_attached_segment_the_gap_is_to_the_surface_of_the_pons() -> None:
    nerves = draw_nerves(np.random.default_rng(1), "standard", Fossa())
    course = course_of(nerves)
    at = nerves.detachment // 2
    point = on_surface(nerves.fossa, nerves.facial.line[at][None])
    outward = slope_of(nerves.fossa.pons, point)[0]
    across = np.cross(outward, nerves.facial.tangent[at])
    for gap in (1.0, 0.0, -0.3):
        vessel = _straight(point[0] + (0.5 + gap) * outward, across, 0.5)
        found, _ = profile(course, vessel)
        assert found.min() == pytest.approx(gap, abs=0.11)  # the nerve may bulge by 0.1 mm
        assert found.min() <= gap + 0.01
        assert int(np.argmin(found)) == pytest.approx(at, abs=3)


@pytest.mark.parametrize("tier", TIERS)
@pytest.mark.parametrize("clearance", [-0.4, -0.1, 0.0, 0.12, 1.0])
def test_the_least_gap_is_as_asked(tier: str, clearance: float) -> None:
    site = "attached" if tier == "attached" else "detachment"
    angle = draw_angle(np.random.default_rng(5), Wish(tier, clearance, site, "artery"))
    truth = side_truth(angle, "left")
    assert truth.distance_mm == pytest.approx(clearance, abs=0.003)
    assert truth.distance_mm == truth.gap_mm.min()
    assert (truth.nearest, truth.site) == (0, site)
    assert truth.depth_mm == pytest.approx(max(-clearance, 0.0), abs=0.003)
    assert truth.is_contact == (truth.distance_mm <= 0.0)


@pytest.mark.parametrize("tier", TIERS)
def test_no_vessel_runs_through_pons_or_bone(tier: str) -> None:
    """What indents is the offender alone, and no deeper than asked."""
    wish = Wish(tier, -0.2, "attached" if tier == "attached" else "meatal", "artery")
    angle = draw_angle(np.random.default_rng(2), wish)
    tube = angle.vessels[0].tube
    in_bone = np.minimum(angle.fossa.bone(tube.line), -angle.nerves.canal()(tube.line))
    inside = np.abs(tube.line[:, 1]) < 12.0
    assert (angle.fossa.pons(tube.line) + tube.radius).max() < 0.35
    assert (in_bone + tube.radius)[inside].max() < 0.35


def test_the_right_side_mirrors_the_left() -> None:
    angle = draw_angle(np.random.default_rng(3), Wish("hard", -0.2, "cisternal", "artery"))
    left, right = side_truth(angle, "left"), side_truth(angle, "right")
    mirror = np.array([-1.0, 1.0, 1.0])
    for name in ("root_exit", "detachment", "meatus", "place"):
        np.testing.assert_allclose(getattr(right, name), mirror * getattr(left, name))
    np.testing.assert_allclose(right.facial.line, left.facial.line * mirror)
    np.testing.assert_array_equal(right.gap_mm, left.gap_mm)
    assert right.angle_deg == left.angle_deg


@pytest.mark.parametrize(("side", "sign"), [("left", 1.0), ("right", -1.0)])
def test_the_nerve_leads_outwards_on_its_own_side(side: str, sign: float) -> None:
    """In LPS x grows to the person's left; the attached segment lies below its detachment."""
    angle = draw_angle(np.random.default_rng(3), Wish("standard", 0.5, "cisternal", "artery"))
    truth = side_truth(angle, side)
    assert 0.0 < sign * truth.detachment[0] < sign * truth.meatus[0]
    assert truth.root_exit[2] < truth.detachment[2] - 5.0
    assert np.linalg.norm(np.subtract(truth.meatus, truth.detachment)) == pytest.approx(16, abs=0.5)


def test_a_place_goes_to_lps_and_back() -> None:
    points = np.random.default_rng(0).normal(size=(5, 3))
    for side in ("left", "right"):
        np.testing.assert_allclose(Placing(side).back(Placing(side)(points)), points)


def _with_vessel(angle: Angle, tube: Tube) -> Angle:
    return Angle(angle.nerves, (Vessel(tube, "artery", 0.1, 0.9),))


def test_angle_and_length_of_a_perpendicular_touch() -> None:
    """Of a straight touch of radii a and b the gap is √((a+b)² + s²) - (a+b)."""
    angle = draw_angle(np.random.default_rng(8), Wish("standard", 2.0, "cisternal", "artery"))
    nerve = angle.nerves.facial
    at = angle.nerves.detachment + 80
    across = np.cross(nerve.tangent[at], np.array([0.0, 0.0, 1.0]))
    up = np.cross(across, nerve.tangent[at])
    touching = _straight(nerve.line[at] + (nerve.radius[at] + 0.5) * up, across, 0.5)
    truth = side_truth(_with_vessel(angle, touching), "left")
    both = nerve.radius[at] + 0.5
    assert truth.angle_deg == pytest.approx(90.0, abs=1.0)
    assert truth.distance_mm == pytest.approx(0.0, abs=0.03)
    length = 2.0 * np.sqrt((both + 0.25) ** 2 - both**2)
    assert truth.contact_length_mm == pytest.approx(length, rel=0.15)
    assert truth.vessel_diameter_mm == pytest.approx(1.0)


@pytest.mark.parametrize(
    ("clearance", "grade"), [(0.1, {0}), (-0.05, {1}), (-0.2, {1, 2}), (-0.6, {3})]
)
def test_grades(clearance: float, grade: set[int]) -> None:
    wish = Wish("standard", clearance, "cisternal", "artery")
    truth = side_truth(draw_angle(np.random.default_rng(4), wish), "right")
    assert truth.grade in grade
    assert (truth.displacement_mm > 0.0) == (clearance < -0.12)


def test_a_ball_in_the_open_has_the_volume_of_a_ball() -> None:
    wish = Wish("standard", 1.0, "cisternal", "artery", mass_kind="schwannoma", mass_mm=6.0)
    angle = draw_angle(np.random.default_rng(6), wish)
    extent, volume = mass_size(angle.masses[0], angle.nerves)
    assert extent == pytest.approx(6.0)
    assert volume == pytest.approx(np.pi / 6.0 * 0.6**3, rel=0.03)


def test_a_mass_pushes_the_facial_nerve_to_its_surface() -> None:
    wish = Wish("standard", 1.0, "detachment", "artery", mass_kind="schwannoma", mass_mm=9.0)
    angle = draw_angle(np.random.default_rng(6), wish)
    nerve = angle.nerves.facial
    free = nerve.line[angle.nerves.detachment :]
    assert angle.masses[0].depth(free).max() < 0.0


def test_lengths_along_the_nerve_are_lengths() -> None:
    angle = draw_angle(np.random.default_rng(7), Wish("hard", -0.8, "detachment", "artery"))
    line, s = angle.nerves.facial.line, angle.nerves.s
    steps = [np.linalg.norm(b - a) for a, b in pairwise(line)]
    np.testing.assert_allclose(np.diff(s), steps)
    assert s[angle.nerves.detachment] == 0.0


@pytest.mark.parametrize(
    "asked",
    [
        {"clearance_mm": 5.0},
        {"clearance_mm": -0.8, "site": "attached"},
        {"clearance_mm": float("nan")},
        {"snr": 0.0},
        {"mass_mm": 40.0},
        {"nasty": frozenset({"haunted"})},
        {"t2_mm": (0.5, 0.5, 0.0)},
        {"t2_mm": (0.5, 0.5)},
        {"site": "elbow"},
        {"side": "middle"},
        {"mass": "elbow"},
    ],
)
def test_what_cannot_be_made_is_refused(asked: dict[str, object]) -> None:
    with pytest.raises(ConventionError, match="must be"):
        simulate_mri(1, options=PhantomOptions(**asked))
    with pytest.raises(ConventionError, match="tier"):
        simulate_mri(1, "easy")
