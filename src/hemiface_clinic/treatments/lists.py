"""The lists of `lists.toml`: brands of botulinum toxin, and medicines with their codes."""

from functools import lru_cache
from pathlib import Path
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

from hemiface_clinic.tables import check_toml, read_text

FILE = Path(__file__).with_name("lists.toml")
ATC = r"^[ABCDGHJLMNPRSV]\d{2}[A-Z]{2}\d{2}$"
"""A whole code of the Anatomical Therapeutic Chemical classification: group to substance."""

_STRICT = ConfigDict(extra="forbid", frozen=True)


class Brand(BaseModel):
    """A brand of botulinum toxin."""

    model_config = _STRICT

    key: Annotated[str, Field(pattern="^[a-z]+$")]
    name: str
    drug: str

    @property
    def label(self) -> str:
        """Name for people."""
        return f"{self.name} ({self.drug})"


class Substance(BaseModel):
    """A medicine and its code."""

    model_config = _STRICT

    name: str
    atc: Annotated[str, Field(pattern=ATC)]


class Lists(BaseModel):
    """What is offered."""

    model_config = _STRICT

    brand: tuple[Brand, ...]
    substance: tuple[Substance, ...]


@lru_cache(maxsize=1)
def read_lists() -> Lists:
    """Return the lists, read once."""
    return check_toml(read_text(FILE), FILE, Lists)


def brand_name(contents: dict[str, str]) -> str:
    """Return what the toxin of a session is called, in short."""
    names = {brand.key: brand.name for brand in read_lists().brand}
    return names.get(contents["brand"]) or contents["brand_name"]


def code_of(name: str) -> str:
    """Return the code of a medicine in the list; empty for others."""
    codes = {one.name: one.atc for one in read_lists().substance}
    return codes.get(name.casefold(), "")
