"""The conflict measured on phantoms whose distance is known."""

from dataclasses import replace

import numpy as np
import pytest

from hemiface.errors import ConventionError
from hemiface.mri import Clicks, MriFound, measure_mri, propose_clicks
from hemiface.simulate.mri import Phantom, PhantomOptions, draw_clicks, simulate_mri
from hemiface.volume import Volume

_COARSE = PhantomOptions(side="left", snr=30.0, t2_mm=(0.6, 0.6, 0.6))


def _clicks(phantom: Phantom) -> Clicks:
    root_exit, _, meatus = draw_clicks(phantom.seed, phantom.truth.sides[0])
    return Clicks(tuple(root_exit), tuple(meatus))


def _measure(phantom: Phantom) -> MriFound:
    truth = phantom.truth
    return measure_mri(
        phantom.t2, phantom.tof, {truth.sides[0].side: _clicks(phantom)},
        t2_mm=np.array(truth.t2_mm), tof_mm=np.array(truth.tof_mm),
    )  # fmt: skip


@pytest.fixture(scope="module")
def indented() -> Phantom:
    asked = replace(_COARSE, site="detachment", vessel="artery", clearance_mm=-0.5)
    return simulate_mri(601, options=asked)


@pytest.fixture(scope="module")
def found(indented: Phantom) -> MriFound:
    return _measure(indented)


def test_an_indentation_is_measured_to_a_tenth_of_a_millimetre(
    indented: Phantom, found: MriFound
) -> None:
    conflict, truth = found.sides[0].conflict, indented.truth.sides[0]
    assert conflict is not None
    assert conflict.distance_mm == pytest.approx(-0.5, abs=0.12)
    assert conflict.low_mm < -0.5 < conflict.high_mm
    assert conflict.contact == "yes"
    assert conflict.site == "detachment"
    assert conflict.grade == 3
    assert np.linalg.norm(np.subtract(conflict.place, truth.place)) < 1.0
    assert conflict.angle_deg == pytest.approx(truth.angle_deg, abs=8.0)
    assert conflict.vessel_diameter_mm == pytest.approx(truth.vessel_diameter_mm, abs=0.12)


def test_the_nerve_is_the_facial_one(indented: Phantom, found: MriFound) -> None:
    from scipy.spatial import cKDTree

    truth, nerve = indented.truth.sides[0], found.sides[0].facial
    free = nerve.line[(nerve.s_mm > 1.0) & (nerve.s_mm < 16.0)]
    own, _ = cKDTree(truth.facial.line).query(free)
    other, _ = cKDTree(truth.vestibulocochlear.line).query(free)
    assert own.max() < 0.8
    assert np.all(own < other)


def test_the_gap_along_the_nerve_has_an_interval_and_is_least_at_the_conflict(
    found: MriFound,
) -> None:
    side = found.sides[0]
    assert np.all(side.low_mm <= side.gap_mm)
    assert np.all(side.gap_mm <= side.high_mm)
    assert side.conflict is not None
    least = side.facial.s_mm[int(np.argmin(side.gap_mm))]
    assert least == pytest.approx(side.conflict.s_mm, abs=1.0)


def test_the_side_is_the_persons_own_and_a_mirrored_head_gives_the_mirrored_result(
    indented: Phantom, found: MriFound
) -> None:
    mirror = np.diag([-1.0, 1.0, 1.0, 1.0])
    assert indented.tof is not None
    t2 = Volume(indented.t2.voxels, mirror @ indented.t2.affine)
    tof = Volume(indented.tof.voxels, mirror @ indented.tof.affine)
    given = _clicks(indented)
    clicks = Clicks(*((-p[0], p[1], p[2]) for p in (given.root_exit, given.meatus)))
    mirrored = measure_mri(t2, tof, {"right": clicks}).sides[0]
    assert mirrored.conflict is not None
    conflict = found.sides[0].conflict
    assert conflict is not None
    assert mirrored.side == "right"
    assert mirrored.conflict.distance_mm == pytest.approx(conflict.distance_mm, abs=0.1)
    assert mirrored.conflict.place[0] == pytest.approx(-conflict.place[0], abs=0.3)


def test_a_vessel_on_the_pons_is_measured_against_the_pons() -> None:
    asked = replace(_COARSE, site="attached", vessel="artery", clearance_mm=-0.3)
    conflict = _measure(simulate_mri(607, "attached", options=asked)).sides[0].conflict
    assert conflict is not None
    assert conflict.distance_mm == pytest.approx(-0.3, abs=0.2)
    assert conflict.site == "attached"
    assert conflict.contact == "yes"


def test_without_tof_a_vessel_is_found_on_t2_and_the_lack_is_told() -> None:
    asked = replace(_COARSE, site="cisternal", vessel="artery", clearance_mm=0.8, with_tof=False)
    found = _measure(simulate_mri(604, options=asked))
    assert [doubt.key for doubt in found.doubts] == ["no_tof"]
    conflict = found.sides[0].conflict
    assert conflict is not None
    assert conflict.distance_mm == pytest.approx(0.8, abs=0.2)


def test_noise_withholds_the_numbers() -> None:
    found = _measure(simulate_mri(605, options=replace(_COARSE, snr=8.0, with_tof=False)))
    assert found.snr == pytest.approx(8.0, rel=0.15)
    assert any(doubt.key == "snr" and doubt.refuses for doubt in found.doubts)
    assert found.sides[0].masses == ()


def test_a_vessel_apart_is_no_contact_and_a_mass_is_shown(found: MriFound) -> None:
    asked = replace(_COARSE, site="cisternal", clearance_mm=0.5, mass="porus", mass_mm=6.0)
    phantom = simulate_mri(606, options=asked)
    side, truth = _measure(phantom).sides[0], phantom.truth.sides[0]
    assert side.conflict is not None
    assert side.conflict.distance_mm == pytest.approx(truth.distance_mm, abs=0.12)
    assert (side.conflict.contact, side.conflict.grade) == ("no", 0)
    (mass,) = side.masses
    assert np.linalg.norm(np.subtract(mass.place, truth.masses[0].centre)) < 1.5
    assert mass.volume_ml == pytest.approx(truth.masses[0].volume_ml, rel=0.4)
    assert found.sides[0].masses == ()


@pytest.mark.parametrize(
    ("clicks", "said"),
    [
        ({}, "got none"),
        ({"left": Clicks((900.0, 0.0, 0.0), (20.0, 0.0, 0.0))}, "must lie in the picture"),
        ({"left": Clicks((np.nan, 0.0, 0.0), (20.0, 0.0, 0.0))}, "three numbers"),
        ({"left": Clicks((30.0, 0.0, 0.0), (16.0, 0.0, 0.0))}, "further to the left"),
        ({"right": Clicks((16.0, 0.0, 0.0), (30.0, 0.0, 0.0))}, "further to the right"),
        ({"left": Clicks((16.0, 0.0, 0.0), (17.0, 0.0, 0.0))}, "Check both points"),
    ],
)
def test_points_that_cannot_be_a_nerve_are_refused(
    indented: Phantom, clicks: dict[str, Clicks], said: str
) -> None:
    with pytest.raises(ConventionError, match=said):
        measure_mri(indented.t2, indented.tof, clicks)  # type: ignore[arg-type]


def test_points_are_proposed_on_the_facial_nerve_of_the_right_side(indented: Phantom) -> None:
    from scipy.spatial import cKDTree

    truth = indented.truth.sides[0]
    (side,) = (proposed := propose_clicks(indented.t2, indented.tof))
    assert side == "left"
    own, _ = cKDTree(truth.facial.line).query(proposed["left"].meatus)
    assert own < 0.7
    assert np.linalg.norm(np.subtract(proposed["left"].root_exit, truth.root_exit)) < 3.0
