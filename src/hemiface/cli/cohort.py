"""`hemiface simulate cohort` and `hemiface simulate power`: many patients, and trials on them."""

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click

from hemiface.cli.progress import show_progress
from hemiface.types import Side

if TYPE_CHECKING:
    from hemiface.simulate.course.power import Requirement
    from hemiface.simulate.people.severity import Severity

_SEVERITY = click.Choice(["mild", "moderate", "severe"])
_WORKERS = click.option(
    "--workers", type=click.IntRange(1, 64), default=2, show_default=True,
    help="Processes; the result is the same for any number.",
)  # fmt: skip


@click.command()
@click.argument("out_dir", type=click.Path(path_type=Path, file_okay=False))
@click.option("-n", "n", type=int, default=100, show_default=True, help="How many patients.")
@click.option("--seed", type=click.IntRange(0), required=True, help="Same seed, same patients.")
@click.option("--severity", type=_SEVERITY, help="Drawn for each if not given.")
@click.option("--side", type=click.Choice(["left", "right"]), help="Drawn for each if not given.")
@click.option(
    "--toxin",
    "dose_u",
    type=click.FloatRange(1, 200),
    metavar="U",
    help="Units of onabotulinumtoxinA on day --toxin-day; simulated, no advice.",
)
@click.option("--toxin-day", type=click.FloatRange(0), default=91.0, show_default=True)
@click.option("--days", type=int, default=365, show_default=True, help="Length of a course.")
@click.option(
    "--every",
    "every_days",
    type=float,
    default=14.0,
    show_default=True,
    metavar="D",
    help="Days between visits.",
)
@click.option("--minutes", type=float, default=3.0, show_default=True, help="Of each visit.")
@_WORKERS
def cohort(
    out_dir: Path,
    n: int,
    seed: int,
    severity: "Severity | None",
    side: Side | None,
    dose_u: float | None,
    toxin_day: float,
    days: int,
    every_days: float,
    minutes: float,
    workers: int,
) -> None:
    """Draw patients and a year of their visits, and write the tables into OUT_DIR."""
    from hemiface.simulate.course.cohort import Asked, simulate_cohort, write_cohort
    from hemiface.simulate.course.treatments import Toxin

    asked = Asked(
        seed=seed,
        severity=severity,
        side=side,
        treatments=() if dose_u is None else (Toxin(dose_u, toxin_day),),
        days=days,
        every_days=every_days,
        minutes=minutes,
    )
    with show_progress(f"Drawing {n} patients") as progress:
        courses = simulate_cohort(n, asked, workers=workers, progress=progress)
    written = write_cohort(courses, asked, out_dir)
    n_visits = sum(len(one.visits) for one in courses)
    click.echo(f"{out_dir}: {len(courses)} patients, {n_visits} visits")
    click.echo(f"  {', '.join(path.name for path in written)}")


class _Lists(click.Command):
    """A command whose `--visits` takes several numbers: `--visits 1 2 4`."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """Repeat the option before each number, as click wants it."""
        spread: list[str] = []
        listing = False
        for word in args:
            if listing and not word.startswith("-"):
                spread += ["--visits", word]
                continue
            listing = word == "--visits"
            if not listing:
                spread.append(word)
        return super().parse_args(ctx, spread)


@click.command(cls=_Lists)
@click.option(
    "--drop",
    "drop_percent",
    type=float,
    default=30.0,
    show_default=True,
    metavar="%",
    help="By how much treatment lowers the rate.",
)
@click.option("--minutes", type=float, default=3.0, show_default=True, help="Of each visit.")
@click.option(
    "--visits",
    type=int,
    multiple=True,
    default=(1, 2, 4, 8),
    show_default=True,
    metavar="N ...",
    help="Before treatment, and again as many under it.",
)
@click.option(
    "--every",
    "every_days",
    type=float,
    default=14.0,
    show_default=True,
    metavar="D",
    help="Days between visits.",
)
@click.option("--severity", type=_SEVERITY, help="Of the patients; the usual mix if not given.")
@click.option(
    "--patients",
    "n",
    type=click.IntRange(20),
    default=400,
    show_default=True,
    help="Courses that trials are drawn from.",
)
@click.option("--seed", type=click.IntRange(0), default=1, show_default=True)
@click.option("--out", type=click.Path(path_type=Path), help="Draw the power: .png, .svg, .pdf.")
@_WORKERS
def power(
    drop_percent: float,
    minutes: float,
    visits: tuple[int, ...],
    every_days: float,
    severity: "Severity | None",
    n: int,
    seed: int,
    out: Path | None,
    workers: int,
) -> None:
    """Say how many patients and visits show that a treatment lowers the spasm rate."""
    from hemiface.simulate.course.cohort import Asked
    from hemiface.simulate.course.power import (
        DESIGNS,
        Trial,
        check_effect,
        days_needed,
        plan_trials,
        require,
    )
    from hemiface.simulate.course.power_counts import draw_counts
    from hemiface.simulate.course.power_plot import check_picture, plot_power

    if out is not None:
        check_picture(out)
    check_effect(drop_percent, visits)
    days = days_needed(max(visits), every_days)
    asked = Asked(seed, severity=severity, days=days, every_days=every_days, minutes=minutes)
    with show_progress(f"Drawing {n} patients") as progress:
        counts = draw_counts(
            n, asked, drop_percent=drop_percent, workers=workers, progress=progress
        )
    trials = [Trial(design, number) for design in DESIGNS for number in sorted(set(visits))]
    with show_progress("Simulating trials") as progress:
        curves = plan_trials(counts, trials, seed=seed, progress=progress)
    _print(require(curves), drop_percent, minutes)
    if out is not None:
        plot_power(curves, out, drop_percent=drop_percent, minutes=minutes)
        click.echo(f"{out}")


def _print(needed: "Sequence[Requirement]", drop_percent: float, minutes: float) -> None:
    """Print how many patients each trial needs, a row for each design and number of visits."""
    from rich.console import Console
    from rich.table import Table

    table = Table(
        "Design", "Visits", "Power, %", "Patients", "Found (95 % CI)",
        title=f"A drop of {drop_percent:g} % in spasm rate, visits of {minutes:g} min",
        title_justify="left",
    )  # fmt: skip
    for before, one in zip((None, *needed), needed, strict=False):
        if before is not None and before.trial.design != one.trial.design:
            table.add_section()
        table.add_row(*_row(one))
    console = Console()
    console.print(table)
    console.print(
        "Visits before treatment + under it. Virtual patients: this holds for what they are made "
        "of, and no further."
    )


def _row(one: "Requirement") -> tuple[str, ...]:
    from hemiface.simulate.course.power import MOST_PATIENTS

    two_arm = one.trial.design == "two_arm"
    patients, found = f"over {MOST_PATIENTS}", "-"
    if one.patients is not None:
        patients = f"{one.patients} + {one.patients}" if two_arm else f"{one.patients}"
        found = f"{_percent(one.power)} ({_percent(one.low)}-{_percent(one.high)})"
    return (
        "two arms" if two_arm else "before, after",
        f"{one.trial.visits} + {one.trial.visits}",
        _percent(one.target),
        patients,
        found,
    )


def _percent(share: float) -> str:
    return f"{100.0 * share:.0f}"
