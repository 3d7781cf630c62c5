import numpy as np
import pytest

from hemiface.muscles import MUSCLE, MUSCLES, Muscle
from hemiface.track.model import canonical_face, mirror_pairs

GROUPS = {"eye", "brow", "nose", "cheek", "mouth", "chin", "neck"}
BRANCHES = {"temporal", "zygomatic", "buccal", "marginal mandibular", "cervical"}


def test_each_muscle_has_a_name_of_its_own() -> None:
    assert len(MUSCLE) == len(MUSCLES)
    assert len({muscle.label for muscle in MUSCLES}) == len(MUSCLES)


@pytest.mark.parametrize("muscle", MUSCLES, ids=lambda muscle: muscle.name)
def test_left_and_right_are_mirror_images(muscle: Muscle) -> None:
    assert sorted(mirror_pairs()[list(muscle.left)]) == sorted(muscle.right)


@pytest.mark.parametrize("muscle", MUSCLES, ids=lambda muscle: muscle.name)
def test_the_left_patch_is_on_the_persons_left(muscle: Muscle) -> None:
    x = canonical_face()[:, 0]
    assert (x[list(muscle.left)] > 0).all()
    assert (x[list(muscle.right)] < 0).all()


@pytest.mark.parametrize("muscle", MUSCLES, ids=lambda muscle: muscle.name)
def test_every_muscle_is_placed_and_pulls(muscle: Muscle) -> None:
    assert muscle.group in GROUPS
    assert muscle.branch in BRANCHES
    assert muscle.action_unit.startswith("AU")
    assert np.hypot(*muscle.pull) > 0


def test_every_region_and_branch_of_the_nerve_is_measured() -> None:
    assert {muscle.group for muscle in MUSCLES} == GROUPS
    assert {muscle.branch for muscle in MUSCLES} == BRANCHES


def test_a_smile_pulls_the_corner_of_the_mouth_up_and_outwards() -> None:
    lateral, up = MUSCLE["zygomaticus"].pull
    assert lateral > 0
    assert up > 0


def test_a_brow_is_lifted_by_frontalis_and_drawn_down_and_in_by_corrugator() -> None:
    assert MUSCLE["frontalis"].pull[1] > 0
    assert MUSCLE["corrugator"].pull[0] < 0
    assert MUSCLE["corrugator"].pull[1] < 0
