"""Grades that several people gave: a table with a row per recording and a column per rater."""

import math
from collections import Counter
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from hemiface.agreement.tables import Line, read_lines
from hemiface.errors import SourceError
from hemiface.types import Floats


@dataclass(frozen=True, eq=False)
class Ratings:
    """What raters said of recordings.

    Attributes
    ----------
    recordings, raters : tuple of str
        Names of the rows and of the columns.
    values : ndarray, shape (n_recordings, n_raters)
        NaN where a rater gave none.
    """

    recordings: tuple[str, ...]
    raters: tuple[str, ...]
    values: Floats


def read_ratings(path: Path) -> Ratings:
    """Read a CSV or TSV whose first column names the recording and each other column is a rater.

    Raises
    ------
    SourceError
        If the file cannot be read, names a recording or a rater twice, or a rating is no number.
    """
    header, lines = read_lines(path)
    raters = tuple(cell.strip() for cell in header.cells[1:])
    if len(raters) < 2 or not lines:
        raise SourceError(
            f"{path} must have a column of recordings, at least 2 of raters, and a row per "
            f"recording; found {len(raters)} raters and {len(lines)} rows."
        )
    recordings = tuple(line.cell(0) for line in lines)
    _check_unique(path, "rater", raters)
    _check_unique(path, "recording", recordings)
    values = [[_read(path, line, i) for i in range(1, len(raters) + 1)] for line in lines]
    return Ratings(recordings, raters, np.array(values))


def _check_unique(path: Path, what: str, names: tuple[str, ...]) -> None:
    name, times = Counter(names).most_common(1)[0]
    if times > 1 or "" in names:
        said = f'"{name}" stands there {times} times' if times > 1 else "one has none"
        raise SourceError(f"{path}: every {what} must have a name of its own, but {said}.")


def _read(path: Path, line: Line, column: int) -> float:
    text = line.cell(column).replace(",", ".")
    try:
        value = float(text or "nan")
    except ValueError:
        value = math.inf
    if math.isinf(value):
        raise SourceError(
            f'{path}, line {line.number}: a rating must be a number or empty, found "{text[:40]}".'
        )
    return value
