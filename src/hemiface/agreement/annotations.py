"""Events as people and programs write them, from files of several kinds.

============================  =============================================================
``.eaf``                      ELAN: tiers named for a side, or values that name it
``.csv``, ``.tsv``            a header with onset, duration or end, and side or trial_type
``_events.tsv``               BIDS: ``onset``, ``duration``, ``trial_type``
``.edf``                      annotations of EDF+
============================  =============================================================

Times are seconds from the recording's start, sides the person's own.
"""

import math
from collections import Counter
from dataclasses import dataclass
from pathlib import Path

from hemiface.agreement.clock import is_milliseconds, read_seconds
from hemiface.agreement.elan import read_eaf
from hemiface.agreement.events import Events
from hemiface.agreement.marks import Mark, gather_marks
from hemiface.agreement.tables import Line, find_column, read_lines
from hemiface.agreement.words import name_event, tokens
from hemiface.errors import SourceError

SUFFIXES = (".eaf", ".csv", ".tsv", ".edf")
"""Files that `read_events` reads."""

_ONSET = frozenset(
    {"onset", "onsettime", "start", "starttime", "begin", "begintime", "from", "time"}
)
_DURATION = frozenset({"duration", "length", "dur"})
_END = frozenset({"end", "endtime", "offset", "offsettime", "stop", "stoptime", "to", "until"})
_SIDE = frozenset({"side", "sideofface", "faceside", "laterality"})
_LABEL = frozenset({"trialtype", "label", "event", "eventtype", "type"})
_REMARK = frozenset({"annotation", "description"})  # a label only where no column names the side
_AMPLITUDE = frozenset({"amplitude", "strength"})


@dataclass(frozen=True)
class _Columns:
    """Where each thing stands in a table; None where it does not."""

    onset: int
    duration: int | None
    end: int | None
    side: int | None
    label: int | None
    amplitude: int | None
    cuts: tuple[int | None, int | None]
    thousandths: frozenset[int]


def read_events(path: Path) -> Events:
    """Read the events of one recording from an annotation file.

    Parameters
    ----------
    path : Path
        ELAN ``.eaf``, CSV or TSV table, or EDF+.

    Returns
    -------
    Events
        In order of onset. What the file holds besides spasms, blinks and observed time is left
        out, and named in `notes`.

    Raises
    ------
    SourceError
        If the file cannot be read, or an event in it is not as it must be; the sentence names the
        file and the line, tier or time.
    """
    kind = path.suffix.lower()
    if kind == ".eaf":
        return read_eaf(path)
    if kind in (".csv", ".tsv"):
        return _read_table(path)
    if kind == ".edf":
        return _read_edf(path)
    raise SourceError(
        f"{path} must be one of {', '.join(SUFFIXES)}, or a .json of hemiface; "
        f'"{path.suffix}" cannot be read. Save the annotations as one of these.'
    )


def _read_table(path: Path) -> Events:
    header, lines = read_lines(path)
    columns = _find_columns(path, header)
    marks, others = [], Counter[str]()
    for line in lines:
        label = line.cell(columns.label)
        try:
            if label and name_event(label) == "other":
                others[label] += 1
            else:
                marks.append(_mark(line, columns))
        except SourceError as problem:
            raise SourceError(f"{path}, line {line.number}: {problem}.") from None
    return gather_marks(marks, notes=_notes(path, others))


def _find_columns(path: Path, header: Line) -> _Columns:
    onset, duration, end, side, label = (
        find_column(header, names) for names in (_ONSET, _DURATION, _END, _SIDE, _LABEL)
    )
    if side is None and label is None:
        label = find_column(header, _REMARK)
    found = ", ".join(cell.strip() for cell in header.cells)[:120]
    if onset is None or (duration is None and end is None) or (side is None and label is None):
        raise SourceError(
            f"{path}, line 1: a table of events must have the columns onset, duration (or end) and "
            f"side (or trial_type), found {found}; name them so."
        )
    thousandths = frozenset(i for i, cell in enumerate(header.cells) if is_milliseconds(cell))
    cuts = (
        find_column(header, frozenset({"cutstart"})),
        find_column(header, frozenset({"cutend"})),
    )
    amplitude = find_column(header, _AMPLITUDE)
    return _Columns(onset, duration, end, side, label, amplitude, cuts, thousandths)


def _mark(line: Line, columns: _Columns) -> Mark:
    onset_s = _time(line, columns.onset, columns, "onset")
    if line.cell(columns.duration):
        duration_s = _time(line, columns.duration, columns, "duration")
    else:
        duration_s = _time(line, columns.end, columns, "duration or end") - onset_s
    return Mark(
        onset_s=onset_s,
        duration_s=duration_s,
        what=_what(line, columns),
        amplitude_mm=_amplitude(line.cell(columns.amplitude)),
        cut_start=line.cell(columns.cuts[0]).lower() == "true",
        cut_end=line.cell(columns.cuts[1]).lower() == "true",
    )


def _time(line: Line, column: int | None, columns: _Columns, what: str) -> float:
    seconds = read_seconds(line.cell(column), what)
    return seconds / 1000.0 if column in columns.thousandths else seconds


def _what(line: Line, columns: _Columns) -> str:
    label, side = line.cell(columns.label), line.cell(columns.side)
    named = name_event(label) if label else "spasm"
    if named in ("blink", "observed"):
        return named
    sides = {named, name_event(side) if side else "spasm"} - {"spasm"}
    if len(sides) == 1 and sides <= {"left", "right"}:
        return sides.pop()
    said = " and ".join(f'"{text}"' for text in (label, side) if text) or "nothing"
    raise SourceError(f"a spasm must be on the person's own left or right side, found {said}")


def _amplitude(text: str) -> float:
    if not text:
        return math.nan
    try:
        amplitude_mm = float(text.replace(",", "."))
    except ValueError:
        amplitude_mm = -1.0
    if not 0.0 <= amplitude_mm < math.inf:
        raise SourceError(f'the amplitude must be in mm, or empty, found "{text[:40]}"')
    return amplitude_mm


def _read_edf(path: Path) -> Events:
    """Read the annotations of EDF+; the recording's length is that of its signals."""
    import edfio

    try:
        recording = edfio.read_edf(path)
        annotations, duration_s = recording.annotations, float(recording.duration)
    except OSError as problem:
        raise SourceError(f"{path} cannot be read: {problem.strerror}.") from problem
    except Exception:  # the reader raises whatever it stumbles over
        raise SourceError(f"{path} must be EDF+, but cannot be read as one.") from None
    marks, others = [], Counter[str]()
    for onset_s, length_s, text in annotations:
        try:
            if not tokens(text) or name_event(text) == "other":
                others[text] += 1
            else:
                length_s = math.nan if length_s is None else length_s
                marks.append(Mark(onset_s, length_s, name_event(text)))
        except SourceError as problem:
            raise SourceError(f"{path}, annotation at {onset_s:g} s: {problem}.") from None
    return gather_marks(marks, notes=_notes(path, others), duration_s=duration_s)


def _notes(path: Path, others: Counter[str]) -> tuple[str, ...]:
    if not others:
        return ()
    kinds = ", ".join(f'"{label[:40]}" ({n})' for label, n in others.most_common(5))
    return (f"{path.name}: {others.total()} events are no spasms and were left out: {kinds}.",)
