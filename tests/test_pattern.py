"""What a movement looks like: by itself on one side, with another movement, of both eyes."""

import numpy as np
import pytest

from hemiface.measures import measure_spasms, name_pattern, pattern_notices
from hemiface.measures.together import LOCKED_S, find_smiles
from hemiface.spasms import detect_spasms
from hemiface.types import Measure, Side
from signals_story import MOUTH, Move, blink, mirrored, signals_story, smile, spasm

BLINKS = [blink(t) for t in np.arange(1.3, 59.0, 3.1)]


def measured(*moves: Move, mirror: bool = False) -> tuple[Measure, ...]:
    signals = signals_story(*moves, duration_s=60.0)
    signals = mirrored(signals) if mirror else signals
    return measure_spasms(signals, detect_spasms(signals))


def of(measures: tuple[Measure, ...], name: str, side: Side | None) -> Measure:
    return next(m for m in measures if (m.name, m.side) == (name, side))


def following(moves: list[Move], side: Side = "left", mm: float = 1.5) -> list[Move]:
    """The mouth of one side moves with each movement, as after a palsy."""
    return [Move(m.onset_s + 0.02, 0.25, side, mm, MOUTH) for m in moves]


def test_spasms_that_come_by_themselves() -> None:
    spasms = [spasm(t, 0.4) for t in np.arange(2.5, 58.0, 4.7)]
    found = measured(*BLINKS, *spasms)
    assert name_pattern(found) == "one_sided"
    assert pattern_notices(found) == ()
    assert of(found, "mouth_with_blink", "left").value < 20


@pytest.mark.parametrize("mirror", [False, True])
def test_a_mouth_that_follows_each_blink(mirror: bool) -> None:
    found = measured(*BLINKS, *following(BLINKS), mirror=mirror)
    side, other = ("right", "left") if mirror else ("left", "right")
    assert of(found, "mouth_with_blink", side).value > 90
    assert of(found, "mouth_with_blink", other).value == 0
    assert name_pattern(found) == "task_locked"
    (notice,) = pattern_notices(found)
    assert notice.code == "pattern_task_locked"


def test_an_eye_that_follows_each_smile() -> None:
    smiles = [smile(t, 1.5) for t in np.arange(3.0, 56.0, 6.0)]
    eye = {"orbicularis_oculi": 0.3, "orbicularis_oculi_upper": 1.0}
    closing = [Move(s.onset_s, 1.5, "right", 1.0, eye, 0.5, 0.6) for s in smiles]
    found = measured(*BLINKS, *smiles, *closing)
    assert of(found, "eye_with_smile", "right").value > 80
    assert of(found, "eye_with_smile", "left").value < 20
    assert name_pattern(found) == "task_locked"


def test_both_eyes_shut_again_and_again() -> None:
    closures = [
        Move(t, 1.6, "both", 9.0, {"orbicularis_oculi": 1 / 9, "corrugator": 0.1}, 0.1, 0.2)
        for t in np.arange(2.0, 57.0, 4.5)
    ]
    found = measured(*closures)
    assert 25 < of(found, "both_eyes_shut", None).value < 45
    assert name_pattern(found) == "both_eyes"
    assert pattern_notices(found)[0].code == "pattern_both_eyes"


def test_a_healthy_face() -> None:
    found = measured(*BLINKS, *(smile(t) for t in (7.0, 21.0, 40.0)))
    assert name_pattern(found) == "none"
    assert of(found, "both_eyes_shut", None).value < 10


def test_too_little_says_nothing() -> None:
    signals = signals_story(duration_s=2.0)
    assert name_pattern(measure_spasms(signals, detect_spasms(signals))) == "undetermined"


def test_a_smile_is_of_both_sides_and_lasts() -> None:
    signals = signals_story(smile(5.0), Move(12.0, 2.0, "left", 4.0, MOUTH), duration_s=20.0)
    (found,) = find_smiles(signals)
    assert abs(found.start_s - 5.0) < 2 * LOCKED_S
