"""Second pass: how far the skin over each muscle has moved from its resting place.

Landmarks say where a muscle is; optical flow between the resting frontal view and each frame's
frontal view says how far it moved. Two kinds are averaged, because their noises differ: coarse
dense flow (Kroeger et al. 2016, arXiv:1603.03590, as in OpenCV), which is smooth and sure, and the
window of Lucas and Kanade (1981; Bouguet 2001 in OpenCV), which starts from it and reads the peak
of a twitch more fully. The lids are thin, and move against each other: there dense flow reads a
third of the way, so they are followed by windows alone.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from hemiface.muscles import MUSCLES
from hemiface.track.pose import RIGID
from hemiface.track.texture import HEIGHT, PX_PER_CM, WIDTH, sample, to_pixels
from hemiface.types import SIDES, Channel, Floats

CHANNELS: tuple[Channel, ...] = tuple(
    Channel(muscle.name, side) for muscle in MUSCLES if muscle.unit == "mm" for side in SIDES
)
# The corners of the eyes serve the pose, but lids pull at them.
_STILL: tuple[int, ...] = tuple(i for i in RIGID if i not in (33, 263, 133, 362, 143, 372))
_MISMATCH_PX = 5
# Dense flow stops at a quarter of the view's resolution: finer costs three times as much, and the
# windows give back what it smooths away.
_FINEST_SCALE, _STRIDE_PX, _REFINEMENTS = 2, 4, 2
_WINDOW, _STEPS, _STRAY_PX = (15, 15), 2, 4.0
_LIDS = tuple(
    sorted(
        {
            place
            for muscle in MUSCLES
            if muscle.unit == "mm" and muscle.group == "eye"
            for place in (*muscle.left, *muscle.right)
        }
    )
)
_LID_WINDOW, _LID_LEVELS, _LID_SPREAD_CM = (15, 9), 2, 0.2
_LID_REACH_CM = 1.2
_MIN_TEXTURE = 1e-5
_PX_TO_CM = np.array([1, -1], np.float32) / np.float32(PX_PER_CM)
# Residuals of still points beyond this many mm do not count as noise of the head's motion.
_ROBUST_MM = 0.15
_BLOCK = 1000  # frames worked on at once, so that memory hardly grows with length


@dataclass(frozen=True, eq=False)
class _Places:
    """Where flow is sampled: a few patches per channel, then the still points."""

    landmarks: tuple[int, ...]
    mixing: Floats  # (n_channels, n_points, 2): displacement of a channel = sum over its patches

    @property
    def n_still(self) -> int:
        return len(_STILL)


def _channel_places() -> _Places:
    landmarks: list[int] = []
    for muscle in MUSCLES:
        if muscle.unit == "mm":
            landmarks += [*muscle.left, *muscle.right]
    unique = tuple(dict.fromkeys(landmarks))
    mixing = np.zeros((len(CHANNELS), len(unique), 2))
    by_name = {muscle.name: muscle for muscle in MUSCLES}
    for row, channel in enumerate(CHANNELS):
        muscle = by_name[channel.muscle]
        places = getattr(muscle, channel.side)
        pull = np.array(muscle.pull) / np.hypot(*muscle.pull)
        lateral = 1.0 if channel.side == "left" else -1.0
        for place in places:
            mixing[row, unique.index(place)] += pull * (lateral, 1.0) / len(places)
    return _Places(unique, mixing)


class MotionReader:
    """Measures one frame after another against the resting view.

    Parameters
    ----------
    shape : ndarray, shape (468, 3)
        The person's frontal face in cm.
    reference : ndarray, shape (HEIGHT, WIDTH), uint8
        The resting view.
    """

    def __init__(self, shape: Floats, reference: NDArray[np.uint8]) -> None:
        import cv2

        self.places = _channel_places()
        points = shape[[*self.places.landmarks, *_STILL]]
        self._at = to_pixels(points)[None]
        self._flow = cv2.DISOpticalFlow.create(cv2.DISOPTICAL_FLOW_PRESET_FAST)
        self._flow.setFinestScale(_FINEST_SCALE)
        self._flow.setPatchStride(_STRIDE_PX)
        self._flow.setVariationalRefinementIterations(_REFINEMENTS)
        self._lid_rows = [self.places.landmarks.index(lid) for lid in _LIDS]
        spread = np.array([[-_LID_SPREAD_CM, 0.0], [0.0, 0.0], [_LID_SPREAD_CM, 0.0]])
        self._lids = to_pixels((shape[list(_LIDS), :2][:, None] + spread).reshape(-1, 2))
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
        flow = self._flow.calc(self._reference, view, None)  # type: ignore[call-overload]
        moved = sample(flow, self._at)[0]
        moved = (moved + self._follow_skin(view, moved)) / 2
        moved[self._lid_rows] = self._follow_lids(view, moved[self._lid_rows])
        return moved * _PX_TO_CM, self._mismatch(view, flow)

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
        moved = (found[:, 0] - self._lids).reshape(len(_LIDS), 3, 2)
        known = known.reshape(len(_LIDS), 3, 1).astype(bool)
        known &= (np.abs(moved) < _LID_REACH_CM * PX_PER_CM).all(axis=2, keepdims=True)
        return np.median(np.where(known, moved, instead[:, None]), axis=1).astype(np.float32)


def undo_head(
    moved_mm: NDArray[np.float32], shape: Floats, places: _Places
) -> tuple[Floats, Floats]:
    """Subtract what is left of the head's motion, and project each channel on its muscle's pull.

    The small rigid motions of a known surface are six fields: two shifts, a roll, a change of size,
    and two turns that move points by their depth. They are fitted robustly to the still points.

    Parameters
    ----------
    moved_mm : ndarray of float32, shape (n_frames, n_points, 2)
        Displacements as measured; NaN where no face was seen.
    shape : ndarray, shape (468, 3)
        The person's frontal face.
    places : _Places
        What the points are.

    Returns
    -------
    displacement_mm : ndarray, shape (n_channels, n_frames)
    jitter_mm : ndarray, shape (n_frames,)
        Robust spread of the still points that no rigid motion explains.
    """
    blocks = [
        _undo_block(moved_mm[start : start + _BLOCK].astype(np.float64), shape, places)
        for start in range(0, len(moved_mm), _BLOCK)
    ]
    displacement, jitter = zip(*blocks, strict=True)
    return np.concatenate(displacement, axis=1), np.concatenate(jitter)


def _undo_block(moved_mm: Floats, shape: Floats, places: _Places) -> tuple[Floats, Floats]:
    n_muscle = len(places.landmarks)
    muscle_fields = _rigid_fields(shape[list(places.landmarks)])
    still_fields = _rigid_fields(shape[list(_STILL)]).reshape(6, -1).T
    seen = np.isfinite(moved_mm[:, 0, 0])
    still = np.nan_to_num(moved_mm[:, n_muscle:]).reshape(len(moved_mm), -1)
    weight = np.ones_like(still)
    for _ in range(3):
        gram = np.einsum("pi,tp,pj->tij", still_fields, weight, still_fields) + 1e-6 * np.eye(6)
        motion = np.linalg.solve(gram, ((weight * still) @ still_fields)[..., None])[..., 0]
        left = still - motion @ still_fields.T
        weight = 1 / (1 + (left / _ROBUST_MM) ** 2)
    own = moved_mm[:, :n_muscle] - np.einsum("tk,kpc->tpc", motion, muscle_fields)
    displacement = np.einsum("tpc,rpc->rt", own, places.mixing)
    jitter = np.sqrt((weight * left**2).sum(axis=1) / weight.sum(axis=1))
    displacement[:, ~seen] = np.nan
    jitter[~seen] = np.nan
    return displacement, jitter


def _rigid_fields(points: Floats) -> Floats:
    """Return the six fields of small rigid motion at some points, shape (6, n_points, 2)."""
    x, y, z = points.T
    one, none = np.ones_like(x), np.zeros_like(x)
    pairs = [(one, none), (none, one), (-y, x), (x, y), (z, none), (none, z)]
    return np.stack([np.stack(pair, axis=-1) for pair in pairs])


def channel_mismatch(mismatch: NDArray[np.float32], places: _Places) -> Floats:
    """Average the mismatch of the patches of each channel, shape (n_channels, n_frames)."""
    share = (np.abs(places.mixing).sum(axis=2) > 0).astype(float)
    share /= share.sum(axis=1, keepdims=True)
    return np.asarray(share @ mismatch[:, : len(places.landmarks)].T)
