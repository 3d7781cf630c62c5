"""`hemiface points`: the landmarks of a video, and not one pixel of it."""

from pathlib import Path

import click

from hemiface.cli.progress import show_progress


@click.command()
@click.argument("video", type=click.Path(path_type=Path))
@click.argument("out", type=click.Path(path_type=Path), required=False)
@click.option(
    "--mirrored/--not-mirrored", default=None, help="Whether the picture is mirrored, as a selfie."
)
def points(video: Path, out: Path | None, *, mirrored: bool | None) -> None:
    """Write the landmarks of VIDEO to OUT, a file of numbers that `hemiface measure` reads.

    It shows no skin, so it can be given away where a video cannot. Landmarks follow a one-sided
    movement about half of the way: fewer spasms are found in them than in the video.
    """
    from hemiface.pipeline import find_points
    from hemiface.source.points import ENDING, write_points

    out = out or video.with_suffix(ENDING)
    with show_progress(video.name) as progress:
        found = find_points(video, mirrored=mirrored, progress=progress)
    write_points(out, found, mirrored=False if mirrored else mirrored)
    click.echo(f"{out}: {len(found.times_s)} frames")
