"""Two years of one virtual patient: diary, three injections, an operation, videos, scales, history.

The patient is simulated; what the site keeps of them goes through its own forms and actions.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from typing import Any
from uuid import uuid4

from django.core.files import File
from django.utils import timezone

from hemiface.diagnosis import read_questionnaire
from hemiface.pipeline import simulate_video
from hemiface.records import Course, Injection, Operation, SideEffect
from hemiface.scales import grade, scale
from hemiface.simulate.course.records import as_course
from hemiface.simulate.course.simulate import simulate_course
from hemiface.simulate.course.treatments import Surgery, Toxin, combine
from hemiface.simulate.course.treatments import Treatment as Response
from hemiface.simulate.people.state import State
from hemiface.types import Side
from hemiface_clinic.diary import actions as diary
from hemiface_clinic.findings.actions import fill as fill_in
from hemiface_clinic.people.models import Patient, User
from hemiface_clinic.recordings.actions import receive
from hemiface_clinic.scales import actions as scales
from hemiface_clinic.tables import read_toml
from hemiface_clinic.treatments import actions as treatments
from hemiface_clinic.treatments.kinds import Kind
from hemiface_clinic.treatments.models import Record
from hemiface_clinic.treatments.telling import FORMS

DAYS = 730
INJECTED, OPERATED = (40, 150, 265), 400
FILMED = (30, 60, 140, 180, 390, 600)
"""Days of the videos: before an injection, at its height, as it fades, and after the operation."""
VIDEO_S, VIDEO_PX = 12.0, 400
_NOON = time(12, 0, tzinfo=UTC)


@dataclass(frozen=True)
class Years:
    """A virtual patient's two years, as records, and how they responded."""

    seed: int
    begin: date
    course: Course
    responses: tuple[Response, ...]

    @property
    def side(self) -> Side:
        """The affected side."""
        return self.course.person.affected_side or "left"


def draw_years(seed: int, today: date) -> Years:
    """Return two years that end today."""
    given: list[Response] = [
        *(Toxin(25.0, float(day)) for day in INJECTED),
        Surgery(float(OPERATED)),
    ]
    begin = today - timedelta(days=DAYS)
    drawn = simulate_course(seed, treatments=given, days=DAYS, every_days=7.0)
    return Years(seed, begin, as_course(drawn, begin), drawn.treatments)


def live(
    years: Years, patient: Patient, doctor: User, data: Path, filmed: Sequence[int] = FILMED
) -> None:
    """Write two years down: the patient's diary and videos, the doctor's treatments and findings.

    Parameters
    ----------
    years : Years
    patient : Patient
        With an account.
    doctor : User
    data : pathlib.Path
        Videos are rendered in it, and kept encrypted only.
    filmed : sequence of int
        Days of the videos.
    """
    assert patient.user is not None
    _answer(years, patient, patient.user, doctor)
    for entry in years.course.diary:
        evening = datetime.combine(entry.at.date(), time(20), timezone.get_current_timezone())
        if evening < timezone.now():
            diary.write(patient, replace(entry, at=evening), uuid4(), by=patient.user)
    _treat(years, patient, doctor)
    _grade(years, patient, patient.user, doctor)
    for day in filmed:
        _film(years, day, patient, patient.user, data)


def _answer(years: Years, patient: Patient, user: User, doctor: User) -> None:
    """Answer history and examination as somebody with primary hemifacial spasm would."""
    told = read_toml(Path(__file__).with_name("findings.toml"))
    side = {"side": years.side}
    for name, by in (("history", user), ("examination", doctor)):
        asked = read_questionnaire(name)
        answered = {
            key: value.format(**side) if isinstance(value, str) else value
            for key, value in told[name].items()
        }
        fill_in(patient, asked, answered, by=by)


def _treat(years: Years, patient: Patient, doctor: User) -> None:
    records: dict[date, Record] = {}
    for one in years.course.treatments:
        if isinstance(one, Injection):
            records[one.on] = _write(patient, Kind.INJECTION, _session(one, years.side), doctor)
        elif isinstance(one, Operation):
            records[one.on] = _write(patient, Kind.OPERATION, _operation(one), doctor)
    for effect in years.course.side_effects:
        earlier = [on for on in records if on <= effect.on]
        after = str(records[max(earlier)].pk) if earlier else ""
        _write(patient, Kind.SIDE_EFFECT, _effect(effect), doctor, after=after)


def _write(
    patient: Patient, kind: Kind, typed: Mapping[str, Any], by: User, *, after: str = ""
) -> Record:
    form = FORMS[kind](typed)
    if not form.is_valid():
        raise ValueError(f"{kind} of the demonstration: {form.errors.as_json()}")
    contents = form.contents() | ({"after": after} if after else {})
    return treatments.add(patient, kind, contents, key=uuid4(), by=by)


def _session(one: Injection, side: Side) -> dict[str, str]:
    doses = {f"{dose.side}-{dose.muscle}": f"{dose.units:.2f}" for dose in one.doses}
    return {
        "on": one.on.isoformat(), "affected_side": side, "brand": "botox", "lot": "C7654",
        "vial_units": "100", "dilution_ml": "2.5", **doses,
    }  # fmt: skip


def _operation(one: Operation) -> dict[str, Any]:
    return {
        "on": one.on.isoformat(), "side": one.side, "procedure": "microvascular_decompression",
        "approach": "retrosigmoid", "vessel": ["AICA"], "segment": "attached_segment",
        "implant": "Teflon", "lsr": "gone",
    }  # fmt: skip


def _effect(one: SideEffect) -> dict[str, str]:
    typed = {"what": one.kind, "on": one.on.isoformat(), "degree": str(one.degree or 1)}
    return typed | ({"until": one.until.isoformat()} if one.until else {})


def _grade(years: Years, patient: Patient, user: User, doctor: User) -> None:
    """Grade on the days of treatment as the burden of the diary goes."""
    smc, trouble = scale("smc", "2012"), scale("self_rating", "1")
    for day in (INJECTED[0], INJECTED[0] + 30, INJECTED[2], OPERATED, DAYS - 5):
        on = years.begin + timedelta(days=day)
        burden = next((one.burden or 0 for one in years.course.diary if one.at.date() == on), 0)
        scales.add(patient, grade(trouble, 10 * burden, on=on, by="patient"), by=user)
        if not burden:
            continue  # no grade of spasms where there are none
        level = max(smc.lowest, min(smc.highest, round(burden / 2.5)))
        side = years.side
        scales.add(patient, grade(smc, level, on=on, by="clinician", side=side), by=doctor)


def _film(years: Years, day: int, patient: Patient, user: User, data: Path) -> None:
    film = data / f"demo-{years.seed}-{day}.mp4"
    try:
        _render(years, day, film)
        with film.open("rb") as file:
            receive(File(file, name=f"day-{day}.mp4"), patient=patient, by=user)
    finally:
        for leftover in data.glob(f"{film.stem}*"):
            leftover.unlink()


def _render(years: Years, day: int, film: Path) -> None:
    """Render the face as it is on a day: what treatment leaves of the spasms, and its harm."""
    left = combine([one.effect(float(day)) for one in years.responses])
    state = State(
        rate_factor=left.rate_factor, amplitude_factor=left.amplitude_factor,
        ptosis_mm=left.ptosis_mm, droop_mm=left.droop_mm, palsy=left.palsy,
    )  # fmt: skip
    simulate_video(
        film, seed=years.seed + day, side=years.side if left.rate_factor > 0 else "none",
        severity="severe", state=state, duration_s=VIDEO_S, fps=30.0, size=VIDEO_PX, task="rest",
        filmed_at=datetime.combine(years.begin + timedelta(days=day), _NOON),
    )  # fmt: skip
