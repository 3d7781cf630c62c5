"""The pictures through the place that matters, with what was found drawn over them."""

import base64
import io
from typing import TYPE_CHECKING

import numpy as np

from hemiface.mri.results import SideFound
from hemiface.types import Floats
from hemiface.volume import Volume

if TYPE_CHECKING:
    from matplotlib.axes import Axes

HALF_MM, STEP_MM = 12.0, 0.2
_PLANES = {"axial": (0, 1), "coronal": (0, 2), "sagittal": (1, 2)}
_COLOURS = {"nerve": "#e0653f", "beside": "#d9a441", "vessel": "#3fb6b2", "mass": "#c06bd6"}


def draw_side(t2: Volume, tof: Volume | None, pose: Floats | None, side: SideFound) -> bytes:
    """Return a PNG: three planes through the place, T2, T2 with outlines, and TOF below."""
    from matplotlib.figure import Figure

    middle = np.array(side.conflict.place if side.conflict is not None else side.detachment)
    rows = 2 if tof is None else 3
    figure = Figure(figsize=(9.0, 3.05 * rows), layout="constrained", facecolor="#fbf8f1")
    axes = figure.subplots(rows, 3)
    for column, (plane, (across, up)) in enumerate(_PLANES.items()):
        places = _plane(middle, across, up)
        seen = _sampled(t2, places)
        _show(axes[0, column], seen, across, up, f"T2, {plane}")
        _show(axes[1, column], seen, across, up, "with what was found")
        _outline(axes[1, column], side, places)
        if tof is not None and pose is not None:
            flow = _sampled(tof, places @ pose[:3, :3].T + pose[:3, 3])
            _show(axes[2, column], flow, across, up, "TOF")
            _outline(axes[2, column], side, places)
    written = io.BytesIO()
    figure.savefig(written, format="png", dpi=110)
    return written.getvalue()


def as_data_uri(png: bytes) -> str:
    """Return a picture as an address that holds it."""
    return "data:image/png;base64," + base64.b64encode(png).decode()


def _plane(middle: Floats, across: int, up: int) -> Floats:
    """Return places of a plane, rows upwards, shape (n, n, 3)."""
    steps = np.arange(-HALF_MM, HALF_MM + 1e-6, STEP_MM)
    places = np.tile(middle, (len(steps), len(steps), 1))
    places[..., across] += steps[None, :]
    places[..., up] += steps[:, None]
    return places


def _sampled(volume: Volume, places: Floats) -> Floats:
    from scipy.ndimage import map_coordinates

    indices = np.moveaxis(volume.indices(places), -1, 0)
    seen: Floats = map_coordinates(volume.voxels.astype(float), indices, order=1, cval=0.0)
    return seen


def _show(ax: "Axes", seen: Floats, across: int, up: int, title: str) -> None:
    top = max(float(np.percentile(seen, 99.5)), 1e-6)
    # Radiologists look from the feet: their left of the picture is the person's right.
    ax.imshow(seen, cmap="gray", vmin=0.0, vmax=top, origin="lower" if up == 2 else "upper",
              extent=_extent(up))  # fmt: skip
    ax.set_title(title, fontsize=9)
    ax.set_xticks([])
    ax.set_yticks([])
    ends = ("R", "L") if across == 0 else ("A", "P")
    for x, name in zip((0.04, 0.96), ends, strict=True):
        ax.text(x, 0.5, name, transform=ax.transAxes, color="white", fontsize=8, ha="center",
                va="center", bbox={"facecolor": "black", "alpha": 0.6, "pad": 1.5})  # fmt: skip


def _extent(up: int) -> tuple[float, float, float, float]:
    half = HALF_MM + STEP_MM / 2.0
    return (-half, half, -half, half) if up == 2 else (-half, half, half, -half)


def _outline(ax: "Axes", side: SideFound, places: Floats) -> None:
    steps = np.arange(-HALF_MM, HALF_MM + 1e-6, STEP_MM)
    tubes = [
        (side.vestibulocochlear.line, side.vestibulocochlear.radius_mm, "beside"),
        (side.facial.line, side.facial.radius_mm, "nerve"),
        *((one.line, one.radius_mm, "vessel") for one in side.vessels),
        *(
            (np.array([one.place]), np.array([(one.volume_ml * 238.7) ** (1 / 3)]), "mass")
            for one in side.masses
        ),
    ]
    for line, radius, name in tubes:
        depth = _depth(places, line, radius)
        if depth.min() < 0.0 < depth.max():
            ax.contour(steps, steps, depth, levels=[0.0], colors=_COLOURS[name], linewidths=1.1)


def _depth(places: Floats, line: Floats, radius: Floats) -> Floats:
    from scipy.spatial import cKDTree

    away, at = cKDTree(line).query(places.reshape(-1, 3))
    depth: Floats = (radius[at] - away).reshape(places.shape[:2])
    return depth
