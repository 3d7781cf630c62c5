"""What is written down in a course, in words: nothing is added to it."""

import math
from collections.abc import Sequence
from datetime import date

from hemiface.errors import ConventionError
from hemiface.records import Dose, Injection, Medicine, Operation, SideEffect, Therapy
from hemiface.report.summary import say_number
from hemiface.report.words import MEASURES, TASKS, UNITS
from hemiface.scales import scale
from hemiface.types import SIDES, Side

_DEGREES = {1: ", mild", 2: ", moderate", 3: ", severe"}


def say_date(day: date) -> str:
    """Return a day that no reader takes for another."""
    return f"{day.day} {day:%b %Y}"


def say_span(on: date, until: date | None) -> str:
    """Return from when to when; what goes on has no end."""
    return f"{say_date(on)} to {say_date(until)}" if until else f"since {say_date(on)}"


def say_range(low: float, high: float) -> str:
    """Return an interval; nothing where it is not known."""
    if not (math.isfinite(low) and math.isfinite(high)):
        return ""
    return f"{say_number(low)} to {say_number(high)}"


def say_side(whose: Side | None, affected: Side | None) -> str:
    """Return a side in words."""
    if whose is None:
        return "whole face"
    return f"{whose} side, affected" if whose == affected else f"{whose} side"


def say_measure(name: str, task: str) -> str:
    """Return a measure's name for people, with the task where it has a word."""
    label = MEASURES[name][0] if name in MEASURES else name.replace("_", " ").capitalize()
    return f"{label}, {TASKS[task]}" if task in TASKS else label


def say_unit(unit: str) -> str:
    """Return a unit for people."""
    return UNITS.get(unit, unit)


def say_scale(key: str, version: str) -> str:
    """Return a scale's name, with its version."""
    try:
        return f"{scale(key, version).name}, version {version}"
    except ConventionError:
        return f"{key}, version {version}"


def say_brand(brand: str) -> str:
    """Return a brand as its maker writes it; the records keep it in small letters."""
    return brand[:1].upper() + brand[1:]


def say_dose(amount: float) -> str:
    """Return an amount as it was recorded: a dose is not rounded as a measure is."""
    return f"{amount:g}"


def say_injection(one: Injection, *, by_muscle: bool = False) -> str:
    """Return a session in words: the brand and the units of each side, as they were recorded."""
    doses = {side: [dose for dose in one.doses if dose.side == side] for side in SIDES}
    said = ", ".join(
        f"{side} {say_dose(sum(dose.units for dose in given))} U"
        f"{_say_muscles(given) if by_muscle else ''}"
        for side, given in doses.items()
        if given
    )
    return f"Botulinum toxin, {say_brand(one.brand)}: {said or 'no units written down'}"


def _say_muscles(doses: Sequence[Dose]) -> str:
    said = "; ".join(f"{one.muscle.replace('_', ' ')} {say_dose(one.units)}" for one in doses)
    return f" ({said})"


def say_operation(one: Operation) -> str:
    """Return an operation in words, as it was recorded."""
    parts = [f"{one.procedure.replace('_', ' ').capitalize()}, {one.side} side"]
    if one.vessels:
        parts.append(f"vessel {', '.join(one.vessels)}")
    if one.segment:
        parts.append(f"at the {one.segment.replace('_', ' ')}")
    if one.implant:
        parts.append(f"{one.implant} put between")
    if one.lsr != "not monitored":
        parts.append(f"lateral spread response {one.lsr}")
    return "; ".join(parts)


def say_side_effect(one: SideEffect) -> str:
    """Return a side effect in words, as it was recorded."""
    after = f", after {one.after}" if one.after else ""
    kind = one.kind.replace("_", " ")
    return f"Side effect: {kind}{_DEGREES.get(one.degree or 0, '')}{after}"


def say_medicine(one: Medicine) -> str:
    """Return a medicine in words, as it was recorded."""
    dose = f", {say_dose(one.daily_mg)} mg a day" if math.isfinite(one.daily_mg) else ""
    taken = {True: ", taken", False: ", not taken", None: ""}[one.taken]
    return f"{one.name.capitalize()}{dose}{taken}"


def say_therapy(one: Therapy) -> str:
    """Return a therapy in words, as it was recorded."""
    parts = [one.kind.replace("_", " ").capitalize()]
    if one.sessions is not None:
        parts.append(f"{one.sessions} sessions")
    parts += [
        f"{name.replace('_', ' ')} {say_dose(value)} {unit}" for name, value, unit in one.settings
    ]
    return ", ".join(parts)
