"""What may be asked of the simulator, checked before any work is done."""

from typing import Literal

from hemiface.errors import ConventionError
from hemiface.simulate.people.habits import MANNERS
from hemiface.simulate.people.severity import PROFILES
from hemiface.types import Side

AskedSide = Side | Literal["none"]

_RANGES: dict[str, tuple[float, float, str]] = {
    "seed": (0, 2**63 - 1, ""),
    "duration_s": (1.0, 36_000.0, " s"),
    "fps": (5.0, 240.0, " frames/s"),
    "size": (160, 2160, " px"),
}


def check_options(
    seed: int, side: str, severity: str, *, task: str | None = None, **numbers: float | None
) -> None:
    """Refuse options that no video can be made from.

    Raises
    ------
    ConventionError
        Naming the option, what it must be, and what it was.
    """
    _check_choice("side", side, ("left", "right", "none"))
    _check_choice("severity", severity, tuple(PROFILES))
    if task is not None:
        _check_choice("task", task, tuple(MANNERS))
    for name, value in {"seed": seed, **numbers}.items():
        if value is not None:
            _check_range(name, value)


def planned_side(side: AskedSide) -> Side | None:
    """Return the side to plan spasms on, None for none."""
    return None if side == "none" else side


def _check_choice(name: str, value: str, choices: tuple[str, ...]) -> None:
    if value not in choices:
        raise ConventionError(
            f"The {name} must be one of {', '.join(choices)}; got {value!r}. Choose one of them."
        )


def _check_range(name: str, value: float) -> None:
    low, high, unit = _RANGES[name]
    if not low <= value <= high:
        raise ConventionError(
            f"The {name.removesuffix('_s')} must be from {low:g} to {high:g}{unit}; got {value:g}. "
            "Give a value in that range."
        )
