"""The report of a measurement: JSON, tables and a page, written all or not at all."""

import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from hemiface.errors import OutputError
from hemiface.report.document import write_json
from hemiface.report.page import write_page
from hemiface.report.tables import write_signals_parquet, write_spasms_csv
from hemiface.types import Measurement

__all__ = ["write_report"]


def write_report(m: Measurement, out_dir: Path, *, video: Path | None) -> list[Path]:
    """Write a measurement's files: ``.json``, ``.spasms.csv``, ``.signals.parquet`` and ``.html``.

    They are named after the recording's file. All are first written into a folder beside their
    place and then moved there, so that nothing half-written is ever seen; files of an earlier
    report are replaced.

    Parameters
    ----------
    m : Measurement
        Without signals there is no ``.signals.parquet``.
    out_dir : Path
        Where to; it is made if it does not exist.
    video : Path or None
        The recording to show in the page.

    Returns
    -------
    list of Path
        The files written, the JSON first and the page last.

    Raises
    ------
    OutputError
        If they cannot be written; then none is, and what stood there before stays.
    SourceError
        If the video cannot be read.
    """
    try:
        with _scratch_in(out_dir) as scratch:
            return _move(_write_all(m, scratch, video), out_dir)
    except OSError as problem:
        raise _cannot_write(out_dir, problem) from problem
    except OutputError as problem:
        # It names the scratch folder, which nobody asked for and which is gone by now.
        errno = getattr(problem.__cause__, "errno", None)
        if errno is None:
            raise
        raise _cannot_write(out_dir, OSError(errno, os.strerror(errno))) from problem


def _cannot_write(out_dir: Path, problem: OSError) -> OutputError:
    return OutputError(
        f"The report cannot be written to {out_dir}: {problem.strerror}. "
        "Give another folder, or make room there."
    )


@contextmanager
def _scratch_in(out_dir: Path) -> Iterator[Path]:
    """A folder inside `out_dir` while it is needed; an `out_dir` made in vain is taken away."""
    made = _make_folders(out_dir)
    scratch = Path(tempfile.mkdtemp(prefix=".hemiface-", dir=out_dir))
    try:
        yield scratch
    finally:
        shutil.rmtree(scratch, ignore_errors=True)
        for folder in made:
            if not any(folder.iterdir()):
                folder.rmdir()


def _make_folders(out_dir: Path) -> list[Path]:
    """Make a folder with those above it; return the new ones, innermost first."""
    missing = [folder for folder in (out_dir, *out_dir.parents) if not folder.exists()]
    out_dir.mkdir(parents=True, exist_ok=True)
    return missing


def _write_all(m: Measurement, folder: Path, video: Path | None) -> list[Path]:
    stem = Path(m.recording.source).stem or m.recording.id
    written = [folder / f"{stem}.json", folder / f"{stem}.spasms.csv"]
    write_json(m, written[0])
    write_spasms_csv(m, written[1])
    if m.signals is not None:
        written.append(folder / f"{stem}.signals.parquet")
        write_signals_parquet(m, written[-1])
    written.append(folder / f"{stem}.html")
    write_page(m, written[-1], video=video)
    return written


def _move(written: list[Path], out_dir: Path) -> list[Path]:
    places = [out_dir / file.name for file in written]
    for place in places:
        if place.is_dir():  # the only thing that a move could trip over half-way
            raise OutputError(f"{place} must be a file, but is a folder; move it away.")
    for file, place in zip(written, places, strict=True):
        file.replace(place)
    return places
