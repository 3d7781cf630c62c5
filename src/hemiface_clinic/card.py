"""The clinic's card: one file, `clinic.toml`, checked when it is read."""

from functools import lru_cache
from pathlib import Path
from typing import Annotated, Literal
from urllib.parse import quote
from zoneinfo import available_timezones

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, ValidationError, model_validator

from hemiface.errors import ConventionError
from hemiface_clinic.tables import read_toml

SHIPPED = Path(__file__).with_name("clinic.toml")
DAYS = ("Mo", "Tu", "We", "Th", "Fr", "Sa", "Su")


def _international(text: str) -> str:
    import phonenumbers

    try:
        number = phonenumbers.parse(text)
    except phonenumbers.NumberParseException:
        number = None
    if number is None or not phonenumbers.is_possible_number(number):
        raise ValueError("must be a telephone number that begins with + and the country")
    return text


def _known_timezone(name: str) -> str:
    if name not in available_timezones():
        raise ValueError("must be a name such as Asia/Kolkata")
    return name


Line = Annotated[str, Field(min_length=1, max_length=120)]
Telephone = Annotated[str, AfterValidator(_international)]
Clock = Annotated[str, Field(pattern=r"^([01]\d|2[0-3]):[0-5]\d$")]
_STRICT = ConfigDict(extra="forbid", frozen=True)


class Hours(BaseModel):
    """Days on which the clinic is open from `opens` to `closes`."""

    model_config = _STRICT

    days: Annotated[
        tuple[Literal["Mo", "Tu", "We", "Th", "Fr", "Sa", "Su"], ...], Field(min_length=1)
    ]
    opens: Clock
    closes: Clock

    @model_validator(mode="after")
    def _in_order(self) -> "Hours":
        if self.closes <= self.opens:
            raise ValueError("closes must be later than opens")
        return self


class Card(BaseModel):
    """What the clinic is called, where it is, and how it is reached."""

    model_config = _STRICT

    name: Line
    doctor: Line
    address: Annotated[tuple[Line, ...], Field(min_length=1)]
    country: Annotated[str, Field(pattern="^[A-Z]{2}$")]
    phone: Telephone
    whatsapp: Telephone | None = None
    hours: tuple[Hours, ...] = ()
    languages: Annotated[tuple[Literal["en", "hi"], ...], Field(min_length=1)]
    reply_days: Annotated[int, Field(ge=1, le=30)]
    keep_videos_days: Annotated[int, Field(ge=1, le=36_500)] | None = None
    emergency_number: Annotated[str, Field(pattern=r"^\d{2,6}$")]
    timezone: Annotated[str, AfterValidator(_known_timezone)]

    @property
    def phone_url(self) -> str:
        """Address that a telephone dials."""
        return f"tel:{_dialled(self.phone)}"

    @property
    def whatsapp_url(self) -> str:
        """Address that opens a conversation; empty where the clinic has none."""
        return f"https://wa.me/{_dialled(self.whatsapp)[1:]}" if self.whatsapp else ""

    @property
    def map_url(self) -> str:
        """Address that a telephone opens in its own map."""
        return f"geo:0,0?q={quote(', '.join((self.name, *self.address)))}"


def read_card(path: Path) -> Card:
    """Read the clinic's card.

    Raises
    ------
    hemiface.errors.ConventionError
        With one sentence for everything that is not right.
    """
    try:
        return Card.model_validate(read_toml(path))
    except ValidationError as problem:
        raise ConventionError(f"{path} must be mended: {_in_words(problem)}.") from problem


@lru_cache(maxsize=1)
def shown_card() -> Card:
    """Return the card of this installation, read once."""
    from django.conf import settings

    return read_card(settings.CLINIC_CARD)


def write_vcard(card: Card) -> str:
    """Return the card as a vCard, for the address book of a telephone."""
    import vobject

    entry = vobject.vCard()
    entry.add("fn").value = f"{card.doctor}, {card.name}"
    entry.add("n").value = vobject.vcard.Name(family=card.doctor)
    entry.add("org").value = [card.name]
    entry.add("adr").value = vobject.vcard.Address(
        street=", ".join(card.address), country=card.country
    )
    entry.add("tel").value = _dialled(card.phone)
    return str(entry.serialize())


def _dialled(number: str) -> str:
    import phonenumbers

    parsed = phonenumbers.parse(number)
    return phonenumbers.format_number(parsed, phonenumbers.PhoneNumberFormat.E164)


def _in_words(problem: ValidationError) -> str:
    return "; ".join(
        f"{'.'.join(map(str, error['loc']))}: {error['msg'].removeprefix('Value error, ')}"
        for error in problem.errors()
    )
