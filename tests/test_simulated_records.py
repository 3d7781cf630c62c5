"""A simulated course as records: what it was, and nothing more."""

from datetime import date, timedelta

import pytest

from hemiface.records import Injection, Medicine, Operation
from hemiface.simulate.course.records import as_course
from hemiface.simulate.course.simulate import simulate_course
from hemiface.simulate.course.treatments import Medicine as Pill
from hemiface.simulate.course.treatments import Surgery, Toxin
from hemiface.simulate.people.patient import draw_patient

BEGIN = date(2024, 2, 1)


@pytest.fixture(scope="module")
def simulated():
    patient = draw_patient(5, severity="moderate", side="right")
    given = [Toxin(30.0, day=10.0), Surgery(90.0), Pill(5.0)]
    return simulate_course(5, patient=patient, treatments=given, days=120, every_days=10.0)


def test_every_visit_has_its_counts_on_its_own_side(simulated):
    course = as_course(simulated, BEGIN)
    rates = [one for one in course.measured if (one.name, one.side) == ("spasm_rate", "right")]

    assert [one.n for one in rates] == [visit.n_spasms for visit in simulated.visits]
    assert [one.on for one in rates] == [
        BEGIN + timedelta(days=int(v.day)) for v in simulated.visits
    ]
    assert all(one.low <= one.value <= one.high for one in rates)
    others = [one for one in course.measured if (one.name, one.side) == ("spasm_rate", "left")]
    assert {one.value for one in others} == {0.0}
    assert course.person.affected_side == "right"


def test_treatments_are_in_order_and_keep_their_units(simulated):
    given = as_course(simulated, BEGIN).treatments

    assert [type(one) for one in given] == [Medicine, Injection, Operation]
    assert given[1].total_units == pytest.approx(30.0)
    assert {dose.side for dose in given[1].doses} == {"right"}
    assert given[2].on == BEGIN + timedelta(days=90)


def test_the_diary_has_every_day(simulated):
    diary = as_course(simulated, BEGIN).diary

    assert [entry.at.date() for entry in diary] == [BEGIN + timedelta(days=d) for d in range(121)]
    assert [entry.burden for entry in diary] == [note.burden for note in simulated.diary]
    assert all(entry.at.tzinfo is not None for entry in diary)


def test_a_healthy_person_has_no_spasms_and_no_treatment():
    healthy = draw_patient(6, condition="healthy")
    course = as_course(simulate_course(6, patient=healthy, days=20), BEGIN)

    assert course.person.affected_side is None
    assert {one.n for one in course.measured} == {0}
    assert course.treatments == ()
