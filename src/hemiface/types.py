"""The few types that everything else is written in: frozen, with NumPy arrays inside.

Times are seconds from the start of the recording, spans are half-open ``[start, end)``, NaN means
*not observed*, arrays are ``(n_channels, n_frames)``, and a side is always the person's own.
"""

from dataclasses import dataclass, field
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Side = Literal["left", "right"]
Affected = Literal["left", "right", "both", "none", "undetermined"]
Kind = Literal["clonic", "tonic"]

SIDES: tuple[Side, Side] = ("left", "right")


def other_side(side: Side) -> Side:
    """Return the opposite side of the face."""
    return "right" if side == "left" else "left"


@dataclass(frozen=True)
class Span:
    """A stretch of time, half-open, in seconds."""

    start_s: float
    end_s: float

    @property
    def duration_s(self) -> float:
        """Length in seconds."""
        return self.end_s - self.start_s


@dataclass(frozen=True)
class TaskSpan:
    """When a person was asked to do something, seconds from the recording's start, half-open."""

    task: str
    start_s: float
    end_s: float


@dataclass(frozen=True)
class Channel:
    """One muscle on one side."""

    muscle: str
    side: Side
    unit: str = "mm"


@dataclass(frozen=True)
class Notice:
    """Something the user should know, with a stable code and a sentence."""

    code: str
    text: str


@dataclass(frozen=True)
class Recording:
    """One continuous take, video or EMG: what it is, never its pixels."""

    id: str
    kind: Literal["video", "emg", "points"]
    source: str
    sha256: str
    rate_hz: float
    duration_s: float
    n_frames: int
    width: int
    height: int
    mirrored: bool | None
    task: str
    started_at: str | None = None


@dataclass(frozen=True, eq=False)
class Points:
    """Landmarks of one face, frame by frame, as a browser found them.

    Attributes
    ----------
    times_s : ndarray, shape (n_frames,)
    places_px : ndarray of float32, shape (n_frames, 478, 3)
        x to the right, y down, z away, in pixels of the recording; NaN where no face was seen.
    brightness : ndarray, shape (n_frames,)
        Mean grey of the face, 0 to 255; NaN where no face was seen.
    width, height : int
        Of the recording, pixels.
    """

    times_s: Floats
    places_px: NDArray[np.float32]
    brightness: Floats
    width: int
    height: int


@dataclass(frozen=True, eq=False)
class Track:
    """What was seen of one face, frame by frame, before anything is called a contraction.

    Attributes
    ----------
    recording : Recording
    times_s : ndarray, shape (n_frames,)
        Frame times as recorded.
    confidence : ndarray, shape (n_frames,)
        Presence of the face, 0 to 1.
    channels : tuple of Channel
        The muscles whose skin was followed, each on both sides.
    displacement_mm : ndarray, shape (n_channels, n_frames)
        How far the skin over each muscle lies from its place at rest, along the muscle's pull, the
        motion of the head undone; NaN where no face was seen.
    mismatch : ndarray, shape (n_channels, n_frames)
        How badly the skin under each channel matches the resting face, in its own contrasts; large
        where something covers it.
    apertures : ndarray, shape (2, n_frames)
        Opening of the left and right eye, height over width, each eye seen by itself.
    lid_openings_mm : ndarray, shape (2, n_frames)
        Between the margins of the lids of the left and right eye; true only where the eye is about
        as open as usual, stale where nothing changed.
    pose_deg : ndarray, shape (3, n_frames)
        Head yaw (to the person's left), pitch (up) and roll.
    jitter_mm : ndarray, shape (n_frames,)
        How far points that no muscle moves still seemed to move: the noise floor.
    face_px : ndarray, shape (n_frames,)
        Distance between the outer canthi in pixels of the recording.
    brightness : ndarray, shape (n_frames,)
        Mean grey of the face, 0 to 255.
    n_faces : int
        Most faces seen at once.
    resting_mm : dict
        The resting face: heights of brows and mouth corners per side.
    """

    recording: Recording
    times_s: Floats
    confidence: Floats
    channels: tuple[Channel, ...]
    displacement_mm: Floats
    mismatch: Floats
    apertures: Floats
    lid_openings_mm: Floats
    pose_deg: Floats
    jitter_mm: Floats
    face_px: Floats
    brightness: Floats
    n_faces: int
    resting_mm: dict[str, float]


@dataclass(frozen=True, eq=False)
class Signals:
    """Contraction of every channel, on the recorded frame times.

    Attributes
    ----------
    recording : Recording
        Where they come from.
    times_s : ndarray, shape (n_frames,)
        Frame times as recorded.
    values : ndarray, shape (n_channels, n_frames)
        Contraction above rest, in the unit of each channel; NaN where not observed.
    channels : tuple of Channel
        What each row is.
    noise_mm : ndarray, shape (n_frames,)
        How far skin that no muscle moves seemed to move: the absolute noise floor of the moment.
    confidence : ndarray, shape (n_frames,)
        Presence of the face, 0 to 1.
    pose_deg : ndarray, shape (3, n_frames)
        Head yaw (positive: turned to the person's left), pitch (positive: up), roll.
    resting : dict
        Resting values such as lid opening per side, in mm.
    """

    recording: Recording
    times_s: Floats
    values: Floats
    channels: tuple[Channel, ...]
    noise_mm: Floats
    confidence: Floats
    pose_deg: Floats
    resting: dict[str, float] = field(default_factory=dict)
    notices: tuple[Notice, ...] = ()

    def row(self, muscle: str, side: Side) -> Floats:
        """Return the values of one channel, shape (n_frames,)."""
        for index, channel in enumerate(self.channels):
            if channel.muscle == muscle and channel.side == side:
                return np.asarray(self.values[index])
        raise KeyError((muscle, side))


@dataclass(frozen=True)
class Spasm:
    """One involuntary contraction of one side.

    `muscles` are those involved, in the order in which they began; `cut_start` and `cut_end` say
    that the edge of what was observed hid its beginning or end.
    """

    onset_s: float
    duration_s: float
    peak_s: float
    side: Side
    kind: Kind
    amplitude_mm: float
    muscles: tuple[str, ...]
    cut_start: bool = False
    cut_end: bool = False

    @property
    def end_s(self) -> float:
        """Offset in seconds."""
        return self.onset_s + self.duration_s


@dataclass(frozen=True)
class Blink:
    """One closure of both eyes, with the depth reached by each (0 open, 1 shut)."""

    onset_s: float
    duration_s: float
    left_closure: float
    right_closure: float

    @property
    def end_s(self) -> float:
        """Offset in seconds."""
        return self.onset_s + self.duration_s


@dataclass(frozen=True)
class Spasms:
    """What a detector found, and where it could have found something."""

    events: tuple[Spasm, ...]
    blinks: tuple[Blink, ...]
    observed: tuple[Span, ...]
    settings: dict[str, Any] = field(default_factory=dict)

    @property
    def observed_s(self) -> float:
        """Seconds in which a spasm could have been seen."""
        return sum(span.duration_s for span in self.observed)


@dataclass(frozen=True)
class Measure:
    """One number with unit, side, observed time and interval; NaN with a reason when unknown."""

    name: str
    value: float
    unit: str
    side: Side | None
    task: str
    observed_s: float
    n: int
    low: float = float("nan")
    high: float = float("nan")
    reason: str | None = None


@dataclass(frozen=True)
class Quality:
    """How well the face could be seen."""

    observed_s: float
    face_px: float
    warnings: tuple[Notice, ...] = ()


@dataclass(frozen=True, eq=False)
class Measurement:
    """Everything measured in one recording: behind the JSON, the tables and the report."""

    recording: Recording
    affected_side: Affected
    spasms: tuple[Spasm, ...]
    blinks: tuple[Blink, ...]
    measures: tuple[Measure, ...]
    quality: Quality
    software: dict[str, Any]
    signals: Signals | None = None
