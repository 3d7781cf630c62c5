"""Where the skin is read: a few patches per channel, and points that no muscle moves."""

import numpy as np
from numpy.typing import NDArray

from hemiface.muscles import MUSCLE, MUSCLES
from hemiface.track.pose import RIGID
from hemiface.types import SIDES, Channel, Floats

_SKIN = tuple(muscle for muscle in MUSCLES if muscle.unit == "mm")
CHANNELS: tuple[Channel, ...] = tuple(
    Channel(muscle.name, side) for muscle in _SKIN for side in SIDES
)
# The patches' landmarks, each once.
PATCHES: tuple[int, ...] = tuple(
    dict.fromkeys(place for muscle in _SKIN for place in (*muscle.left, *muscle.right))
)
LIDS: tuple[int, ...] = tuple(
    sorted({p for muscle in _SKIN if muscle.group == "eye" for p in (*muscle.left, *muscle.right)})
)
# The corners of the eyes serve the pose, but lids pull at them.
STILL: tuple[int, ...] = tuple(i for i in RIGID if i not in (33, 263, 133, 362, 143, 372))


def _mixing() -> Floats:
    mixing = np.zeros((len(CHANNELS), len(PATCHES), 2))
    for row, channel in enumerate(CHANNELS):
        muscle = MUSCLE[channel.muscle]
        places = getattr(muscle, channel.side)
        pull = np.array(muscle.pull) / np.hypot(*muscle.pull)
        lateral = 1.0 if channel.side == "left" else -1.0
        for place in places:
            mixing[row, PATCHES.index(place)] += pull * (lateral, 1.0) / len(places)
    return mixing


MIXING: Floats = _mixing()
"""Shape (n_channels, n_patches, 2): displacement of a channel = sum over its patches."""


def by_channel(patches: NDArray[np.float32]) -> Floats:
    """Average what was read at patches, (n_frames, n_patches), to (n_channels, n_frames)."""
    share = (np.abs(MIXING).sum(axis=2) > 0).astype(float)
    share /= share.sum(axis=1, keepdims=True)
    return np.asarray(share @ patches.T)
