"""Each mimic shows its defining sign, and none has a spasm in its truth."""

import numpy as np
import pytest

from hemiface.simulate.face.fields import CHANNELS
from hemiface.simulate.people.epidemiology import CONDITIONS, Condition
from hemiface.simulate.people.patient import draw_patient
from hemiface.simulate.people.plan import plan_spasms
from hemiface.simulate.people.schedule import Build, Contraction, Schedule, row
from hemiface.simulate.people.triggers import Movement
from hemiface.types import SIDES, Side, Span

BUILD = Build({"left": 10.0, "right": 10.0}, np.eye(len(CHANNELS)))
LID = "orbicularis_oculi_upper"
LOWER_FACE = {"depressor_anguli_oris", "depressor_labii", "platysma"}
MOVEMENTS = (
    Movement("blink", 3.0, 0.2),
    Movement("blink", 7.0, 0.25),
    Movement("smile", 12.0, 1.5),
    Movement("eye_closure", 20.0, 1.0),
)


def plan(
    condition: Condition,
    seed: int = 1,
    *,
    movements: tuple[Movement, ...] = (),
    side: Side = "right",
    observed: tuple[Span, ...] | None = None,
) -> Schedule:
    return plan_spasms(
        seed, side=side, severity="moderate", duration_s=60.0, build=BUILD, movements=movements,
        patient=draw_patient(seed, condition=condition, side=side), observed=observed,
    )  # fmt: skip


def lengths_s(contractions: list[Contraction]) -> list[float]:
    return [one.envelope.offset_s - one.envelope.onset_s for one in contractions]


def all_of(condition: Condition) -> list[Contraction]:
    return [one for seed in range(25) for one in plan(condition, seed).contractions]


@pytest.mark.parametrize("condition", [one for one in CONDITIONS if one != "hfs"])
def test_a_mimic_has_a_name_and_no_spasm(condition: Condition) -> None:
    schedule = plan(condition, movements=MOVEMENTS)
    assert schedule.condition == condition
    assert schedule.events == ()
    moves = schedule.drives(np.linspace(0.0, 60.0, 1801)).any()
    assert moves == (condition != "healthy")


@pytest.mark.parametrize("condition", CONDITIONS)
def test_same_seed_same_movements_inside_what_is_seen(condition: Condition) -> None:
    times, spans = np.linspace(0.0, 60.0, 3601), (Span(2.0, 25.0), Span(30.0, 50.0))
    schedule = plan(condition, movements=MOVEMENTS, observed=spans)
    again = plan(condition, movements=MOVEMENTS, observed=spans)
    np.testing.assert_array_equal(schedule.drives(times), again.drives(times))
    unseen = (times < 2.0) | ((times >= 25.0) & (times < 30.0)) | (times >= 50.0)
    assert not schedule.drives(times)[:, unseen].any()


@pytest.mark.parametrize("condition", CONDITIONS)
def test_no_eye_is_more_than_shut(condition: Condition) -> None:
    times = np.linspace(0.0, 60.0, 3601)
    for seed in range(5):
        drives = plan(condition, seed, movements=MOVEMENTS).drives(times)
        for side in SIDES:
            assert drives[row(LID, side)].max() <= BUILD.opening_mm[side] + 1e-9


def test_blepharospasm_closes_both_eyes_alike_and_at_once() -> None:
    schedule = plan("blepharospasm")
    drives = schedule.drives(np.linspace(0.0, 60.0, 3601))
    left, right = drives[row(LID, "left")], drives[row(LID, "right")]
    np.testing.assert_allclose(left, right, atol=1.0)
    assert np.corrcoef(left, right)[0, 1] > 0.99
    assert not drives[[row("frontalis", side) for side in SIDES]].any()
    assert np.median(lengths_s(all_of("blepharospasm"))) > 0.8


def test_functional_spasm_holds_the_mouth_corner_down_and_spares_the_eye() -> None:
    held = all_of("functional")
    assert all(set(one.muscles) <= LOWER_FACE for one in held)
    assert all("depressor_anguli_oris" in one.muscles for one in held)
    assert np.mean(np.array(lengths_s(held)) >= 1.0) > 0.95
    assert {one.side for one in held} == {"left", "right"}


def test_a_tic_is_brief_and_varied_on_one_side_or_both() -> None:
    jerks = all_of("tic")
    assert max(lengths_s(jerks)) < 0.7
    assert len({one.muscles for one in jerks}) == 6
    assert 2 <= len({one.muscles for one in plan("tic", 3).contractions}) <= 4
    starts = [one.envelope.start_s for one in jerks]
    pairs = len(starts) - len(set(starts))
    assert 0 < pairs < len(starts) / 2


def test_myokymia_undulates_slightly_in_one_lower_lid() -> None:
    waves = all_of("myokymia")
    assert {one.muscles for one in waves} == {("orbicularis_oculi_lower",)}
    assert {one.side for one in waves} == {"right"}
    assert max(one.drive_mm[0] for one in waves) < 0.45
    shape = max(waves, key=lambda one: one.envelope.length_s).envelope
    rises = np.sum(np.diff((shape.values > 0.5).astype(int)) == 1)
    assert 1.5 <= rises / shape.length_s <= 9.0


def test_synkinesis_follows_each_movement_of_its_side_and_is_never_spontaneous() -> None:
    schedule = plan("synkinesis", movements=MOVEMENTS)
    assert len(schedule.contractions) == len(MOVEMENTS)
    assert plan("synkinesis").contractions == ()
    for one, movement in zip(schedule.contractions, MOVEMENTS, strict=True):
        assert one.side == "right"
        assert 0.0 <= one.envelope.onset_s - movement.onset_s <= 0.05
        mouth_follows = movement.kind != "smile"
        assert ("zygomaticus" in one.muscles) == mouth_follows
        assert (LID in one.muscles) == (not mouth_follows)


def test_synkinesis_of_a_blink_at_the_very_beginning_stays_in_the_recording() -> None:
    schedule = plan("synkinesis", movements=(Movement("blink", 0.0, 0.2),))
    assert all(one.envelope.start_s >= 0.0 for one in schedule.contractions)
    assert len(schedule.contractions) == 1


def test_the_brow_lifts_after_palsy_only_with_the_other_babinski_sign() -> None:
    lifting = [seed for seed in range(60) if _lifts(seed)]
    signed = [
        seed for seed in range(60) if draw_patient(seed, condition="synkinesis").other_babinski
    ]
    assert lifting == signed
    assert signed


def _lifts(seed: int) -> bool:
    schedule = plan("synkinesis", seed, movements=MOVEMENTS)
    return any("frontalis" in one.muscles for one in schedule.contractions)
