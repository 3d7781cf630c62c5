"""Both pictures to numbers: nerves, vessels, the gap between them, and what is doubtful."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np

from hemiface.mri.clicks import check_clicks
from hemiface.mri.fit import ROUNDS
from hemiface.mri.gaps import Gaps, free_gaps, gap_sd, pons_gaps
from hemiface.mri.grades import TOUCH_MM, grade, grades_within
from hemiface.mri.grid import Grid, Pictures, in_units, to_grid
from hemiface.mri.lines import arc_of, nearest_on
from hemiface.mri.masses import find_masses
from hemiface.mri.nerveline import NerveLine, nerve_line
from hemiface.mri.nerves import Pair, detachment_guess, trace_pair
from hemiface.mri.refine import refined_line, refined_vessels
from hemiface.mri.register import register_tof
from hemiface.mri.results import (
    Clicks,
    Conflict,
    Contact,
    Doubt,
    FoundVessel,
    MriFound,
    Nerve,
    Point,
    SideFound,
)
from hemiface.mri.synthesis import Blur
from hemiface.mri.tracing import Traced
from hemiface.mri.vessels import dark, flowing, sureness
from hemiface.mri.windows import RADIUS_MM, USUAL_RADIUS_MM, Local, fit_window
from hemiface.types import Floats, Side
from hemiface.volume import Volume

NEAR_MM = 0.25
SURE_SNR = 14.0
_SPREAD, _FLOOR_MM, _COARSE_SD_MM = 1.7, 0.05, 0.4
_UNSEEN_MM = 0.07  # the attached nerve may bulge a little out of the pons, which no picture shows
_SURE = 0.9
_STRAY_MM = 0.6  # a fitted gap that much wider than the first is of another stretch of the vessel
_THINNEST_MM = 0.28
_REGISTERED = 0.2  # about that much of the time
_WINDOWS, _WINDOWS_APART_MM, _WORTH_MM = 2, 3.0, 1.0


def measure_mri(
    t2: Volume,
    tof: Volume | None,
    clicks: Mapping[Side, Clicks],
    *,
    t2_mm: Floats | None = None,
    tof_mm: Floats | None = None,
    progress: Callable[[float], None] = lambda share: None,
) -> MriFound:
    """Measure the conflict of vessels with the facial nerve.

    Parameters
    ----------
    t2 : Volume
        A heavy T2 in three dimensions.
    tof : Volume or None
        A TOF angiography of the same head.
    clicks : mapping
        For each side to be measured, where its nerve is.
    t2_mm, tof_mm : numpy.ndarray, optional
        Voxels as they were acquired, where the scanner interpolated; shape (3,).
    progress : callable, optional
        Is told the share that is done, 0 to 1.

    Raises
    ------
    ConventionError
        If the points cannot be those of a nerve in this picture.
    MissingExtraError
        If a package of the extra `mri` is absent.
    """
    check_clicks(t2, clicks)
    pose = np.eye(4) if tof is None else register_tof(t2, tof)
    pictures = in_units(
        t2, tof, pose,
        t2.spacing_mm if t2_mm is None else t2_mm,
        (t2 if tof is None else tof).spacing_mm if tof_mm is None else tof_mm,
    )  # fmt: skip
    snr = 1.0 / pictures.noise
    doubts = _doubts(snr, tof)
    progress(_REGISTERED)
    sides = []
    for side, one in clicks.items():
        side_found = _measure_side(pictures, side, one)
        # In noise what is no mass looks like one: 0.25 a side at an SNR of 10, none from 15 on.
        sides.append(side_found if snr >= SURE_SNR else replace(side_found, masses=()))
        progress(_REGISTERED + (1.0 - _REGISTERED) * len(sides) / len(clicks))
    return MriFound(tuple(sides), snr, None if tof is None else pose, doubts)


def _doubts(snr: float, tof: Volume | None) -> tuple[Doubt, ...]:
    found = []
    if snr < SURE_SNR:
        found.append(Doubt(
            "snr", f"The T2 is noisy: fluid is {snr:.0f} times the noise, and less than "
            f"{SURE_SNR:.0f} times is too little for a distance.", refuses=True,
        ))  # fmt: skip
    if tof is None:
        found.append(Doubt(
            "no_tof", "There is no TOF: where vessel and nerve touch, both are dark, and small "
            "vessels may be missed.",
        ))  # fmt: skip
    return tuple(found)


@dataclass(frozen=True)
class _Side:
    """One side while it is being measured."""

    pictures: Pictures
    grid: Grid
    pair: Pair
    nerve: NerveLine
    vessels: Sequence[Traced]


def _measure_side(pictures: Pictures, side: Side, clicks: Clicks) -> SideFound:
    root_exit, meatus = np.array(clicks.root_exit), np.array(clicks.meatus)
    grid = to_grid(pictures, np.array([root_exit, meatus]))
    guess = detachment_guess(grid, root_exit)
    guess = guess if clicks.detachment is None else np.array(clicks.detachment)
    pair = trace_pair(grid, sureness(grid), guess, meatus)
    nerve = nerve_line(grid, pair, root_exit, meatus)
    vessels = flowing(grid, nerve.line)
    vessels += dark(grid, pair, vessels, nerve.line)
    one, locals_ = _fit_vessels(_Side(pictures, grid, pair, nerve, vessels))
    profile = _coarse(one)
    conflicts = [found for local in locals_ for found in _conflicts(one, local)]
    conflict = min(conflicts, key=lambda found: found.distance_mm, default=None)
    gap, low, high = _fine_profile(one, profile, locals_)
    masses = find_masses(grid, nerve, one.vessels)
    one = replace(one, vessels=refined_vessels(vessels, locals_))
    return SideFound(
        side, clicks, _point(nerve.detachment),
        _nerve(nerve.line, nerve.s_mm, locals_, "facial"),
        _nerve(nerve.beside, arc_of(nerve.beside), locals_, "vestibulocochlear"),
        tuple(_vessel(one, which, conflicts) for which in range(len(one.vessels))),
        gap, low, high, conflict, masses, (),
    )  # fmt: skip


def _nerve(line: Floats, s_mm: Floats, locals_: Sequence[Local], kind: str) -> Nerve:
    radius = USUAL_RADIUS_MM[kind]
    for local in locals_:
        part = local.index(kind)
        if part is not None:
            free = s_mm > 0.0
            line = line.copy()
            line[free], radius = refined_line(line[free], local, part)
    return Nerve(line, np.full(len(line), radius), s_mm)


def _fit_vessels(side: _Side) -> tuple[_Side, list[Local]]:
    """Fit where vessels come near; what shrinks to nothing was noise, and is left out."""
    while True:
        locals_ = _fit_windows(side, _coarse(side))
        noise = {
            which
            for local in locals_
            for part, which in local.vessels.items()
            if refined_line(side.vessels[which].line, local, part)[1] < _THINNEST_MM
        }
        if not noise:
            return side, locals_
        kept = [one for which, one in enumerate(side.vessels) if which not in noise]
        side = replace(side, vessels=kept)


def _coarse(side: _Side) -> Floats:
    """Return a first gap of every vessel at every point of the nerve, shape (n_vessels, n)."""
    own = np.where(side.nerve.s_mm > 0.0, USUAL_RADIUS_MM["facial"], 0.0)
    rows = []
    for one in side.vessels:
        away, nearest = nearest_on(one.line, side.nerve.line)
        rows.append(away - one.radius[nearest] - own)
    return np.array(rows).reshape(len(side.vessels), len(side.nerve.line))


def _fit_windows(side: _Side, coarse: Floats) -> list[Local]:
    """Fit where vessels come nearest: the nearest place, and others nearly as near."""
    if not coarse.size:
        return []
    least = coarse.min(axis=0)
    found: list[Local] = []
    blur: Blur | None = None
    free, best = np.ones(len(least), bool), float(least.min())
    while free.any() and len(found) < _WINDOWS:
        at = int(np.argmin(np.where(free, least, np.inf)))
        if least[at] > best + _WORTH_MM:
            break
        middle, radius = _middle(side, coarse, at), RADIUS_MM + max(least[at], 0.0) / 3.0
        blur = blur or _blur(side, middle, radius)
        found.append(_fit(side, middle, radius, blur, ROUNDS))
        free &= np.abs(side.nerve.s_mm - side.nerve.s_mm[at]) > _WINDOWS_APART_MM
    return found


def _middle(side: _Side, coarse: Floats, at: int) -> Floats:
    """Return the middle of the gap, or of the nerve where there is none."""
    vessel = side.vessels[int(np.argmin(coarse[:, at]))].line
    place = side.nerve.line[at]
    nearest = vessel[int(np.argmin(np.linalg.norm(vessel - place, axis=1)))]
    middle: Floats = (place + nearest) / 2.0
    return middle


def _blur(side: _Side, middle: Floats, radius: float) -> Blur:
    """Return the blur that explains the voxels better after a few steps."""
    blurs: tuple[Blur, ...] = ("mean", "cut")
    return min(blurs, key=lambda blur: _fit(side, middle, radius, blur, 4).fitted.cost)


def _fit(side: _Side, middle: Floats, radius: float, blur: Blur, rounds: int) -> Local:
    return fit_window(
        side.pictures, side.grid, side.pair, side.vessels, middle, radius, blur, rounds
    )


def _conflicts(side: _Side, local: Local) -> list[Conflict]:
    return [
        found
        for part in local.vessels
        for gaps in _gaps(side, local, part)
        if (found := _conflict(side, local, part, gaps)) is not None
    ]


def _gaps(side: _Side, local: Local, part: int) -> list[Gaps]:
    numbers = local.fitted.numbers
    found = [free_gaps(local, part, numbers), pons_gaps(local, part, numbers, side.nerve.on_pons)]
    return [one for one in found if one is not None]


def _conflict(side: _Side, local: Local, part: int, gaps: Gaps) -> Conflict | None:
    at = int(np.argmin(gaps.gap_mm))
    gap = float(gaps.gap_mm[at])
    unseen = _UNSEEN_MM if gaps.on_pons[at] else _FLOOR_MM
    sd = float(np.hypot(_spread(local, part, side), unseen))
    chance = _chance(gap, sd)
    s = float(side.nerve.s_of(gaps.places[at][None])[0])
    s = min(s, -0.01) if gaps.on_pons[at] else max(s, 0.0)
    depth = max(-gap, 0.0)
    displacement = 0.0 if gaps.on_pons[at] else displacement_at(side.pair, gaps.places[at])
    low, high = gap - 1.96 * sd, gap + 1.96 * sd
    return Conflict(
        gap, low, high, _contact(chance), chance, s, _point(gaps.places[at]), side.nerve.site(s),
        _length(gaps), float(gaps.angle_deg[at]), local.vessels[part],
        2.0 * float(gaps.vessel_radius_mm[at]), 2.0 * float(gaps.nerve_radius_mm[at]), depth,
        displacement, grade(gap, displacement), grades_within(low, high, displacement),
    )  # fmt: skip


def _spread(local: Local, part: int, side: _Side) -> float:
    return _SPREAD * max(local.fitted.misfit, 1.0) * gap_sd(local, part, side.nerve.on_pons)


def _chance(gap: float, sd: float) -> float:
    from scipy.stats import norm

    return float(norm.cdf((TOUCH_MM - gap) / sd))


def _contact(chance: float) -> Contact:
    if chance >= _SURE:
        return "yes"
    return "no" if chance <= 1.0 - _SURE else "unsure"


def _length(gaps: Gaps) -> float:
    near = gaps.gap_mm < NEAR_MM
    if near.sum() < 2:
        return 0.0
    places = gaps.places[near]
    if gaps.on_pons.any():
        return float(np.linalg.norm(places.max(axis=0) - places.min(axis=0)))
    return float(np.linalg.norm(np.diff(places, axis=0), axis=1).sum())


def displacement_at(pair: Pair, place: Floats) -> float:
    """Return how far both nerves bulge at a place from the course they have elsewhere, mm.

    The course is a cubic through what lies further than 4.5 mm off, and through the pons.
    """
    arc = arc_of(pair.facial)
    at = arc[int(np.argmin(np.linalg.norm(pair.facial - place, axis=1)))]
    elsewhere = np.abs(arc - at) > _BUMP_MM
    if elsewhere.sum() < 8:
        return 0.0
    bulges = []
    for line in (pair.facial, pair.vestibulocochlear):
        usual = np.column_stack([
            np.polyval(np.polyfit(arc[elsewhere], line[elsewhere, axis], 3), arc)
            for axis in range(3)
        ])  # fmt: skip
        bulges.append(line - usual)
    near = np.abs(arc - at) < 1.0
    bulge = np.mean(bulges, axis=0)[near].mean(axis=0)
    return float(np.linalg.norm(bulge))


_BUMP_MM = 4.5


def _fine_profile(
    side: _Side, coarse: Floats, locals_: Sequence[Local]
) -> tuple[Floats, Floats, Floats]:
    """Return the gap along the nerve with its interval: fitted where it was, else the first one."""
    n = len(side.nerve.line)
    gap = coarse.min(axis=0) if coarse.size else np.full(n, np.nan)
    spread = np.full(n, _COARSE_SD_MM)
    for local in locals_:
        for part in local.vessels:
            sd = _spread(local, part, side)
            for gaps in _gaps(side, local, part):
                sd = float(np.hypot(sd, _UNSEEN_MM if gaps.on_pons.any() else _FLOOR_MM))
                s = side.nerve.s_of(gaps.places)
                for at in np.unique(np.searchsorted(side.nerve.s_mm, s)):
                    here = np.searchsorted(side.nerve.s_mm, s) == at
                    best = float(gaps.gap_mm[here].min())
                    if best < gap[at] + (_STRAY_MM if spread[at] == _COARSE_SD_MM else 0.0):
                        gap[at], spread[at] = best, sd
    return gap, gap - 1.96 * spread, gap + 1.96 * spread


def _vessel(side: _Side, which: int, conflicts: Sequence[Conflict]) -> FoundVessel:
    traced = side.vessels[which]
    mine = [one for one in conflicts if one.vessel == which]
    coarse = float(_coarse(replace(side, vessels=[traced])).min())
    distance = min((one.distance_mm for one in mine), default=coarse)
    thick = mine[0].vessel_diameter_mm if mine else 2.0 * float(np.median(traced.radius))
    in_tof = side.grid.tof is not None and traced.in_tof
    likely = (
        "vein or slow vessel"
        if not in_tof and side.grid.tof is not None
        else ("vertebral artery" if thick > 2.2 else "small artery")
    )
    return FoundVessel(traced.line, traced.radius, in_tof, likely, distance)


def _point(place: Floats) -> Point:
    x, y, z = (float(one) for one in place)
    return x, y, z
