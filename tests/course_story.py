"""Courses whose answers are known by thought: counts that follow a curve we choose."""

from collections.abc import Callable, Sequence
from datetime import date, timedelta

from hemiface.records import Course, Dose, Injection, Measured, Operation, Person

BEGIN = date(2024, 1, 1)


def on(day: float) -> date:
    return BEGIN + timedelta(days=int(day))


def injection(day: float, brand: str = "botox") -> Injection:
    return Injection(on(day), brand, (Dose("orbicularis_oculi_lower", "left", 10.0),))


def counted(
    per_min: Callable[[float], float], days: Sequence[float], *, minutes: float = 3.0,
    size_mm: Callable[[float], float] | None = None,
) -> tuple[Measured, ...]:  # fmt: skip
    """Return a video on each day, with exactly as many spasms as expected."""
    made = []
    for day in days:
        n = round(per_min(day) * minutes)
        seen = 60.0 * minutes
        made.append(Measured(on(day), "spasm_rate", n / minutes, "1/min", "left", "rest", seen, n))
        if n and size_mm:
            made.append(Measured(on(day), "amplitude", size_mm(day), "mm", "left", "rest", seen, n))
    return tuple(made)


def a_course(measured: tuple[Measured, ...], *treatments: Injection | Operation) -> Course:
    ordered = tuple(sorted(treatments, key=lambda one: one.on))
    return Course(Person("p", affected_side="left"), measured, treatments=ordered)
