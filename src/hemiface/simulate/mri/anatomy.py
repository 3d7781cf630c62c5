"""One cerebellopontine angle drawn at random: nerves, then what presses on them."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np

from hemiface.errors import ConventionError
from hemiface.simulate.mri.distances import course_of, profile
from hemiface.simulate.mri.fossa import Depth, Random, Tier, draw_fossa
from hemiface.simulate.mri.masses import MassPlace, draw_mass
from hemiface.simulate.mri.nerves import BESIDE, displaced, draw_nerves, pushed_aside
from hemiface.simulate.mri.parts import Angle, Mass, MassKind, Nerves, Site, Vessel, VesselKind
from hemiface.simulate.mri.tubes import gaps
from hemiface.simulate.mri.vessels import (
    Plan,
    draw_outward,
    draw_passing,
    draw_place,
    draw_touching,
    draw_vein,
    draw_vertebral,
)
from hemiface.types import Floats

Oddity = Literal["between", "touching", "small_fossa"]
_TRIES = 80
_APART_MM = 0.3
_PRESSING_MM = -0.12


@dataclass(frozen=True)
class Wish:
    """What one side shall hold.

    Attributes
    ----------
    tier, site : str
    clearance_mm : float
    kind : str
        Of the offender.
    oddities : frozenset
    mass_kind : str or None
    mass_place : str
    mass_mm : float or None
    """

    tier: Tier
    clearance_mm: float
    site: Site
    kind: VesselKind
    oddities: frozenset[Oddity] = frozenset()
    mass_kind: MassKind | None = None
    mass_place: MassPlace = "angle"
    mass_mm: float | None = None


def draw_angle(random: Random, wish: Wish) -> Angle:
    """Draw one side; what does not come out as wished is drawn again.

    Raises
    ------
    ConventionError
        If no such side could be drawn.
    """
    for _ in range(_TRIES):
        drawn = _try_angle(random, wish)
        if drawn is not None:
            return drawn
    raise ConventionError(
        f"A vessel must fit where it is asked for; got none in {_TRIES} tries at "
        f"{wish.clearance_mm:g} mm on the {wish.site} segment. Ask for another place or distance."
    )


def _try_angle(random: Random, wish: Wish) -> Angle | None:
    fossa = draw_fossa(random, wish.tier, small="small_fossa" in wish.oddities)
    room = 1.5 + max(wish.clearance_mm, 0.0) if "between" in wish.oddities else 0.0
    nerves = draw_nerves(random, wish.tier, fossa, room_mm=room)
    masses: tuple[Mass, ...] = ()
    if wish.mass_kind is not None:
        masses = (draw_mass(random, nerves, wish.mass_kind, wish.mass_place, wish.mass_mm),)
        nerves = nerves if wish.mass_kind == "epidermoid" else pushed_aside(nerves, masses[0])
    plan = _plan(random, wish, nerves)
    if wish.clearance_mm < _PRESSING_MM and plan.at >= nerves.detachment and not plan.straight:
        nerves = displaced(nerves, plan.at, -plan.outward, random.uniform(0.6, 1.8))
    course = course_of(nerves)
    offender = draw_passing(random, course, plan, _solids(nerves, masses))
    if offender is None or gaps(nerves.vestibulocochlear, offender.tube)[0].min() < -0.1:
        return None
    others = _draw_others(random, wish, nerves, offender)
    least = max(wish.clearance_mm, 0.0) + _APART_MM
    others = [one for one in others if profile(course, one.tube)[0].min() > least]
    if "touching" not in wish.oddities:
        return Angle(nerves, (offender, *others), masses)
    second = draw_touching(random, offender, plan.outward)
    if profile(course, second.tube)[0].min() < wish.clearance_mm + 0.1:
        return None
    return Angle(nerves, (offender, second, *others), masses)


def _plan(random: Random, wish: Wish, nerves: Nerves) -> Plan:
    at = draw_place(random, nerves, wish.site)
    if "between" in wish.oddities:
        return Plan(wish.tier, wish.kind, wish.clearance_mm, wish.site, at, BESIDE, straight=True)
    outward = draw_outward(random, nerves, at)
    return Plan(wish.tier, wish.kind, wish.clearance_mm, wish.site, at, outward)


def _solids(nerves: Nerves, masses: Sequence[Mass]) -> list[Depth]:
    fossa, canal = nerves.fossa, nerves.canal()

    def bone(points: Floats) -> Floats:
        return np.minimum(fossa.bone(points), -canal(points))

    firm = (one.depth for one in masses if one.kind != "epidermoid")  # which lets vessels through
    return [fossa.pons, fossa.cerebellum, bone, *firm]


def _draw_others(random: Random, wish: Wish, nerves: Nerves, offender: Vessel) -> list[Vessel]:
    """Return those of the usual other vessels that keep clear of it and of the nerves."""
    drawn = [] if wish.kind == "vertebral" else [draw_vertebral(random, nerves.fossa)]
    drawn += [draw_vein(random)] if random.random() < 0.5 else []
    return [
        one
        for one in drawn
        if float(gaps(one.tube, offender.tube)[0].min()) > 0.5
        and float(gaps(one.tube, nerves.vestibulocochlear)[0].min()) > 0.0
    ]
