"""A phantom on one page: three planes through the conflict, both pictures, with its outlines."""

from pathlib import Path
from typing import TYPE_CHECKING, Literal

import numpy as np

from hemiface.errors import ConventionError
from hemiface.simulate.mri.phantom import Phantom
from hemiface.simulate.mri.truth import NerveTruth, SideTruth, VesselTruth
from hemiface.simulate.mri.tubes import nearest_on
from hemiface.types import Floats, Side
from hemiface.volume import Volume
from hemiface.whole import written_whole

if TYPE_CHECKING:
    from matplotlib.axes import Axes

Through = Literal["conflict", "mass"]
_HALF_MM, _STEP_MM = 12.0, 0.15
_PLANES = {"axial": (0, 1), "coronal": (0, 2), "sagittal": (1, 2)}
_NERVE, _NEIGHBOUR, _ARTERY, _VEIN, _MASS = "#e8735a", "#e8c15a", "#4fb3b0", "#7d8fd6", "#c58bd9"
_INK, _PAPER = "#1f2629", "#fbf8f2"
PICTURES = (".png", ".svg", ".pdf")


def plot_phantom(
    phantom: Phantom, path: Path, *, side: Side | None = None, through: Through = "conflict"
) -> None:
    """Draw T2, T2 with the truth, and TOF with it, in three planes.

    The facial nerve is coral, its neighbour yellow, arteries teal, veins blue, a mass violet.
    Axial and coronal planes are seen from the feet and from the front: the person's left is on
    the right of the page.

    Parameters
    ----------
    phantom : Phantom
    path : Path
        .png, .svg or .pdf. It appears only when it is whole.
    side : "left" or "right", optional
        By default the first that the truth holds.
    through : "conflict" or "mass"
        Where the planes meet; without a mass it is the conflict.

    Raises
    ------
    ConventionError
        If the name does not end as a picture.
    OutputError
        If the file cannot be written.
    """
    from matplotlib.figure import Figure

    if path.suffix.lower() not in PICTURES:
        raise ConventionError(
            f"A picture must end in {', '.join(PICTURES)}; got {path.name!r}. Rename it."
        )
    truth = phantom.truth.side(side) if side else phantom.truth.sides[0]
    centre = np.array(truth.masses[0].centre if _is_mass(truth, through) else truth.place)
    columns = [("T2", phantom.t2, None), ("T2 and truth", phantom.t2, np.eye(4))]
    if phantom.tof is not None:
        columns.append(("TOF and truth", phantom.tof, phantom.truth.tof_pose))
    figure = Figure(figsize=(3.5 * len(columns), 11.0), facecolor=_PAPER, layout="constrained")
    for row, plane in zip(figure.subplots(3, len(columns)), _PLANES, strict=True):
        for ax, (title, volume, pose) in zip(row, columns, strict=True):
            _draw_plane(ax, volume, truth, plane, pose, centre)
            ax.set_title(f"{title}, {plane}", color=_INK, fontsize=9)
    figure.suptitle(_title(phantom, truth), color=_INK, fontsize=10)
    with written_whole(path) as part:
        figure.savefig(part, dpi=110, metadata=_metadata(path))


def _is_mass(truth: SideTruth, through: Through) -> bool:
    return through == "mass" and bool(truth.masses)


def _metadata(path: Path) -> dict[str, str | None]:
    """Return what makes the same drawing the same bytes."""
    return {"Software": None} if path.suffix.lower() == ".png" else {}


def _title(phantom: Phantom, truth: SideTruth) -> str:
    return (
        f"{phantom.tier}, seed {phantom.seed}, SNR {phantom.truth.snr:g}, {truth.side} side: "
        f"gap {truth.distance_mm:.2f} mm, {truth.site} at {truth.at_s_mm:.1f} mm, "
        f"grade {truth.grade}"
    )


def _draw_plane(
    ax: "Axes", volume: Volume, truth: SideTruth, plane: str, pose: Floats | None, centre: Floats
) -> None:
    across, along = _PLANES[plane]
    a, b, places = _plane_places(centre, across, along)
    shown = pose if pose is not None else np.eye(4)
    bright = _looked_up(volume, places @ shown[:3, :3].T + shown[:3, 3])
    extent = (a[0], a[-1], b[0], b[-1])
    ax.imshow(bright.T, cmap="gray", origin="lower", extent=extent, vmin=0.0, vmax=1.15)
    if pose is not None:
        for level, colour in _outlines(truth, places):
            ax.contour(a, b, level.T, levels=[0.0], colors=[colour], linewidths=0.8)
    if along == 1:
        ax.invert_yaxis()  # the front of the person up
    ax.set_xticks([])
    ax.set_yticks([])
    ax.set_aspect("equal")


def _plane_places(centre: Floats, across: int, along: int) -> tuple[Floats, Floats, Floats]:
    """Return the two axes of a plane, mm, and its places, shape (n, n, 3)."""
    steps = np.arange(-_HALF_MM, _HALF_MM + _STEP_MM / 2.0, _STEP_MM)
    a, b = centre[across] + steps, centre[along] + steps
    places = np.broadcast_to(centre, (len(a), len(b), 3)).copy()
    places[..., across], places[..., along] = a[:, None], b[None, :]
    return a, b, places


def _looked_up(volume: Volume, places: Floats) -> Floats:
    from scipy.ndimage import map_coordinates

    indices = np.moveaxis(volume.indices(places), -1, 0)
    looked: Floats = map_coordinates(volume.voxels, indices, order=1, cval=0.0, output=float)
    return looked


def _outlines(truth: SideTruth, places: Floats) -> list[tuple[Floats, str]]:
    """Return depths inside what is true, where the plane cuts it, with colours."""
    tubes: list[tuple[NerveTruth | VesselTruth, str]] = [
        (truth.facial, _NERVE),
        (truth.vestibulocochlear, _NEIGHBOUR),
        *((one, _ARTERY if one.in_tof else _VEIN) for one in truth.vessels),
    ]
    levels = [(_depth(places, one.line, one.radius_mm), colour) for one, colour in tubes]
    for mass in truth.masses:
        far = np.linalg.norm(places[..., None, :] - mass.balls[:, :3], axis=-1)
        levels.append((np.max(mass.balls[:, 3] - far, axis=-1), _MASS))
    return [(level, colour) for level, colour in levels if level.max() > 0.0 > level.min()]


def _depth(places: Floats, line: Floats, radius: Floats) -> Floats:
    distance, nearest = nearest_on(line, places.reshape(-1, 3))
    depth: Floats = (radius[nearest] - distance).reshape(places.shape[:-1])
    return depth
