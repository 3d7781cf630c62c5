"""TOML that people write: read, checked, and refused in one sentence with file and line."""

import re
import tomllib
from pathlib import Path
from typing import Annotated, TypeVar

from pydantic import BaseModel, ConfigDict, Field, RootModel, ValidationError

from hemiface.errors import ConventionError

Checked = TypeVar("Checked", bound=BaseModel)
Line = Annotated[str, Field(min_length=1)]


class Source(BaseModel):
    """A publication that pages cite.

    Attributes
    ----------
    text : str
        Authors, title, journal, year; Markdown.
    url : str or None
        Where it can be read.
    """

    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)

    text: Line
    url: Annotated[str, Field(pattern=r"^https?://\S+$")] | None = None


class _Sources(RootModel[dict[str, Source]]):
    pass


def read_sources(file: Path) -> dict[str, Source]:
    """Read the publications that pages cite, by their key.

    Raises
    ------
    hemiface.errors.ConventionError
        If the file is not as it must be.
    """
    return check_toml(read_text(file), file, _Sources).root


def read_text(file: Path) -> str:
    """Read a text file.

    Raises
    ------
    hemiface.errors.ConventionError
        If it is absent or not UTF-8.
    """
    try:
        return file.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as problem:
        raise ConventionError(f"{file} must be readable text; {problem}.") from problem


def check_toml(text: str, file: Path, model: type[Checked]) -> Checked:
    """Return what TOML says, in a checked form.

    Raises
    ------
    hemiface.errors.ConventionError
        With one sentence that names file and line.
    """
    try:
        return model.model_validate(tomllib.loads(text))
    except tomllib.TOMLDecodeError as problem:
        raise ConventionError(f"{file} must be TOML; {problem}. Mend that line.") from problem
    except ValidationError as problem:
        first = problem.errors()[0]
        line, name = _line_of(text, str(first["loc"][0])), ".".join(map(str, first["loc"]))
        raise ConventionError(
            f"{file}, line {line}: {name} must be mended; {first['msg']}."
        ) from problem


def _line_of(text: str, key: str) -> int:
    """Return the line on which a key stands; the first where it is missing."""
    pattern = re.compile(rf'\[?"?{re.escape(key)}"?\s*(\]|=)')
    lines = enumerate(text.splitlines(), start=1)
    return next((number for number, line in lines if pattern.match(line)), 1)
