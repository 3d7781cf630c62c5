"""A picture as a scanner would take it of a scene, and how it changes with the scene's numbers."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from hemiface.mri.scene import PatchShape, Seen, TubeShape
from hemiface.types import Floats
from hemiface.volume import Volume

Blur = Literal["mean", "cut"]
Shape = TubeShape | PatchShape
_FINE_MM = {"mean": 0.17, "cut": 0.25}
_PAD = {"mean": 0, "cut": 3}


@dataclass(frozen=True)
class Window:
    """A block of a picture, and the fine cells that its voxels are made of.

    Attributes
    ----------
    seen : numpy.ndarray
        Brightness, shape (n,) of the block's voxels in C order.
    places : numpy.ndarray
        Of those voxels, in the T2's frame, LPS mm, shape (n, 3).
    cells : numpy.ndarray
        Places of the fine cells, shape (m, 3).
    axes : numpy.ndarray
        Edges of a cell as columns, shape (3, 3).
    kernels : sequence of numpy.ndarray
        From cells to voxels along each axis, shapes (n_axis, m_axis).
    """

    seen: Floats
    places: Floats
    cells: Floats
    axes: Floats
    kernels: tuple[Floats, Floats, Floats]

    def blurred(self, values: NDArray[np.floating[Any]]) -> Floats:
        """Return what voxels see of values of the cells, (m, p) to (n, p)."""
        a, b, c = self.kernels
        fine = values.reshape(a.shape[1], b.shape[1], c.shape[1], -1)
        part = np.tensordot(a, fine, (1, 0))
        part = np.tensordot(b, part, (1, 1))
        part = np.tensordot(c, part, (1, 2))
        taken: Floats = part.transpose(2, 1, 0, 3).reshape(-1, fine.shape[-1])
        return taken


def cut_window(
    volume: Volume, pose: Floats, middle: Floats, radius_mm: float, blur: Blur, acquired_mm: Floats
) -> Window:
    """Return the block of a picture around a place of the T2.

    Parameters
    ----------
    volume : Volume
    pose : numpy.ndarray
        From a place of the T2 to this picture's, shape (4, 4).
    middle : numpy.ndarray
        In the T2's frame, LPS mm.
    radius_mm : float
    blur : "mean" or "cut"
        Whether a voxel is the mean of what lies in it, or the middle of k-space was kept.
    acquired_mm : numpy.ndarray
        Voxel as it was taken, which may be larger than the voxel of the picture.
    """
    centre = volume.indices(pose[:3, :3] @ middle + pose[:3, 3])
    half = radius_mm / volume.spacing_mm
    most = np.array(volume.voxels.shape)
    low = np.clip(np.floor(centre - half).astype(int), 0, most - 2)
    high = np.clip(np.ceil(centre + half).astype(int) + 1, low + 2, most)
    block = volume.voxels[tuple(slice(a, b) for a, b in zip(low, high, strict=True))]
    grids = [np.arange(a, b, dtype=float) for a, b in zip(low, high, strict=True)]
    ratios = np.maximum(acquired_mm / volume.spacing_mm, 1.0)
    parts = [
        _axis(int(a), int(b), float(size), float(ratio), blur)
        for a, b, size, ratio in zip(low, high, volume.spacing_mm, ratios, strict=True)
    ]
    back = np.linalg.inv(pose)

    def home(indices: Floats) -> Floats:
        places: Floats = volume.places(indices) @ back[:3, :3].T + back[:3, 3]
        return places

    cell = volume.affine[:3, :3] / np.array([part[2] for part in parts])
    return Window(
        block.astype(float).ravel(), home(_mesh(grids)), home(_mesh([part[0] for part in parts])),
        back[:3, :3] @ cell, (parts[0][1], parts[1][1], parts[2][1]),
    )  # fmt: skip


def _mesh(axes: Sequence[Floats]) -> Floats:
    return np.stack(np.meshgrid(*axes, indexing="ij"), axis=-1).reshape(-1, 3)


def _axis(low: int, high: int, size: float, ratio: float, blur: Blur) -> tuple[Floats, Floats, int]:
    """Return cells along an axis, the kernel from them to voxels, and how many make a voxel."""
    n = max(int(np.ceil(size / _FINE_MM[blur])), 1)
    pad = int(np.ceil(_PAD[blur] * ratio)) if blur == "cut" else int(np.ceil((ratio - 1.0) / 2.0))
    count = (high - low + 2 * pad) * n
    cells = low - pad - 0.5 + (np.arange(count) + 0.5) / n
    away = (np.arange(low, high)[:, None] - cells) / ratio
    if blur == "mean":
        kernel = np.clip((0.5 - np.abs(away)) * ratio * n + 0.5, 0.0, 1.0)
    else:
        kernel = np.sinc(away) * np.clip(_PAD[blur] + 0.5 - np.abs(away), 0.0, 1.0)
    return cells, kernel / kernel.sum(axis=1, keepdims=True), n


@dataclass(frozen=True)
class Painted:
    """A scene painted into a window.

    Attributes
    ----------
    picture : numpy.ndarray
        Shape (n,).
    by_shape : list of numpy.ndarray
        Change with each shape's numbers, shapes (n, n_numbers).
    by_level : numpy.ndarray
        Change with the brightness of fluid and of each shape, shape (n, 1 + n_shapes).
    by_shift : numpy.ndarray
        Change when all moves along LPS, shape (n, 3).
    """

    picture: Floats
    by_shape: list[Floats]
    by_level: Floats
    by_shift: Floats


def paint(window: Window, seen: Sequence[Seen], levels: Floats) -> Painted:
    """Paint shapes over fluid, each over those before it.

    Parameters
    ----------
    window : Window
    seen : sequence of Seen
        From the window's cells.
    levels : numpy.ndarray
        Brightness of fluid and of each shape.
    """
    m = len(window.cells)
    covers = [_cover(window, one) for one in seen]
    left = np.ones(m)
    shares, above = [], []
    for one, (cover, _) in zip(reversed(seen), reversed(covers), strict=True):
        above.append(left[one.where].copy())
        share = np.zeros(m)
        share[one.where] = cover * left[one.where]
        shares.append(share)
        left[one.where] *= 1.0 - cover
    by_level = np.column_stack([left, *reversed(shares)])
    below = np.full(m, levels[0])
    by_shape, shift = [], np.zeros((m, 3))
    for one, (cover, rise), over, level in zip(
        seen, covers, reversed(above), levels[1:], strict=True
    ):
        gain = (level - below[one.where]) * over * rise
        moved = np.zeros((m, one.slopes.shape[1]), np.float32)
        moved[one.where] = gain[:, None] * one.slopes
        by_shape.append(window.blurred(moved))
        shift[one.where] += gain[:, None] * one.outward
        below[one.where] += cover * (level - below[one.where])
    return Painted(
        window.blurred(below[:, None])[:, 0], by_shape, window.blurred(by_level),
        window.blurred(shift),
    )  # fmt: skip


def _cover(window: Window, seen: Seen) -> tuple[Floats, Floats]:
    """Return which share of each cell a shape covers, and how fast that rises with depth."""
    width = np.abs(seen.outward @ window.axes).sum(axis=1)
    share = 0.5 + seen.depth / width
    inside: NDArray[np.bool_] = (share > 0.0) & (share < 1.0)
    return np.clip(share, 0.0, 1.0), inside / width
