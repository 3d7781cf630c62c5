"""Tables in text: what separates the cells, which column is which, and where a line is wrong."""

import csv
import io
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from hemiface.errors import SourceError

MAX_BYTES = 64 * 2**20
"""A table of a million events is smaller; a larger file is something else."""

EMPTY = {"", "n/a", "na", "nan", "none", "null", "-", "–"}
"""Cells that say nothing, in lower case; BIDS writes ``n/a``."""


@dataclass(frozen=True)
class Line:
    """One line of a table: its number in the file, and its cells."""

    number: int
    cells: tuple[str, ...]

    def cell(self, column: int | None) -> str:
        """Return a cell without the space around it; empty if there is none, or it says nothing."""
        if column is None or column >= len(self.cells):
            return ""
        text = self.cells[column].strip()
        return "" if text.lower() in EMPTY else text


def read_text(path: Path) -> str:
    """Return a text file in UTF-8, with or without a byte order mark.

    Raises
    ------
    SourceError
        If it cannot be read, is too large, or is not UTF-8.
    """
    try:
        if path.stat().st_size > MAX_BYTES:
            raise SourceError(
                f"{path} must be a table, but is larger than {MAX_BYTES // 2**20} MB."
            )
        return path.read_bytes().decode("utf-8-sig")
    except OSError as problem:
        raise SourceError(f"{path} cannot be read: {problem.strerror}.") from problem
    except UnicodeDecodeError:
        raise SourceError(
            f'{path} must be text in UTF-8, but is not; save it as "CSV UTF-8".'
        ) from None


def read_lines(path: Path) -> tuple[Line, list[Line]]:
    """Return the header of a table and its lines; empty lines are passed over.

    Cells are separated by what the header has most of: tab, semicolon or comma.

    Raises
    ------
    SourceError
        If the file cannot be read as a table.
    """
    text = read_text(path)
    lines = list(_split(path, text))
    if not lines:
        raise SourceError(f"{path} must be a table with a header, but is empty.")
    return lines[0], lines[1:]


def find_column(header: Line, names: frozenset[str]) -> int | None:
    """Return the first column whose header is one of the names, its unit and signs set aside."""
    return next((i for i, cell in enumerate(header.cells) if plain_name(cell) in names), None)


def plain_name(header: str) -> str:
    """Return a header in small letters alone: "Onset (s)" and "onset_s" are both "onset"."""
    text = re.sub(r"[\s_\-]*[\[(]?\b_?(s|sec|secs|seconds?|ms|msec|milliseconds?|mm)[\])]?\s*$", "",
                  re.sub(r"_", " ", header.strip().lower()))  # fmt: skip
    return re.sub(r"[^a-z]", "", text)


def _split(path: Path, text: str) -> Iterator[Line]:
    first = next((line for line in text.splitlines() if line.strip()), "")
    mark = max("\t;,", key=first.count)
    rows = csv.reader(io.StringIO(text, newline=""), delimiter=mark, strict=True)
    try:
        for row in rows:
            if any(cell.strip() for cell in row):
                yield Line(rows.line_num, tuple(row))
    except csv.Error as problem:
        raise SourceError(
            f"{path}, line {rows.line_num}: this cannot be read as a table ({problem}); "
            "save it again as CSV."
        ) from None
