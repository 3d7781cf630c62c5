"""When each frame was recorded, from the times in the file, and what is wrong with them."""

from array import array
from dataclasses import dataclass, field

import numpy as np

from hemiface.types import Floats, Notice

MIN_INTERVAL_S = 1e-3
"""Frames nearer than this are the same moment: no camera in use exceeds 1000 frames a second."""

MAX_GAP_S = 60.0
"""A longer gap is a fault of the file's clock, not a pause of the camera."""

LOW_RATE_HZ = 23.5
"""Below the rate of film (23.976), a clonic spasm is seen in too few frames."""


class BrokenClockError(Exception):
    """The times jump so far ahead that nothing after can be placed."""


@dataclass
class Clock:
    """Turns the stamps of frames, as they come, into times from the first frame.

    Attributes
    ----------
    nominal_s : float
        Stated interval between frames, for frames without a stamp.
    tick_s : float
        Resolution of the stamps.
    times_s : array of float
        Times of the frames kept, strictly increasing, the first 0.
    n_repeated, n_untimed : int
        Frames dropped because their time was not later than the last; frames without a stamp.
    """

    nominal_s: float
    tick_s: float
    times_s: "array[float]" = field(default_factory=lambda: array("d"))
    n_repeated: int = 0
    n_untimed: int = 0
    _start_s: float | None = None

    def time(self, stamp_s: float | None) -> float | None:
        """Return the time of the next frame, or None if it repeats the last moment.

        Raises
        ------
        BrokenClockError
            If it lies more than `MAX_GAP_S` after the last.
        """
        expected = self.times_s[-1] + self.nominal_s if self.times_s else 0.0
        time = self._since_start(stamp_s, expected)
        if self.times_s and time < self.times_s[-1] + MIN_INTERVAL_S:
            self.n_repeated += 1
            return None
        if self.times_s and time > self.times_s[-1] + MAX_GAP_S:
            raise BrokenClockError
        self.times_s.append(time)
        return time

    def _since_start(self, stamp_s: float | None, expected: float) -> float:
        if stamp_s is None:
            self.n_untimed += 1
            return expected
        if self._start_s is None:
            self._start_s = stamp_s - expected
        return stamp_s - self._start_s

    @property
    def rate_hz(self) -> float:
        """Frames per second: the inverse of the median interval between frames.

        Where the mean interval lies within the resolution of the stamps the mean is the better
        estimate (WebM counts whole milliseconds: 33, 33, 34), and is taken instead.
        """
        intervals = self._intervals_s()
        if intervals.size == 0:
            return 1.0 / self.nominal_s
        median, mean = float(np.median(intervals)), float(np.mean(intervals))
        return 1.0 / (mean if abs(mean - median) <= self.tick_s else median)

    @property
    def duration_s(self) -> float:
        """From the first frame to the end of the last, which lasts as long as most do."""
        return self.times_s[-1] + 1.0 / self.rate_hz if self.times_s else 0.0

    def notices(self) -> list[Notice]:
        """Return what the user should know about the times."""
        rate, gap = self.rate_hz, self._longest_gap()
        found = [
            (rate < LOW_RATE_HZ, "low_rate", _LOW_RATE.format(rate=rate)),
            (gap is not None, "gap", _GAP.format(*(gap or (0, 0)))),
            (self._is_variable(), "variable_rate", _VARIABLE.format(rate=rate)),
            (self.n_repeated > 0, "repeated_frames", _REPEATED.format(n=self.n_repeated)),
            (self.n_untimed > 0, "no_times", _UNTIMED.format(n=self.n_untimed, rate=rate)),
        ]
        return [Notice(code, text) for here, code, text in found if here]

    def _intervals_s(self) -> Floats:
        return np.diff(np.asarray(self.times_s))

    def _longest_gap(self) -> tuple[float, float] | None:
        """Length and start of the longest gap in which frames are missing, or None."""
        intervals = self._intervals_s()
        if intervals.size == 0 or intervals.max() < max(0.1, 3.0 * float(np.median(intervals))):
            return None
        return float(intervals.max()), self.times_s[int(intervals.argmax())]

    def _is_variable(self) -> bool:
        intervals = self._intervals_s()
        if intervals.size < 2:
            return False
        low, high = np.percentile(intervals, (5, 95))
        return bool(high - low > 0.25 * np.median(intervals) + 2.0 * self.tick_s)


_LOW_RATE = (
    "The video has {rate:.3g} frames a second; spasms shorter than a few frames are missed or "
    "timed poorly. Record at 30 or more."
)
_GAP = "Frames are missing: the longest gap, of {0:.2f} s, begins at {1:.2f} s."
_VARIABLE = "The frame rate varies around {rate:.3g} a second; each frame's own time is used."
_REPEATED = "{n} frames carry a time that had passed already; they were left out."
_UNTIMED = "{n} frames carry no time; {rate:.3g} a second was assumed for them."
