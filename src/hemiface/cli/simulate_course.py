"""`hemiface simulate course`: months of a virtual patient, treated or not."""

import re
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from hemiface.simulate import Course, Treatment
    from hemiface.simulate.people.severity import Severity
    from hemiface.types import Side

_BEGIN = date(2024, 1, 1)  # of the records: any civil date would do
_SPEC = re.compile(
    r"(toxin):(\d+(?:\.\d+)?)@(\d+(?:\.\d+)?)|(surgery|medicine)@(\d+(?:\.\d+)?)|none"
)


def _read_treatments(
    _: click.Context, __: click.Parameter, texts: tuple[str, ...]
) -> "list[Treatment]":
    """Return the treatments that `toxin:UNITS@DAY`, `surgery@DAY` ... name; `none` names none."""
    found = [(text, _SPEC.fullmatch(text)) for text in texts]
    for text, match in found:
        if match is None:
            raise click.BadParameter(
                "A treatment must be toxin:UNITS@DAY, surgery@DAY, medicine@DAY or none, as in "
                f"toxin:34.5@0; got {text!r}."
            )
    made = [_make(*match.groups()) for _, match in found if match is not None]
    return [one for one in made if one is not None]


def _make(
    toxin: str | None, dose: str, toxin_day: str, other: str | None, day: str
) -> "Treatment | None":
    from hemiface.simulate import Medicine, Surgery, Toxin

    if toxin is not None:
        return Toxin(float(dose), float(toxin_day))
    if other == "surgery":
        return Surgery(float(day))
    return None if other is None else Medicine(float(day))


@click.command()
@click.argument("out_dir", type=click.Path(path_type=Path))
@click.option("--seed", type=click.IntRange(min=0), required=True, help="Same seed, same course.")
@click.option("--severity", type=click.Choice(["mild", "moderate", "severe"]))
@click.option("--side", type=click.Choice(["left", "right"]), help="Their own side.")
@click.option(
    "--treatment",
    "treatments",
    callback=_read_treatments,
    multiple=True,
    metavar="WHAT@DAY",
    help="toxin:34.5@0, surgery@30, medicine@0 or none; may be given several times.",
)
@click.option("--days", type=int, default=365, show_default=True, help="Length of the course.")
@click.option("--every", "every_days", type=float, default=14.0, show_default=True, metavar="DAYS")
def course(
    out_dir: Path,
    seed: int,
    severity: "Severity | None",
    side: "Side | None",
    treatments: "list[Treatment]",
    days: int,
    every_days: float,
) -> None:
    """Write months of a virtual patient to OUT_DIR: visits.csv, diary.csv, truth.json, course.json.

    `hemiface course` reads course.json, the records a clinic would have. Doses are inputs of the
    simulation, never a recommendation.
    """
    from hemiface import course as records
    from hemiface.simulate import draw_patient, simulate_course, write_course
    from hemiface.simulate.course.records import as_course

    simulated = simulate_course(
        seed,
        patient=draw_patient(seed, severity=severity, side=side),
        treatments=treatments,
        days=days,
        every_days=every_days,
    )
    write_course(simulated, out_dir)
    records.write_course(as_course(simulated, _BEGIN), out_dir / "course.json")
    click.echo(_summary(simulated))
    click.echo(f"  written: {out_dir}")


def _summary(simulated: "Course") -> str:
    patient, visits = simulated.patient, simulated.visits
    rates = [visit.rate_per_min for visit in visits]
    return (
        f"{patient.severity} on the {patient.side}, stage {patient.stage}, {patient.pattern}: "
        f"{len(visits)} visits in {len(simulated.diary) - 1} days; "
        f"{rates[0]:.1f} spasms a minute at first, {min(rates):.1f} at least, "
        f"{rates[-1]:.1f} at last"
    )
