"""The place where a vessel comes nearest to the facial nerve, fitted to both pictures."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from hemiface.mri.fit import ROUNDS, Fitted, Kind, Part, View, fit
from hemiface.mri.grid import STEP_MM, Grid, Pictures
from hemiface.mri.nerves import Pair
from hemiface.mri.scene import patch_shape, tube_shape
from hemiface.mri.synthesis import Blur, cut_window
from hemiface.mri.tracing import Traced
from hemiface.types import Floats

RADIUS_MM, _TUBE_MM = 3.2, 1.8
USUAL_RADIUS_MM = {"facial": 0.62, "vestibulocochlear": 0.87}
_BONE_SKIN_MM = 0.9


@dataclass(frozen=True)
class Local:
    """What was fitted in a window: the parts, which vessels they are, and what was found."""

    middle: Floats
    radius_mm: float
    parts: list[Part]
    vessels: dict[int, int]
    fitted: Fitted

    def index(self, kind: str) -> int | None:
        """Return which of the parts is of a kind."""
        return next((at for at, part in enumerate(self.parts) if part.kind == kind), None)


def fit_window(
    pictures: Pictures, grid: Grid, pair: Pair, vessels: Sequence[Traced],
    middle: Floats, radius_mm: float, blur: Blur, rounds: int = ROUNDS,
) -> Local:  # fmt: skip
    """Fit nerves, vessels and pons around a place (LPS mm)."""
    parts, known = _parts(grid, pair, vessels, middle, radius_mm)
    hidden = _hidden(grid, parts)
    views = _views(pictures, grid, parts, middle, radius_mm, blur, hidden)
    return Local(middle, radius_mm, parts, known, fit(parts, views, middle, rounds))


def _parts(
    grid: Grid, pair: Pair, vessels: Sequence[Traced], middle: Floats, radius_mm: float
) -> tuple[list[Part], dict[int, int]]:
    """Return the parts of a window, and for each that is a vessel which one it is."""
    parts = []
    pons = _pons(grid, middle, radius_mm)
    if pons is not None:
        parts.append(pons)
    nerves = []
    lines: dict[Kind, Floats] = {
        "vestibulocochlear": pair.vestibulocochlear, "facial": pair.facial
    }  # fmt: skip
    for nerve, line in lines.items():
        near = _near(line, middle, radius_mm)
        if near is not None:
            shape = tube_shape(near)
            nerves.append(Part(nerve, shape, shape.start(USUAL_RADIUS_MM[nerve])))
    parts = [*nerves, *parts]
    known = {}
    for which, one in enumerate(vessels):
        near = _near(one.line, middle, radius_mm)
        if near is not None and np.linalg.norm(near - middle, axis=1).min() < radius_mm + 0.3:
            at = np.argmin(np.linalg.norm(one.line - middle, axis=1))
            shape = tube_shape(near)
            known[len(parts)] = which
            kind: Kind = "vessel" if one.in_tof or grid.tof is None else "vein"
            parts.append(Part(kind, shape, shape.start(float(one.radius[at]))))
    return parts, known


def _near(line: Floats, middle: Floats, radius_mm: float) -> Floats | None:
    """Return the stretch of a line around its point nearest to a place."""
    away = np.linalg.norm(line - middle, axis=1)
    at = int(np.argmin(away))
    if away[at] > radius_mm + 1.0:
        return None
    inside = away < radius_mm + _TUBE_MM
    begin = at - int(np.argmin(inside[: at + 1][::-1])) + 1 if not inside[: at + 1].all() else 0
    end = at + int(np.argmin(inside[at:])) if not inside[at:].all() else len(line)
    return line[begin:end] if end - begin >= 4 else None


def _pons(grid: Grid, middle: Floats, radius_mm: float) -> Part | None:
    from scipy.ndimage import gaussian_filter

    indices = np.argwhere(grid.brain)
    if not len(indices):
        return None
    places = grid.places(indices)
    away = np.linalg.norm(places - middle, axis=1)
    if away.min() > radius_mm:
        return None
    near = indices[away < radius_mm + 1.0]
    smooth = gaussian_filter(grid.brain.astype(float), 4.0)
    slope = [np.gradient(smooth, axis=axis) for axis in range(3)]
    out = -np.array([float(one[tuple(near.T)].sum()) for one in slope])
    out /= np.linalg.norm(out)
    # On the surface, straight from the middle of the window.
    steps = np.arange(-6.0, 6.0, 0.1)
    inside = grid.pick(smooth, middle + steps[:, None] * out) > 0.5
    if not inside.any() or inside.all():
        return None
    surface = middle + steps[int(np.flatnonzero(inside).max())] * out
    shape = patch_shape(surface, out)
    return Part("pons", shape, shape.start())


def _hidden(grid: Grid, parts: Sequence[Part]) -> NDArray[np.bool_]:
    """Return what no part of the scene explains: bone, and brain that is no pons."""
    from scipy.ndimage import distance_transform_edt

    hidden = distance_transform_edt(~grid.bone) * STEP_MM < _BONE_SKIN_MM
    if not any(part.kind == "pons" for part in parts):
        hidden |= distance_transform_edt(~grid.brain) * STEP_MM < _BONE_SKIN_MM
    found: NDArray[np.bool_] = hidden
    return found


def _views(
    pictures: Pictures, grid: Grid, parts: Sequence[Part], middle: Floats, radius_mm: float,
    blur: Blur, hidden: NDArray[np.bool_],
) -> list[View]:  # fmt: skip
    kinds = [part.kind for part in parts]
    t2_levels = [1.0, *(_T2[kind] for kind in kinds)]
    t2_levels = [one if one is not None else grid.tissue for one in t2_levels]
    t2_spread = [0.15, *(_T2_SPREAD[kind] for kind in kinds)]
    window = cut_window(pictures.t2, np.eye(4), middle, radius_mm, blur, pictures.t2_mm)
    views = [
        View(window, _weight(window.places, grid, middle, radius_mm, hidden) / pictures.noise,
             np.array(t2_levels), np.array(t2_spread), is_tof=False)
    ]  # fmt: skip
    if pictures.tof is not None:
        window = cut_window(pictures.tof, pictures.pose, middle, radius_mm, blur, pictures.tof_mm)
        levels = np.array([0.0, *(_TOF[kind] for kind in kinds)])
        spread = np.array([0.2, *(_TOF_SPREAD[kind] for kind in kinds)])
        weight = _weight(window.places, grid, middle, radius_mm, hidden) / pictures.tof_noise
        views.append(View(window, weight, levels, spread, is_tof=True))
    return views


def _weight(
    places: Floats, grid: Grid, middle: Floats, radius_mm: float, hidden: NDArray[np.bool_]
) -> Floats:
    inside = np.linalg.norm(places - middle, axis=1) < radius_mm
    weight: Floats = inside & (grid.pick(hidden.astype(float), places) < 0.5)
    return weight.astype(float)


_T2: dict[str, float | None] = {
    "pons": None, "facial": None, "vestibulocochlear": None, "vessel": 0.16,
    "vein": 0.26,
}  # fmt: skip
_T2_SPREAD = {"pons": 0.04, "facial": 0.06, "vestibulocochlear": 0.06, "vessel": 0.08, "vein": 0.08}
_TOF = {"pons": 1.0, "facial": 0.75, "vestibulocochlear": 0.75, "vessel": 3.0, "vein": 0.3}
_TOF_SPREAD = {"pons": 0.1, "facial": 0.3, "vestibulocochlear": 0.3, "vessel": 1.5, "vein": 0.4}
