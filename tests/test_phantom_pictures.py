"""The pictures of a phantom show what its truth says, at the places it says."""

from dataclasses import replace

import numpy as np
import pytest

from hemiface.errors import ConventionError
from hemiface.simulate.mri import (
    GALLERY,
    Phantom,
    PhantomOptions,
    draw_clicks,
    simulate_gallery,
    simulate_mri,
)
from hemiface.simulate.mri.paint import Shape
from hemiface.simulate.mri.scanner import Scan, View, scan
from hemiface.simulate.mri.tubes import nearest_on
from hemiface.types import Floats
from hemiface.volume import Volume

CLEAN = PhantomOptions(
    side="left", snr=1000.0, site="cisternal", clearance_mm=0.8, vessel="artery",
    t2_mm=(0.5, 0.5, 0.5),
)  # fmt: skip
BIAS = np.exp(0.15)


@pytest.fixture(scope="module")
def clean() -> Phantom:
    return simulate_mri(11, options=CLEAN)


def _core(volume: Volume, line: Floats, radius: Floats, pose: Floats | None = None) -> Floats:
    """Return the voxels that lie whole within a tube."""
    indices = np.argwhere(np.isfinite(volume.voxels))
    places = volume.places(indices)
    moved = line if pose is None else line @ pose[:3, :3].T + pose[:3, 3]
    far, nearest = nearest_on(moved, places, 3.0)
    reach = radius[np.minimum(nearest, len(radius) - 1)]
    whole = far + np.linalg.norm(volume.spacing_mm) / 2.0 < reach
    return volume.voxels[tuple(indices[whole].T)].astype(float)


def test_the_core_of_a_nerve_is_as_bright_as_a_nerve(clean: Phantom) -> None:
    nerve = clean.truth.side("left").vestibulocochlear
    free = nerve.s_mm > 5.0  # before it the pons covers it
    core = _core(clean.t2, nerve.line[free], nerve.radius_mm[free])
    assert len(core) > 20
    assert core.min() > 0.35 / BIAS - 0.01
    assert core.max() < 0.35 * BIAS + 0.01


def test_an_artery_is_dark_on_t2_and_bright_on_tof_where_the_head_had_moved() -> None:
    options = replace(CLEAN, vessel="vertebral", nasty=frozenset({"tof_turned"}))
    phantom = simulate_mri(12, options=options)
    artery = phantom.truth.side("left").vessels[0]
    assert _core(phantom.t2, artery.line, artery.radius_mm).max() < 0.20 * BIAS + 0.01
    assert phantom.tof is not None
    blood = _core(phantom.tof, artery.line, artery.radius_mm, phantom.truth.tof_pose)
    assert blood.min() > 0.99 / BIAS
    unmoved = _core(phantom.tof, artery.line, artery.radius_mm)
    assert unmoved.min() < 0.7  # who takes the headers at their word is wrong


def test_the_tof_shows_no_vein() -> None:
    phantom = simulate_mri(13, options=replace(CLEAN, vessel="vein"))
    vein = phantom.truth.side("left").vessels[0]
    assert not vein.in_tof
    assert phantom.tof is not None
    pose = phantom.truth.tof_pose
    along = phantom.tof.indices(vein.line @ pose[:3, :3].T + pose[:3, 3]).round().astype(int)
    shape = np.array(phantom.tof.voxels.shape)
    within = along[np.all((along >= 0) & (along < shape), axis=1)]
    assert phantom.tof.voxels[tuple(within.T)].max() < 0.36 * BIAS


def test_the_noise_is_as_asked(clean: Phantom) -> None:
    """Where fluid is bright, Rician noise is Gaussian, of one part in the SNR."""
    for snr in (8.0, 20.0):
        noisy = simulate_mri(11, options=replace(CLEAN, snr=snr))
        bright = clean.t2.voxels > 0.9
        noise = (noisy.t2.voxels - clean.t2.voxels)[bright]
        assert noise.std() == pytest.approx(1.0 / snr, rel=0.03)


def test_same_seed_same_phantom_and_another_seed_another() -> None:
    options = PhantomOptions(
        t2_mm=(0.8, 0.8, 0.8), clearance_mm=0.5, site="cisternal", with_tof=False
    )
    one, again, other = (simulate_mri(seed, "hard", options=options) for seed in (3, 3, 4))
    np.testing.assert_array_equal(one.t2.voxels, again.t2.voxels)
    assert one.t2.voxels.shape != other.t2.voxels.shape or (one.t2.voxels != other.t2.voxels).any()


def test_noise_changes_nothing_else(clean: Phantom) -> None:
    noisy = simulate_mri(11, options=replace(CLEAN, snr=10.0, with_tof=False))
    assert noisy.tof is None
    assert noisy.truth.side("left").distance_mm == clean.truth.side("left").distance_mm
    np.testing.assert_array_equal(noisy.t2.affine, clean.t2.affine)


def test_an_oblique_stack_has_its_nerve_at_the_same_places() -> None:
    phantom = simulate_mri(11, options=replace(CLEAN, nasty=frozenset({"oblique"})))
    turn = phantom.t2.affine[:3, :3] / phantom.t2.spacing_mm
    assert np.abs(turn - np.eye(3)).max() > 0.1
    np.testing.assert_allclose(turn @ turn.T, np.eye(3), atol=1e-12)
    nerve = phantom.truth.side("left").vestibulocochlear
    free = (nerve.s_mm > 5.0) & (nerve.s_mm < 15.0)
    core = _core(phantom.t2, nerve.line[free], nerve.radius_mm[free])
    assert len(core) > 10
    assert core.max() < 0.35 * BIAS + 0.01


def test_both_sides_lie_in_one_volume_around_the_pons() -> None:
    options = PhantomOptions(sides="both", side="right", clearance_mm=-0.3, t2_mm=(1.0, 1.0, 1.0),
                             with_tof=False, snr=1000.0, site="cisternal")  # fmt: skip
    phantom = simulate_mri(5, options=options)
    assert [one.side for one in phantom.truth.sides] == ["left", "right"]
    left, right = phantom.truth.side("left"), phantom.truth.side("right")
    assert right.distance_mm == pytest.approx(-0.3, abs=0.003)
    assert left.distance_mm > -0.11
    assert left.meatus[0] > 20.0
    assert right.meatus[0] < -20.0
    middle = phantom.t2.indices([0.0, 0.0, 0.0]).round().astype(int)
    assert phantom.t2.voxels[tuple(middle)] == pytest.approx(0.33, rel=0.17)
    assert np.ptp(phantom.t2.places([[0, 0, 0], np.array(phantom.t2.voxels.shape) - 1])[:, 0]) > 100


def _ball(how: Scan, radius: float = 3.0, centre: tuple[float, ...] = (0.4, -0.3, 0.2)) -> Volume:
    """Take a picture of one bright ball."""

    def look(points: Floats, _reach: float) -> tuple[Floats, float]:
        return radius - np.linalg.norm(points - np.array(centre), axis=1), 1.0

    view = View(lambda places: np.ones(len(places), bool), lambda places: places,
                [Shape("ball", look)], 0.0)  # fmt: skip
    n = 21
    affine = np.diag([*how.voxel_mm, 1.0])
    affine[:3, 3] = -(n - 1) / 2.0 * np.array(how.voxel_mm)
    return scan(np.random.default_rng(0), how, [view], affine, (n, n, n))


@pytest.mark.parametrize("kind", [{}, {"rings": True}, {"is_zoomed": True}])
def test_a_scan_puts_a_ball_where_it_is(kind: dict[str, bool]) -> None:
    volume = _ball(Scan((0.8, 0.8, 0.8), 1e6, bias=0.0, **kind))
    places = volume.places(np.indices(volume.voxels.shape).reshape(3, -1).T)
    weights = volume.voxels.ravel() * (volume.voxels.ravel() > 0.3)
    middle = (places * weights[:, None]).sum(axis=0) / weights.sum()
    np.testing.assert_allclose(middle, (0.4, -0.3, 0.2), atol=0.03)
    filled = volume.voxels[volume.voxels > 0.5].size * np.prod(volume.spacing_mm)
    assert filled == pytest.approx(4.0 / 3.0 * np.pi * 27.0, rel=0.05)


def test_a_cut_of_k_space_rings_and_an_interpolation_halves_the_voxel() -> None:
    plain, cut = (_ball(Scan((0.8,) * 3, 1e6, bias=0.0, rings=rings)) for rings in (False, True))
    assert plain.voxels.max() <= 1.001
    assert cut.voxels.max() > 1.03
    zoomed = _ball(Scan((0.8,) * 3, 1e6, is_zoomed=True))
    np.testing.assert_allclose(zoomed.spacing_mm, [0.4, 0.4, 0.8])
    assert zoomed.voxels.shape == (42, 42, 21)


def test_ghosts_bands_and_shadows_change_the_picture() -> None:
    plain = _ball(Scan((0.8,) * 3, 1e6, bias=0.0)).voxels
    for spoiled in (Scan((0.8,) * 3, 1e6, bias=0.0, ghost=0.2),
                    Scan((0.8,) * 3, 1e6, bias=0.0, bands=0.6),
                    Scan((0.8,) * 3, 1e6, bias=0.0, shadow=0.3)):  # fmt: skip
        assert np.abs(_ball(spoiled).voxels - plain).max() > 0.04


def test_clicks_miss_by_as_much_as_asked(clean: Phantom) -> None:
    truth = clean.truth.side("left")
    points = np.array([truth.root_exit, truth.detachment, truth.meatus])
    np.testing.assert_array_equal(draw_clicks(1, truth, 0.0), points)
    misses = np.concatenate([draw_clicks(seed, truth) - points for seed in range(200)])
    assert misses.std() == pytest.approx(0.4, rel=0.1)


@pytest.mark.parametrize("name", ["vein", "between", "schwannoma_meatus", "zoomed", "loop"])
def test_cases_show_what_they_say(name: str) -> None:
    phantom = simulate_gallery(name)
    truth, asked = phantom.truth.sides[0], GALLERY[name].options
    assert truth.site == asked.site
    assert truth.distance_mm == pytest.approx(asked.clearance_mm, abs=0.003)
    assert truth.vessels[0].in_tof == (name != "vein")
    assert bool(truth.masses) == (name == "schwannoma_meatus")


def test_between_is_between() -> None:
    truth = simulate_gallery("between").truth.sides[0]
    place, vessel = np.array(truth.place), truth.vessels[0]
    _, (touch,) = nearest_on(vessel.line, place[None])
    _, (beside,) = nearest_on(truth.vestibulocochlear.line, place[None])
    to_vessel = vessel.line[touch] - place
    to_other = truth.vestibulocochlear.line[beside] - place
    assert 0.0 < to_vessel @ to_other < to_other @ to_other


def test_a_mass_is_painted_where_it_is_told() -> None:
    options = replace(CLEAN, mass="angle", mass_mm=7.0, site="detachment", clearance_mm=1.0)
    phantom = simulate_mri(15, options=options)
    (mass,) = phantom.truth.side("left").masses
    assert (mass.kind, mass.diameter_mm) == ("schwannoma", pytest.approx(7.0))
    off = phantom.t2.places(np.indices(phantom.t2.voxels.shape).reshape(3, -1).T) - mass.centre
    far = np.linalg.norm(off, axis=1)
    bright = phantom.t2.voxels.ravel()[(far < 3.0) & (far > 1.5)]
    assert np.median(bright) == pytest.approx(0.44, abs=0.12)


def test_an_unknown_case_is_refused() -> None:
    with pytest.raises(ConventionError, match="must be one of"):
        simulate_gallery("dragon")


@pytest.mark.parametrize("name", ["no_tof", "cyst", "touching", "oblique"])
def test_more_cases_can_be_made(name: str) -> None:
    phantom, asked = simulate_gallery(name), GALLERY[name].options
    truth = phantom.truth.side("left")
    assert truth.distance_mm == pytest.approx(asked.clearance_mm, abs=0.003)
    assert np.isfinite(phantom.t2.voxels).all()
    assert (phantom.tof is not None) == asked.with_tof
