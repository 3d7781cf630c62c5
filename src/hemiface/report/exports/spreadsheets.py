"""A course as seven tables in CSV, exact in both directions.

UTF-8 with a byte order mark, which spreadsheet programs need to see letters beyond ASCII; commas;
lines end as RFC 4180 wants. All seven are written whole, or none.
"""

import csv
import io
from collections.abc import Iterable, Iterator, Mapping
from contextlib import ExitStack
from pathlib import Path

from hemiface.errors import OutputError, SourceError
from hemiface.records import (
    Course,
    Dose,
    Entry,
    Grade,
    Injection,
    Measured,
    Medicine,
    Operation,
    Person,
    SideEffect,
    Therapy,
    Treatment,
)
from hemiface.report.exports.cells import (
    DATE,
    MOMENT,
    NUMBER,
    ROWS,
    TEXT,
    TRUTH,
    WHOLE,
    WORDS,
    Cell,
    or_none,
)
from hemiface.report.exports.checking import check_course
from hemiface.whole import written_whole

Columns = Mapping[str, Cell]
Row = dict[str, str]
_Fields = dict[str, object]

PERSON: Columns = {
    "key": TEXT, "sex": TEXT, "birth_year": or_none(WHOLE), "affected_side": or_none(TEXT),
    "onset": or_none(DATE),
}  # fmt: skip
MEASURES: Columns = {
    "on": DATE, "name": TEXT, "value": NUMBER, "unit": TEXT, "side": or_none(TEXT), "task": TEXT,
    "observed_s": NUMBER, "n": WHOLE, "low": NUMBER, "high": NUMBER, "recording": TEXT,
    "fps": NUMBER,
}  # fmt: skip
GRADES: Columns = {
    "on": DATE, "scale": TEXT, "version": TEXT, "value": NUMBER, "by": TEXT, "side": or_none(TEXT),
    "items": ROWS,
}  # fmt: skip
DIARY: Columns = {
    "at": MOMENT, "side": or_none(TEXT), "burden": or_none(WHOLE), "spell_s": or_none(NUMBER),
    "sites": WORDS, "triggers": WORDS, "stress": or_none(WHOLE), "sleep_h": or_none(NUMBER),
    "medicines": WORDS, "spasm_now": TRUTH, "note": TEXT,
}  # fmt: skip
SIDE_EFFECTS: Columns = {
    "on": DATE, "kind": TEXT, "until": or_none(DATE), "degree": or_none(WHOLE), "after": TEXT,
}  # fmt: skip
DOSES: Columns = {"treatment": WHOLE, "muscle": TEXT, "side": TEXT, "units": NUMBER}
_TREATMENT: Columns = {"treatment": WHOLE, "what": TEXT, "on": DATE, "until": or_none(DATE)}
_KINDS: Mapping[str, tuple[type[Treatment], Columns]] = {
    "injection": (
        Injection,
        {"brand": TEXT, "lot": TEXT, "dilution_ml": NUMBER, "vial_units": NUMBER},
    ),
    "medicine": (
        Medicine,
        {"name": TEXT, "atc": TEXT, "daily_mg": NUMBER, "taken": or_none(TRUTH)},
    ),
    "therapy": (
        Therapy,
        {"modality": TEXT, "kind": TEXT, "sessions": or_none(WHOLE), "settings": ROWS},
    ),
    "operation": (
        Operation,
        {
            "side": TEXT, "procedure": TEXT, "approach": TEXT, "vessels": WORDS, "segment": TEXT,
            "implant": TEXT, "lsr": TEXT,
        },
    ),
}  # fmt: skip
TREATMENTS: Columns = {
    **_TREATMENT,
    **{name: cell for _, columns in _KINDS.values() for name, cell in columns.items()},
}
FILES: Mapping[str, Columns] = {
    "person": PERSON, "measures": MEASURES, "grades": GRADES, "diary": DIARY,
    "treatments": TREATMENTS, "doses": DOSES, "side_effects": SIDE_EFFECTS,
}  # fmt: skip
"""Every table by the name of its file, with its columns in order."""


def write_csv(course: Course, folder: Path) -> list[Path]:
    """Write a course as CSV: one file a part, with the names of `FILES`.

    Parameters
    ----------
    course : Course
    folder : Path
        Where to; it is made if it does not exist. Files of the same names are replaced.

    Returns
    -------
    list of Path

    Raises
    ------
    ConventionError
        If the course has something that no file can hold.
    OutputError
        If they cannot be written; then none is.
    """
    check_course(course)
    texts = {folder / f"{name}.csv": _text(name, rows) for name, rows in _tables(course).items()}
    _make_place(folder, texts)
    with ExitStack() as all_whole:
        for path, text in texts.items():
            part = all_whole.enter_context(written_whole(path))
            part.write_text(text, encoding="utf-8-sig", newline="")
    return list(texts)


def read_csv(folder: Path) -> Course:
    """Read a course that `write_csv` wrote.

    Raises
    ------
    SourceError
        If a file is missing, or is not as `write_csv` writes it.
    """
    tables = {name: _read_table(folder / f"{name}.csv", FILES[name]) for name in FILES}
    try:
        course = _course(tables)
        check_course(course)
    except (LookupError, TypeError, ValueError) as problem:
        raise SourceError(
            f"{folder} must hold a course written by hemiface; it does not ({problem}). Export it "
            "again."
        ) from problem
    return course


def _tables(course: Course) -> dict[str, list[Row]]:
    treatments = list(enumerate(course.treatments, start=1))
    return {
        "person": [_row(course.person, PERSON)],
        "measures": [_row(one, MEASURES) for one in course.measured],
        "grades": [_row(one, GRADES) for one in course.grades],
        "diary": [_row(one, DIARY) for one in course.diary],
        "treatments": [_treatment_row(one, number) for number, one in treatments],
        "doses": [
            {"treatment": str(number), **_row(dose, {**DOSES, "treatment": None})}
            for number, one in treatments
            if isinstance(one, Injection)
            for dose in one.doses
        ],
        "side_effects": [_row(one, SIDE_EFFECTS) for one in course.side_effects],
    }


def _row(record: object, columns: Mapping[str, Cell | None]) -> Row:
    return {
        name: cell.write(getattr(record, name))
        for name, cell in columns.items()
        if cell is not None
    }


def _treatment_row(one: Treatment, number: int) -> Row:
    what = next(name for name, (kind, _) in _KINDS.items() if isinstance(one, kind))
    until = or_none(DATE).write(getattr(one, "until", None))
    own = _row(one, _KINDS[what][1])
    return {"treatment": str(number), "what": what, "on": DATE.write(one.on), "until": until} | own


def _text(name: str, rows: Iterable[Row]) -> str:
    file = io.StringIO(newline="")
    writer = csv.DictWriter(file, list(FILES[name]), restval="", lineterminator="\r\n")
    writer.writeheader()
    writer.writerows(rows)
    return file.getvalue()


def _make_place(folder: Path, paths: Iterable[Path]) -> None:
    """Make the folder; a folder where a file must stand is what a move could trip over half-way."""
    blocked = next((path for path in paths if path.is_dir()), None)
    if blocked is not None:
        raise OutputError(f"{blocked} must be a file, but is a folder. Move it away.")
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as problem:
        raise OutputError(
            f"{folder} cannot be made: {problem.strerror or problem}. Choose another place."
        ) from problem


def _read_table(path: Path, columns: Columns) -> list[_Fields]:
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            reader = csv.DictReader(file, strict=True)
            if reader.fieldnames is None or list(reader.fieldnames) != list(columns):
                raise SourceError(
                    f"{path} must have the columns {', '.join(columns)}; it has others. Export it "
                    "again."
                )
            return [_fields(path, reader.line_num, row, columns) for row in reader]
    except OSError as problem:
        raise SourceError(
            f"{path} cannot be read: {problem.strerror or problem}. Give a folder of write_csv."
        ) from problem
    except (csv.Error, UnicodeError) as problem:
        raise SourceError(f"{path} must be CSV in UTF-8; it is not. Export it again.") from problem


def _fields(path: Path, line: int, row: Row, columns: Columns) -> _Fields:
    """Read the cells of a row; of a treatment only those of its kind."""
    wanted = columns
    if columns is TREATMENTS and row["what"] in _KINDS:
        wanted = {**_TREATMENT, **_KINDS[row["what"]][1]}
    try:
        return {name: cell.read(row[name]) for name, cell in wanted.items()}
    except (LookupError, TypeError, ValueError) as problem:
        raise SourceError(
            f"{path} must be as write_csv writes it; line {line} is not ({problem}). Correct it."
        ) from problem


def _course(tables: Mapping[str, list[_Fields]]) -> Course:
    (person,) = tables["person"]
    doses = tables["doses"]
    return Course(
        Person(**person),  # type: ignore[arg-type]  # by the same columns
        tuple(Measured(**one) for one in tables["measures"]),  # type: ignore[arg-type]
        tuple(Grade(**one) for one in tables["grades"]),  # type: ignore[arg-type]
        tuple(Entry(**one) for one in tables["diary"]),  # type: ignore[arg-type]
        tuple(_treatment(one, doses) for one in tables["treatments"]),
        tuple(SideEffect(**one) for one in tables["side_effects"]),  # type: ignore[arg-type]
    )


def _treatment(row: _Fields, doses: list[_Fields]) -> Treatment:
    number, what, until = (row.pop(name) for name in ("treatment", "what", "until"))
    kind, _ = _KINDS[str(what)]
    if kind is Injection:
        row["doses"] = tuple(_doses(doses, number))
    if kind in (Medicine, Therapy):
        row["until"] = until
    return kind(**row)  # type: ignore[arg-type]  # by the same columns


def _doses(doses: list[_Fields], number: object) -> Iterator[Dose]:
    for one in doses:
        if one["treatment"] == number:
            yield Dose(**{name: one[name] for name in ("muscle", "side", "units")})  # type: ignore[arg-type]
