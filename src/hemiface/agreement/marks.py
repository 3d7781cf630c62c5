"""One mark of an annotator, checked, and many gathered into events."""

import math
from collections.abc import Sequence
from dataclasses import dataclass

from hemiface.agreement.events import Events
from hemiface.errors import SourceError
from hemiface.types import Blink, Side, Span, Spasm

_TONIC_S = 1.0  # the glossary's border between clonic and tonic


@dataclass(frozen=True)
class Mark:
    """A stretch of time that an annotator named: left, right, blink or observed."""

    onset_s: float
    duration_s: float
    what: str
    amplitude_mm: float = math.nan
    muscles: tuple[str, ...] = ()
    cut_start: bool = False
    cut_end: bool = False

    def __post_init__(self) -> None:
        if self.what not in ("left", "right", "blink", "observed"):
            raise SourceError("a spasm must be on the left or right side, but no side is named")
        if not 0.0 <= self.onset_s < math.inf:
            raise SourceError(f"an event must begin at 0 s or later, found {self.onset_s:g} s")
        if not 0.0 < self.duration_s < math.inf:
            found = "none" if math.isnan(self.duration_s) else f"{self.duration_s:.4g} s"
            raise SourceError(f"an event must have a duration above 0 s, found {found}")


def gather_marks(
    marks: Sequence[Mark],
    *,
    has_blinks: bool = False,
    notes: tuple[str, ...] = (),
    duration_s: float = math.nan,
) -> Events:
    """Return marks as events; `has_blinks` says that blinks were looked for, if none is marked."""
    ordered = sorted(marks, key=lambda mark: mark.onset_s)
    blinks = tuple(_blink(mark) for mark in ordered if mark.what == "blink")
    observed = tuple(_span(mark) for mark in ordered if mark.what == "observed")
    return Events(
        spasms=tuple(_spasm(m, "left" if m.what == "left" else "right") for m in ordered
                     if m.what in ("left", "right")),
        blinks=blinks if blinks or has_blinks else None,
        observed_s=sum(span.duration_s for span in observed) if observed else math.nan,
        observed=observed or None,
        duration_s=duration_s,
        notes=notes,
    )  # fmt: skip


def _spasm(mark: Mark, side: Side) -> Spasm:
    return Spasm(
        onset_s=mark.onset_s,
        duration_s=mark.duration_s,
        peak_s=math.nan,
        side=side,
        kind="tonic" if mark.duration_s >= _TONIC_S else "clonic",
        amplitude_mm=mark.amplitude_mm,
        muscles=mark.muscles,
        cut_start=mark.cut_start,
        cut_end=mark.cut_end,
    )


def _blink(mark: Mark) -> Blink:
    return Blink(mark.onset_s, mark.duration_s, math.nan, math.nan)


def _span(mark: Mark) -> Span:
    return Span(mark.onset_s, mark.onset_s + mark.duration_s)
