"""A short film of the strongest spasm, for the person who is in it."""

import math
from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path

from hemiface.report.faceless import write_faceless
from hemiface.report.preview import write_part
from hemiface.source.points import is_points, read_points
from hemiface.types import Points, Spasm

LEAD_S = 1.0
LONGEST_S = 8.0
"""Our choices: a second before and after, so that the face at rest is seen; long spasms are cut."""


def strongest(spasms: Iterable[Spasm]) -> Spasm | None:
    """Return the spasm that moved the face most, in mm; None where there is none.

    Of equal ones the first counts, and one whose size is unknown only where no size is known.
    """
    return max(spasms, key=_size, default=None)


def write_clip(video: Path, spasm: Spasm, out: Path) -> None:
    """Write an MP4 of a spasm, a second of rest on either side; of landmarks, their lines.

    Parameters
    ----------
    video : Path
        The recording, or its landmarks.
    spasm : Spasm
    out : Path

    Raises
    ------
    SourceError
        If the recording cannot be read.
    OutputError
        If the MP4 cannot be written.
    """
    start_s = max(0.0, spasm.onset_s - LEAD_S)
    end_s = min(spasm.end_s + LEAD_S, start_s + LONGEST_S)
    if is_points(video):
        write_faceless(_part(read_points(video).points, start_s, end_s), out)
    else:
        write_part(video, out, start_s, end_s)


def _size(spasm: Spasm) -> float:
    return -1.0 if math.isnan(spasm.amplitude_mm) else spasm.amplitude_mm


def _part(points: Points, start_s: float, end_s: float) -> Points:
    within = (points.times_s >= start_s) & (points.times_s < end_s)
    return replace(
        points,
        times_s=points.times_s[within] - start_s,
        places_px=points.places_px[within],
        brightness=points.brightness[within],
    )
