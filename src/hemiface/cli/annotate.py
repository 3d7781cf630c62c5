"""`hemiface annotate`: what was found, as marks beside the video for a doctor to correct."""

from pathlib import Path

import click

from hemiface.errors import ConventionError, SourceError

_PATH = click.Path(path_type=Path)


@click.command()
@click.argument("measurement", type=_PATH)
@click.argument("video", type=_PATH)
@click.option("--to", type=_PATH, metavar="FILE.eaf", help="[default: beside the video]")
def annotate(measurement: Path, video: Path, to: Path | None) -> None:
    """Write the events of a MEASUREMENT (.json) as an ELAN file that opens beside its VIDEO.

    Correct it in ELAN, and `hemiface compare` says how far the measurement was off.
    """
    from hemiface.agreement import events_of, write_eaf
    from hemiface.report.document import read_measurement

    path = to or video.with_suffix(".eaf")
    if not video.is_file():
        raise SourceError(f"{video} must be the video that was measured; there is no such file.")
    if path.exists():  # it may hold what somebody corrected
        raise ConventionError(f"{path} must be a new file; it is there already. Name another.")
    write_eaf(path, events_of(read_measurement(measurement)), video)
    click.echo(f"{path}: open it in ELAN beside {video.name}")
