"""From what was seen to what contracted: each channel above its own rest, NaN where not seen."""

from dataclasses import replace

import numpy as np

from hemiface.muscles import MUSCLES
from hemiface.types import SIDES, Channel, Floats, Notice, Signals, Track

# A face turned further than this hides one side from the camera.
MAX_YAW_DEG, MAX_PITCH_DEG = 40.0, 35.0
# Skin that no muscle moves must keep still to this many mm, or the frame says nothing.
MAX_NOISE_MM = 0.8
# A patch that differs from the resting face by this many of its own contrasts is covered by
# something.
MAX_MISMATCH = 1.6
MAX_COVERED = 0.4
# An eye is about as open as usual within this share of its usual aperture.
USUAL_WITHIN = 0.1
DARK, MIN_CANTHI_PX = 25.0, 120.0
# What a shut eye reads, as a share of its open height; a person's own full blinks replace it when
# there are any.
SHUT_APERTURE, DEEP_BLINK = 0.22, 0.45


def measure_contraction(track: Track) -> Signals:
    """Return the contraction of every channel above rest.

    Rest is each channel's most usual value (half-sample mode), which a spasm that lasts less than
    half of the recording cannot move. The closure of an eye is 0 at its own usual opening and 1
    where its own full blinks go.

    Parameters
    ----------
    track : Track
        What was seen.

    Returns
    -------
    Signals
        In mm, the closure of the eye as a fraction; times as recorded.
    """
    observed = _observed(track)
    channels = tuple(
        Channel(muscle.name, side, muscle.unit) for muscle in MUSCLES for side in SIDES
    )
    rows = {
        (c.muscle, c.side): row for c, row in zip(track.channels, _above_rest(track), strict=True)
    }
    for side, closure in zip(SIDES, closures(track.apertures), strict=True):
        rows["orbicularis_oculi", side] = closure
    values = np.array([rows[channel.muscle, channel.side] for channel in channels])
    values[:, ~observed] = np.nan
    return Signals(
        recording=track.recording,
        times_s=track.times_s,
        values=values,
        channels=channels,
        noise_mm=track.jitter_mm,
        confidence=track.confidence,
        pose_deg=track.pose_deg,
        resting=_resting(track),
        notices=_notices(track, observed),
    )


def closures(apertures: Floats) -> Floats:
    """Return how far each eye is closed, 0 usual opening, 1 shut.

    Parameters
    ----------
    apertures : ndarray, shape (2, n_frames)
        Height over width of the opening of each eye.
    """
    opened = np.nanpercentile(apertures, 85, axis=1, keepdims=True)
    relative = apertures / np.maximum(opened, 1e-3)
    # Only a closure of both eyes is surely a blink; the deepest of those shows what shut reads as.
    both = np.nan_to_num(relative.max(axis=0), nan=1.0)
    blinks = relative[:, both < DEEP_BLINK]
    shut = np.full((2, 1), SHUT_APERTURE)
    if blinks.shape[1] >= 2:
        shut = np.clip(np.nanpercentile(blinks, 5, axis=1, keepdims=True), 0.0, 0.35)
    return np.asarray((1 - relative) / (1 - shut))


def usual_value(values: Floats) -> float:
    """Return the half-sample mode of the finite values (Bickel & Fruehwirth 2006,
    doi:10.1016/j.csda.2005.07.011), or NaN when there are none.
    """
    ordered = np.sort(values[np.isfinite(values)])
    while len(ordered) > 3:
        half = (len(ordered) + 1) // 2
        widths = ordered[half - 1 :] - ordered[: len(ordered) - half + 1]
        start = int(widths.argmin())
        ordered = ordered[start : start + half]
    return float(ordered.mean()) if len(ordered) else float("nan")


def _above_rest(track: Track) -> Floats:
    rest = np.array([usual_value(row) for row in track.displacement_mm])
    return np.asarray(track.displacement_mm - rest[:, None])


def _observed(track: Track) -> np.ndarray:
    """Return in which frames both sides of the face could be judged, shape (n_frames,)."""
    yaw, pitch, _ = np.nan_to_num(np.abs(track.pose_deg), nan=90.0)
    covered = (np.nan_to_num(track.mismatch, nan=9.0) > MAX_MISMATCH).mean(axis=0)
    return np.asarray(
        (track.confidence > 0)
        & (yaw < MAX_YAW_DEG)
        & (pitch < MAX_PITCH_DEG)
        & (np.nan_to_num(track.jitter_mm, nan=9.0) < MAX_NOISE_MM)
        & (covered < MAX_COVERED)
        & (np.nan_to_num(track.brightness) > DARK)
    )


def _resting(track: Track) -> dict[str, float]:
    left, right = (
        _usual_opening(*eye) for eye in zip(track.lid_openings_mm, track.apertures, strict=True)
    )
    return {**track.resting_mm, "lid_left": left, "lid_right": right}


def _usual_opening(opening_mm: Floats, aperture: Floats) -> float:
    """Return the median opening of an eye while it is about as open as it usually is."""
    usual = np.nanpercentile(aperture, 85)
    near = np.abs(aperture - usual) <= USUAL_WITHIN * usual
    return float(np.nanmedian(opening_mm[near]))


def _notices(track: Track, observed: np.ndarray) -> tuple[Notice, ...]:
    """Say in words what could not be seen, and why."""
    found = []
    face_px = float(np.nanmedian(track.face_px))
    seen = track.confidence > 0
    if not seen.all():
        lost = 100 * (1 - seen.mean())
        found.append(Notice("face_lost", f"No face was visible in {lost:.0f} % of the frames."))
    if face_px < MIN_CANTHI_PX:
        found.append(
            Notice(
                "face_small",
                (
                    f"The outer corners of the eyes are {face_px:.0f} px apart; "
                    f"{MIN_CANTHI_PX:.0f} or more are needed to see small spasms. Film closer."
                ),
            )
        )
    if track.n_faces > 1:
        found.append(
            Notice(
                "several_faces",
                (f"{track.n_faces} faces were in view; the largest near the middle was measured."),
            )
        )
    if np.nanmedian(track.brightness[seen]) < 2 * DARK:
        found.append(Notice("low_light", "The face is dark; film in better light."))
    unjudged = seen & ~observed
    if unjudged.mean() > 0.05:
        found.append(
            Notice(
                "not_judged",
                (
                    f"In {100 * unjudged.mean():.0f} % of the frames the face was turned away, "
                    "covered, blurred or moving too fast to judge."
                ),
            )
        )
    return tuple(found)


def with_values(signals: Signals, values: Floats) -> Signals:
    """Return the same signals with other values, e.g. after planting contractions."""
    return replace(signals, values=values)
