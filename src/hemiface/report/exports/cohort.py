"""A table of many people for research, without what would tell who they are.

Pseudonyms become study numbers by a keyed hash (HMAC-SHA-256, RFC 2104), days count from each
person's own first treatment, years of birth are given in bands of five. Only words of closed lists
go in; whatever else was written reads "other". Diaries, side effects, lots and recordings stay out.
The rules follow the safe harbour of HIPAA (45 CFR 164.514(b)(2)): ages above 89 are one group; the
bands of five years are our choice. It lowers the risk of telling who somebody is; it is not proof.
"""

import base64
import hashlib
import hmac
import re
from collections import Counter
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from hemiface.errors import ConventionError
from hemiface.records import (
    Course,
    Grade,
    Injection,
    Measured,
    Medicine,
    Operation,
    Person,
    Therapy,
    Treatment,
)
from hemiface.report.exports.checking import check_course
from hemiface.report.exports.fhir.codes import UNITS
from hemiface.report.words import MEASURES
from hemiface.scales import read_scales
from hemiface.whole import written_whole

if TYPE_CHECKING:
    import pandas as pd

COLUMNS = (
    "study_number", "sex", "born", "affected_side", "part", "name", "version", "by", "side",
    "day", "until_day", "value", "low", "high", "unit", "task", "observed_s", "n",
)  # fmt: skip
"""Columns of the table; `day` counts from each person's own day zero."""

BRANDS = ("botox", "dysport", "xeomin", "jeuveau", "daxxify", "letybo", "myobloc")
KINDS = (
    "electrical_stimulation", "massage", "exercises", "relaxation", "magnesium", "calcium",
    "potassium", "iron", "zinc", "vitamin_b1", "vitamin_b6", "vitamin_b12", "vitamin_d",
    "acupuncture", "ayurveda", "herbs", "homoeopathy", "chiropractic", "yoga", "meditation",
)  # fmt: skip
TASKS = (
    "rest", "speak", "read", "sing", "eye_closure", "smile", "brow_raise", "pucker", "head_turn",
)  # fmt: skip
PROCEDURES = ("microvascular_decompression",)
OTHER = "other"
OLDEST = "aged 90 or more"

_ATC = re.compile(r"[A-Z]\d{2}[A-Z]{2}\d{2}")
_LEAST_SECRET = 16
_LEAST_GROUP = 5
_BAND = 5
_OLD = 90

_Row = dict[str, str | float | int | None]


@dataclass(frozen=True)
class Anonymity:
    """How small the groups are in which a person could be looked for.

    Attributes
    ----------
    n_people, n_rows : int
    smallest_group : int
        People in the smallest group of one sex and one band of birth (the k of k-anonymity); 0
        where there is nobody.
    small_groups : tuple of (str, str, int)
        Sex, band and people of each group of fewer than five (our choice).
    """

    n_people: int
    n_rows: int
    smallest_group: int
    small_groups: tuple[tuple[str, str, int], ...]


def cohort_table(courses: Sequence[Course], *, secret: bytes) -> "pd.DataFrame":
    """Return one row per person and measure, grade or treatment, de-identified.

    Parameters
    ----------
    courses : sequence of Course
        One per person.
    secret : bytes
        At least 16. The same secret gives the same study numbers; who has it can make them again,
        so it stays in the clinic.

    Returns
    -------
    DataFrame
        With the columns of `COLUMNS`, in order of study number.

    Raises
    ------
    ConventionError
        If the secret is short, or a person is there twice.
    """
    import pandas as pd

    if len(secret) < _LEAST_SECRET:
        raise ConventionError(
            f"The secret must have at least {_LEAST_SECRET} bytes; got {len(secret)}. "
            "Make one with secrets.token_bytes(32)."
        )
    numbered = {_study_number(one.person.key, secret): one for one in courses}
    if len(numbered) != len(courses):
        raise ConventionError(
            f"Every course must be of another person; got {len(courses)} of {len(numbered)}. Join "
            "or leave out the courses of one person."
        )
    rows = [row for number in sorted(numbered) for row in _rows(number, numbered[number])]
    return pd.DataFrame(rows, columns=list(COLUMNS)).astype(
        {"day": "Int64", "until_day": "Int64", "n": "Int64"}
    )


def measure_anonymity(table: "pd.DataFrame") -> Anonymity:
    """Return how small the groups of sex and band of birth are in a table of `cohort_table`."""
    people = table.drop_duplicates("study_number")
    sizes = Counter(zip(people["sex"], people["born"], strict=True))
    groups = [(str(sex), str(born), size) for (sex, born), size in sorted(sizes.items())]
    return Anonymity(
        len(people),
        len(table),
        min((size for _, _, size in groups), default=0),
        tuple(group for group in groups if group[2] < _LEAST_GROUP),
    )


def write_cohort(courses: Sequence[Course], path: Path, *, secret: bytes) -> Anonymity:
    """Write `cohort_table` as CSV, and say how small its groups are.

    Returns
    -------
    Anonymity
        Look at it before the file leaves the clinic.

    Raises
    ------
    ConventionError
        As `cohort_table`.
    OutputError
        If it cannot be written.
    """
    table = cohort_table(courses, secret=secret)
    with written_whole(path) as part:
        table.to_csv(part, index=False, lineterminator="\r\n")
    return measure_anonymity(table)


def _study_number(key: str, secret: bytes) -> str:
    digest = hmac.new(secret, key.encode(), hashlib.sha256).digest()
    return "S" + base64.b32encode(digest).decode()[:15]


def _rows(number: str, course: Course) -> Iterator[_Row]:
    check_course(course)
    zero = _day_zero(course)
    who: _Row = {
        "study_number": number,
        "sex": course.person.sex,
        "born": _band(course.person, _last_day(course)),
        "affected_side": course.person.affected_side,
    }
    for row in _records(course, zero):
        yield who | row


def _records(course: Course, zero: date) -> Iterator[_Row]:
    for measured in course.measured:
        yield _measured(measured) | _days(zero, measured.on)
    for grade in course.grades:
        yield _grade(grade) | _days(zero, grade.on)
    for one in course.treatments:
        yield {"part": "treatment"} | _treatment(one) | _days(zero, one.on, _until(one))


def _dates(course: Course) -> list[date]:
    records = (*course.measured, *course.grades, *course.treatments)
    return [one.on for one in records]


def _day_zero(course: Course) -> date:
    """Day of the first treatment, of the first record where nobody was treated."""
    treated = [one.on for one in course.treatments]
    return min(treated or _dates(course), default=date.min)


def _last_day(course: Course) -> date:
    return max(_dates(course), default=date.min)


def _days(zero: date, on: date, until: date | None = None) -> _Row:
    return {"day": (on - zero).days, "until_day": None if until is None else (until - zero).days}


def _until(one: Treatment) -> date | None:
    return one.until if isinstance(one, Medicine | Therapy) else None


def _band(person: Person, last: date) -> str:
    if person.birth_year is None:
        return "unknown"
    if last.year - person.birth_year >= _OLD:
        return OLDEST
    start = person.birth_year - person.birth_year % _BAND
    return f"{start}-{start + _BAND - 1}"


def _listed(word: str, words: Collection[str]) -> str:
    return word if word in words else OTHER


def _measured(one: Measured) -> _Row:
    return {
        "part": "measure",
        "name": _listed(one.name, MEASURES),
        "by": "software",
        "side": one.side,
        "value": one.value,
        "low": one.low,
        "high": one.high,
        "unit": _listed(one.unit, UNITS),
        "task": _listed(one.task, TASKS),
        "observed_s": one.observed_s,
        "n": one.n,
    }


def _grade(one: Grade) -> _Row:
    known = (one.scale, one.version) in {(scale.key, scale.version) for scale in read_scales()}
    return {
        "part": "grade",
        "name": one.scale if known else OTHER,
        "version": one.version if known else OTHER,
        "by": one.by,
        "side": one.side,
        "value": one.value,
        "unit": "points",
    }


def _treatment(one: Treatment) -> _Row:
    if isinstance(one, Injection):
        brand = _listed(one.brand, BRANDS)
        return {"name": f"injection {brand}", "value": one.total_units, "unit": f"U ({brand})"}
    if isinstance(one, Medicine):
        name = one.atc if _ATC.fullmatch(one.atc) else OTHER
        return {"name": f"medicine {name}", "value": one.daily_mg, "unit": "mg/d"}
    if isinstance(one, Operation):
        return {"name": f"operation {_listed(one.procedure, PROCEDURES)}", "side": one.side}
    return {"name": f"{one.modality} {_listed(one.kind, KINDS)}"}
