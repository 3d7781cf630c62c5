"""Many virtual patients and their courses, drawn in processes, and written as tables.

Patient number i of a seed is the same in a cohort of ten and of a thousand, and whatever the number
of processes.
"""

import json
import math
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Executor, ProcessPoolExecutor
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from functools import partial
from multiprocessing import get_context
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

import numpy as np

from hemiface.errors import ConventionError, OutputError
from hemiface.simulate.course.simulate import Course, simulate_course
from hemiface.simulate.course.treatments import Treatment
from hemiface.simulate.people.epidemiology import Condition
from hemiface.simulate.people.patient import draw_patient
from hemiface.simulate.people.severity import Severity
from hemiface.types import Side

if TYPE_CHECKING:
    import pandas as pd

T = TypeVar("T")

FILES = ("patients.csv", "visits.csv", "cohort.json")
"""What `write_cohort` writes."""

MOST_PATIENTS = 100_000
_AT_A_TIME = 10  # patients that a process is handed at once


@dataclass(frozen=True)
class Asked:
    """What every patient of a cohort has in common.

    Attributes
    ----------
    seed : int
        Same seed, same patients.
    condition, severity, side : str
        Given to `draw_patient`; None leaves it to chance.
    treatments : tuple of Treatment
        As planned, for everyone; each patient has their own response.
    days, every_days, minutes : int, float, float
        Length of the course, days between visits, and minutes recorded at each.
    """

    seed: int
    condition: Condition = "hfs"
    severity: Severity | None = None
    side: Side | None = None
    treatments: tuple[Treatment, ...] = ()
    days: int = 365
    every_days: float = 14.0
    minutes: float = 3.0


def patient_seed(seed: int, number: int, purpose: int = 0) -> int:
    """Return the seed of one patient of a cohort, whatever the cohort's size."""
    drawn = np.random.SeedSequence([seed, 51, number, purpose]).generate_state(1, np.uint64)
    return int(drawn[0] >> np.uint64(11))  # 53 bits, which JSON numbers hold exactly


def simulate_cohort(
    n: int,
    asked: Asked,
    *,
    workers: int = 1,
    progress: Callable[[float], None] | None = None,
) -> list[Course]:
    """Draw patients and their courses.

    Parameters
    ----------
    n : int
        How many.
    asked : Asked
        What they have in common.
    workers : int
        Processes to use; the result is the same for any number.
    progress : callable, optional
        Told the share done, 0 to 1.

    Returns
    -------
    list of Course
        In the order of their numbers, from 0.

    Raises
    ------
    ConventionError
        If the number of patients or processes, or what is asked, cannot be.
    """
    return draw_each(partial(draw_course, asked), n, workers=workers, progress=progress)


def draw_course(asked: Asked, number: int) -> Course:
    """Draw one patient of a cohort, by their number, and their course."""
    seed = patient_seed(asked.seed, number)
    return simulate_course(
        seed,
        patient=draw_patient(
            seed, condition=asked.condition, severity=asked.severity, side=asked.side
        ),
        treatments=asked.treatments,
        days=asked.days,
        every_days=asked.every_days,
        minutes=asked.minutes,
    )


def draw_each(
    draw: Callable[[int], T],
    n: int,
    *,
    workers: int = 1,
    progress: Callable[[float], None] | None = None,
) -> list[T]:
    """Return what `draw` makes of each patient's number, here or in processes.

    Raises
    ------
    ConventionError
        If the number of patients or processes cannot be.
    """
    if not 1 <= n <= MOST_PATIENTS:
        raise ConventionError(
            f"A cohort must have from 1 to {MOST_PATIENTS} patients; got {n}. Give another number."
        )
    if workers < 1:
        raise ConventionError(f"There must be one process or more; got {workers}. Give 1 or more.")
    groups = [range(start, min(start + _AT_A_TIME, n)) for start in range(0, n, _AT_A_TIME)]
    drawn: list[T] = []
    with _executor(min(workers, len(groups))) as executor:
        apply = map if executor is None else executor.map
        for group in apply(partial(_draw_group, draw), groups):
            drawn += group
            if progress is not None:
                progress(len(drawn) / n)
    return drawn


@contextmanager
def _executor(workers: int) -> Iterator[Executor | None]:
    """Give processes whose waiting work is dropped when this is left; None for one alone."""
    if workers == 1:
        yield None
        return
    # Spawned, because a fork of a process that has threads may hang.
    pool = ProcessPoolExecutor(workers, mp_context=get_context("spawn"))
    try:
        yield pool
    finally:
        pool.shutdown(cancel_futures=True)


def _draw_group(draw: Callable[[int], T], numbers: range) -> list[T]:
    return [draw(number) for number in numbers]


def patients_table(courses: Sequence[Course]) -> "pd.DataFrame":
    """Return a table of one row for each patient, who they are and what they have."""
    import pandas as pd

    return pd.DataFrame([_patient_row(number, one) for number, one in enumerate(courses)])


def visits_table(courses: Sequence[Course]) -> "pd.DataFrame":
    """Return a table of one row for each visit of each patient."""
    import pandas as pd

    rows = [
        {"patient": number} | vars(visit) | {"tasks": " ".join(visit.tasks)}
        for number, one in enumerate(courses)
        for visit in one.visits
    ]
    return pd.DataFrame(rows)


def write_cohort(courses: Sequence[Course], asked: Asked, folder: Path) -> list[Path]:
    """Write a cohort's tables into a folder, and return the files: those of `FILES`.

    Nothing is written unless everything is; files of these names that are there are replaced.

    Raises
    ------
    OutputError
        If the folder cannot be written to.
    """
    parts = [folder / f".{name}.part" for name in FILES]
    paths = [folder / name for name in FILES]
    try:
        folder.mkdir(parents=True, exist_ok=True)
        patients_table(courses).to_csv(parts[0], index=False)
        visits_table(courses).to_csv(parts[1], index=False)
        parts[2].write_text(json.dumps(_told(courses, asked), indent=1, allow_nan=False) + "\n")
        for part, path in zip(parts, paths, strict=True):
            part.replace(path)
    except OSError as problem:
        raise OutputError(
            f"{folder} cannot be written to: {problem.strerror or problem}. Choose another place."
        ) from problem
    finally:
        for part in parts:
            if part.exists():
                part.unlink()
    return paths


def _patient_row(number: int, course: Course) -> dict[str, object]:
    return {"patient": number} | _flat(asdict(course.patient))


def _flat(named: dict[str, object]) -> dict[str, object]:
    """Return a flat row: what a value holds in itself becomes columns of its own."""
    row: dict[str, object] = {}
    for name, value in named.items():
        if isinstance(value, (list, tuple)):
            value = {str(index): one for index, one in enumerate(value)}
        if isinstance(value, dict):
            row |= _flat({f"{name}_{key}": one for key, one in value.items()})
        else:
            row[name] = value
    return row


def _told(courses: Sequence[Course], asked: Asked) -> dict[str, object]:
    from importlib.metadata import version

    patients = [
        {"patient": number, "seed": one.seed, "treatments": _kinds(one.treatments)}
        for number, one in enumerate(courses)
    ]
    told = {
        "simulated": True,
        "software": {"version": version("hemiface")},
        "n": len(courses),
        "asked": asdict(asked) | {"treatments": _kinds(asked.treatments)},
        "patients": patients,
    }
    return {key: _finite(value) for key, value in told.items()}


def _kinds(treatments: Sequence[Treatment]) -> list[dict[str, object]]:
    return [{"kind": type(one).__name__.lower()} | asdict(one) for one in treatments]


def _finite(value: object) -> object:
    """Return the same with null for what is infinite or not a number, as JSON has neither."""
    if isinstance(value, dict):
        return {key: _finite(one) for key, one in value.items()}
    if isinstance(value, (list, tuple)):
        return [_finite(one) for one in value]
    return None if isinstance(value, float) and not math.isfinite(value) else value
