"""The report: one HTML file with everything inside, which opens from the file system, offline."""

import base64
import json
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import IO, Any

from hemiface.errors import OutputError
from hemiface.report.contents import page_contents
from hemiface.report.film import write_film
from hemiface.report.player import player_document
from hemiface.types import Measurement

_VIDEO_MARK = "@@VIDEO@@"
_FONTS = {
    "Source Sans 3 Variable": ("sans.woff2", "200 900"),
    "Newsreader Variable": ("serif.woff2", "200 800"),
}
_CHUNK = 3 * 2**18
"""A multiple of three, so that pieces of base64 can be joined."""


def write_page(m: Measurement, path: Path, *, video: Path | None) -> None:
    """Write the report of a measurement as one self-contained HTML page.

    Parameters
    ----------
    m : Measurement
        With signals for the traces; without, the page shows events only.
    path : Path
        The page to write.
    video : Path or None
        The recording to show in the page; None leaves it out.

    Raises
    ------
    SourceError
        If the video cannot be read.
    OutputError
        If the page cannot be written, or the page's script was not built.
    """
    try:
        with _preview(video, path.parent) as preview, path.open("wb") as out:
            _write(_render(m, has_video=preview is not None), preview, out)
    except OSError as problem:
        raise OutputError(f"{path} cannot be written: {problem.strerror}.") from problem


@contextmanager
def _preview(video: Path | None, folder: Path) -> Iterator[Path | None]:
    """The page's copy of the recording, for as long as it is needed; None if there is none."""
    if video is None:
        yield None
        return
    with tempfile.TemporaryDirectory(prefix=".hemiface-", dir=folder) as scratch:
        film = Path(scratch) / "film.mp4"
        yield film if write_film(video, film) else None


def _render(m: Measurement, *, has_video: bool) -> str:
    import jinja2

    environment = jinja2.Environment(
        loader=jinja2.FunctionLoader(read_asset),
        autoescape=True,
        trim_blocks=True,
        lstrip_blocks=True,
        undefined=jinja2.StrictUndefined,
    )
    return environment.get_template("page.html.j2").render(
        page_contents(m),
        has_video=has_video,
        video_mark=_VIDEO_MARK,
        style=font_faces() + read_asset("page.css"),
        script=_read_static("report.js").decode("utf-8"),
        document=_inline_json(player_document(m)),
    )


def _write(html: str, preview: Path | None, out: IO[bytes]) -> None:
    before, _, after = html.partition(_VIDEO_MARK)
    out.write(before.encode("utf-8", "replace"))
    if preview is not None:
        _write_base64(preview, out)
    out.write(after.encode("utf-8", "replace"))


def _write_base64(source: Path, out: IO[bytes]) -> None:
    with source.open("rb") as file:
        while chunk := file.read(_CHUNK):
            out.write(base64.b64encode(chunk))


def _inline_json(document: dict[str, Any]) -> str:
    """JSON that cannot end the script element it stands in."""
    text = json.dumps(document, ensure_ascii=False, allow_nan=False, separators=(",", ":"))
    return text.replace("<", "\\u003c")


def font_faces() -> str:
    """Return the fonts of a page, inside its style."""
    faces = (
        f'@font-face{{font-family:"{name}";font-weight:{weights};font-display:swap;'
        f"src:url(data:font/woff2;base64,{base64.b64encode(_read_static(file)).decode()})"
        ' format("woff2")}\n'
        for name, (file, weights) in _FONTS.items()
    )
    return "".join(faces)


def read_asset(name: str) -> str:
    """Return a template or style of the pages."""
    return files("hemiface.report").joinpath(name).read_text("utf-8")


@cache
def _read_static(name: str) -> bytes:
    try:
        return files("hemiface.report").joinpath("static", name).read_bytes()
    except FileNotFoundError:
        raise OutputError(
            f"The report needs {name}, which has not been built; run `npm ci` and "
            "`npm run build` in the folder islands, or install a released package."
        ) from None
