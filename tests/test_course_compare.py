"""Change against noise, treatments beside each other, and a clinic's people together."""

from dataclasses import replace
from datetime import timedelta

import numpy as np
import pytest

from course_story import a_course, counted, injection, on
from hemiface.course import measure_change, outcomes, treatment_effects
from hemiface.records import Course, Measured, Medicine, Operation, Person, SideEffect

WEEKLY = np.arange(0.0, 365.0, 7.0)


def lids(*takes: tuple[float, float], fps: float = 30.0) -> tuple[Measured, ...]:
    return tuple(Measured(on(day), "lid_opening", mm, "mm", "left", fps=fps) for day, mm in takes)


PAIRS = [(0, 9.0), (0, 9.2), (30, 9.1), (30, 8.9), (60, 9.0), (60, 9.2)]


def test_what_two_takes_of_a_day_differ_by_is_no_change():
    course = a_course(lids(*PAIRS, (90, 8.3), (90, 8.1)))

    small = measure_change(course, "lid_opening", "left", on(0), on(60))
    large = measure_change(course, "lid_opening", "left", on(0), on(90))

    # Takes differ by 0.2 mm: SD 0.2 / sqrt 2; means of two and two: 1.96 * SD * sqrt(1/2 + 1/2).
    assert small.least == pytest.approx(1.96 * 0.2 / np.sqrt(2), rel=0.01)
    assert (small.exceeds, small.reason) == (False, "")
    assert large.difference == pytest.approx(-0.9)
    assert large.exceeds is True


def test_a_treatment_between_two_takes_is_not_noise():
    takes = [(day, 9.0 if day < 30 else 7.0) for day in range(0, 60, 10)]
    treated = a_course(lids(*takes), injection(25))
    assert measure_change(treated, "lid_opening", "left", on(0), on(50)).exceeds is True
    untreated = a_course(lids(*takes))
    assert measure_change(untreated, "lid_opening", "left", on(0), on(50)).least > 0.5


def test_what_cannot_be_told_is_said():
    few = a_course(lids((0, 9.0), (100, 8.0)))
    assert "repeated takes" in measure_change(few, "lid_opening", "left", on(0), on(100)).reason
    course = a_course(lids(*PAIRS))
    assert (
        "within three days" in measure_change(course, "lid_opening", "left", on(0), on(200)).reason
    )
    assert measure_change(course, "burden", "left", on(0), on(60)) is None
    mixed = [
        replace(one, name="clonic_rate", fps=60.0 if one.on == on(60) else 30.0)
        for one in lids(*PAIRS)
    ]
    told = measure_change(a_course(tuple(mixed)), "clonic_rate", "left", on(0), on(60))
    assert told.reason.startswith("Filmed at 30 and 60 frames")


def test_each_treatment_against_what_is_usual():
    def rate(day: float) -> float:
        return 20.0 if day < 100 else 5.0 if day < 190 else 20.0 if day < 280 else 15.0

    pill = Medicine(on(270), "pill")
    toxin, medicine = treatment_effects(a_course(counted(rate, WEEKLY), injection(95), pill))

    assert toxin.ratio == pytest.approx(0.25, abs=0.02)
    assert toxin.low < 0.25 < toxin.high
    assert medicine.ratio == pytest.approx(0.75, abs=0.02)


def test_what_worked_together_cannot_be_told_apart():
    pill = Medicine(on(80), "pill", until=on(200))
    toxin, _ = sorted(
        treatment_effects(a_course(counted(lambda _: 20.0, WEEKLY), injection(90), pill)),
        key=lambda one: one.treatment.on, reverse=True,
    )  # fmt: skip
    assert "cannot be told apart" in toxin.reason
    none = treatment_effects(a_course(counted(lambda _: 20.0, WEEKLY[:2]), injection(90)))
    assert "Too few videos" in none[0].reason


def clinic(n: int) -> list[Course]:
    people = []
    for k in range(n):
        left = 0.2 if k % 5 else 0.9
        measured = counted(lambda d, s=left: 20.0 * (s if 100 <= d < 190 else 1.0), WEEKLY)
        one = replace(
            a_course(measured, injection(95)), person=Person(f"p{k}", affected_side="left")
        )
        effect = SideEffect(on(95) + timedelta(days=10), "ptosis", after="injection")
        people.append(replace(one, side_effects=(effect,) if k < 2 else ()))
    return people


def test_a_clinics_people_together():
    (toxin,) = outcomes(clinic(10))

    assert (toxin.kind, toxin.n_people, toxin.n_sessions) == ("botulinum toxin: botox", 10, 10)
    assert toxin.ratio == pytest.approx(0.2, abs=0.02)
    assert toxin.halved == pytest.approx(0.8)
    assert toxin.halved_low < 0.8 < toxin.halved_high
    assert toxin.effects_per_session == pytest.approx(0.2)


def test_few_people_are_not_told_of():
    assert outcomes(clinic(4)) == ()
    operated = [replace(one, treatments=(Operation(on(200), "left"),)) for one in clinic(3)]
    assert {one.kind for one in outcomes([*clinic(6), *operated])} == {"botulinum toxin: botox"}
