"""The tables of accuracy: what each method found in some cases, beside what is asked."""

from collections.abc import Mapping, Sequence
from pathlib import Path

from benchmarks.cases import METHODS, Case, by_method
from benchmarks.leak import Leak, measure_leaks
from benchmarks.real import Seen, read_events, score_real
from benchmarks.results import Row, Table, Target
from benchmarks.scores import Pooled, pool, pool_small

_PEERS = METHODS[1:]
_F1 = {60.0: 0.95, 30.0: 0.90}
_FALSE = {"at rest": 0.5, "with speech and smiles": 1.0, "noise alone": 0.2}


def spasm_table(cases: Sequence[Case], rate_hz: float, threshold: float) -> Table:
    """Return how well spasms on portraits are found, at one frame rate."""
    pooled = _pooled(cases, threshold)
    small, n_small = pool_small([case.found for case in cases], [case.truth for case in cases])
    n = f"{pooled['hemiface'].n_truth} spasms, {len(cases)} videos"
    rows = (
        _row("F1, spasms from 1 mm", pooled, "f1", Target(_F1[rate_hz]), n),
        Row("F1, 0.5 to 1 mm", small, Target(0.80), n=f"{n_small} spasms"),
        _row("side right, %", pooled, "side_right", Target(99.0), n, scale=100.0),
        _row("rate off by, %", pooled, "rate_error", Target(10.0, at_least=False), n, scale=100.0),
        _row("burden off by, points", pooled, "burden_error", Target(2.0, at_least=False), n),
        _row("onset off by, frames", pooled, "onset_error_frames", Target(1.0, at_least=False), n),
        _row("false spasms a minute", pooled, "false_per_min", None, n),
    )
    note = (
        "Persons and seeds that nobody develops on; at rest, speaking and smiling; mild to severe. "
        "Rate and burden: mean absolute error of a video. Every false event counts, of any size. "
        f"Blend shapes at their best threshold on these very videos, {threshold:.2f}."
    )
    return Table(f"Spasms on portraits, {rate_hz:.0f} fps", note, _PEERS, rows)


def leak_table(cases: Sequence[Case]) -> Table:
    """Return how much the still side seems to move."""
    ours, shapes = measure_leaks(cases)
    rows = [_leak_row(f"hemiface: {name}", leak, asked=True) for name, leak in ours.items()]
    rows += [_leak_row(f"blend shape: {name}", leak, asked=False) for name, leak in shapes.items()]
    note = (
        "What the untouched side seems to do while the other is in spasm (portraits at rest), in % "
        "of the moving side: at the moments of the peaks, all spasms together. In brackets the "
        "median of its largest excursion during the spasm, which holds the noise too."
    )
    return Table("The still side", note, (), tuple(rows))


def _leak_row(what: str, leak: Leak, *, asked: bool) -> Row:
    target = Target(5.0, at_least=False) if asked else None
    largest = f"({100 * leak.largest:.0f} %) {leak.n} spasms"
    return Row(f"{what}, %", 100 * leak.together, target, n=largest)


def free_table(cases: Mapping[str, Sequence[Case]], threshold: float) -> Table:
    """Return the false spasms a minute of portraits without spasms, by what the person does."""
    rows = []
    for what, some in cases.items():
        pooled = _pooled(some, threshold)
        n = f"{pooled['hemiface'].observed_s / 60:.1f} min; {pooled['hemiface'].n_found} found"
        rows.append(_row(what, pooled, "false_per_min", Target(_FALSE[what], at_least=False), n))
    note = (
        "False spasms a minute on portraits that have none. *Noise alone* is a still picture with "
        "the light, lens and sensor of a camera. None found in t minutes does not exclude 3/t a "
        "minute. Blend shapes at the threshold that suits the portraits with spasms."
    )
    return Table("False spasms", note, _PEERS, tuple(rows))


def onto_table(cases: Sequence[Case], threshold: float, people: str) -> Table:
    """Return how well spasms planted into real clips are found; `people` says who judged."""
    pooled = _pooled(cases, threshold)
    small, n_small = pool_small([case.found for case in cases], [case.truth for case in cases])
    n = f"{pooled['hemiface'].n_truth} spasms, {pooled['hemiface'].observed_s / 60:.1f} min"
    rows = (
        _row("F1, spasms from 1 mm", pooled, "f1", Target(0.80), n),
        _row("false spasms a minute", pooled, "false_per_min", Target(1.0, at_least=False), n),
        Row("F1, 0.5 to 1 mm", small, n=f"{n_small} spasms"),
        _row("side right, %", pooled, "side_right", None, n, scale=100.0),
        _row("onset off by, frames", pooled, "onset_error_frames", None, n),
    )
    note = (
        f"Real people talking and turning their heads, spasms planted; {people}. Blend shapes at "
        f"their best threshold on these very clips, {threshold:.2f}."
    )
    return Table("Spasms planted into real clips", note, _PEERS, rows)


def plain_table(cases: Sequence[Case], folder: Path, threshold: float) -> Table:
    """Return what is found in real clips as they are, beside what was seen in them."""
    events = read_events(folder.parent / "events.csv")
    seen = [events.get(case.name, Seen()) for case in cases]
    scores = {name: score_real(found, seen) for name, found in by_method(cases, threshold).items()}
    ours, others = scores["hemiface"], [scores[name] for name in _PEERS]
    n = f"{ours.observed_s / 60:.1f} min, {len(cases)} clips; {ours.n_false} found"
    rows = [
        Row(
            "false spasms a minute",
            ours.false_per_min,
            Target(1.0, at_least=False),
            tuple(other.false_per_min for other in others),
            n,
        )
    ]
    if ours.n_acted:
        shares = [100 * score.n_acted_found / score.n_acted for score in (ours, *others)]
        rows.append(
            Row("acted one-sided movements found, side right, %", shares[0], Target(100.0),
                tuple(shares[1:]), f"{ours.n_acted_found} of {ours.n_acted}")
        )  # fmt: skip
    if any(one.blinks for one in seen):
        n_blinks = sum(len(one.blinks) for one in seen)
        rows.append(Row("blinks, F1", ours.blinks_f1, Target(0.9), n=f"{n_blinks} blinks"))
    note = (
        "As they are. Acted movements of one side are set apart: one clip cannot tell them from "
        "spasms, so they are to be found, with the right side."
    )
    return Table("Real clips of healthy people", note, _PEERS, tuple(rows))


def _pooled(cases: Sequence[Case], threshold: float) -> dict[str, Pooled]:
    truths = [case.truth for case in cases]
    return {name: pool(found, truths) for name, found in by_method(cases, threshold).items()}


def _row(
    what: str,
    pooled: dict[str, Pooled],
    name: str,
    target: Target | None,
    n: str,
    *,
    scale: float = 1.0,
) -> Row:
    values = [scale * float(getattr(pooled[method], name)) for method in METHODS]
    return Row(what, values[0], target, tuple(values[1:]), n)
