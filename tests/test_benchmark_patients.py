"""The numbers of the accuracy benchmark, on cases small enough to know the answer."""

from dataclasses import replace

import pytest
from benchmarks.cases import Case
from benchmarks.clips import Plan
from benchmarks.patients.groups import FULL, MIMICS, QUICK, all_plans, confounded, patients, treated
from benchmarks.patients.numbers import (
    babinski,
    burden_of,
    cluster_agreement,
    is_less,
    rate_bias,
    rate_of,
)

from hemiface.types import Measure, Measurement, Quality, Recording, Spasm


def recording(n: int, *, mm: float = 2.0, duration_s: float = 0.5, brow: bool = False):
    muscles = ("orbicularis_oculi_upper", *(["frontalis"] if brow else []))
    spasms = tuple(
        Spasm(2.0 * i, duration_s, 2.0 * i, "left", "clonic", mm, muscles) for i in range(n)
    )
    about = Recording("r", "video", "r.mp4", "", 30.0, 60.0, 1800, 640, 640, False, "rest")
    return Measurement(about, "left", spasms, (), (), Quality(60.0, 200.0), {})


def case(found: Measurement, truth: Measurement | None = None) -> Case:
    return Case("c", truth or found, found)


def test_rate_and_burden_count_from_a_size_on():
    film = recording(6)
    assert (rate_of(film), burden_of(film)) == (6.0, 5.0)
    assert rate_of(film, min_mm=2.5) == 0.0


def test_bias_is_of_all_patients_together():
    assert rate_bias([case(recording(5), recording(4)), case(recording(3), recording(4))]) == 0.0
    assert rate_bias([case(recording(6), recording(4))]) == pytest.approx(0.5)


def test_a_fall_is_seen_when_chance_does_not_explain_it():
    assert is_less(after=case(recording(4)), before=case(recording(20)))
    assert not is_less(after=case(recording(17)), before=case(recording(20)))
    assert not is_less(after=case(recording(0)), before=case(recording(0)))


@pytest.mark.parametrize(("share", "low", "brow"), [(60.0, 23.1, True), (20.0, 3.6, False)])
def test_the_other_babinski_sign_of_a_patient(share, low, brow):
    found = Measure("other_babinski", share, "%", "left", "rest", 60.0, 5, low, 95.0)
    truth = recording(5, brow=brow)
    assert babinski(case(replace(truth, measures=(found,)), truth)) == (brow, brow)
    assert babinski(case(recording(2))) is None


def test_three_kinds_of_patients_are_three_clusters():
    cases = []
    for severity, n, length_s in (("mild", 2, 0.1), ("moderate", 15, 0.3), ("severe", 12, 1.6)):
        for more in range(4):
            film = recording(n + more % 2, duration_s=length_s)
            film = replace(film, software={"settings": {"severity": severity}})
            cases.append(case(film))
    assert cluster_agreement(cases) == pytest.approx(1.0)


def test_nobody_is_developed_on_and_only_the_scene_differs():
    plans: list[Plan] = list(all_plans(FULL))
    assert min(plan.seed for plan in plans) >= 9400
    scenes = confounded(FULL)
    for name, some in scenes.items():
        for plan, plain in zip(some, scenes["nothing"], strict=True):
            assert replace(plan, scene="", task=plain.task) == plain, name
    assert len(patients(FULL)) == 60
    assert len(set(all_plans(QUICK))) < 40
    assert all(after.toxin_day == 15.0 for _, after in treated(FULL))
    assert {plan.condition for plan in plans} == {"hfs", *MIMICS}
