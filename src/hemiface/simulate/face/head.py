"""Turn the head of a still portrait: every pixel gets a depth, and the whole is rotated in space.

Depth comes from the tracked landmarks and is carried smoothly into hair and background, which
follow less and less with distance from the head.
"""

from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from hemiface.simulate.face.fields import smoothstep
from hemiface.types import Floats

_STEP_PX = 8
_INVERSE_STEPS = 5
_STEEPEST = 2.4  # of the depth, so that a head may turn by 21 degrees without tearing
_LEAST_PX = 0.01  # a smaller movement changes no pixel


@dataclass(frozen=True, eq=False)
class HeadModel:
    """A portrait in depth, on a coarse grid.

    Attributes
    ----------
    depth_px : ndarray, shape (rows, columns)
        Depth of each node relative to the head's axis; positive is nearer the camera.
    weight : ndarray, shape (rows, columns)
        How much of the head's movement each node follows, 0 to 1.
    pivot_px : ndarray, shape (2,)
        Where the axis of rotation passes.
    width_px : float
        Width of the face.
    """

    depth_px: NDArray[np.float32]
    weight: NDArray[np.float32]
    pivot_px: Floats
    width_px: float


def model_head(points: NDArray[np.float32], shape: tuple[int, ...]) -> HeadModel:
    """Return the head model of a portrait.

    Parameters
    ----------
    points : ndarray, shape (478, 3)
        Landmarks, px.
    shape : tuple of int
        Height and width of the image.
    """
    from scipy.interpolate import griddata
    from scipy.ndimage import gaussian_filter

    x, y = np.meshgrid(*(np.arange(0, n + _STEP_PX, _STEP_PX) for n in (shape[1], shape[0])))
    flat, depth = points[:468, :2].astype(float), -points[:468, 2].astype(float)
    inside = griddata(flat, depth, (x, y), method="linear")
    outside = griddata(flat, depth, (x, y), method="nearest")
    low, high = flat.min(axis=0), flat.max(axis=0)
    width = float(high[0] - low[0])
    filled = np.where(np.isfinite(inside), inside, outside)
    relief = gaussian_filter(filled, 0.035 * width / _STEP_PX)
    relief = _gentle(relief, float(np.nanmedian(inside)))
    centre, radii = 0.5 * (low + high), 0.5 * (high - low)
    centre[1] -= 0.25 * radii[1]  # the landmarks end at the hairline, the head does not
    away = np.hypot((x - centre[0]) / (1.25 * radii[0]), (y - centre[1]) / (1.45 * radii[1]))
    weight = 1.0 - smoothstep((away - 1.0) / 1.1)
    axis = float(np.median(filled[away < 1.0])) - 0.35 * width  # the neck is behind the face
    pivot = np.array([centre[0], high[1]])
    return HeadModel((relief - axis).astype(np.float32), weight.astype(np.float32), pivot, width)


def _gentle(depth_px: Floats, cheeks_px: float) -> Floats:
    """Return the depth falling off no steeper, outwards from the cheeks, than can be turned.

    The ears hang on the steepest part of the face: turned, it would tear them into bands.
    """
    from scipy.ndimage import grey_dilation

    fall = -_STEEPEST * _STEP_PX * np.array([[np.sqrt(2), 1, np.sqrt(2)]])
    cone = np.concatenate([fall, [[fall[0, 1], 0.0, fall[0, 1]]], fall])
    sides = np.minimum(depth_px, cheeks_px)
    for _ in range(int(np.ptp(sides) / (_STEEPEST * _STEP_PX)) + 1):
        sides = grey_dilation(sides, structure=cone, mode="nearest")
    gentle: Floats = np.maximum(depth_px, sides)
    return gentle


def turn_head(
    image: NDArray[np.uint8], head: HeadModel, angles_deg: Floats, shift: Floats
) -> NDArray[np.uint8]:
    """Return the portrait with its head turned and moved.

    Parameters
    ----------
    image : ndarray, shape (height, width, 3), uint8
        The portrait.
    head : HeadModel
        Its depth.
    angles_deg : ndarray, shape (3,)
        Yaw (positive: to the person's left), pitch (positive: up), roll (positive: crown to the
        person's right).
    shift : ndarray, shape (3,)
        Right, down, and growth, as shares of the face's width.
    """
    import cv2

    if not (angles_deg.any() or shift.any()):
        return image
    rows, columns = head.depth_px.shape
    x, y = _grid(rows, columns)
    came = np.zeros((rows, columns, 2), np.float32)
    forward = _displacement(head, angles_deg, shift)
    for _ in range(_INVERSE_STEPS):
        at_x, at_y = x - came[..., 0] / _STEP_PX, y - came[..., 1] / _STEP_PX
        read = cv2.remap(forward, at_x, at_y, cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE)
        came = read.astype(np.float32)
    box = _moving(came, image.shape)
    height, width = (span.stop - span.start for span in box)
    # Node (i, j) sits on pixel (8 i, 8 j): an affine read of the coarse grid, not a resize.
    to_nodes = np.array([[1, 0, box[1].start], [0, 1, box[0].start]], np.float32) / _STEP_PX
    fine = cv2.warpAffine(
        came, to_nodes, (width, height), flags=cv2.INTER_LINEAR | cv2.WARP_INVERSE_MAP,
        borderMode=cv2.BORDER_REPLICATE,
    )  # fmt: skip
    grid_x, grid_y = _grid(height, width)
    turned = image.copy()
    turned[box] = cv2.remap(
        image, grid_x + (box[1].start - fine[..., 0]), grid_y + (box[0].start - fine[..., 1]),
        cv2.INTER_CUBIC, borderMode=cv2.BORDER_REPLICATE,
    )  # fmt: skip
    return turned


@lru_cache(maxsize=4)
def _grid(rows: int, columns: int) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
    """Column and row of every point."""
    x, y = np.meshgrid(np.arange(columns, dtype=np.float32), np.arange(rows, dtype=np.float32))
    return x, y


def _moving(came: NDArray[np.float32], shape: tuple[int, ...]) -> tuple[slice, slice]:
    """Return the rows and columns of pixels around the nodes that move."""
    moved = np.abs(came).max(axis=2) > _LEAST_PX
    spans = []
    for axis in (0, 1):
        at = np.flatnonzero(moved.any(axis=1 - axis))
        low, high = (at[0] - 1, at[-1] + 1) if len(at) else (0, 0)
        spans.append(slice(max(int(low) * _STEP_PX, 0), min(int(high) * _STEP_PX + 1, shape[axis])))
    return spans[0], spans[1]


def rotation(angles_deg: Floats) -> Floats:
    """Return the rotation of a pose, (3, 3): x right in the image, y down, z to the camera."""
    yaw, pitch, roll = np.deg2rad(angles_deg) * (1.0, 1.0, -1.0)
    about_y = np.array([[np.cos(yaw), 0, np.sin(yaw)], [0, 1, 0], [-np.sin(yaw), 0, np.cos(yaw)]])
    about_x = np.array(
        [[1, 0, 0], [0, np.cos(pitch), -np.sin(pitch)], [0, np.sin(pitch), np.cos(pitch)]]
    )
    about_z = np.array(
        [[np.cos(roll), -np.sin(roll), 0], [np.sin(roll), np.cos(roll), 0], [0, 0, 1]]
    )
    turned: Floats = about_y @ about_x @ about_z
    return turned


def _displacement(head: HeadModel, angles_deg: Floats, shift: Floats) -> NDArray[np.float32]:
    """How far each node moves, px, shape (rows, columns, 2)."""
    rows, columns = head.depth_px.shape
    x = np.arange(columns) * _STEP_PX - head.pivot_px[0]
    y = np.arange(rows) * _STEP_PX - head.pivot_px[1]
    solid = np.stack([*np.meshgrid(x, y), head.depth_px], axis=-1)
    moved = solid @ rotation(angles_deg).T * (1.0 + shift[2]) - solid
    moved[..., :2] += head.width_px * shift[:2]
    held: NDArray[np.float32] = (moved[..., :2] * head.weight[..., None]).astype(np.float32)
    return held
