"""A measurement in the few numbers that a page shows."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

_ONE_SIDE = ("left", "right")


@dataclass(frozen=True)
class Summary:
    """What was found in one recording.

    Attributes
    ----------
    affected_side : str
        `left`, `right`, `both`, `none` or `undetermined`; always the person's own.
    rate_per_min : float or None
        Spasms per minute observed, of the affected side; of both sides together where it is not
        one side.
    burden_percent : float or None
        Share of the observed time in spasm, of the affected side or of the whole face.
    duration_s : float or None
        Median duration of a spasm of the affected side, in seconds.
    observed_s : float
        Time in which a spasm could have been seen, in seconds.
    n_spasms : int
        Spasms found.
    warnings : tuple of str
        What stood in the way of measuring, in sentences.
    """

    affected_side: str
    rate_per_min: float | None
    burden_percent: float | None
    duration_s: float | None
    observed_s: float
    n_spasms: int
    warnings: tuple[str, ...]


def summarize(document: Mapping[str, Any]) -> Summary:
    """Return the summary of a measurement, as `hemiface.report.document` writes it."""
    side = document["affected_side"]
    one_side = side if side in _ONE_SIDE else None
    quality = document["quality"]
    return Summary(
        affected_side=side,
        rate_per_min=_rate(document, one_side),
        burden_percent=_value(document, "burden", one_side),
        duration_s=_value(document, "spasm_duration", one_side) if one_side else None,
        observed_s=quality["observed_s"] or 0.0,
        n_spasms=len(document["spasms"]),
        warnings=tuple(warning["text"] for warning in quality["warnings"]),
    )


def _rate(document: Mapping[str, Any], side: str | None) -> float | None:
    rates = [_value(document, "spasm_rate", one) for one in ([side] if side else _ONE_SIDE)]
    known = [rate for rate in rates if rate is not None]
    return sum(known) if len(known) == len(rates) else None


def _value(document: Mapping[str, Any], name: str, side: str | None) -> float | None:
    # A recording holds one task; its measures come first.
    for measure in document["measures"]:
        if measure["name"] == name and measure["side"] == side:
            value: float | None = measure["value"]
            return value
    return None
