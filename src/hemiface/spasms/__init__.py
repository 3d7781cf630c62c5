"""Spasms found: bilateral movement set aside, the rest judged, outlined and named."""

from hemiface.spasms.blinks import find_blinks
from hemiface.spasms.candidates import MIN_RISE_MM
from hemiface.spasms.forest import Forest, packaged_forest
from hemiface.spasms.grid import observed_spans, to_grid
from hemiface.spasms.judge import judge, judge_unfinished, keep_best
from hemiface.spasms.outline import outline_spasm
from hemiface.types import Signals, Spasms

__all__ = ["THRESHOLD", "detect_spasms"]

THRESHOLD = 0.5
_APART_SAMPLES = 3


def detect_spasms(
    signals: Signals, *, forest: Forest | None = None, threshold: float = THRESHOLD
) -> Spasms:
    """Return the spasms and blinks in the signals of one recording.

    Parameters
    ----------
    signals : Signals
        Contraction of every channel.
    forest : Forest, optional
        Another judge than the packaged one.
    threshold : float
        Probability above which a candidate is a spasm.

    Returns
    -------
    Spasms
        Empty when nothing was found, with the time in which something could have been.
    """
    grid = to_grid(signals)
    spans, blinks = observed_spans(grid), find_blinks(grid)
    forest = forest or packaged_forest()
    judged = [*judge(grid, forest), *judge_unfinished(grid, forest)]
    kept = keep_best(judged, threshold, _APART_SAMPLES)
    events = [outline_spasm(signals, grid, one.candidate, spans) for one in kept]
    settings = {"threshold": threshold, "min_rise_mm": MIN_RISE_MM}
    return Spasms(tuple(events), blinks, spans, settings)
