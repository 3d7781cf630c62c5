"""Real clips of healthy people: what was seen in them, and how findings compare."""

import csv
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from benchmarks.scores import f1, per_min
from hemiface.agreement import TOLERANCE_S, match_events
from hemiface.types import SIDES, Blink, Measurement, Side, Span

# Closures that are neither plain blinks nor their absence: nothing is asked of them.
_UNCLEAR = ("partial_blink", "squeeze", "eyes_closed", "wink", "squint", "eyes_lowered", "artefact")
# Times were read off frames and contact sheets.
_SLACK_S = 0.3
_FRAME_S = 1 / 30


@dataclass(frozen=True)
class Acted:
    """A voluntary movement of one side, which a single clip cannot tell from a spasm."""

    side: Side
    span: Span


@dataclass(frozen=True)
class Seen:
    """What a person saw in one clip.

    Attributes
    ----------
    blinks : tuple of Blink
        Full, of both eyes.
    unclear : tuple of Span
        When the eyes did something else: blinks there are neither asked for nor punished.
    acted : tuple of Acted
        Movements of one side.
    """

    blinks: tuple[Blink, ...] = ()
    unclear: tuple[Span, ...] = ()
    acted: tuple[Acted, ...] = ()


@dataclass(frozen=True)
class RealScore:
    """How findings in real clips compare with what was seen in them.

    Attributes
    ----------
    n_false : int
        Spasms found where no one-sided movement was acted.
    false_per_min, observed_s : float
    n_acted, n_acted_found : int
        Acted movements, and those found with the right side.
    blinks_f1 : float
    """

    n_false: int
    false_per_min: float
    observed_s: float
    n_acted: int
    n_acted_found: int
    blinks_f1: float


def read_events(table: Path) -> dict[str, Seen]:
    """Return what was seen in each clip, by its stem; nothing where there is no table."""
    if not table.exists():
        return {}
    with table.open(newline="") as lines:
        rows = list(csv.DictReader(lines))
    return {name: _seen([row for row in rows if row["clip"] == name]) for name in _names(rows)}


def score_real(found: Sequence[Measurement], seen: Sequence[Seen]) -> RealScore:
    """Compare what was found in real clips with what was seen in them."""
    pairs = list(zip(found, seen, strict=True))
    n_false = sum(_n_false(one, there) for one, there in pairs)
    observed_s = sum(one.quality.observed_s for one in found)
    blinks = [_blinks(one, there) for one, there in pairs]
    n_truth, n_found, n_matched = (sum(column) for column in zip(*blinks, strict=True))
    return RealScore(
        n_false=n_false,
        false_per_min=per_min(n_false, observed_s),
        observed_s=observed_s,
        n_acted=sum(len(there.acted) for there in seen),
        n_acted_found=sum(_n_acted_found(one, there) for one, there in pairs),
        blinks_f1=f1(n_truth, n_found, n_matched),
    )


def _names(rows: list[dict[str, str]]) -> list[str]:
    return list(dict.fromkeys(row["clip"] for row in rows))


def _seen(rows: list[dict[str, str]]) -> Seen:
    blinks, unclear, acted = [], [], []
    for row in rows:
        span = Span(float(row["t_start_s"]), float(row["t_end_s"]) + _FRAME_S)
        side = next((side for side in SIDES if side == row["side_subject"]), None)
        if row["event"] == "blink":
            blinks.append(Blink(span.start_s, span.duration_s, 1.0, 1.0))
        elif row["event"].startswith(_UNCLEAR):
            unclear.append(span)
        if side is not None and row["event"] != "artefact":
            acted.append(Acted(side, span))
    return Seen(tuple(blinks), tuple(unclear), tuple(acted))


def _n_false(found: Measurement, seen: Seen) -> int:
    spans = [one.span for one in seen.acted]
    return sum(
        not any(_meet(spasm.onset_s, spasm.end_s, span, _SLACK_S) for span in spans)
        for spasm in found.spasms
    )


def _n_acted_found(found: Measurement, seen: Seen) -> int:
    return sum(
        any(
            spasm.side == acted.side and _meet(spasm.onset_s, spasm.end_s, acted.span, 0.0)
            for spasm in found.spasms
        )
        for acted in seen.acted
    )


def _blinks(found: Measurement, seen: Seen) -> tuple[int, int, int]:
    """Return the number of true, found and matched blinks; unclear moments do not count."""
    pairs = match_events(found.blinks, seen.blinks)
    matched = {i for i, _ in pairs}
    counted = [
        blink
        for i, blink in enumerate(found.blinks)
        if i in matched
        or not any(_meet(blink.onset_s, blink.end_s, span, TOLERANCE_S) for span in seen.unclear)
    ]
    return len(seen.blinks), len(counted), len(pairs)


def _meet(start_s: float, end_s: float, span: Span, slack_s: float) -> bool:
    return start_s < span.end_s + slack_s and span.start_s - slack_s < end_s
