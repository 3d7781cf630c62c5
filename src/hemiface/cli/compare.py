"""`hemiface compare`: measurements against what is taken as true, one or a folder of them."""

import math
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from hemiface.cli.plain import as_plain, dump
from hemiface.errors import HemifaceError, SourceError

if TYPE_CHECKING:
    from hemiface.agreement import (
        Agreement,
        Estimate,
        Events,
        Numbers,
        Pair,
        Pooled,
        PooledScore,
        Score,
    )

_PATH = click.Path(path_type=Path)
_SIMULATED = "Simulated truth proves the software, not the medicine."


@dataclass(frozen=True)
class _Compared:
    """Two files about one recording, read and compared."""

    pair: "Pair"
    found: "Events"
    truth: "Events"
    agreement: "Agreement"


@click.command()
@click.argument("found", type=_PATH)
@click.argument("truth", type=_PATH)
@click.option("--json", "as_json", is_flag=True, help="Print the comparison as JSON.")
@click.option("--out", type=_PATH, metavar="PAGE.html", help="Write a page with plots.")
def compare(found: Path, truth: Path, *, as_json: bool, out: Path | None) -> None:
    """Say how far the measurement FOUND is from TRUTH.

    Each is a .json that `hemiface measure` or `hemiface simulate` wrote, or annotations: ELAN
    .eaf, a .csv or .tsv with onset, duration and side, or EDF+. Two folders are compared file by
    file, paired by name: visit1.json with visit1.eaf. Spasms are matched one to one, by side and
    time; true ones below 0.5 mm are not asked for.
    """
    for path in (found, truth):
        if not path.exists():
            raise SourceError(f"{path} does not exist; check the name.")
    if found.is_dir() != truth.is_dir():
        raise click.UsageError("FOUND and TRUTH must be two files or two folders, not one of each.")
    if found.is_dir():
        _compare_folders(found, truth, as_json=as_json, out=out)
    else:
        _compare_files(found, truth, as_json=as_json, out=out)


def _compare_files(found: Path, truth: Path, *, as_json: bool, out: Path | None) -> None:
    from hemiface import agreement
    from hemiface.agreement import Pair

    compared = _compare(Pair(found.name.split(".")[0], found, truth))
    notes = [*compared.found.notes, *compared.truth.notes]
    for note in notes:
        click.echo(f"Note: {note}", err=True)
    agreed = agreement.compare(compared.found, compared.truth)
    if out is not None:
        _write_page(_document([compared], notes), out)
    lines = [*_lines(agreed), *([_SIMULATED] if compared.truth.simulated else [])]
    click.echo(dump(asdict(agreed)) if as_json else "\n".join(lines))


def _compare_folders(found: Path, truth: Path, *, as_json: bool, out: Path | None) -> None:
    from hemiface.agreement import pair_files

    pairs, notes = pair_files(found, truth)
    compared, failures = _compare_all(pairs)
    for one in compared:
        notes += [*one.found.notes, *one.truth.notes]
    for note in notes:
        click.echo(f"Note: {note}", err=True)
    for failure in failures:
        click.echo(f"Error: {failure}", err=True)
    if compared:
        document = _document(compared, notes + failures)
        if out is not None:
            _write_page(document, out)
        click.echo(dump(document) if as_json else "\n".join(_report(compared)))
    if failures:
        raise click.exceptions.Exit(1)


def _compare_all(pairs: "list[Pair]") -> tuple[list[_Compared], list[str]]:
    """Compare what can be read; the others are failures, one sentence each."""
    compared, failures = [], []
    for pair in pairs:
        try:
            compared.append(_compare(pair))
        except HemifaceError as problem:
            text = str(problem)
            for path in (pair.found, pair.truth):  # the page need not name the clinic's folders
                text = text.replace(str(path), path.name)
            failures.append(text if pair.name in text else f"{pair.name}: {text}")
    return compared, failures


def _compare(pair: "Pair") -> _Compared:
    from hemiface import agreement

    found, truth = _read(pair.found), _read(pair.truth)
    agreed = agreement.compare(found, truth, bands_mm=agreement.FINE_BANDS_MM)
    return _Compared(pair, found, truth, agreed)


def _read(path: Path) -> "Events":
    from hemiface.agreement import SUFFIXES, events_of, read_events
    from hemiface.report.document import read_measurement

    # What has no ending that annotations have is tried as a measurement.
    return (
        read_events(path) if path.suffix.lower() in SUFFIXES else events_of(read_measurement(path))
    )


def _write_page(document: dict[str, Any], out: Path) -> None:
    from hemiface.report.agreement_page import write_agreement_page

    write_agreement_page(document, out)
    click.echo(f"report: {out}", err=True)


def _document(compared: list[_Compared], notes: list[str]) -> dict[str, Any]:
    """Return the comparison as plain JSON values; the page shows the same."""
    from hemiface.agreement import MIN_AMPLITUDE_MM, TOLERANCE_S, pool
    from hemiface.report.agreement_page import SCHEMA

    document: dict[str, Any] = as_plain(
        {
            "schema": SCHEMA,
            "tolerance_s": TOLERANCE_S,
            "min_amplitude_mm": MIN_AMPLITUDE_MM,
            "simulated": any(one.truth.simulated for one in compared),
            "recordings": [_record(one) for one in compared],
            "pooled": asdict(pool([one.agreement for one in compared])),
            "left_out": notes,
        }
    )
    return document


def _record(one: _Compared) -> dict[str, Any]:
    return {
        "name": one.pair.name,
        "found": one.pair.found.name,
        "truth": one.pair.truth.name,
        "simulated": one.truth.simulated,
        **asdict(one.agreement),
    }


def _lines(a: "Agreement") -> list[str]:
    return [
        f"Spasms            {_say_score(a)}",
        *(f"  {_say_band(band.low_mm, band.high_mm):14}  {_say_score(band)}" for band in a.bands),
        *([f"Blinks            {_say_score(a.blinks)}"] if a.blinks is not None else []),
        f"False spasms      {_say(a.false_per_min)} a minute",
        f"Side right in     {_say(100 * a.side_agreement)} %",
        f"Onset off by      {_say(a.onset_error_median_s)} s (median), "
        f"{_say(a.onset_error_p90_s)} s (nine in ten)",
        f"Duration off by   {_say(a.duration_error_median_s)} s (median)",
        f"Rate off by       {_say(100 * a.rate_error)} %",
        f"Burden off by     {_say(a.burden_error)} percentage points",
    ]


def _report(compared: list[_Compared]) -> list[str]:
    """Return a line per recording, found and true side by side, and what they say together."""
    from hemiface.agreement import pool

    width = max(len("Recording"), *(len(one.pair.name) for one in compared))
    head = f"{'Recording':{width}}  Matched  False    F1        Rate, 1/min          Burden, %"
    simulated = any(one.truth.simulated for one in compared)
    return [
        head,
        *(_table_line(one, width) for one in compared),
        "",
        *_sum_up(pool([one.agreement for one in compared])),
        *([_SIMULATED] if simulated else []),
    ]


def _table_line(one: _Compared, width: int) -> str:
    a = one.agreement
    matched = f"{a.n_matched}/{a.n_truth}"
    rate = f"{_say(a.found_per_min)} / {_say(a.true_per_min)}"
    burden = f"{_say(a.found_burden)} / {_say(a.true_burden)}"
    return (
        f"{one.pair.name:{width}}  {matched:>7}  {a.n_found - a.n_matched:5}  {a.f1:.2f}  "
        f"{rate:>17}  {burden:>17}"
    )


def _sum_up(pooled: "Pooled") -> list[str]:
    spasms = pooled.spasms
    return [
        f"Spasms            {_say_score(spasms)}{_say_bounds(spasms)}",
        *(
            f"  {_say_band(band.low_mm, band.high_mm):14}  {_say_score(band)}"
            for band in pooled.bands
            if band.n_truth or band.n_found
        ),
        *_say_numbers("Rate", "a minute", pooled.rate),
        *_say_numbers("Burden", "percentage points", pooled.burden),
    ]


def _say_bounds(score: "PooledScore") -> str:
    if math.isnan(score.f1_low):
        return ""
    return f"; 95 % interval of F1 {score.f1_low:.2f} to {score.f1_high:.2f}"


def _say_numbers(name: str, unit: str, numbers: "Numbers") -> list[str]:
    if numbers.limits is None:
        return [f"{name:16}  needs at least 2 recordings whose observed time is known"]
    limits = numbers.limits
    bias = _say_interval(limits.bias, (limits.bias_low, limits.bias_high))
    low = _say_interval(limits.low, limits.low_interval)
    high = _say_interval(limits.high, limits.high_interval)
    return [
        f"{name:16}  ICC(2,1) {_say_estimate(numbers.icc)}; rho {_say_estimate(numbers.rho)}",
        f"{'':16}  bias {bias}, limits {low} and {high} {unit}",
    ]


def _say_estimate(estimate: "Estimate") -> str:
    return _say_interval(estimate.value, (estimate.low, estimate.high))


def _say_interval(value: float, interval: tuple[float, float]) -> str:
    if math.isnan(interval[0]):
        return _say(value)
    return f"{_say(value)} ({_say(interval[0])} to {_say(interval[1])})"


def _say_score(score: "Score") -> str:
    return (
        f"F1 {score.f1:.2f}: {score.n_matched} of {score.n_truth} found, "
        f"{score.n_found - score.n_matched} false"
    )


def _say_band(low_mm: float, high_mm: float) -> str:
    return f"from {low_mm:g} mm" if math.isinf(high_mm) else f"{low_mm:g} to {high_mm:g} mm"


def _say(value: float) -> str:
    return "–" if math.isnan(value) else f"{value:.3g}"
