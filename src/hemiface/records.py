"""What is written down over the years: measures, grades, diary and treatments of one person.

All of it lies on one axis of civil dates. A diary entry has a time of day too, with its offset from
UTC.
"""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal

from hemiface.types import Side

Author = Literal["patient", "clinician", "software"]
Sex = Literal["female", "male", "other", "unknown"]

Trigger = Literal[
    "stress", "fatigue", "speaking", "eating", "reading", "singing", "bright_light", "cold",
    "screen", "head_position", "closing_the_eyes", "sneezing", "exercise", "meeting_people",
]  # fmt: skip
"""What a diary offers as a trigger. Only stress has a published share (44.9 % of 321,
PMID 22222858); the others are named by patients and are our choice."""


@dataclass(frozen=True)
class Measured:
    """One measure of one recording, on the day it was filmed.

    Attributes
    ----------
    on : date
    name, unit, task : str
        As in `hemiface.types.Measure`.
    side : "left", "right" or None
        The person's own side; None for the whole face.
    value, low, high : float
        The number and its 95 % interval; NaN where not known.
    observed_s : float
        Seconds in which a spasm could have been seen.
    n : int
        Events behind it.
    recording : str
        Name of the recording.
    fps : float
        Frames a second of the recording; NaN where not known.
    """

    on: date
    name: str
    value: float
    unit: str
    side: Side | None = None
    task: str = "rest"
    observed_s: float = float("nan")
    n: int = 0
    low: float = float("nan")
    high: float = float("nan")
    recording: str = ""
    fps: float = float("nan")


@dataclass(frozen=True)
class Grade:
    """A value on a clinical scale: which scale in which version, by whom and when.

    Attributes
    ----------
    on : date
    scale, version : str
        Key and version of the scale; versions are never mixed.
    value : float
    by : str
        "patient" or "clinician".
    side : "left", "right" or None
    items : tuple of (str, float)
        The answers it was made from, where there are any.
    """

    on: date
    scale: str
    version: str
    value: float
    by: Author
    side: Side | None = None
    items: tuple[tuple[str, float], ...] = ()


@dataclass(frozen=True)
class Entry:
    """One entry of a diary.

    Attributes
    ----------
    at : datetime
        When it is about, with an offset from UTC.
    side : "left", "right" or None
    burden : int or None
        How much the spasms troubled, 0 to 10.
    spell_s : float or None
        Length of the worst spell, seconds.
    sites : tuple of str
        Where: muscles or regions of the face.
    triggers : tuple of str
        From `Trigger`.
    stress : int or None
        0 to 10.
    sleep_h : float or None
        Hours slept the night before.
    medicines : tuple of str
        What was taken.
    spasm_now : bool
        Whether it is the one-tap note of a spasm going on.
    note : str
        The person's own words.
    """

    at: datetime
    side: Side | None = None
    burden: int | None = None
    spell_s: float | None = None
    sites: tuple[str, ...] = ()
    triggers: tuple[Trigger, ...] = ()
    stress: int | None = None
    sleep_h: float | None = None
    medicines: tuple[str, ...] = ()
    spasm_now: bool = False
    note: str = ""


@dataclass(frozen=True)
class Dose:
    """Units of one brand into one muscle of one side."""

    muscle: str
    side: Side
    units: float


@dataclass(frozen=True)
class Injection:
    """One session of botulinum toxin. Units of different brands are different units.

    Attributes
    ----------
    on : date
    brand : str
        Key of the brand.
    doses : tuple of Dose
    lot : str
    dilution_ml : float
        Millilitres of saline in a vial of `vial_units`; NaN where not written down.
    vial_units : float
    """

    on: date
    brand: str
    doses: tuple[Dose, ...]
    lot: str = ""
    dilution_ml: float = float("nan")
    vial_units: float = float("nan")

    @property
    def total_units(self) -> float:
        """Units of the whole session, both sides."""
        return sum(dose.units for dose in self.doses)


@dataclass(frozen=True)
class Medicine:
    """A medicine as it is given: what, how much, from when to when.

    Attributes
    ----------
    on : date
        Of the first dose.
    name, atc : str
        Name of the substance, and its code of the Anatomical Therapeutic Chemical classification.
    daily_mg : float
    until : date or None
        Of the last dose; None while it goes on.
    taken : bool or None
        Whether it is taken as agreed; None where nobody asked.
    """

    on: date
    name: str
    atc: str = ""
    daily_mg: float = float("nan")
    until: date | None = None
    taken: bool | None = None


@dataclass(frozen=True)
class Therapy:
    """Physical therapy, nutrition, or a complementary treatment.

    Attributes
    ----------
    on : date
    modality : str
        "physical", "nutrition" or "complementary".
    kind : str
        What is done or taken: "electrical_stimulation", "massage", "magnesium", "acupuncture" ...
    until : date or None
    sessions : int or None
    settings : tuple of (str, float, str)
        Name, value and unit, such as ("frequency", 20.0, "Hz").
    """

    on: date
    modality: Literal["physical", "nutrition", "complementary"]
    kind: str
    until: date | None = None
    sessions: int | None = None
    settings: tuple[tuple[str, float, str], ...] = ()


@dataclass(frozen=True)
class Operation:
    """Microvascular decompression, or another operation for the spasm.

    Attributes
    ----------
    on : date
    procedure, approach : str
    side : "left" or "right"
    vessels : tuple of str
        Found on the nerve: "AICA", "PICA", "VA", "vein" ...
    segment : str
        Where on the nerve.
    implant : str
        What was put between, such as "Teflon".
    lsr : "gone", "smaller", "unchanged", "not seen" or "not monitored"
        The lateral spread response at the end.
    """

    on: date
    side: Side
    procedure: str = "microvascular_decompression"
    approach: str = ""
    vessels: tuple[str, ...] = ()
    segment: str = ""
    implant: str = ""
    lsr: Literal["gone", "smaller", "unchanged", "not seen", "not monitored"] = "not monitored"


Treatment = Injection | Medicine | Therapy | Operation


@dataclass(frozen=True)
class SideEffect:
    """Something unwanted after a treatment.

    Attributes
    ----------
    on : date
    kind : str
        "ptosis", "mouth_droop", "lagophthalmos", "dry_eye", "hearing_loss", "facial_palsy" ...
    until : date or None
        None while it goes on.
    degree : int or None
        1 mild, 2 moderate, 3 severe.
    after : str
        Kind of the treatment it is put down to: "injection", "medicine", "therapy", "operation".
    """

    on: date
    kind: str
    until: date | None = None
    degree: int | None = None
    after: str = ""


@dataclass(frozen=True)
class Person:
    """Whose course it is, without a name.

    Attributes
    ----------
    key : str
        A pseudonym.
    sex : str
    birth_year : int or None
    affected_side : "left", "right" or None
    onset : date or None
        When the spasms began, as well as the person knows.
    """

    key: str
    sex: Sex = "unknown"
    birth_year: int | None = None
    affected_side: Side | None = None
    onset: date | None = None


@dataclass(frozen=True)
class Course:
    """Everything written down about one person, each part in order of time."""

    person: Person
    measured: tuple[Measured, ...] = ()
    grades: tuple[Grade, ...] = ()
    diary: tuple[Entry, ...] = ()
    treatments: tuple[Treatment, ...] = ()
    side_effects: tuple[SideEffect, ...] = ()

    @property
    def injections(self) -> tuple[Injection, ...]:
        """The sessions of botulinum toxin."""
        return tuple(one for one in self.treatments if isinstance(one, Injection))

    @property
    def operations(self) -> tuple[Operation, ...]:
        """The operations."""
        return tuple(one for one in self.treatments if isinstance(one, Operation))
