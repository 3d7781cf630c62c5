"""Frames in, landmarks and muscle motion out.

Two passes over the same frames: the first finds the head and the person's own face at rest, the
second measures the skin against it. Only numbers are kept, so memory hardly grows with length.
"""

from collections.abc import Callable, Iterable
from concurrent.futures import Future, ThreadPoolExecutor

import numpy as np
from numpy.typing import NDArray

from hemiface.track.eyes import EyeReader
from hemiface.track.face import HeadTrack, track_head
from hemiface.track.motion import MotionReader
from hemiface.track.places import CHANNELS, PATCHES, STILL, by_channel
from hemiface.track.texture import FrontalView
from hemiface.track.undo import undo_head
from hemiface.types import Recording, Track

__all__ = ["measure_motion", "track_head"]

Images = Iterable[tuple[float, NDArray[np.uint8]]]
_AHEAD = 6


def measure_motion(
    images: Images,
    head: HeadTrack,
    recording: Recording,
    *,
    px_scale: float = 1.0,
    tick: Callable[[], None] = lambda: None,
) -> Track:
    """Measure the skin and the lids in every frame of a head already tracked.

    Parameters
    ----------
    images : iterable of (time_s, image)
        The same frames as in the first pass, from the start.
    head : HeadTrack
        From `track_head`.
    recording : Recording
    px_scale : float
        Pixels of the recording per pixel of the images.
    tick : callable
        Called after each frame.
    """
    view = FrontalView(head.shape, head.poses)
    reader = MotionReader(head.shape, [view.read(i, grey) for i, grey in head.resting.items()])
    eyes = EyeReader(head.shape, head.poses)
    seen = np.isfinite(head.poses.scale)
    n_frames, n_points = len(seen), len(PATCHES) + len(STILL)
    moved = np.full((n_frames, n_points, 2), np.nan, np.float32)
    mismatch = np.full((n_frames, n_points), np.nan, np.float32)
    lids, brightness = np.full((2, 2, n_frames), np.nan), np.full(n_frames, np.nan)

    def read_skin(index: int, image: NDArray[np.uint8]) -> None:
        frontal = view.read(index, image)
        brightness[index] = frontal.mean()
        moved[index], mismatch[index] = reader.read(frontal)

    def read_eyes(index: int, image: NDArray[np.uint8]) -> None:
        lids[:, :, index] = eyes.read(index, image)

    with ThreadPoolExecutor(1) as skin_pool, ThreadPoolExecutor(1) as eye_pool:
        waiting: list[Future[None]] = []
        for index, (_, image) in enumerate(images):
            if index >= n_frames:
                break
            if seen[index]:
                waiting.append(skin_pool.submit(read_skin, index, image))
                waiting.append(eye_pool.submit(read_eyes, index, image))
            while len(waiting) > 2 * _AHEAD:
                waiting.pop(0).result()
            tick()
        for future in waiting:
            future.result()
    moved *= np.float32(head.mm_per_cm)
    displacement, jitter = undo_head(moved, head.shape)
    return Track(
        recording=recording,
        times_s=head.times_s,
        confidence=head.presence,
        channels=CHANNELS,
        displacement_mm=displacement,
        mismatch=by_channel(mismatch[:, : len(PATCHES)]),
        apertures=lids[:, 0],
        lid_openings_mm=lids[:, 1] * head.eye_widths_mm[:, None],
        pose_deg=head.poses.angles_deg(),
        jitter_mm=jitter,
        face_px=head.canthi_px * px_scale,
        brightness=brightness,
        n_faces=head.n_faces,
        resting_mm=_resting(head),
    )


def _resting(head: HeadTrack) -> dict[str, float]:
    """Return heights of brows and mouth corners above the line of the eyes at rest, mm."""
    mm = head.shape * head.mm_per_cm
    return {
        "brow_left": float(mm[334, 1] - mm[[263, 362], 1].mean()),
        "brow_right": float(mm[105, 1] - mm[[33, 133], 1].mean()),
        "mouth_left": float(mm[291, 1] - mm[[263, 362], 1].mean()),
        "mouth_right": float(mm[61, 1] - mm[[33, 133], 1].mean()),
    }
