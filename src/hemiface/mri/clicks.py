"""Whether points that a person gave can be those of a nerve."""

from collections.abc import Mapping, Sequence

import numpy as np

from hemiface.errors import ConventionError
from hemiface.mri.results import Clicks, Point
from hemiface.types import Floats, Side
from hemiface.volume import Volume

EDGE_MM = 3.0
"""A picture may end a little before the root exit point."""
SHORTEST_MM, LONGEST_MM = 8.0, 45.0
"""Between root exit and meatus lie about 25 mm; beyond these both cannot be right: our choice."""
_NAMES = {"root_exit": "root exit point", "meatus": "meatus", "detachment": "detachment point"}


def check_clicks(t2: Volume, clicks: Mapping[Side, Clicks]) -> None:
    """Raise if points lie outside the picture, on the wrong side or impossibly far apart.

    Raises
    ------
    ConventionError
    """
    if not clicks:
        raise ConventionError(
            "A side must have its root exit point and its meatus; got none. Give both for a side."
        )
    for side, one in clicks.items():
        for name, said in _NAMES.items():
            point = getattr(one, name)
            if point is not None:
                _check_inside(t2, side, said, point)
        _check_way(side, one)


def _check_inside(t2: Volume, side: Side, said: str, point: Point) -> None:
    if len(point) != 3 or not np.all(np.isfinite(point)):
        raise ConventionError(
            f"The {side} {said} must be three numbers in mm; got {point}. Give x, y and z."
        )
    indices, last = t2.indices(np.array(point)), np.array(t2.voxels.shape) - 1
    outside_mm = np.maximum(np.maximum(-indices, indices - last), 0.0) * t2.spacing_mm
    if np.any(outside_mm > EDGE_MM):
        low, high = _corners(t2)
        raise ConventionError(
            f"The {side} {said} must lie in the picture, from {low} to {high} mm; got "
            f"{_say(point)}. Give x, y, z as LPS: x to the left, y to the back, z to the head."
        )


def _check_way(side: Side, clicks: Clicks) -> None:
    way = np.array(clicks.meatus) - np.array(clicks.root_exit)
    sideways = float(way[0]) if side == "left" else -float(way[0])
    if sideways <= 0.0:
        raise ConventionError(
            f"The {side} meatus must lie further to the {side} than the root exit point; got "
            f"{_say(clicks.root_exit)} and {_say(clicks.meatus)}. Check the side, and the order."
        )
    length = float(np.linalg.norm(way))
    if not SHORTEST_MM <= length <= LONGEST_MM:
        raise ConventionError(
            f"From the {side} root exit point to the meatus it must be {SHORTEST_MM:g} to "
            f"{LONGEST_MM:g} mm; got {length:.0f} mm. Check both points."
        )


def _corners(t2: Volume) -> tuple[str, str]:
    ends = np.array(t2.voxels.shape) - 1
    corners = t2.places(np.stack(np.meshgrid(*[(0, end) for end in ends]), -1).reshape(-1, 3))
    low, high = corners.min(axis=0), corners.max(axis=0)
    return _say(low), _say(high)


def _say(point: Sequence[float] | Floats) -> str:
    return "(" + ", ".join(f"{float(one):.0f}" for one in point) + ")"
