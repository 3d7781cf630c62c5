"""`hemiface compare`: a measurement against one that is taken as true."""

import json
import math
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

if TYPE_CHECKING:
    from hemiface.agreement import Agreement, Score

_FILE = click.Path(path_type=Path)


@click.command()
@click.argument("found", type=_FILE)
@click.argument("truth", type=_FILE)
@click.option("--json", "as_json", is_flag=True, help="Print the comparison as JSON.")
def compare(found: Path, truth: Path, *, as_json: bool) -> None:
    """Say how far the measurement FOUND is from TRUTH.

    Both are .json files that `hemiface measure` or `hemiface simulate` wrote. Spasms are matched
    one to one, by side and time; true ones below 0.5 mm are not asked for.
    """
    from hemiface import agreement
    from hemiface.report.document import read_measurement

    compared = agreement.compare(read_measurement(found), read_measurement(truth))
    if as_json:
        click.echo(json.dumps(_plain(asdict(compared)), indent=1))
    else:
        click.echo("\n".join(_lines(compared)))


def _lines(a: "Agreement") -> list[str]:
    return [
        f"Spasms            {_say_score(a)}",
        *(f"  {_say_band(band.low_mm, band.high_mm):14}  {_say_score(band)}" for band in a.bands),
        f"Blinks            {_say_score(a.blinks)}",
        f"False spasms      {_say(a.false_per_min)} a minute",
        f"Side right in     {_say(100 * a.side_agreement)} %",
        f"Onset off by      {_say(a.onset_error_median_s)} s (median), "
        f"{_say(a.onset_error_p90_s)} s (nine in ten)",
        f"Duration off by   {_say(a.duration_error_median_s)} s (median)",
        f"Rate off by       {_say(100 * a.rate_error)} %",
        f"Burden off by     {_say(a.burden_error)} percentage points",
    ]


def _say_score(score: "Score") -> str:
    return (
        f"F1 {score.f1:.2f}: {score.n_matched} of {score.n_truth} found, "
        f"{score.n_found - score.n_matched} false"
    )


def _say_band(low_mm: float, high_mm: float) -> str:
    return f"from {low_mm:g} mm" if math.isinf(high_mm) else f"{low_mm:g} to {high_mm:g} mm"


def _say(value: float) -> str:
    return "–" if math.isnan(value) else f"{value:.3g}"


def _plain(value: Any) -> Any:
    """Return JSON values: what is unknown or without end becomes null."""
    if isinstance(value, dict):
        return {name: _plain(item) for name, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [_plain(item) for item in value]
    return None if isinstance(value, float) and not math.isfinite(value) else value
