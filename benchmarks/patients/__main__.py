"""`python -m benchmarks.patients [--quick]` writes ACCURACY.md and accuracy.png."""

import argparse
import sys
import time
from pathlib import Path

from benchmarks.cases import Compared, tune_shapes
from benchmarks.clips import DATA, Plan
from benchmarks.patients import groups
from benchmarks.patients.looks import Look, cases_of, compared_of, look_at_all
from benchmarks.patients.plots import PICTURE, draw_accuracy
from benchmarks.patients.tables import (
    confounder_table,
    lid_table,
    mimic_table,
    patient_table,
    rate_table,
    visit_table,
    yaw_table,
)
from benchmarks.results import Table, write_patient_results
from benchmarks.scores import pool

PATH = Path(__file__).parents[1] / "ACCURACY.md"


def main() -> int:
    """Render and measure every patient, and write the tables."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.patients", description=__doc__)
    parser.add_argument("--quick", action="store_true", help="minutes, only to see that it runs")
    parser.add_argument("--out", type=Path, default=PATH, help="where to write the tables")
    asked = parser.parse_args()
    size = groups.QUICK if asked.quick or not DATA.exists() else groups.FULL
    looks = look_at_all(list(groups.all_plans(size)), set(groups.compared_plans(size)), _tell)
    remarks = [
        f"{look.plan.name} could not be measured." for look in looks.values() if not look.case
    ]
    if size is groups.QUICK:
        remarks.append("Made with `--quick`: too little to conclude from.")
    tables, threshold = _tables(size, looks)
    picture = PICTURE if asked.out == PATH else asked.out.with_suffix(".png")
    _draw(size, looks, threshold, picture)
    write_patient_results(tables, remarks, asked.out)
    print(f"Results: {asked.out}")
    return 0


def _tables(size: groups.Size, looks: dict[Plan, Look]) -> tuple[list[Table], float]:
    patients = compared_of(looks, groups.patients(size))
    threshold = _threshold(patients)
    confounded = {k: compared_of(looks, v) for k, v in groups.confounded(size).items()}
    mimics = {k: cases_of(looks, v) for k, v in groups.mimics(size).items()}
    lids = [cases_of(looks, takes) for takes in groups.lid_openings(size)]
    treated = [cases_of(looks, pair) for pair in groups.treated(size)]
    tables = [
        patient_table(patients, threshold),
        visit_table(
            cases_of(looks, groups.visits(size)),
            [(pair[0], pair[1]) for pair in treated if len(pair) == 2],
        ),
        confounder_table(confounded, threshold),
        yaw_table(_by_yaw(size, looks), threshold),
        rate_table(_by_rate(size, looks), threshold),
        mimic_table(mimics),
        lid_table([takes for takes in lids if len(takes) == len(groups.OPENINGS)]),
    ]
    return tables, threshold


def _threshold(cases: list[Compared]) -> float:
    truths = [case.truth for case in cases]
    return tune_shapes(cases, lambda found: pool(found, truths).f1).threshold


def _draw(size: groups.Size, looks: dict[Plan, Look], threshold: float, path: Path) -> None:
    patients = compared_of(looks, groups.patients(size))
    draw_accuracy(patients, _by_rate(size, looks), _by_yaw(size, looks), threshold, path)


def _by_yaw(size: groups.Size, looks: dict[Plan, Look]) -> dict[float, list[Compared]]:
    return {yaw: compared_of(looks, plans) for yaw, plans in groups.turned(size).items()}


def _by_rate(size: groups.Size, looks: dict[Plan, Look]) -> dict[float, list[Compared]]:
    return {rate: compared_of(looks, plans) for rate, plans in groups.at_rates(size).items()}


def _tell(what: str) -> None:
    print(f"{time.strftime('%H:%M:%S')}  {what}", file=sys.stderr, flush=True)


if __name__ == "__main__":
    sys.exit(main())
