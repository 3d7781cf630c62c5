"""A simulated course as the records a clinic keeps, so that what reads those can be tested."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta

import numpy as np

from hemiface.records import (
    Course,
    Dose,
    Entry,
    Injection,
    Measured,
    Medicine,
    Operation,
    Person,
    SideEffect,
    Trigger,
)
from hemiface.simulate.course import treatments as simulated
from hemiface.simulate.course.diary import Entry as Note
from hemiface.simulate.course.simulate import Course as Simulated
from hemiface.simulate.course.visits import Visit
from hemiface.types import SIDES, Side

BRAND = "onabotulinumtoxinA"
_SHARES: dict[str, float] = {
    "orbicularis_oculi_upper": 0.3, "orbicularis_oculi_lower": 0.4, "zygomaticus": 0.15,
    "orbicularis_oris": 0.15,
}  # fmt: skip
"""How a session's units are spread over muscles: our choice, for the look of a page only."""
_KINDS = {"ptosis": "ptosis", "droop": "mouth_droop", "weakness": "facial_palsy"}
_TRIGGERS: dict[str, Trigger] = {"stress": "stress", "fatigue": "fatigue"}
_WRITTEN_AT = time(20, 0, tzinfo=UTC)


def as_course(simulated_course: Simulated, begin: date) -> Course:
    """Return a simulated course as records, beginning on a civil date.

    Parameters
    ----------
    simulated_course : Course
        From `simulate_course`.
    begin : date
        Of day 0.
    """
    patient = simulated_course.patient
    given = [_given(one, begin, patient.side) for one in simulated_course.treatments]
    return Course(
        person=Person(
            key=f"simulated-{simulated_course.seed}",
            sex=patient.sex,
            birth_year=begin.year - int(patient.age_years),
            affected_side=patient.side,
            onset=begin - timedelta(days=round(365.25 * patient.years)),
        ),
        measured=tuple(
            one
            for visit in simulated_course.visits
            for one in _measures(visit, begin, patient.side)
        ),
        diary=tuple(_entry(note, begin) for note in simulated_course.diary),
        treatments=tuple(sorted((one for one in given if one), key=lambda one: one.on)),
        side_effects=tuple(_side_effects(simulated_course.diary, begin)),
    )


def _day(begin: date, day: float) -> date:
    return begin + timedelta(days=int(day))


def _measures(visit: Visit, begin: date, side: Side | None) -> Iterator[Measured]:
    on, minutes = _day(begin, visit.day), visit.observed_s / 60.0
    for one in SIDES:
        n = visit.n_spasms if one == side else 0
        low, high = _garwood(n)
        yield Measured(on, "spasm_rate", n / minutes, "1/min", one, "protocol", visit.observed_s,
                       n, low / minutes, high / minutes, fps=30.0)  # fmt: skip
        opening = visit.lid_left_mm if one == "left" else visit.lid_right_mm
        yield Measured(
            on, "lid_opening", opening, "mm", one, "protocol", visit.observed_s, fps=30.0
        )
        burden = visit.burden_percent if one == side else 0.0
        yield Measured(on, "burden", burden, "%", one, "protocol", visit.observed_s, n, fps=30.0)
        if n:
            yield Measured(on, "amplitude", visit.amplitude_mm, "mm", one, "protocol",
                           visit.observed_s, n, fps=30.0)  # fmt: skip


def _garwood(n: int) -> tuple[float, float]:
    """Return the exact 95 % interval of a Poisson mean (Garwood 1936)."""
    from scipy.special import gammaincinv

    low = float(gammaincinv(n, 0.025)) if n else 0.0
    return low, float(gammaincinv(n + 1, 0.975))


def _entry(note: Note, begin: date) -> Entry:
    side = {"left": SIDES[0], "right": SIDES[1]}.get(note.side)
    trigger = _TRIGGERS.get(note.trigger)
    return Entry(
        at=datetime.combine(_day(begin, note.day), _WRITTEN_AT),
        side=side,
        burden=note.burden,
        sites=tuple(filter(None, note.sites.split("; "))),
        triggers=(trigger,) if trigger else (),
        stress=note.stress,
        sleep_h=note.sleep_h,
        medicines=("medicine",) if note.medicine else (),
    )


def _given(
    one: simulated.Treatment, begin: date, side: Side | None
) -> Injection | Medicine | Operation | None:
    """Return a treatment as it is written down; the disease's own trend is none."""
    if isinstance(one, simulated.Toxin) and side is not None:
        doses = [Dose(muscle, side, share * one.dose_u) for muscle, share in _SHARES.items()]
        return Injection(_day(begin, one.day), BRAND, tuple(doses))
    if isinstance(one, simulated.Surgery) and side is not None:
        return Operation(_day(begin, one.day), side, implant="Teflon")
    if isinstance(one, simulated.Medicine):
        return Medicine(_day(begin, one.day), "medicine", taken=True)
    return None


def _side_effects(diary: tuple[Note, ...], begin: date) -> Iterator[SideEffect]:
    """Yield each unbroken run of days on which a side effect was written down."""
    for word, kind in _KINDS.items():
        noted = np.array([word in note.side_effect for note in diary])
        edges = np.flatnonzero(np.diff(np.r_[0, noted.astype(int), 0])).reshape(-1, 2)
        for first, last in edges.tolist():
            until = None if last == len(diary) else _day(begin, diary[last - 1].day)
            yield SideEffect(_day(begin, diary[first].day), kind, until)
