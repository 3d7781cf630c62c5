"""TOML that people write: read, checked, and refused in one sentence with file and line."""

import re
import tomllib
from pathlib import Path
from typing import Any, TypeVar

from pydantic import BaseModel, ValidationError

from hemiface.errors import ConventionError

Checked = TypeVar("Checked", bound=BaseModel)


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


def read_toml(file: Path) -> dict[str, Any]:
    """Read a file of TOML.

    Raises
    ------
    hemiface.errors.ConventionError
        If it cannot be read, or is something else.
    """
    return _parse(read_text(file), file)


def check_toml(text: str, file: Path, model: type[Checked]) -> Checked:
    """Return what TOML says, in a checked form.

    Raises
    ------
    hemiface.errors.ConventionError
        With one sentence that names file and line.
    """
    try:
        return model.model_validate(_parse(text, file))
    except ValidationError as problem:
        first = problem.errors()[0]
        line, name = _line_of(text, str(first["loc"][0])), ".".join(map(str, first["loc"]))
        raise ConventionError(
            f"{file}, line {line}: {name} must be mended; {first['msg']}."
        ) from problem


def _parse(text: str, file: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(text)
    except tomllib.TOMLDecodeError as problem:
        raise ConventionError(f"{file} must be TOML; {problem}. Mend that line.") from problem


def _line_of(text: str, key: str) -> int:
    """Return the line on which a key stands; the first where it is missing."""
    pattern = re.compile(rf'\[?"?{re.escape(key)}"?\s*(\]|=)')
    lines = enumerate(text.splitlines(), start=1)
    return next((number for number, line in lines if pattern.match(line)), 1)
