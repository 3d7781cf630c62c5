"""`hemiface course`: what the years of one person tell, from a course file."""

from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Literal

import click

from hemiface.cli.plain import dump
from hemiface.errors import ConventionError

if TYPE_CHECKING:
    from hemiface.course import Estimate, Response, SurgeryCourse, ToxinFit, TriggerEffect
    from hemiface.records import Course, Measured, Treatment

_FILE = click.Path(path_type=Path)
_SHOWN = ("spasm_rate", "burden", "amplitude", "lid_opening")
_SIMULATED = "Simulated truth proves the software, not the medicine."
Kind = Literal["fhir-r5", "fhir-r4b", "csv", "json"]


@click.group()
def course() -> None:
    """Follow one person over the years: measures, diary, treatments and what they did."""


@course.command()
@click.argument("file", type=_FILE)
def show(file: Path) -> None:
    """Print what a course FILE holds: treatments, and the first and last of each measure."""
    from hemiface.course import read_course

    click.echo("\n".join(_overview(read_course(file))))


@course.command()
@click.argument("file", type=_FILE)
@click.option("--on", metavar="DATE", help="[default: the last day of the course]")
@click.option("--json", "as_json", is_flag=True, help="As JSON, for programs.")
def fit(file: Path, on: str | None, *, as_json: bool) -> None:
    """Tell what treatments did in a course FILE, and which triggers make it worse.

    Responses to botulinum toxin for each session, the course after surgery, triggers of the diary;
    each with its interval.
    """
    from hemiface.course import fit_toxin, judge_surgery, read_course, trigger_effects

    read = read_course(file)
    toxin, triggers = fit_toxin(read), trigger_effects(read)
    surgery = judge_surgery(read, _read_day(on) if on else _last_day(read))
    if as_json:
        click.echo(dump(_document(toxin, surgery, triggers)))
        return
    lines = [*_toxin_lines(toxin), *_surgery_lines(surgery), *_trigger_lines(triggers)]
    if read.person.key.startswith("simulated-"):
        lines += ["", _SIMULATED]
    click.echo("\n".join(lines))


@course.command()
@click.argument("file", type=_FILE)
@click.argument("out", type=_FILE)
@click.option(
    "--to",
    "kind",
    type=click.Choice(["fhir-r5", "fhir-r4b", "csv", "json"]),
    required=True,
    help="A FHIR bundle, a folder of tables, or the course itself.",
)
def export(file: Path, out: Path, kind: Kind) -> None:
    """Write a course FILE in another form to OUT."""
    from hemiface.course import read_course, write_course
    from hemiface.report.exports import write_csv, write_fhir

    read = read_course(file)
    if kind == "csv":
        write_csv(read, out)
    elif kind == "json":
        write_course(read, out)
    else:
        write_fhir(read, out, "R5" if kind == "fhir-r5" else "R4B")
    click.echo(f"written: {out}")


def _read_day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError as problem:
        raise ConventionError(f"--on must be a date like 2026-05-31; got {text!r}.") from problem


def _last_day(read: "Course") -> date:
    days = [one.on for one in read.measured] + [one.at.date() for one in read.diary]
    days += [one.on for one in read.treatments]
    return max(days, default=date.min)


def _overview(read: "Course") -> list[str]:
    person = read.person
    lines = [
        f"{person.key}: {person.sex}, born {person.birth_year or 'not known'}, affected side "
        f"{person.affected_side or 'not known'}, spasms since {person.onset or 'not known'}",
        f"{len(read.measured)} measures, {len(read.grades)} grades, {len(read.diary)} diary "
        f"entries, {len(read.treatments)} treatments, {len(read.side_effects)} side effects",
        *(f"{one.on}  {_say_treatment(one)}" for one in read.treatments),
    ]
    for name in _SHOWN:
        for side in ("left", "right", None):
            some = [one for one in read.measured if (one.name, one.side) == (name, side)]
            if some:
                lines.append(_say_first_and_last(some))
    return lines


def _say_treatment(one: "Treatment") -> str:
    from hemiface.records import Injection, Medicine, Operation

    if isinstance(one, Injection):
        return f"{one.brand}, {one.total_units:g} units"
    if isinstance(one, Medicine):
        return f"{one.name}" + (f" until {one.until}" if one.until else "")
    if isinstance(one, Operation):
        return f"{one.procedure.replace('_', ' ')}, {one.side}"
    return one.kind.replace("_", " ")


def _say_first_and_last(some: "list[Measured]") -> str:
    first, last = some[0], some[-1]
    side = f", {first.side}" if first.side else ""
    return f"{first.name}{side}: {_say_value(first)} on {first.on}, {_say_value(last)} on {last.on}"


def _say_value(one: "Measured") -> str:
    interval = f" ({one.low:.1f} to {one.high:.1f})" if one.low == one.low else ""
    return f"{one.value:.1f}{interval} {one.unit}"


def _toxin_lines(toxin: "ToxinFit") -> list[str]:
    if toxin.reason:
        return [f"Botulinum toxin: {toxin.reason}"]
    return [
        f"Botulinum toxin, {toxin.n_visits} days with a video, 90 % intervals:",
        *(f"  {one.injection.on}  {_say_response(one)}" for one in toxin.responses),
    ]


def _say_response(one: "Response") -> str:
    if one.seen is None:
        return "whether it did anything cannot be told"
    if one.onset_d is None or one.end_d is None or one.ends_on is None:
        return f"no effect seen (at most {_say_percent(one.peak_share.high)} of the spasms)"
    value, low, high = one.ends_on
    return (
        f"felt after {_say_days(one.onset_d)} days; at most {_say_percent(one.peak_share.value)} "
        f"fewer and smaller; half gone by {value} ({low} to {high})"
    )


def _surgery_lines(surgery: "SurgeryCourse | None") -> list[str]:
    if surgery is None:
        return []
    days = (surgery.now - surgery.operation.on).days
    share, low, high = (_say_percent(x) for x in (surgery.left, surgery.low, surgery.high))
    left = f"{share} ({low} to {high})"
    lines = [
        f"Surgery on {surgery.operation.on}, after {days} days: {surgery.outcome}; {left} left"
    ]
    if surgery.outcome == "too early":
        lines.append(
            f"  Relief can come late: of 175 others, all free in the end, "
            f"{_say_percent(surgery.others_free)} were by this time."
        )
    if surgery.free_after_d is not None:
        lines.append(f"  None since day {surgery.free_after_d:.0f}.")
    return lines


def _trigger_lines(triggers: "tuple[TriggerEffect, ...]") -> list[str]:
    if not triggers:
        return ["Triggers: none is written down."]
    lines = ["Triggers, days with against days without, 95 % intervals:"]
    for one in triggers:
        if one.reason:
            lines.append(f"  {one.trigger}: {one.reason}")
            continue
        mark = "found" if one.found else "not told from chance"
        lines.append(
            f"  {one.trigger}: {one.ratio:.2f} times ({one.low:.2f} to {one.high:.2f}) the "
            f"{one.counted}, {one.n_with} days with it; {mark}"
        )
    return lines


def _say_days(one: "Estimate") -> str:
    return f"{one.value:.0f} ({one.low:.0f} to {one.high:.0f})"


def _say_percent(share: float) -> str:
    return f"{100 * share:.0f} %"


def _document(
    toxin: "ToxinFit", surgery: "SurgeryCourse | None", triggers: "tuple[TriggerEffect, ...]"
) -> dict[str, object]:
    from dataclasses import asdict

    return {
        "schema": "hemiface.course-fit/1",
        "toxin": {
            "side": toxin.side,
            "n_visits": toxin.n_visits,
            "reason": toxin.reason,
            "responses": [asdict(one) | {"ends_on": one.ends_on} for one in toxin.responses],
        },
        "surgery": asdict(surgery) if surgery else None,
        "triggers": [asdict(one) for one in triggers],
    }
