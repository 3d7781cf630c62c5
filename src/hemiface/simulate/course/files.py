"""A simulated course as files: the truth as JSON, visits and diary as tables."""

import csv
import io
import json
import math
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path

from hemiface.errors import OutputError
from hemiface.simulate.course.diary import Entry
from hemiface.simulate.course.simulate import Course
from hemiface.simulate.course.visits import Visit
from hemiface.whole import written_whole

_DIGITS = 6

Plain = dict[str, "Plain"] | list["Plain"] | str | float | int | bool | None


def write_course(course: Course, folder: Path) -> tuple[Path, ...]:
    """Write `visits.csv`, `diary.csv` and `truth.json`; same course, same bytes.

    Nothing is left half-written: each file appears whole or not at all.

    Parameters
    ----------
    course : Course
        What `simulate_course` returned.
    folder : Path
        Made if missing.

    Returns
    -------
    tuple of Path
        What was written.

    Raises
    ------
    OutputError
        If the folder or a file cannot be written.
    """
    texts = {
        "visits.csv": _table(course.visits),
        "diary.csv": _table(course.diary),
        "truth.json": course_json(course),
    }
    try:
        folder.mkdir(parents=True, exist_ok=True)
        for name, text in texts.items():
            with written_whole(folder / name) as part:
                part.write_text(text, encoding="utf-8")
    except OSError as problem:
        reason = problem.strerror or "it is not a folder"
        raise OutputError(f"{folder} cannot be written: {reason}. Choose another.") from problem
    return tuple(folder / name for name in texts)


def course_json(course: Course) -> str:
    """Return a course as JSON: sorted names, numbers rounded, null for what is not or never."""
    document = {
        "simulated": True,
        "seed": course.seed,
        "patient": asdict(course.patient),
        "treatments": [
            {"kind": type(one).__name__.lower()} | asdict(one) for one in course.treatments
        ],
        "visits": [asdict(visit) for visit in course.visits],
        "diary": [asdict(entry) for entry in course.diary],
    }
    return json.dumps(_plain(document), sort_keys=True, indent=1, allow_nan=False) + "\n"


def _table(rows: Sequence[Visit] | Sequence[Entry]) -> str:
    written = io.StringIO()
    records = [{name: _plain(one) for name, one in asdict(row).items()} for row in rows]
    table = csv.DictWriter(written, list(records[0]), lineterminator="\n")
    table.writeheader()
    table.writerows({name: _cell(one) for name, one in record.items()} for record in records)
    return written.getvalue()


def _cell(value: Plain) -> str:
    if isinstance(value, list):
        return ";".join(str(one) for one in value)
    return "" if value is None else str(value)


def _plain(value: object) -> Plain:
    """Return what JSON can hold of a value; NaN and infinity become None."""
    if isinstance(value, dict):
        return {str(name): _plain(one) for name, one in value.items()}
    if isinstance(value, (list, tuple)):
        return [_plain(one) for one in value]
    if isinstance(value, float):
        return round(value, _DIGITS) if math.isfinite(value) else None
    if isinstance(value, (str, bool, int)) or value is None:
        return value
    raise TypeError(f"A course holds no {type(value).__name__}.")
