"""What a scanner makes of an angle: voxels, blur or ringing, bias, shadows, ghosts, noise."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import product

import numpy as np
from numpy.typing import NDArray

from hemiface.simulate.mri.paint import Shape
from hemiface.types import Floats
from hemiface.volume import Volume

Shape3 = tuple[int, int, int]


@dataclass(frozen=True)
class View:
    """One side as a picture sees it.

    Attributes
    ----------
    owns : callable
        Which places (LPS mm, shape (n, 3)) belong to this side.
    points : callable
        From places to points in the frame of the side.
    shapes : sequence of Shape
    fluid : float
        Brightness where no shape is.
    """

    owns: Callable[[Floats], NDArray[np.bool_]]
    points: Callable[[Floats], Floats]
    shapes: Sequence[Shape]
    fluid: float


Scene = Sequence[View]

_SUBSAMPLES = 4
_AT_ONCE = 200_000
_SHADOWS, _SHADOW_MM = 6, 3.0
_BAND_WAVES, _BAND_WIDTH = np.array([3.5, 0.8, 1.2]), 0.2


@dataclass(frozen=True)
class Scan:
    """How one picture is taken.

    Attributes
    ----------
    voxel_mm : tuple of float
        As acquired.
    snr : float
        The noise of each channel is 1 / snr, where fluid on T2 and blood on TOF are 1.
    bias : float
        Largest share by which the coil's brightness varies over the field.
    rings : bool
        Whether k-space is cut, as scanners do, so that edges ring; else voxels average.
    shadow : float
        Share by which pulsing fluid may be darker, in blobs.
    ghost : float
        Share of a copy shifted by half the field, as movement makes.
    bands : float
        Share by which the bands of balanced sequences darken the picture.
    is_zoomed : bool
        Whether the scanner interpolates to half the voxel within a slice.
    """

    voxel_mm: tuple[float, float, float]
    snr: float
    bias: float = 0.15
    rings: bool = False
    shadow: float = 0.0
    ghost: float = 0.0
    bands: float = 0.0
    is_zoomed: bool = False


def scan(
    random: np.random.Generator, how: Scan, scene: Scene, affine: Floats, shape: Shape3
) -> Volume:
    """Take a picture.

    Parameters
    ----------
    random : numpy.random.Generator
    how : Scan
    scene : sequence of View
    affine, shape : numpy.ndarray, tuple of int
        Of the acquired voxels.
    """
    ideal = (_ringing if how.rings else _mean)(scene, affine, shape)
    places = _places(affine, shape)
    field = _shadow(random, how, places) * _bias(random, how, places) * _bands(random, how, places)
    picture = ideal * field.reshape(shape)
    if how.ghost:
        picture = picture + how.ghost * np.roll(picture, shape[1] // 2, axis=1)
    noise = random.normal(size=(2, *shape)) / how.snr
    measured = picture + noise[0] + 1j * noise[1]
    if how.is_zoomed:
        measured, affine = _zoomed(measured, affine)
    return Volume(np.abs(measured).astype(np.float32), affine)


def _places(affine: Floats, shape: Shape3) -> Floats:
    indices = np.indices(shape).reshape(3, -1).T
    places: Floats = indices @ affine[:3, :3].T + affine[:3, 3]
    return places


def _mean(
    scene: Scene, affine: Floats, shape: Shape3, subsamples: int = _SUBSAMPLES
) -> NDArray[np.float32]:
    """Return the mean of each voxel; only one with an edge in it is looked at more than once."""
    bright = np.empty(int(np.prod(shape)), np.float32)
    for begin in range(0, len(bright), _AT_ONCE):
        part = slice(begin, min(begin + _AT_ONCE, len(bright)))
        indices = np.column_stack(np.unravel_index(np.arange(part.start, part.stop), shape))
        places = indices @ affine[:3, :3].T + affine[:3, 3]
        for view in scene:
            mine = view.owns(places)
            bright[part][mine] = _mean_of(view, places[mine], affine[:3, :3], subsamples)
    return bright.reshape(shape)


def _mean_of(view: View, places: Floats, axes: Floats, subsamples: int) -> Floats:
    """Paint whole voxels shape by shape, then those with edges from points inside them."""
    reach = 0.55 * float(np.linalg.norm(axes))
    points = view.points(places)
    bright = np.full(len(points), view.fluid)
    looks = [shape.look(points, reach) for shape in view.shapes]
    for depth, paint in looks:
        inside = depth > 0.0
        bright[inside] = _at(paint, inside)
    mixed = np.flatnonzero(np.any([np.abs(depth) < reach for depth, _ in looks], axis=0))
    kept = [(depth[mixed], _at(paint, mixed)) for depth, paint in looks]
    bright[mixed] = _mixed(view, places[mixed], kept, axes, reach, subsamples)
    return bright


def _at(paint: Floats | float, where: NDArray[np.bool_] | NDArray[np.intp]) -> Floats | float:
    return paint[where] if isinstance(paint, np.ndarray) else paint


def _mixed(
    view: View, places: Floats, looks: Sequence[tuple[Floats, Floats | float]], axes: Floats,
    reach: float, subsamples: int,
) -> Floats:  # fmt: skip
    """Return the mean of voxels; a shape is asked only about those that its edge may cross."""
    steps = (np.arange(subsamples) + 0.5) / subsamples - 0.5
    offsets = np.array(list(product(steps, repeat=3))) @ axes.T
    bright = np.full((len(places), len(offsets)), view.fluid, np.float32)
    for shape, (depth, paint) in zip(view.shapes, looks, strict=True):
        whole = depth >= reach
        covering = _at(paint, whole)
        bright[whole] = covering[:, None] if isinstance(covering, np.ndarray) else covering
        edge = np.flatnonzero(np.abs(depth) < reach)
        inner = view.points((places[edge, None] + offsets).reshape(-1, 3))
        fine, paint_fine = shape.look(inner, 0.05)
        inside = fine.reshape(len(edge), len(offsets)) > 0.0
        fresh = np.broadcast_to(paint_fine, len(inner)).reshape(inside.shape)
        bright[edge] = np.where(inside, fresh, bright[edge])
    mean: Floats = bright.mean(axis=1, dtype=float)
    return mean


def _ringing(scene: Scene, affine: Floats, shape: Shape3) -> Floats:
    """Return the picture that the middle of k-space gives, from one of twice the voxels."""
    from scipy.fft import fftfreq, fftn, fftshift, ifftn, ifftshift

    fine = affine.copy()
    fine[:3, :3] /= 2.0
    fine[:3, 3] -= affine[:3, :3] @ [0.25, 0.25, 0.25]
    n_i, n_j, n_k = shape
    whole = fftn(_mean(scene, fine, (2 * n_i, 2 * n_j, 2 * n_k), subsamples=2))
    middle = fftshift(whole)[tuple(slice(n - n // 2, 2 * n - n // 2) for n in shape)]
    waves = np.meshgrid(*(fftshift(fftfreq(n)) for n in shape), indexing="ij", sparse=True)
    shifted = middle * np.exp(0.5j * np.pi * (waves[0] + waves[1] + waves[2])) / 8.0
    picture: Floats = ifftn(ifftshift(shifted)).real
    return picture


def _zoomed(
    measured: NDArray[np.complex128], affine: Floats
) -> tuple[NDArray[np.complex128], Floats]:
    """Return a picture interpolated by zeros around k-space to half the voxel along i and j."""
    n_i, n_j, _ = measured.shape
    waves = np.fft.fftshift(np.fft.fft2(measured, axes=(0, 1)), axes=(0, 1))
    around = ((n_i - n_i // 2, n_i // 2), (n_j - n_j // 2, n_j // 2), (0, 0))
    wide = np.fft.ifftshift(np.pad(waves, around), axes=(0, 1))
    finer = affine.copy()
    finer[:3, :2] /= 2.0
    return 4.0 * np.fft.ifft2(wide, axes=(0, 1)), finer


def _bias(random: np.random.Generator, how: Scan, places: Floats) -> Floats:
    unit = _unit(places)
    terms = np.column_stack([unit, unit**2, unit[:, :1] * unit[:, 1:2]])
    curve = terms @ random.uniform(-1.0, 1.0, terms.shape[1])
    bias: Floats = np.exp(how.bias * curve / max(float(np.abs(curve).max()), 1e-9))
    return bias


def _shadow(random: np.random.Generator, how: Scan, places: Floats) -> Floats:
    lit = np.ones(len(places))
    low, high = places.min(axis=0), places.max(axis=0)
    for centre in random.uniform(low, high, (_SHADOWS if how.shadow else 0, 3)):
        away = np.sum((places - centre) ** 2, axis=1)
        lit -= random.uniform(0.3, 1.0) * how.shadow * np.exp(-0.5 * away / _SHADOW_MM**2)
    return np.clip(lit, 1.0 - how.shadow, 1.0)


def _bands(random: np.random.Generator, how: Scan, places: Floats) -> Floats:
    if not how.bands:
        return np.ones(len(places))
    unit = _unit(places)
    x, y, z = unit.T
    phase = random.uniform(0.0, np.pi) + _BAND_WAVES @ np.array([x, x**2 - y**2, z])
    darker: Floats = 1.0 - how.bands * np.exp(-((np.sin(phase) / _BAND_WIDTH) ** 2))
    return darker


def _unit(places: Floats) -> Floats:
    """Return places as -1 to 1 over the field."""
    low, high = places.min(axis=0), places.max(axis=0)
    unit: Floats = 2.0 * (places - low) / (high - low) - 1.0
    return unit
