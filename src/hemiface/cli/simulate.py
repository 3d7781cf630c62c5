"""`hemiface simulate`: virtual patients whose truth is known."""

from pathlib import Path
from typing import Any

import click

from hemiface.cli.cohort import cohort, power
from hemiface.cli.emg import emg
from hemiface.cli.progress import show_progress
from hemiface.cli.simulate_course import course
from hemiface.cli.simulate_mri import mri

_FILE = click.Path(path_type=Path)
CONDITIONS = ("hfs", "blepharospasm", "synkinesis", "tic", "functional", "myokymia", "healthy")


@click.group()
def simulate() -> None:
    """Make virtual patients, with the truth beside them."""


@simulate.command()
@click.argument("out", type=_FILE)
@click.option("--seed", type=int, required=True, help="Same seed, same patient.")
@click.option("--portrait", type=_FILE, help="Bring this picture of a face to life.")
@click.option("--onto", type=_FILE, help="Plant the spasms into this clip of a healthy person.")
@click.option("--side", type=click.Choice(["left", "right", "none"]), help="Their own side.")
@click.option("--severity", type=click.Choice(["mild", "moderate", "severe"]))
@click.option("--task", metavar="NAME", help="rest, speak, smile, head_turn, read, sing, chew, ...")
@click.option(
    "--scene",
    metavar="LIST",
    help="Added by camera, place and face, such as glasses,low_light,yaw_deg=15.",
)
@click.option("--condition", type=click.Choice(CONDITIONS), help="A mimic in place of spasms.")
@click.option("--duration", "duration_s", type=float, metavar="S", help="Seconds.")
@click.option("--fps", type=float, metavar="F", help="Frames per second.")
@click.option("--size", type=int, metavar="PX", help="Pixels of the longer side.")
def video(out: Path, **options: Any) -> None:
    """Write a video of a virtual patient to OUT, and what happened in it to OUT.truth.json."""
    from hemiface import pipeline
    from hemiface.simulate import parse_scene

    given = {name: value for name, value in options.items() if value is not None}
    given = _for_clip(given) if "onto" in given else given
    if "scene" in given:
        given["scene"] = parse_scene(given["scene"])
    with show_progress(f"Rendering {out.name}") as progress:
        truth = pipeline.simulate_video(out, **given, progress=progress)
    click.echo(f"{out}: {len(truth.spasms)} spasms in {truth.recording.duration_s:.1f} s")
    click.echo(f"  truth: {out.with_suffix('.truth.json')}")


_NOT_OF_A_CLIP = ("fps", "size", "scene", "condition")


def _for_clip(given: dict[str, Any]) -> dict[str, Any]:
    """Leave out what a clip brings itself, and say so."""
    if "portrait" in given:
        raise click.UsageError(
            "--onto and --portrait exclude each other: a clip has its own face. Leave one out."
        )
    for name in _NOT_OF_A_CLIP:
        if name in given:
            click.echo(f"Note: a clip keeps its own {name}; --{name} was not used.", err=True)
    return {name: value for name, value in given.items() if name not in _NOT_OF_A_CLIP}


for command in (emg, course, cohort, power, mri):
    simulate.add_command(command)
