"""What a camera adds: drifting light, a lens that is not quite sharp, and sensor noise."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from hemiface.simulate.film.scene import Scene
from hemiface.types import Floats

_BANK = 6  # frames of noise drawn once; each frame takes one at a random offset
_BANK_VALUES = 30_000_000  # at most, of very large frames, which take fewer
_PAD_PX = 64


@dataclass(frozen=True, eq=False)
class Camera:
    """One camera in one light.

    Attributes
    ----------
    blur_px : float
        Standard deviation of its blur.
    noise : ndarray, shape (256,)
        Standard deviation of the noise at each grey level: shot and read noise.
    bank : ndarray, shape (frames, height, width, 3)
        Unit noise to draw from.
    light : ndarray, shape (3, n_frames)
        Gain of red, green and blue over time.
    picks : ndarray, shape (3, n_frames)
        Which frame of the bank, and its offset, for each frame.
    """

    blur_px: float
    noise: NDArray[np.float32]
    bank: NDArray[np.float32]
    light: Floats
    picks: NDArray[np.int64]

    def expose(self, image: NDArray[np.uint8], index: int) -> NDArray[np.uint8]:
        """Return the frame as this camera records it."""
        import cv2

        seen = cv2.GaussianBlur(image, (0, 0), self.blur_px) if self.blur_px > 0.2 else image
        table = np.arange(256, dtype=np.float32)[:, None] * self.light[:, index].astype(np.float32)
        lit = np.asarray(cv2.LUT(seen, table.reshape(1, 256, 3)), dtype=np.float32)
        which, down, right = self.picks[:, index]
        height, width = image.shape[:2]
        grain = self.bank[which, down : down + height, right : right + width]
        lit += np.asarray(cv2.LUT(seen, self.noise), dtype=np.float32) * grain
        return np.asarray(cv2.convertScaleAbs(np.maximum(lit, 0.0, out=lit)), dtype=np.uint8)


def draw_camera(
    seed: int, shape: tuple[int, ...], times_s: Floats, scene: Scene | None = None
) -> Camera:
    """Draw a camera and its light for one recording.

    Parameters
    ----------
    seed : int
        Same seed, same camera.
    shape : tuple of int
        Height and width of the frames.
    times_s : ndarray, shape (n_frames,)
        Frame times.
    scene : Scene, optional
        Its light; by default the plain one.
    """
    scene = scene or Scene()
    rng = np.random.default_rng([seed, 6])
    read, shot = rng.uniform(0.6, 2.0), rng.uniform(0.02, 0.09)
    # Shot noise grows as light is lacking and the sensor's gain makes up for it: our choice.
    grain = 1.0 + 4.0 * scene.low_light
    noise = (grain * np.sqrt(read**2 + shot * np.arange(256))).astype(np.float32)
    size = (shape[0] + _PAD_PX, shape[1] + _PAD_PX, 3)
    n, n_bank = len(times_s), int(np.clip(_BANK_VALUES // np.prod(size), 1, _BANK))
    bank = rng.standard_normal((n_bank, *size), dtype=np.float32)
    picks = np.stack([rng.integers(0, high, n) for high in (n_bank, _PAD_PX, _PAD_PX)])
    blur_px = rng.uniform(0.2, 0.8) + scene.low_light * shape[0] / 720
    light = _draw_light(rng, times_s) * _scene_light(seed, times_s, scene)
    return Camera(blur_px, noise, bank, light, picks)


def _draw_light(rng: np.random.Generator, times_s: Floats) -> Floats:
    """Slow drift of a few per cent, a little different for each colour."""
    level, drift = rng.uniform(0.8, 1.05), np.zeros((3, len(times_s)))
    for period_s in (3.0, 7.0, 17.0):
        phase, depth = rng.uniform(0.0, 2 * np.pi), rng.uniform(0.0, 0.02)
        wave = depth * np.sin(2 * np.pi * times_s / period_s + phase)
        drift += wave * (1.0 + rng.normal(0.0, 0.1, (3, 1)))
    gain: Floats = level * (1.0 + drift)
    return gain


def _scene_light(seed: int, times_s: Floats, scene: Scene) -> Floats:
    """Gain that a scene's own light adds, shape (n_frames,)."""
    rng = np.random.default_rng([seed, 24])
    period_s, phase = rng.uniform(6.0, 12.0), rng.uniform(0.0, 2 * np.pi)
    swing = 1.0 + scene.light_drift * np.sin(2 * np.pi * times_s / period_s + phase)
    after = times_s >= rng.uniform(0.3, 0.7) * times_s[-1]
    step = np.where(after, 1.0 + scene.light_step, 1.0)
    gain: Floats = swing * step * (1.0 - 0.75 * scene.low_light)
    return gain
