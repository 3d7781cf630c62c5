"""Treatments and side effects as the course reads them: what holds, in order of time."""

from collections.abc import Callable

from hemiface.records import Dose, Injection, Medicine, Operation, SideEffect, Therapy, Treatment
from hemiface_clinic.people.models import Patient
from hemiface_clinic.treatments.injections import doses_of
from hemiface_clinic.treatments.kinds import OTHER, Implant, Kind, Taken
from hemiface_clinic.treatments.models import Version
from hemiface_clinic.treatments.queries import latest_versions

NOT_KNOWN = float("nan")
_SETTINGS = (
    ("frequency", "Hz"),
    ("pulse_width", "µs"),
    ("current", "mA"),
    ("session_length", "min"),
)
_CAUSE = {Kind.INJECTION: "injection", Kind.MEDICINE: "medicine", Kind.OPERATION: "operation"}


def course_treatments(patient: Patient) -> tuple[Treatment, ...]:
    """Return the treatments of a patient, in order of time; none that was taken back."""
    return tuple(_TREATMENTS[one.kind](one) for one in _held(patient) if one.kind in _TREATMENTS)


def course_side_effects(patient: Patient) -> tuple[SideEffect, ...]:
    """Return the side effects of a patient, in order of time; none that was taken back."""
    held = _held(patient)
    kinds = {str(one.record_id): one.kind for one in held}
    return tuple(_side_effect(one, kinds) for one in held if one.kind == Kind.SIDE_EFFECT)


def _held(patient: Patient) -> list[Version]:
    return [one for one in reversed(latest_versions(patient)) if not one.is_error]


def _number(version: Version, name: str) -> float:
    return float(version.contents.get(name, NOT_KNOWN))


def _named(version: Version, name: str) -> str:
    """Return a chosen key, or the words that stand for "other"."""
    chosen: str = version.contents.get(name, "")
    words: str = version.contents.get(f"{name}_name", "")
    return words if chosen == OTHER else chosen


def _injection(version: Version) -> Injection:
    doses = doses_of(version.contents)
    return Injection(
        version.on,
        brand=_named(version, "brand"),
        doses=tuple(
            Dose(one.muscle, "left" if one.side == "left" else "right", float(one.units))
            for one in doses
        ),
        lot=version.contents.get("lot", ""),
        dilution_ml=_number(version, "dilution_ml"),
        vial_units=_number(version, "vial_units"),
    )


def _medicine(version: Version) -> Medicine:
    said = version.contents.get("taken")
    return Medicine(
        version.on,
        name=version.contents["name"],
        atc=version.contents.get("atc", ""),
        daily_mg=_number(version, "daily_mg"),
        until=version.until,
        taken=None if said is None else said == Taken.YES,
    )


def _operation(version: Version) -> Operation:
    found = version.contents
    implant = _named(version, "implant")
    words = {OTHER: found.get("vessel_name", "")}
    return Operation(
        version.on,
        side=found["side"],
        procedure=_named(version, "procedure"),
        approach=_named(version, "approach"),
        vessels=tuple(words.get(one, one) for one in found.get("vessel", [])),
        segment=found.get("segment", ""),
        implant="" if implant == Implant.NONE else implant,
        lsr=found.get("lsr", "not monitored"),
    )


def _therapy(version: Version) -> Therapy:
    sessions = version.contents.get("sessions")
    return Therapy(
        version.on,
        modality=version.kind.value,  # type: ignore[arg-type]  # only the three come here
        kind=_named(version, "what"),
        until=version.until,
        sessions=sessions,
        settings=tuple(_settings(version)),
    )


def _settings(version: Version) -> list[tuple[str, float, str]]:
    known = version.contents
    found = [(name, float(known[name]), unit) for name, unit in _SETTINGS if name in known]
    if "amount" in known:
        found.append(("daily_amount", float(known["amount"]), known["amount_unit"]))
    return found


def _side_effect(version: Version, kinds: dict[str, Kind]) -> SideEffect:
    degree = version.contents.get("degree")
    cause = kinds.get(version.contents.get("after", ""))
    return SideEffect(
        version.on,
        kind=_named(version, "what"),
        until=version.until,
        degree=int(degree) if degree else None,
        after=_CAUSE.get(cause, "therapy") if cause else "",
    )


_TREATMENTS: dict[Kind, Callable[[Version], Treatment]] = {
    Kind.INJECTION: _injection,
    Kind.MEDICINE: _medicine,
    Kind.OPERATION: _operation,
    Kind.PHYSICAL: _therapy,
    Kind.NUTRITION: _therapy,
    Kind.COMPLEMENTARY: _therapy,
}
