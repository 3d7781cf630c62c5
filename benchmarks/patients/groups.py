"""Which patients are rendered: persons and seeds that nobody develops on.

Development: the portraits of `training.people` and seeds below 9000. Reporting: the portraits of
`benchmarks.plans` and the seeds here.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Literal

from benchmarks.clips import Plan, Severity
from benchmarks.plans import PORTRAITS, portrait

SEVERITIES: tuple[Severity, ...] = ("mild", "moderate", "severe")
TASKS = ("rest", "speak", "smile")
# Each as `hemiface.simulate.film.scene` reads it; those of one eye are of the affected side.
CONFOUNDERS = {
    "nothing": "",
    "low light": "low_light",
    "glasses": "glasses",
    "strong compression": "compressed",
    "hand-held": "handheld",
    "irregular frames": "variable",
    "eye 20 % narrower": "opening_percent=-20",
    "eye 20 % wider": "opening_percent=20",
    "ptosis": "ptosis",
    "palsy": "palsy",
    "chewing": "",
}
ASYMMETRIC = ("eye 20 % narrower", "eye 20 % wider", "ptosis", "palsy")
YAWS_DEG = (-20.0, -10.0, 0.0, 10.0, 20.0)
RATES_HZ = (24.0, 25.0, 30.0, 50.0, 60.0, 120.0)
MIMICS = ("blepharospasm", "synkinesis", "myokymia", "healthy")
OPENINGS = ("", "", "opening_percent=-10,uneven_side=left")
"""Scenes of the recordings of one person: twice the same, then the left eye 10 % less open."""


@dataclass(frozen=True)
class Size:
    """How many patients of each group, and how long each recording is, in seconds."""

    per_severity: int = 20
    per_confounder: int = 6
    per_rate: int = 6
    per_mimic: int = 8
    lid_pairs: int = 8
    per_visit: int = 6
    patient_s: float = 20.0
    mimic_s: float = 45.0
    scene_s: float = 15.0
    short_s: float = 10.0
    visit_s: float = 180.0


FULL = Size()
QUICK = Size(2, 1, 1, 1, 1, 1, 8.0, 8.0, 4.0, 4.0, 8.0)


def patients(size: Size) -> list[Plan]:
    """Return the patients on whom spasms, rate and burden are told."""
    return [
        replace(_plan(9400 + 50 * level + index, index, severity), duration_s=size.patient_s)
        for level, severity in enumerate(SEVERITIES)
        for index in range(size.per_severity)
    ]


def confounded(size: Size) -> dict[str, list[Plan]]:
    """Return the same patients in every scene."""
    return {
        name: [
            replace(
                plan,
                scene=f"{scene},uneven_side={plan.side}" if name in ASYMMETRIC else scene,
                task="chew" if name == "chewing" else plan.task,
            )
            for plan in _some(9600, size.per_confounder, size.scene_s)
        ]
        for name, scene in CONFOUNDERS.items()
    }


def turned(size: Size) -> dict[float, list[Plan]]:
    """Return the same patients with their heads turned."""
    plans = _some(9600, size.per_confounder, size.scene_s)
    return {
        yaw: [replace(plan, scene=f"yaw_deg={yaw:g}", task="rest") for plan in plans]
        for yaw in YAWS_DEG
    }


def at_rates(size: Size) -> dict[float, list[Plan]]:
    """Return the same patients filmed at every frame rate."""
    plans = _some(9650, size.per_rate, size.short_s)
    return {rate: [replace(plan, fps=rate) for plan in plans] for rate in RATES_HZ}


def mimics(size: Size) -> dict[str, list[Plan]]:
    """Return people whose faces move for other reasons."""
    return {
        mimic: [
            replace(
                _plan(9700 + 20 * which + index, index, "moderate"),
                condition=mimic,
                duration_s=size.mimic_s,
                fps=25.0,
                size=480,
                task="smile" if mimic == "synkinesis" else "rest",
            )
            for index in range(size.per_mimic)
        ]
        for which, mimic in enumerate(MIMICS)
    }


def lid_openings(size: Size) -> list[list[Plan]]:
    """Return recordings of people without spasms whose one eye opens less in the last."""
    return [
        [
            replace(
                _plan(9800 + 10 * index + take, index, "mild"),
                side="none", scene=scene, duration_s=size.short_s, task="rest",
            )
            for take, scene in enumerate(OPENINGS)
        ]
        for index in range(size.lid_pairs)
    ]  # fmt: skip


def visits(size: Size) -> list[Plan]:
    """Return patients filmed for minutes at rest, as at a visit to the clinic.

    The true spasms of 20 s tell severity and treatment hardly better than chance; those of three
    minutes do.
    """
    return [
        replace(
            _plan(10_000 + 50 * level + index, index, severity),
            duration_s=size.visit_s, task="rest", fps=25.0, size=480,
        )
        for level, severity in enumerate(SEVERITIES)
        for index in range(size.per_visit)
    ]  # fmt: skip


def treated(size: Size) -> list[tuple[Plan, Plan]]:
    """Return the moderate of them, and day 15 after 34.5 units of onabotulinumtoxinA."""
    moderate = [plan for plan in visits(size) if plan.severity == "moderate"]
    return [(plan, replace(plan, toxin_day=15.0)) for plan in moderate]


def _some(seed: int, n: int, duration_s: float) -> list[Plan]:
    return [
        replace(_plan(seed + index, index, SEVERITIES[1 + index % 2]), duration_s=duration_s)
        for index in range(n)
    ]


def _plan(seed: int, index: int, severity: Severity) -> Plan:
    side: Literal["left", "right"] = "right" if index % 2 else "left"
    return Plan(
        seed, side, severity, portrait=portrait(index % len(PORTRAITS)), task=TASKS[index % 3]
    )


def all_plans(size: Size) -> Iterator[Plan]:
    """Yield every plan there is, the longest first, for rendering them side by side."""
    yield from visits(size)
    for _, after in treated(size):
        yield after
    yield from compared_plans(size)
    for plans in mimics(size).values():
        yield from plans
    for takes in lid_openings(size):
        yield from takes


def compared_plans(size: Size) -> Iterator[Plan]:
    """Yield the plans that the baselines look at too."""
    yield from patients(size)
    for some in (confounded(size), turned(size), at_rates(size)):
        for plans in some.values():
            yield from plans
