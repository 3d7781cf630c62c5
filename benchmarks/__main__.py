"""`python -m benchmarks [accuracy|speed|all] [--quick] [--clips DIR]` writes RESULTS.md."""

import argparse
import sys
import time
from pathlib import Path

from benchmarks.accuracy import measure_accuracy
from benchmarks.clips import DATA
from benchmarks.memory import measure_memory
from benchmarks.plans import FULL, QUICK
from benchmarks.results import PATH, Table, write_results
from benchmarks.speed import measure_speed
from hemiface.errors import HemifaceError


def main() -> int:
    """Run what was asked for; return the exit status."""
    asked = _parse()
    tables: list[Table] = []
    remarks: list[str] = []
    try:
        if asked.what in ("accuracy", "all"):
            scope = FULL if DATA.exists() and not asked.quick else QUICK
            tables, remarks = measure_accuracy(scope, asked.clips, _tell)
        if asked.what in ("speed", "all"):
            tables += _speed_tables(quick=asked.quick)
    except HemifaceError as problem:
        print(f"Error: {problem}", file=sys.stderr)
        return 1
    if asked.quick:
        remarks.append("Made with `--quick`: too little to conclude from.")
    write_results(tables, remarks, asked.out)
    print(f"Results: {asked.out}")
    return 0


def _parse() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument("what", nargs="?", default="all", choices=("accuracy", "speed", "all"))
    parser.add_argument("--quick", action="store_true", help="minutes, only to see that it runs")
    parser.add_argument("--clips", type=Path, help="a folder of real clips of people not seen")
    parser.add_argument("--out", type=Path, default=PATH, help="where to write the tables")
    return parser.parse_args()


def _speed_tables(*, quick: bool) -> list[Table]:
    if quick:
        return [measure_speed(1, 10.0, _tell)]
    return [measure_speed(3, 60.0, _tell), measure_memory((1, 10), _tell)]


def _tell(what: str) -> None:
    print(f"{time.strftime('%H:%M:%S')}  {what}", file=sys.stderr, flush=True)


if __name__ == "__main__":
    sys.exit(main())
