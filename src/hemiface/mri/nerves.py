"""The facial and the vestibulocochlear nerve, traced together from the meatus to the pons.

Traced alone, a pushed facial nerve is easily taken for its neighbour. So a pair of blurred discs is
fitted to every section across the nerves, and one path is sought for both (Viterbi 1967,
DOI 10.1109/TIT.1967.1054010).
"""

from dataclasses import dataclass
from itertools import product

import numpy as np

from hemiface.mri.grid import Grid
from hemiface.mri.lines import Indices
from hemiface.types import Floats

SECTION_MM = 0.5
_PIXEL_MM, _HALF_MM = 0.25, 5.0
_BEYOND_MM, _INTO_PONS_MM = 5.5, 3.0
_RADII_MM = (0.65, 0.9)
_BLUR_MM = 0.35
_SUPPORT_MM = 2.2
_SPACINGS_MM = (1.4, 1.7, 2.0, 2.3, 2.6, 3.0)
_TURNS_DEG = (-30.0, -10.0, 10.0, 30.0)
_CLICK_MM = 0.8
_STIFF = 0.6
_FLUID = 0.7
_HIDDEN = 0.03  # what a hidden pixel costs, else hiding would be the best way
UP_TO_DETACHMENT_MM = 8.5
"""So far above the root exit point the nerve leaves the pons: about a centimetre is attached
(Campos-Benitez and Kaufmann 2008, DOI 10.3171/JNS/2008/109/9/0416); refined from the picture."""


@dataclass(frozen=True)
class Pair:
    """Middles of both nerves, from the meatus to the pons.

    Attributes
    ----------
    facial, vestibulocochlear : numpy.ndarray
        LPS mm, shape (n, 3).
    misfit : numpy.ndarray
        Mean square of what the pair does not explain around it, shape (n,).
    margin : float
        How much worse the next best pair is whose facial nerve lies where the other one is.
    """

    facial: Floats
    vestibulocochlear: Floats
    misfit: Floats
    margin: float


@dataclass(frozen=True)
class Sections:
    """Planes across the nerves.

    Attributes
    ----------
    middles : numpy.ndarray
        Shape (n, 3).
    back, up : numpy.ndarray
        Axes within the planes: roughly to the person's back and head; shape (3,).
    dark : numpy.ndarray
        Darkness: 0 fluid, 1 nerve; shape (n, m, m).
    weight : numpy.ndarray
        0 where a vessel or brain is; shape (n, m, m).
    """

    middles: Floats
    back: Floats
    up: Floats
    dark: Floats
    weight: Floats


def detachment_guess(grid: Grid, root_exit: Floats) -> Floats:
    """Return a point of the pons' surface above the root exit point."""
    from scipy.ndimage import binary_dilation

    above = root_exit + np.array([0.0, 0.0, UP_TO_DETACHMENT_MM])
    # Where the picture ends there is no surface: fluid must lie beside it.
    surface = np.argwhere(grid.brain & binary_dilation(grid.t2 > _FLUID, iterations=3))
    places = grid.places(surface)
    away = np.linalg.norm((places - above) * [0.7, 1.0, 1.0], axis=1)
    guess: Floats = places[int(np.argmin(away))]
    return guess


def trace_pair(grid: Grid, vessel: Floats, detachment: Floats, meatus: Floats) -> Pair:
    """Return the nerves between a point near the detachment and a click at the meatus.

    Parameters
    ----------
    grid : Grid
    vessel : numpy.ndarray
        How surely a voxel is a vessel, 0 to 1, in the shape of the grid.
    detachment, meatus : numpy.ndarray
        LPS mm, shape (3,).
    """
    sections = cut(grid, vessel, detachment, meatus)
    at_click = round(_BEYOND_MM / SECTION_MM)
    best = min(
        (_best_path(sections, at_click, spacing, turn) for spacing, turn
         in product(_SPACINGS_MM, np.radians(_TURNS_DEG))),
        key=lambda found: found[0],
    )  # fmt: skip
    cost, path, beside, misfit = best
    facial = _lift(sections, path)
    other = _lift(sections, path + beside)
    return Pair(facial, other, misfit, cost)


def cut(grid: Grid, vessel: Floats, detachment: Floats, meatus: Floats) -> Sections:
    """Return planes across the line from the meatus to the pons and a little beyond both ends."""
    from scipy.ndimage import map_coordinates

    along = detachment - meatus
    length = float(np.linalg.norm(along))
    along = along / length
    places = np.arange(-_BEYOND_MM, length + _INTO_PONS_MM, SECTION_MM)
    middles = meatus + places[:, None] * along
    back = np.array([0.0, 1.0, 0.0]) - along[1] * along
    back /= np.linalg.norm(back)
    up = np.cross(back, along)
    up = up if up[2] > 0 else -up
    steps = np.arange(-_HALF_MM, _HALF_MM + 1e-6, _PIXEL_MM)
    plane = steps[:, None, None] * back + steps[None, :, None] * up
    indices = grid.at(middles[:, None, None] + plane)
    coordinates = np.moveaxis(indices, -1, 0)
    t2 = map_coordinates(grid.t2, coordinates, order=1, mode="nearest")
    dark = np.clip((1.0 - t2) / (1.0 - grid.tissue), 0.0, 1.1)
    hidden = np.maximum(vessel, (grid.brain | grid.bone).astype(float))
    weight = 1.0 - map_coordinates(hidden, coordinates, order=1, mode="nearest")
    return Sections(middles, back, up, dark, weight)


def _best_path(
    sections: Sections, at_click: int, spacing: float, turn: float
) -> tuple[float, Floats, Floats, Floats]:
    beside = spacing * np.array([np.cos(turn), -np.sin(turn)])
    costs = _misfits(sections, beside)
    m = costs.shape[1]
    offsets = (np.arange(m) - m // 2) * _PIXEL_MM
    away = offsets[:, None] ** 2 + offsets[None, :] ** 2
    click = costs.copy()
    click[at_click] += 0.5 * away / _CLICK_MM**2 * 0.3
    states = _viterbi(click)
    path = offsets[states]
    misfit = costs[np.arange(len(costs)), states[:, 0], states[:, 1]]
    total = float(click[np.arange(len(costs)), states[:, 0], states[:, 1]].sum())
    return total, path, beside, misfit


def _misfits(sections: Sections, beside: Floats) -> Floats:
    """Return for every section and offset how badly a pair there explains what is around it."""
    from scipy.signal import fftconvolve

    reach = _SUPPORT_MM + np.linalg.norm(beside)
    n = int(np.ceil(reach / _PIXEL_MM))
    steps = np.arange(-n, n + 1) * _PIXEL_MM
    x, y = np.meshgrid(steps, steps, indexing="ij")
    to_facial, to_other = np.hypot(x, y), np.hypot(x - beside[0], y - beside[1])
    disc = np.maximum(_disc(to_facial, _RADII_MM[0]), _disc(to_other, _RADII_MM[1]))
    support = ((to_facial < _SUPPORT_MM) | (to_other < _SUPPORT_MM)).astype(float)

    def around(values: Floats, kernel: Floats) -> Floats:
        found: Floats = fftconvolve(values, kernel[None, ::-1, ::-1], mode="same", axes=(1, 2))
        return found

    w, d = sections.weight, sections.dark
    square: Floats = (
        around(w * d**2, support) - 2.0 * around(w * d, disc * support)
        + around(w, disc**2 * support) + _HIDDEN * (support.sum() - around(w, support))
    )  # fmt: skip
    misfit: Floats = square / support.sum() * 10.0
    return misfit


def _disc(distance: Floats, radius: float) -> Floats:
    from scipy.special import expit

    inside: Floats = expit((radius - distance) / (0.55 * _BLUR_MM))
    return inside


def _viterbi(costs: Floats) -> Indices:
    n, m, _ = costs.shape
    moves = [(i, j) for i in (-2, -1, 0, 1, 2) for j in (-2, -1, 0, 1, 2)]
    dear = np.array([_STIFF * (i * i + j * j) * _PIXEL_MM**2 for i, j in moves])
    total, came = costs[0], []
    for step in range(1, n):
        padded = np.pad(total, 2, constant_values=np.inf)
        options = np.stack([
            padded[2 + i : 2 + i + m, 2 + j : 2 + j + m] + cost
            for (i, j), cost in zip(moves, dear, strict=True)
        ])  # fmt: skip
        choice = options.argmin(axis=0)
        came.append(choice)
        total = np.take_along_axis(options, choice[None], axis=0)[0] + costs[step]
    state = np.array(np.unravel_index(int(total.argmin()), total.shape))
    states = [state]
    for choice in reversed(came):
        i, j = moves[int(choice[tuple(state)])]
        state = state + np.array([i, j])
        states.append(state)
    return np.array(states[::-1])


def _lift(sections: Sections, offsets: Floats) -> Floats:
    lifted: Floats = (
        sections.middles + offsets[:, :1] * sections.back + offsets[:, 1:] * sections.up
    )
    return lifted
