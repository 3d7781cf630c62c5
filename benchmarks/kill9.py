"""`python -m benchmarks.kill9` writes benchmarks/KILL9.md: workers killed while they work.

Real workers take jobs from a real queue; at random moments one of them is killed with SIGKILL and
another one started. Each job writes one event. Afterwards every job must have written one.
"""

import argparse
import json
import os
import random
import signal
import subprocess
import sys
import tempfile
import threading
import time
from collections import Counter
from dataclasses import asdict, dataclass
from datetime import timedelta
from pathlib import Path

from benchmarks.results import Row, Table, Target, write_kill_results

ROOT = Path(__file__).parents[1]
PATH = ROOT / "benchmarks" / "KILL9.md"
N_JOBS, N_SEEDS, N_WORKERS = 200, 20, 2
WORK_S = (0.02, 0.15)
KILL_EVERY_S = 0.8  # on average; a job that is killed three times is given up, as it should be
LEASE_S = 1.0  # instead of thirty, so that a run takes seconds
LONGEST_S = 180.0


@dataclass(frozen=True)
class Outcome:
    """What became of the jobs of one seed."""

    seed: int
    n_jobs: int
    n_kills: int
    n_lost: int
    n_double: int
    n_given_up: int
    seconds: float


def main() -> None:
    """Run every seed on both databases and write the table."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.kill9", description=__doc__)
    parser.add_argument("--here", action="store_true", help="on the database that is set, as JSON")
    parser.add_argument("--jobs", type=int, default=N_JOBS)
    parser.add_argument("--seeds", type=int, default=N_SEEDS)
    asked = parser.parse_args()
    if asked.here:
        for outcome in run_here(asked.jobs, asked.seeds):
            print(json.dumps(asdict(outcome)), flush=True)
        return
    again = [sys.executable, "-m", "benchmarks.kill9", "--here"]
    again += ["--jobs", str(asked.jobs), "--seeds", str(asked.seeds)]
    tables = [
        _table("SQLite", _outcomes(again)),
        _table("PostgreSQL", _outcomes([str(ROOT / "tools/with_postgres.sh"), *again])),
    ]
    write_kill_results(tables, PATH)
    print(f"Results: {PATH}")


def _outcomes(command: list[str]) -> list[Outcome]:
    with tempfile.TemporaryDirectory(prefix="bench-kill9-") as folder:
        kept = {key: value for key, value in os.environ.items() if key != "DATABASE_URL"}
        said = subprocess.run(
            command, env={**kept, "HEMIFACE_DATA": folder}, stdout=subprocess.PIPE, check=True
        )
    return [Outcome(**json.loads(line)) for line in said.stdout.splitlines() if line[:1] == b"{"]


def _table(database: str, outcomes: list[Outcome]) -> Table:
    n_jobs = sum(one.n_jobs for one in outcomes)
    n_kills = sum(one.n_kills for one in outcomes)
    on = f"{n_jobs} jobs, {len(outcomes)} seeds, {n_kills} kills"
    none = Target(0.0, at_least=False)
    rows = (
        Row("jobs lost", sum(one.n_lost for one in outcomes), none, (), on),
        Row("results written twice", sum(one.n_double for one in outcomes), none, (), on),
        Row("given up: killed three times", sum(one.n_given_up for one in outcomes), None, (), on),
        Row(
            "longest run, s", max(one.seconds for one in outcomes), None, (), f"{N_WORKERS} workers"
        ),
    )
    return Table(database, "", (), rows)


def run_here(n_jobs: int, n_seeds: int) -> list[Outcome]:
    """Prepare the database that the environment names, and run every seed on it."""
    data = Path(os.environ["HEMIFACE_DATA"])
    os.environ["DJANGO_SETTINGS_MODULE"] = "hemiface_clinic.settings"
    from hemiface_clinic.serve.folder import prepare_folder

    prepare_folder(data)
    import django

    django.setup()
    from hemiface_clinic.serve.database import migrate

    migrate(data)
    return [run_seed(seed, n_jobs) for seed in range(n_seeds)]


def run_seed(seed: int, n_jobs: int) -> Outcome:
    """Let workers do the jobs of a seed while they are being killed."""
    from hemiface_clinic.jobs.actions import QUICK, enqueue
    from hemiface_clinic.jobs.models import Job

    for number in range(n_jobs):
        enqueue("count", {"name": f"{seed}:{number}"}, lane=QUICK)
    chance, began, n_kills = random.Random(seed), time.monotonic(), 0
    workers = [_start() for _ in range(N_WORKERS)]
    states = (Job.State.WAITING, Job.State.RUNNING)
    while Job.objects.filter(kind="count", state__in=states).exists():
        if time.monotonic() - began > LONGEST_S:
            break
        time.sleep(chance.expovariate(1 / KILL_EVERY_S))
        which = chance.randrange(N_WORKERS)
        _kill(workers[which])
        workers[which] = _start()
        n_kills += 1
    for worker in workers:
        _kill(worker)
    return _count(seed, n_jobs, n_kills, time.monotonic() - began)


def _count(seed: int, n_jobs: int, n_kills: int, seconds: float) -> Outcome:
    from hemiface_clinic.audit.models import Event
    from hemiface_clinic.jobs.models import Job

    told = Event.objects.filter(action="bench.count", subject__startswith=f"{seed}:")
    counts = Counter(told.values_list("subject", flat=True))
    given_up = Job.objects.filter(kind="count", state=Job.State.FAILED).count()
    Job.objects.filter(kind="count").delete()
    return Outcome(
        seed, n_jobs, n_kills,
        n_lost=n_jobs - len(counts) - given_up,
        n_double=sum(counts.values()) - len(counts),
        n_given_up=given_up, seconds=round(seconds, 1),
    )  # fmt: skip


def _start() -> int:
    """Start a worker as a process of its own; return its number."""
    from django.db import connection, connections

    connections.close_all()  # a connection is not shared, nor a pool of them
    if connection.vendor == "postgresql":
        connection.close_pool()
    child = os.fork()
    if child == 0:
        _work()
    return child


def _work() -> None:
    from hemiface_clinic.jobs import actions, worker

    actions.LEASE = worker.LEASE = timedelta(seconds=LEASE_S)  # type: ignore[misc]
    worker._HANDLERS["count"] = "benchmarks.kill9:count"
    try:
        worker.work(actions.QUICK, threading.Event())
    finally:
        os._exit(1)


def count(job: object) -> object:
    """Work for a moment; the result is one event."""
    from hemiface_clinic.audit.actions import SYSTEM, record

    time.sleep(random.uniform(*WORK_S))
    name = job.payload["name"]  # type: ignore[attr-defined]
    return lambda: record("bench.count", name, by=SYSTEM)


def _kill(worker: int) -> None:
    os.kill(worker, signal.SIGKILL)
    os.waitpid(worker, 0)


if __name__ == "__main__":
    main()
