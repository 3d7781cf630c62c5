"""What a page shows of a recording: its film, or the lines of its landmarks."""

import tempfile
from pathlib import Path

from hemiface.report.faceless import write_faceless
from hemiface.report.preview import write_preview
from hemiface.source.points import is_points, read_points


def write_film(recording: Path, out: Path) -> bool:
    """Write an MP4 that every browser plays.

    Parameters
    ----------
    recording : Path
        A video, or landmarks: of these their lines are drawn.
    out : Path

    Returns
    -------
    bool
        False, and no file, if the recording is too long to be part of a page.

    Raises
    ------
    SourceError
        If the recording cannot be read.
    OutputError
        If the MP4 cannot be written.
    """
    if not is_points(recording):
        return write_preview(recording, out)
    with tempfile.TemporaryDirectory(prefix=".hemiface-", dir=out.parent) as scratch:
        drawn = Path(scratch) / "faceless.mp4"
        write_faceless(read_points(recording).points, drawn)
        return write_preview(drawn, out)
