"""Spasms found: bilateral movement set aside, the rest judged, outlined and named."""

from dataclasses import replace

from hemiface.muscles import MUSCLE
from hemiface.spasms.blinks import find_blinks
from hemiface.spasms.candidates import MIN_RISE_MM
from hemiface.spasms.forest import Forest, packaged_forest
from hemiface.spasms.grid import RATE_HZ, observed_spans, to_grid
from hemiface.spasms.judge import judge, judge_unfinished, keep_best
from hemiface.spasms.outline import outline_spasm
from hemiface.types import Blink, Signals, Spasm, Spasms

__all__ = ["THRESHOLD", "detect_spasms"]

THRESHOLD = 0.7
# Contractions of one side closer than this are one spasm; our choice, between the bursts within a
# spasm and the spasms of a run.
APART_S = 0.15
# The lids of one blink may close and open this far apart.
_UNEVEN_BLINK_S = 0.12


def detect_spasms(
    signals: Signals, *, forest: Forest | None = None, threshold: float = THRESHOLD
) -> Spasms:
    """Return the spasms and blinks in the signals of one recording.

    Parameters
    ----------
    signals : Signals
        Contraction of every channel.
    forest : Forest, optional
        Another judge than the packaged one, which depends on the kind of the recording.
    threshold : float
        Probability above which a candidate is a spasm.

    Returns
    -------
    Spasms
        Empty when nothing was found, with the time in which something could have been.
    """
    grid = to_grid(signals)
    spans, blinks = observed_spans(grid), find_blinks(grid)
    forest = forest or packaged_forest("points" if _is_points(signals) else "video")
    judged = [*judge(grid, forest), *judge_unfinished(grid, forest)]
    kept = keep_best(judged, threshold, round(APART_S * RATE_HZ))
    outlined = [outline_spasm(signals, grid, one.candidate, spans) for one in kept]
    events = [
        event
        for event in outlined
        if event.amplitude_mm >= MIN_RISE_MM and event.muscles and not _is_blink(event, blinks)
    ]
    settings = {"threshold": threshold, "min_rise_mm": MIN_RISE_MM, "apart_s": APART_S}
    return Spasms(_one_after_the_other(events), blinks, spans, settings)


def _is_points(signals: Signals) -> bool:
    return signals.recording.kind == "points"


def _is_blink(event: Spasm, blinks: tuple[Blink, ...]) -> bool:
    """Return whether the lids of a blink, not quite at one, look like a short spasm of one eye."""
    if event.duration_s > _UNEVEN_BLINK_S or any(MUSCLE[m].group != "eye" for m in event.muscles):
        return False
    return any(blink.onset_s < event.peak_s < blink.end_s for blink in blinks)


def _one_after_the_other(events: list[Spasm]) -> tuple[Spasm, ...]:
    """End each spasm where the next begins, so that no instant is counted twice."""
    ordered = sorted(events, key=lambda event: event.onset_s)
    ends = [*[event.onset_s for event in ordered[1:]], float("inf")][: len(ordered)]
    return tuple(
        replace(
            event,
            duration_s=min(event.duration_s, end - event.onset_s),
            peak_s=min(event.peak_s, end),
        )
        for event, end in zip(ordered, ends, strict=True)
        if end > event.onset_s
    )
