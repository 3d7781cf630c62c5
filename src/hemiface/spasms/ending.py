"""When a spasm is over: its excess has fallen, or the muscle has let go."""

import numpy as np
from numpy.typing import NDArray

from hemiface.types import Floats

# A spasm lasts while its excess stays above this share of its peak.
_HOLD = 0.35
# It has let go when it falls by this share of its peak within so many samples, and does not regain
# it within so many.
_LET_GO, _RELEASE, _REGAIN = 0.5, 25, 13
# A blink closes the other eye by this much, for no longer than so many samples.
_SHUT_MM, _BLINK_EDGE, _LONGEST_BLINK = 1.0, 6, 54


def find_end(excess: Floats, fellow_mm: Floats, height: float) -> int:
    """Return the sample at which a spasm ends, or the last one.

    Parameters
    ----------
    excess : ndarray, shape (n_samples,)
        How far its side exceeds the other, from the peak on.
    fellow_mm : ndarray, shape (n_samples,)
        How far the other eye closes.
    height : float
        The excess at the peak.
    """
    held = _across_blinks(excess, fellow_mm)
    fallen = np.flatnonzero((held <= _HOLD * height) | _released(held, height))
    return int(fallen[0]) if len(fallen) else len(excess) - 1


def _across_blinks(excess: Floats, fellow_mm: Floats) -> Floats:
    """Return the excess with straight lines where a blink of both eyes hides it.

    While both eyes are shut neither exceeds the other; a spasm may go on all the same.
    """
    from scipy.ndimage import maximum_filter1d

    shut = maximum_filter1d((fellow_mm > _SHUT_MM).astype(np.uint8), 2 * _BLINK_EDGE + 1) > 0
    shut[0] = False
    bounds = np.flatnonzero(np.diff(np.r_[0, shut.astype(int), 0])).reshape(-1, 2)
    bridged = excess.copy()
    for start, end in bounds:
        if end - start <= _LONGEST_BLINK and end < len(excess):
            bridged[start:end] = np.linspace(excess[start - 1], excess[end], end - start)
    return bridged


def _released(excess: Floats, height: float) -> NDArray[np.bool_]:
    """Return where a muscle has just let go: a quick fall that is not made good at once.

    A face that has changed its expression during a spasm may never come back to where it was
    before; the quick fall still tells the end.
    """
    from scipy.ndimage import maximum_filter1d

    before = maximum_filter1d(excess, _RELEASE, origin=_RELEASE // 2, mode="nearest")
    after = maximum_filter1d(excess, _REGAIN, origin=-(_REGAIN // 2), mode="nearest")
    return np.asarray(before - after >= _LET_GO * height)
