"""The publications that pages cite."""

from pathlib import Path
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field, RootModel

from hemiface_clinic.tables import check_toml, read_text

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
