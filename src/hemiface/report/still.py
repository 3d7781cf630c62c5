"""One small picture of a recording, to know it by in a list."""

from pathlib import Path

from hemiface.errors import SourceError
from hemiface.whole import written_whole

LONG_SIDE_PX = 320
_QUALITY = 80


def write_still(film: Path, at_s: float, out: Path) -> None:
    """Write the frame of a film that is shown at a time as JPEG, at most 320 px wide and high.

    Parameters
    ----------
    film : Path
        As `write_film` writes it.
    at_s : float
        Seconds from the first frame; after the last one the last one is taken.
    out : Path

    Raises
    ------
    SourceError
        If the film cannot be read.
    OutputError
        If the picture cannot be written.
    """
    import av
    import cv2

    picture = None
    try:
        with av.open(str(film)) as source:
            for frame in source.decode(video=0):
                picture = frame
                if frame.time is None or frame.time >= at_s:
                    break
    except av.FFmpegError as problem:
        raise SourceError(f"{film} cannot be shown: {problem.strerror or problem}.") from problem
    if picture is None:
        raise SourceError(f"{film} cannot be shown: it holds no picture.")
    scale = min(1.0, LONG_SIDE_PX / max(picture.width, picture.height))
    width, height = (max(2, round(side * scale)) for side in (picture.width, picture.height))
    small = picture.reformat(width, height, "bgr24").to_ndarray()
    _, packed = cv2.imencode(".jpg", small, [cv2.IMWRITE_JPEG_QUALITY, _QUALITY])
    with written_whole(out) as part:
        part.write_bytes(packed.tobytes())
