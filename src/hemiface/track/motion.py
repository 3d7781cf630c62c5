"""Second pass: how far the skin over each muscle has moved from its resting place.

Landmarks say where a muscle is; optical flow between the resting frontal view and each frame's
frontal view says how far it moved. Two kinds are averaged, because their noises differ: coarse
dense flow (Kroeger et al. 2016, arXiv:1603.03590, as in OpenCV), which is smooth and sure, and the
window of Lucas and Kanade (1981; Bouguet 2001 in OpenCV), which starts from it and reads the peak
of a twitch more fully. The lids are thin, and move against each other: there dense flow reads a
third of the way, so they are followed by windows alone.
"""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from hemiface.track.places import LIDS, PATCHES, STILL
from hemiface.track.texture import HEIGHT, PX_PER_CM, WIDTH, sample, to_pixels
from hemiface.types import Floats

_MISMATCH_PX = 5
# Dense flow stops at a quarter of the view's resolution: finer costs three times as much, and the
# windows give back what it smooths away.
_FINEST_SCALE, _STRIDE_PX, _REFINEMENTS = 2, 4, 2
_WINDOW, _STEPS, _STRAY_PX = (15, 15), 2, 4.0
_LID_WINDOW, _LID_LEVELS, _LID_SPREAD_CM = (15, 9), 2, 0.2
_LID_REACH_CM = 1.2
_MIN_TEXTURE = 1e-5
_PX_TO_CM = np.array([1, -1], np.float32) / np.float32(PX_PER_CM)


class MotionReader:
    """Measures one frame after another against the resting view.

    Parameters
    ----------
    shape : ndarray, shape (468, 3)
        The person's frontal face in cm.
    resting : sequence of ndarray, shape (HEIGHT, WIDTH), uint8
        Views of the resting face; their mean has less noise than each.
    """

    def __init__(self, shape: Floats, resting: Sequence[NDArray[np.uint8]]) -> None:
        import cv2

        reference = np.rint(np.mean(resting, axis=0)).astype(np.uint8)

        self._at = to_pixels(shape[[*PATCHES, *STILL]])[None]
        self._flow = cv2.DISOpticalFlow.create(cv2.DISOPTICAL_FLOW_PRESET_FAST)
        self._flow.setFinestScale(_FINEST_SCALE)
        self._flow.setPatchStride(_STRIDE_PX)
        self._flow.setVariationalRefinementIterations(_REFINEMENTS)
        self._lid_rows = [PATCHES.index(lid) for lid in LIDS]
        spread = np.array([[-_LID_SPREAD_CM, 0.0], [0.0, 0.0], [_LID_SPREAD_CM, 0.0]])
        self._lids = to_pixels((shape[list(LIDS), :2][:, None] + spread).reshape(-1, 2))
        self._reference = reference
        half = (slice(None, None, 2),) * 2
        self._smooth = cv2.GaussianBlur(reference.astype(np.float32), (0, 0), 1)[half]
        mean = cv2.blur(self._smooth, (11, 11))
        spread = cv2.blur(self._smooth**2, (11, 11)) - mean**2
        self._contrast = np.sqrt(np.maximum(spread, 0)) + 8.0
        columns, rows = np.meshgrid(np.arange(0, WIDTH, 2), np.arange(0, HEIGHT, 2))
        self._grid = np.stack([columns, rows], axis=-1).astype(np.float32)

    def read(self, view: NDArray[np.uint8]) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
        """Return displacement (n_points, 2) in cm, y up, and mismatch (n_points,) of one view."""
        view = self._in_resting_light(view)
        flow = self._flow.calc(self._reference, view, None)  # type: ignore[call-overload]
        moved = sample(flow, self._at)[0]
        moved = (moved + self._follow_skin(view, moved)) / 2
        moved[self._lid_rows] = self._follow_lids(view, moved[self._lid_rows])
        return moved * _PX_TO_CM, self._mismatch(view, flow)

    def _in_resting_light(self, view: NDArray[np.uint8]) -> NDArray[np.uint8]:
        """Return the view as bright as the resting one: flow takes a change of light for motion."""
        import cv2

        gain = float(self._reference.mean()) / max(float(view.mean()), 1.0)
        return cv2.convertScaleAbs(view, alpha=gain).astype(np.uint8, copy=False)

    def _mismatch(self, view: NDArray[np.uint8], flow: NDArray[np.float32]) -> NDArray[np.float32]:
        """Return how unlike the resting skin each point is once its motion is undone."""
        import cv2

        back = sample(view, self._grid + flow[::2, ::2]).astype(np.float32)
        apart = np.abs(cv2.GaussianBlur(back, (0, 0), 0.5) - self._smooth) / self._contrast
        spread = cv2.blur(apart, (_MISMATCH_PX, _MISMATCH_PX))
        return sample(spread, self._at * np.float32(0.5))[0]  # type: ignore[no-any-return]

    def _follow_skin(
        self, view: NDArray[np.uint8], moved: NDArray[np.float32]
    ) -> NDArray[np.float32]:
        """Return how far each window moved in pixels, near `moved`, or `moved` where it strays."""
        import cv2

        found, known, _ = cv2.calcOpticalFlowPyrLK(
            self._reference,
            view,
            self._at[0],
            self._at[0] + moved,
            winSize=_WINDOW,
            maxLevel=0,
            criteria=(cv2.TERM_CRITERIA_COUNT, _STEPS, 0.0),
            flags=cv2.OPTFLOW_USE_INITIAL_FLOW,
            minEigThreshold=_MIN_TEXTURE,
        )
        refined = found - self._at[0]
        near = np.abs(refined - moved).max(axis=1, keepdims=True) < _STRAY_PX
        return np.where(near & known.astype(bool), refined, moved)

    def _follow_lids(
        self, view: NDArray[np.uint8], instead: NDArray[np.float32]
    ) -> NDArray[np.float32]:
        """Return how far the lids moved in pixels, shape (n_lids, 2); `instead` where lost."""
        import cv2

        found, known, _ = cv2.calcOpticalFlowPyrLK(
            self._reference,
            view,
            self._lids[:, None],
            None,  # type: ignore[call-overload]
            winSize=_LID_WINDOW,
            maxLevel=_LID_LEVELS,
            minEigThreshold=_MIN_TEXTURE,
        )
        moved = (found[:, 0] - self._lids).reshape(len(LIDS), 3, 2)
        known = known.reshape(len(LIDS), 3, 1).astype(bool)
        known &= (np.abs(moved) < _LID_REACH_CM * PX_PER_CM).all(axis=2, keepdims=True)
        return np.median(np.where(known, moved, instead[:, None]), axis=1).astype(np.float32)
