"""`hemiface mri`: is a vessel on the facial nerve, where, how deep; is there a mass."""

import json
import math
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from hemiface import __version__
from hemiface.cli.progress import show_progress
from hemiface.errors import ConventionError, SourceError
from hemiface.whole import written_whole

if TYPE_CHECKING:
    from hemiface.mri import Clicks, MriFound, SideFound
    from hemiface.mri.reading import Series
    from hemiface.types import Side


@click.group()
def mri() -> None:
    """Measure vessels and the facial nerve in MRI pictures."""


@mri.command()
@click.argument("t2", type=click.Path(path_type=Path))
@click.option("--tof", type=click.Path(path_type=Path), help="TOF angiography of the same head.")
@click.option("--side", type=click.Choice(["left", "right", "both"]), help="Their own side.")
@click.option("--exit", "root_exit", metavar="X,Y,Z", help="Root exit point, LPS mm.")
@click.option("--meatus", metavar="X,Y,Z", help="Facial nerve where it enters the bone, LPS mm.")
@click.option("--detachment", metavar="X,Y,Z", help="Where it leaves the pons; found if not given.")
@click.option("--clicks", "clicks_file", type=click.Path(path_type=Path),
              help="Points of both sides as JSON, in place of --exit and --meatus.")  # fmt: skip
@click.option(
    "--out",
    type=click.Path(path_type=Path),
    help="Folder for mri.html, mri.json, masks; of DICOM also SEG and SR.",
)
def measure(t2: Path, tof: Path | None, side: str | None, out: Path | None, **points: Any) -> None:
    """Measure a heavy T2 (DICOM folder, zip or file, or NIfTI), best with a TOF.

    Points are mm in the patient system of DICOM: x to their left, y to the back, z to the head.
    Without points they are proposed; look at them before you trust what follows.
    """
    from hemiface.mri import measure_mri
    from hemiface.mri.reading import check_quality
    from hemiface.mri.writing import write_found
    from hemiface.report.mri_page import mri_html

    given = _given(side, points)
    heavy, flow = _read(t2, tof)
    doubts = check_quality(heavy, flow)
    with show_progress("Measuring") as progress:
        clicks = given or _proposed(heavy, flow, side)
        found = measure_mri(
            heavy.volume, flow.volume if flow else None, clicks,
            t2_mm=heavy.resolution_mm, tof_mm=flow.resolution_mm if flow else None,
            progress=progress,
        ).doubted(doubts)  # fmt: skip
    click.echo("\n".join(_told(found, are_proposed=not given)))
    if out is not None:
        paths = write_found(out, found, heavy.volume, __version__, heavy.sources)
        with written_whole(out / "mri.html") as part:
            page = mri_html(found, heavy.volume, flow.volume if flow else None)
            part.write_text(page, encoding="utf-8")
        for path in (*paths, out / "mri.html"):
            click.echo(f"  written: {path}")


def _read(t2: Path, tof: Path | None) -> "tuple[Series, Series | None]":
    from hemiface.mri.reading import Study, choose_series, read_mri

    study = read_mri(t2)
    if tof is not None:
        other = read_mri(tof)
        study = Study(study.series + other.series, study.left_out + other.left_out)
    return choose_series(study)


def _given(side: str | None, points: dict[str, Any]) -> "dict[Side, Clicks]":
    """Return the points that were given, by side; none if none were."""
    from hemiface.mri import Clicks

    file, named = points.pop("clicks_file"), {k: v for k, v in points.items() if v is not None}
    if file is not None:
        if named:
            raise click.UsageError("Give points either in a file or one by one, not both.")
        return _from_file(file)
    if not named:
        return {}
    if not {"root_exit", "meatus"} <= named.keys() or side not in ("left", "right"):
        raise click.UsageError(
            "Give --exit and --meatus together, with --side left or --side right."
        )
    return {side: Clicks(**{name: _point(name, text) for name, text in named.items()})}  # type: ignore[dict-item]


def _point(name: str, text: str) -> tuple[float, float, float]:
    try:
        x, y, z = (float(one) for one in text.split(","))
    except ValueError as problem:
        raise click.UsageError(
            f"The {name.replace('_', ' ')} must be three numbers such as 17.5,2,-8; got {text}."
        ) from problem
    if not all(map(math.isfinite, (x, y, z))):
        raise click.UsageError(f"The {name.replace('_', ' ')} must be finite; got {text}.")
    return x, y, z


def _from_file(file: Path) -> "dict[Side, Clicks]":
    from hemiface.mri import Clicks

    try:
        read = json.loads(file.read_text(encoding="utf-8"))
        return {
            side: Clicks(**{name: tuple(map(float, point)) for name, point in one.items()})  # type: ignore[arg-type]
            for side, one in read.items()
            if side in ("left", "right") or _refuse(side)
        }
    except OSError as problem:
        raise SourceError(f"{file} cannot be read: {problem.strerror}. Check it.") from problem
    except (ValueError, TypeError, AttributeError) as problem:
        raise ConventionError(
            f"{file} must hold points such as "
            '{"left": {"root_exit": [10, 1, -11], "meatus": [30, 0, 1]}}; it does not. '
            "Write them like this."
        ) from problem


def _refuse(side: str) -> bool:
    raise ValueError(side)


def _proposed(heavy: "Series", flow: "Series | None", side: str | None) -> "dict[Side, Clicks]":
    from hemiface.mri import propose_clicks

    found = propose_clicks(heavy.volume, flow.volume if flow else None)
    kept = {one: clicks for one, clicks in found.items() if side in (None, "both", one)}
    if not kept:
        asked = "a side" if side in (None, "both") else f"the {side} side"
        raise ConventionError(
            f"The meatus and the nerve of {asked} must be in the picture to be proposed; none was "
            "found. Give --side, --exit and --meatus."
        )
    return kept


def _told(found: "MriFound", *, are_proposed: bool) -> list[str]:
    from hemiface.mri.writing import NOTICE

    is_refused = found.is_refused
    lines = [line for side in found.sides for line in _side_lines(side, is_refused=is_refused)]
    if are_proposed:
        lines.append("Points were proposed, not given: look at them in mri.json or a viewer.")
    return [*lines, *(f"Look again: {one.sentence}" for one in found.doubts), "", NOTICE]


def _side_lines(side: "SideFound", *, is_refused: bool) -> list[str]:
    from hemiface.report.mri_page import say_mass, say_numbers, say_side

    numbers = [] if is_refused else [f"  {what}: {much}" for what, much in say_numbers(side)]
    masses = [f"  {say_mass(mass)}" for mass in side.masses]
    return [say_side(side, is_refused=is_refused), *numbers, *masses]
