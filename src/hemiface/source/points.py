"""Files of landmarks, `hemiface.points/1`: what was found in a video, and not one pixel of it.

A gzip of one line of JSON (the header) and, for each frame, little-endian float32: its time, the
mean grey of the face, and x, y and z of 478 landmarks in pixels; NaN where no face was seen.
"""

import gzip
import json
import re
import zlib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from hemiface.errors import SourceError
from hemiface.source.facts import sha256
from hemiface.source.files import check_file
from hemiface.types import Points, Recording, TaskSpan
from hemiface.whole import written_whole

SCHEMA, ENDING = "hemiface.points/1", ".points"
_BEGINNING = re.compile(rb'\{"schema": ?"hemiface\.points/')
N_LANDMARKS = 478
RECORD = 2 + 3 * N_LANDMARKS
MAX_FRAMES = 20 * 60 * 30
"""Twenty minutes at 30 frames a second: 200 MB in memory."""
_MOST_HEADER, _FURTHEST = 100_000, 4.0
_MOST_PX = 16_384


@dataclass(frozen=True, eq=False)
class PointsFile:
    """Landmarks, of which recording, and what was done in it when."""

    points: Points
    recording: Recording
    tasks: tuple[TaskSpan, ...] = ()


def is_points(path: Path) -> bool:
    """Whether a file begins as one of landmarks."""
    check_file(path)
    try:
        with gzip.open(path) as file:
            return _BEGINNING.match(file.read(64)) is not None
    except (OSError, EOFError, zlib.error):
        return False


def read_points(path: Path) -> PointsFile:
    """Read landmarks; a header that promises too much is not believed.

    Raises
    ------
    SourceError
        If the file is not whole, or holds what no face can be.
    """
    try:
        with gzip.open(path) as file:
            header = _header(file)
            points = _points(file, header)
    except (OSError, EOFError, zlib.error, ValueError, KeyError, TypeError) as problem:
        raise SourceError(
            f"{path.name} must be a whole file of landmarks ({SCHEMA}); it is damaged. "
            "Record or send it again."
        ) from problem
    return PointsFile(points, _recording(path, header, points), _tasks(header))


def write_points(
    path: Path,
    points: Points,
    *,
    mirrored: bool | None = None,
    started_at: str | None = None,
    tasks: tuple[TaskSpan, ...] = (),
) -> None:
    """Write landmarks, whole or not at all.

    Raises
    ------
    OutputError
        If it cannot be written.
    """
    header = {
        "schema": SCHEMA, "n_frames": len(points.times_s), "width": points.width,
        "height": points.height, "mirrored": mirrored, "started_at": started_at,
        "tasks": [vars(one) for one in tasks],
    }  # fmt: skip
    flat = points.places_px.reshape(len(points.times_s), -1)
    frames = np.column_stack([points.times_s, points.brightness, flat]).astype("<f4")
    with written_whole(path) as part, gzip.GzipFile(part, "wb", mtime=0) as file:
        file.write(json.dumps(header).encode() + b"\n")
        file.write(frames.tobytes())


def _header(file: gzip.GzipFile) -> dict[str, Any]:
    line = file.readline(_MOST_HEADER)
    header: dict[str, Any] = json.loads(line)
    sizes = (header["width"], header["height"])
    if header["schema"] != SCHEMA or not 1 <= header["n_frames"] <= MAX_FRAMES:
        raise ValueError("header")
    if not all(isinstance(one, int) and 1 <= one <= _MOST_PX for one in sizes):
        raise ValueError("size")
    return header


def _points(file: gzip.GzipFile, header: Mapping[str, Any]) -> Points:
    n_bytes = 4 * RECORD * header["n_frames"]
    data = file.read(n_bytes + 1)
    if len(data) != n_bytes:
        raise ValueError("length")
    frames = np.frombuffer(data, "<f4").reshape(-1, RECORD)
    times, width, height = frames[:, 0].astype(float), header["width"], header["height"]
    if not (np.isfinite(times).all() and (np.diff(times) > 0).all() and times[0] >= 0.0):
        raise ValueError("times")
    if np.nanmax(np.abs(frames[:, 2:]), initial=0.0) > _FURTHEST * max(width, height):
        raise ValueError("places")
    places = frames[:, 2:].reshape(-1, N_LANDMARKS, 3).copy()
    places[~np.isfinite(places).all(axis=(1, 2))] = np.nan
    return Points(times, places, frames[:, 1].astype(float), width, height)


def _recording(path: Path, header: Mapping[str, Any], points: Points) -> Recording:
    digest, n_frames = sha256(path), len(points.times_s)
    step_s = float(np.median(np.diff(points.times_s))) if n_frames > 1 else float("nan")
    mirrored, started_at = header.get("mirrored"), header.get("started_at")
    return Recording(
        id=digest[:12], kind="points", source=path.name, sha256=digest, rate_hz=1.0 / step_s,
        duration_s=float(points.times_s[-1] - points.times_s[0]) + step_s, n_frames=n_frames,
        width=points.width, height=points.height,
        mirrored=mirrored if isinstance(mirrored, bool) else None, task="rest",
        started_at=started_at if isinstance(started_at, str) else None,
    )  # fmt: skip


def _tasks(header: Mapping[str, Any]) -> tuple[TaskSpan, ...]:
    return tuple(
        TaskSpan(str(one["task"]), float(one["start_s"]), float(one["end_s"]))
        for one in header.get("tasks", [])
    )
