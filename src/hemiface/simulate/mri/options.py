"""What may be asked of a phantom."""

from dataclasses import dataclass, field
from typing import Literal, get_args

from hemiface.errors import ConventionError
from hemiface.simulate.mri.anatomy import Oddity
from hemiface.simulate.mri.fossa import Tier
from hemiface.simulate.mri.masses import MassPlace
from hemiface.simulate.mri.parts import MassKind, Site, VesselKind
from hemiface.types import SIDES, Side

Sides = Literal["one", "both"]
Nasty = Literal[
    "between", "touching", "small_fossa",
    "truncated", "zoomed", "ghosts", "bands", "shadows", "oblique", "tof_turned", "tof_weak",
]  # fmt: skip
ODDITIES: tuple[Oddity, ...] = get_args(Oddity)
PLACES: tuple[MassPlace, ...] = get_args(MassPlace)
NASTY: tuple[Nasty, ...] = get_args(Nasty)
TIERS: tuple[Tier, ...] = get_args(Tier)
MassWish = MassPlace | Literal["none", "drawn"]


@dataclass(frozen=True)
class PhantomOptions:
    """What may be asked of a phantom; what is None is drawn from the seed.

    Attributes
    ----------
    sides : "one" or "both"
        One angle in a small field, or the whole slab with the pons in its middle.
    side : "left", "right" or None
        The person's own: which is shown, or, of both, which holds the asked conflict.
    with_tof : bool
    snr : float or None
    clearance_mm : float or None
        Least gap; negative for an indentation. From -1 to 3, on the pons from -0.6.
    site : str or None
        "root_exit", "attached", "detachment", "cisternal" or "meatal".
    vessel : "artery", "vertebral", "vein" or None
        What passes there; a vein only if asked for.
    mass : "none", "meatus", "porus", "angle" or "drawn"
        Where a mass grows; "drawn" is none in half of the seeds.
    mass_kind : "schwannoma", "meningioma", "epidermoid" or "cyst"
    mass_mm : float or None
        Its diameter.
    t2_mm : tuple of float or None
        Voxel of the T2 as acquired.
    nasty : frozenset of str
        "between" (the vessel passes between the nerves), "touching" (a second artery on the
        first), "small_fossa", "truncated" (edges ring), "zoomed" (interpolated by the scanner),
        "ghosts", "bands", "shadows", "oblique" (the stack of T2), "tof_turned" (2 degrees about
        each axis), "tof_weak" (slow blood, half as bright at its end).
    """

    sides: Sides = "one"
    side: Side | None = None
    with_tof: bool = True
    snr: float | None = None
    clearance_mm: float | None = None
    site: Site | None = None
    vessel: VesselKind | None = None
    mass: MassWish = "none"
    mass_kind: MassKind = "schwannoma"
    mass_mm: float | None = None
    t2_mm: tuple[float, float, float] | None = None
    nasty: frozenset[Nasty] = field(default_factory=frozenset)


def check_options(seed: int, tier: str, asked: PhantomOptions) -> None:
    """Raise if what is asked cannot be made.

    Raises
    ------
    ConventionError
    """
    if seed < 0:
        raise _wrong("The seed", "0 or more", seed)
    if tier not in TIERS:
        raise _wrong("The tier", f"one of {', '.join(TIERS)}", tier)
    for name, choices in _CHOICES.items():
        if getattr(asked, name) not in choices:
            known = ", ".join(str(one) for one in choices if one is not None)
            raise _wrong(f"The {name}", f"one of {known}", getattr(asked, name))
    unknown = asked.nasty - set(NASTY)
    if unknown:
        raise _wrong("What is nasty", f"among {', '.join(NASTY)}", ", ".join(sorted(unknown)))
    for what, value, low, high in _numbers(tier, asked):
        if value is not None and not low <= value <= high:
            raise _wrong(what, f"from {low:g} to {high:g}", value)
    if asked.t2_mm is not None and len(asked.t2_mm) != 3:
        raise _wrong("The voxel of the T2", "three lengths", asked.t2_mm)


def _numbers(tier: str, asked: PhantomOptions) -> list[tuple[str, float | None, float, float]]:
    """Return each number asked for, with its range."""
    return [
        ("The clearance in mm", asked.clearance_mm, _deepest(tier, asked), 3.0),
        ("The SNR", asked.snr, 1.0, 1000.0),
        ("The diameter of the mass in mm", asked.mass_mm, 2.0, 16.0),
        *(("A voxel of the T2 in mm", one, 0.2, 2.0) for one in asked.t2_mm or ()),
    ]


def _deepest(tier: str, asked: PhantomOptions) -> float:
    """Return how deep a vessel may lie; on the pons not with its whole width."""
    attached = asked.site is None and tier == "attached"
    return -0.6 if attached or asked.site in ("root_exit", "attached") else -1.0


_CHOICES: dict[str, tuple[str | None, ...]] = {
    "sides": get_args(Sides),
    "side": (None, *SIDES),
    "site": (None, *get_args(Site)),
    "vessel": (None, *get_args(VesselKind)),
    "mass": ("none", "drawn", *PLACES),
    "mass_kind": get_args(MassKind),
}


def _wrong(what: str, wanted: str, got: object) -> ConventionError:
    return ConventionError(f"{what} must be {wanted}; got {got}. Ask for that.")
