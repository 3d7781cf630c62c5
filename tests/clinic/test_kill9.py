"""A worker killed with SIGKILL loses nothing and doubles nothing; benchmarks/kill9.py does more."""

import json
import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[2]


def test_killed_workers_lose_and_double_nothing(tmp_path):
    environment = {**os.environ, "HEMIFACE_DATA": str(tmp_path / "data")}
    command = [sys.executable, "-m", "benchmarks.kill9", "--here", "--jobs", "40", "--seeds", "1"]
    done = subprocess.run(
        command, env=environment, cwd=ROOT, capture_output=True, text=True, check=True, timeout=120
    )
    outcome = json.loads(done.stdout.splitlines()[-1])
    assert outcome["n_kills"] >= 1
    assert (outcome["n_lost"], outcome["n_double"]) == (0, 0)
