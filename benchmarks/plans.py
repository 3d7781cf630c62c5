"""Which videos are made: persons, seeds, severities, tasks and rates that nobody develops on."""

from dataclasses import dataclass, replace
from pathlib import Path

from benchmarks.clips import DATA, Plan, Severity

# Varied skin, age and sex; composites are averages of four people. None is used for anything else.
PORTRAITS = (
    "london_025_neutral.jpg",
    "london_021_neutral.jpg",
    "london_005_neutral.jpg",
    "composite_f_african.jpg",
    "london_006_neutral.jpg",
    "london_044_neutral.jpg",
    "composite_m_easian.jpg",
    "composite_m_multi.jpg",
)
_SEVERITIES: tuple[Severity, ...] = (
    "moderate", "severe", "mild", "moderate", "severe", "moderate", "mild", "severe",
)  # fmt: skip
_TASKS = ("rest", "speak", "smile")
_FIRST_SEED, _ONTO_SEED, _FREE_SEED, _STILL_SEED = 9001, 9101, 9201, 9301


@dataclass(frozen=True)
class Scope:
    """How much is measured.

    Attributes
    ----------
    portraits, free, still : int
        Portraits with spasms; without; and without any movement at all.
    onto_seeds : int
        How often spasms are planted into each real clip.
    n_clips : int or None
        Real clips used, None for all.
    duration_s : float
        Length of a rendered clip.
    rates_hz : tuple of float
        Frame rates of the portraits with spasms.
    """

    portraits: int = 8
    free: int = 6
    still: int = 3
    onto_seeds: int = 1
    n_clips: int | None = None
    duration_s: float = 20.0
    rates_hz: tuple[float, ...] = (60.0, 30.0)


FULL = Scope()
QUICK = Scope(portraits=2, free=1, still=1, n_clips=2, duration_s=8.0, rates_hz=(30.0,))


def spasm_plans(scope: Scope, rate_hz: float) -> list[Plan]:
    """Return portraits with spasms, at one frame rate; the spasms are the same at any rate."""
    return [
        Plan(
            _FIRST_SEED + index,
            "right" if index % 2 else "left",
            _SEVERITIES[index % len(_SEVERITIES)],
            portrait=portrait(index),
            task=_TASKS[index % len(_TASKS)],
            duration_s=scope.duration_s,
            fps=rate_hz,
        )
        for index in range(scope.portraits)
    ]


def free_plans(scope: Scope, tasks: tuple[str, ...]) -> list[Plan]:
    """Return portraits without spasms, the tasks in turn."""
    return [
        Plan(
            _FREE_SEED + 10 * len(tasks) + index,
            "none",
            portrait=portrait(index),
            task=tasks[index % len(tasks)],
            duration_s=scope.duration_s,
        )
        for index in range(scope.free)
    ]


def still_plans(scope: Scope) -> list[Plan]:
    """Return portraits in which nothing moves: light, lens and sensor noise alone."""
    one = Plan(_STILL_SEED, "none", task="still", duration_s=scope.duration_s)
    return [
        replace(one, seed=_STILL_SEED + index, portrait=portrait(index))
        for index in range(scope.still)
    ]


def onto_plans(scope: Scope, folder: Path) -> list[Plan]:
    """Return real clips with spasms planted, sides and severities in turn."""
    clips = sorted(folder.glob("*.mp4"))[: scope.n_clips]
    return [
        Plan(
            _ONTO_SEED + 100 * turn + index,
            "left" if (index + turn) % 2 else "right",
            "severe" if (index // 2 + turn) % 2 else "moderate",
            onto=str(clip),
            task="speak",
        )
        for turn in range(scope.onto_seeds)
        for index, clip in enumerate(clips)
    ]


def portrait(index: int) -> str | None:
    """Return a portrait by number; None, the picture a dependency ships, where the data are not."""
    path = DATA / "photos" / PORTRAITS[index % len(PORTRAITS)]
    return str(path) if path.exists() else None
