"""`python -m benchmarks [accuracy|speed|all] [--quick] [--clips DIR]` writes RESULTS.md."""

import argparse
import sys
import time
from collections.abc import Iterator
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
    remarks = ["Made with `--quick`: too little to conclude from."] if asked.quick else []
    try:
        for some, told in _parts(asked):
            tables += some
            remarks += told
            write_results(tables, remarks, asked.out)  # what is known stays if the rest is stopped
    except HemifaceError as problem:
        print(f"Error: {problem}", file=sys.stderr)
        return 1
    print(f"Results: {asked.out}")
    return 0


def _parts(asked: argparse.Namespace) -> Iterator[tuple[list[Table], list[str]]]:
    """Yield the tables and remarks of each part that was asked for, as it is measured."""
    if asked.what in ("accuracy", "all"):
        scope = FULL if DATA.exists() and not asked.quick else QUICK
        yield measure_accuracy(scope, asked.clips, _tell)
    if asked.what in ("speed", "all"):
        n_rounds, length_s = (1, 10.0) if asked.quick else (3, 60.0)
        yield [measure_speed(n_rounds, length_s, _tell)], []
        if not asked.quick:
            yield [measure_memory((1, 10), _tell)], []


def _parse() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument("what", nargs="?", default="all", choices=("accuracy", "speed", "all"))
    parser.add_argument("--quick", action="store_true", help="minutes, only to see that it runs")
    parser.add_argument("--clips", type=Path, help="a folder of real clips of people not seen")
    parser.add_argument("--out", type=Path, default=PATH, help="where to write the tables")
    return parser.parse_args()


def _tell(what: str) -> None:
    print(f"{time.strftime('%H:%M:%S')}  {what}", file=sys.stderr, flush=True)


if __name__ == "__main__":
    sys.exit(main())
