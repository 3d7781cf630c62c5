"""`hemiface measure`: videos in, reports out, one file after the other or several at once."""

import json
import os
from collections import Counter
from collections.abc import Iterable, Iterator
from contextlib import closing
from pathlib import Path
from tempfile import TemporaryDirectory

import click

from hemiface.cli.jobs import Job, Outcome, run_jobs, say_problem
from hemiface.cli.progress import show_progress
from hemiface.errors import HemifaceError, OutputError

DEFAULT_OUT = Path("hemiface-out")

_PATH = click.Path(path_type=Path)


@click.command()
@click.argument("paths", type=_PATH, nargs=-1, required=True, metavar="PATH...")
@click.option("--out", type=_PATH, help=f"Folder for the reports.  [default: {DEFAULT_OUT}]")
@click.option("--task", default="rest", show_default=True, help="What the person was asked to do.")
@click.option(
    "--mirrored/--not-mirrored",
    default=None,
    help="Whether the picture is mirrored, as a selfie may be. Left and right depend on it.",
)
@click.option(
    "--json",
    "as_json",
    is_flag=True,
    help="Print the measurement of one video on standard output; files only with --out.",
)
@click.option(
    "--workers", type=click.IntRange(1), default=1, show_default=True, help="Videos at a time."
)
def measure(
    paths: tuple[Path, ...],
    *,
    out: Path | None,
    task: str,
    mirrored: bool | None,
    as_json: bool,
    workers: int,
) -> None:
    """Measure the spasms in videos, and write a report of each.

    PATH is a video, or a folder that is searched for videos to the bottom. When one video fails the
    others are still measured.
    """
    if as_json:
        _print_one(paths, out, task, mirrored=mirrored)
        return
    out = out or DEFAULT_OUT
    _check_folder(out)
    videos, failed = _find(paths)
    places = place_reports(videos, out)
    jobs = [Job(video, places[video], task, mirrored) for video in videos]
    with closing(run_jobs(jobs, workers)) as outcomes:
        failed += _tell(outcomes)
    if failed:
        raise click.exceptions.Exit(1)


def place_reports(videos: Iterable[Path], out: Path) -> dict[Path, Path]:
    """Return the folder for the report of each video: `out`, unless names would collide.

    Reports are named after their video without its extension. Videos that share that name get a
    folder each, called as the folders they come from, or by their whole name if they lie together.
    """
    videos = list(videos)
    alike = Counter(_name(video) for video in videos)
    places = {video: out for video in videos if alike[_name(video)] == 1}
    for name in (name for name, n in alike.items() if n > 1):
        same = [video for video in videos if _name(video) == name]
        places.update(_set_apart(same, out))
    return places


def _set_apart(videos: list[Path], out: Path) -> dict[Path, Path]:
    folders = {video: video.parent.resolve() for video in videos}
    shared = Path(os.path.commonpath(folders.values()))
    alike = Counter(str(folder).casefold() for folder in folders.values())
    return {
        video: out
        / folder.relative_to(shared)
        / (video.name if alike[str(folder).casefold()] > 1 else "")
        for video, folder in folders.items()
    }


def _name(video: Path) -> str:
    return video.stem.casefold()  # some file systems do not tell A from a


def _print_one(
    paths: tuple[Path, ...], out: Path | None, task: str, *, mirrored: bool | None
) -> None:
    from hemiface import pipeline
    from hemiface.report import write_report
    from hemiface.report.document import to_document

    if len(paths) != 1 or paths[0].is_dir():
        raise click.UsageError("--json prints one measurement: name one video, not several.")
    if out is not None:
        _check_folder(out)
    video = paths[0]
    try:
        with show_progress(video.name) as progress:
            found = pipeline.measure(video, task=task, mirrored=mirrored, progress=progress)
    except HemifaceError as problem:
        raise click.ClickException(say_problem(problem, video)) from problem
    if out is not None:
        write_report(found, out, video=video)
    click.echo(json.dumps(to_document(found), ensure_ascii=False, indent=1, allow_nan=False))


def _find(paths: Iterable[Path]) -> tuple[list[Path], int]:
    """Return the videos there are, each once, and how many of the paths lead to none."""
    from hemiface.source import find_videos

    found: list[Path] = []
    failed = 0
    for path in paths:
        try:
            found += find_videos([path])
        except HemifaceError as problem:
            click.echo(f"Error: {problem}", err=True)
            failed += 1
    return find_videos(found), failed


def _check_folder(out: Path) -> None:
    """Refuse a folder that cannot be written before minutes are spent on measuring."""
    there = next(folder for folder in (out, *out.absolute().parents) if folder.exists())
    if not there.is_dir():
        raise OutputError(
            f"{out} must be a folder, but {there} is a file; give another with --out."
        )
    try:
        TemporaryDirectory(prefix=".hemiface-", dir=there).cleanup()
    except OSError as problem:
        raise OutputError(
            f"{out} cannot be written: {problem.strerror}; give another folder with --out."
        ) from problem


def _tell(outcomes: Iterator[Outcome]) -> int:
    """Print what came of each video, as it comes; return how many failed."""
    failed = 0
    for outcome in outcomes:
        click.echo(outcome.text, err=outcome.failed)
        failed += outcome.failed
    return failed
