"""The knowledge lies beside the code as TOML; words lie apart, in a folder per language."""

import tomllib
from collections.abc import Mapping
from functools import cache
from importlib.resources import files

from hemiface.errors import ConventionError

Plain = bool | int | float | str
Cell = Plain | list["Cell"] | dict[str, "Cell"]
Table = Mapping[str, Cell]

LANGUAGES = ("en",)


@cache
def read_table(name: str) -> Table:
    """Read a file of the package's own data.

    Parameters
    ----------
    name : str
        Path below `data` without its ending, such as "findings" or "en/findings".
    """
    text = files("hemiface.diagnosis").joinpath(f"data/{name}.toml").read_text(encoding="utf-8")
    return tomllib.loads(text)


def read_words(name: str, language: str) -> Table:
    """Read the words of a table in one language.

    Raises
    ------
    hemiface.errors.ConventionError
        If the language is not there.
    """
    if language not in LANGUAGES:
        raise ConventionError(
            f"A language must be one of {', '.join(LANGUAGES)}; got {language!r}. Use 'en'."
        )
    return read_table(f"{language}/{name}")


def table(cell: Cell | None) -> Table:
    """Return a cell that must be a table; an absent one has no rows."""
    return cell if isinstance(cell, dict) else {}


def rows(cell: Cell | None) -> list[Table]:
    """Return a cell that must be a list of tables; an absent one has none."""
    return [one for one in cell if isinstance(one, dict)] if isinstance(cell, list) else []


def texts(cell: Cell | None) -> tuple[str, ...]:
    """Return a cell that must be a list of texts; an absent one has none."""
    return tuple(map(str, cell)) if isinstance(cell, list) else ()


def text(cell: Cell | None) -> str:
    """Return a cell that must be text; an absent one is empty."""
    return cell if isinstance(cell, str) else ""


def number(cell: Cell | None) -> float | None:
    """Return a cell that must be a number; None where it is absent."""
    return cell if isinstance(cell, int | float) and not isinstance(cell, bool) else None
