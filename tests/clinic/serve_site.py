"""A clinic of its own for tests that run the program: its folder, its commands, its server."""

import json
import os
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import psutil

PROGRAM = """
from hemiface.cli import main
from hemiface_clinic.cli import COMMANDS
for command in COMMANDS:
    main.add_command(command)
main()
"""
STORY = """
import contextlib, io, json, sys
from click.testing import CliRunner
from hemiface.cli import main
from hemiface_clinic.cli import COMMANDS
for command in COMMANDS:
    main.add_command(command)

def run(step, typed):
    if isinstance(step, list):
        done = CliRunner().invoke(main, step, input=typed)
        return done.exit_code, done.stdout, done.stderr
    with contextlib.redirect_stdout(io.StringIO()) as out:
        import django; django.setup()
        exec(step, {})
    return 0, out.getvalue().strip()

told = json.load(sys.stdin)
print(json.dumps([run(step, told["typed"]) for step in told["steps"]]))
"""
OWN = ("HEMIFACE_", "DATABASE_URL", "DJANGO_")
ADD_DOCTOR = [
    *("user", "add", "doctor@clinic.example", "--name", "Asha", "--role", "doctor"),
    "--password-stdin",
]
PASSWORD = "correct horse battery staple\n"


def environment(**more: str) -> dict[str, str]:
    """The environment without what the tests of the site set."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(OWN)}
    return kept | more


def run(*words: str, typed: str = "", **variables: str) -> subprocess.CompletedProcess[str]:
    """Run `hemiface` with these words."""
    return subprocess.run(
        [sys.executable, "-c", PROGRAM, *words],
        input=typed,
        capture_output=True,
        text=True,
        timeout=60,
        env=environment(**variables),
    )


@dataclass(frozen=True)
class Result:
    """What came of one step of a story."""

    code: int
    out: str
    err: str = ""


def story(data: Path, *steps: str | list[str], typed: str = "") -> list[Result]:
    """Run several steps in one process, which saves the time to start: commands, or Python."""
    done = subprocess.run(
        [sys.executable, "-c", STORY],
        input=json.dumps({"steps": steps, "typed": typed}),
        capture_output=True,
        text=True,
        timeout=60,
        env=environment(HEMIFACE_DATA=str(data), DJANGO_SETTINGS_MODULE="hemiface_clinic.settings"),
    )
    assert done.returncode == 0, done.stderr
    return [Result(*one) for one in json.loads(done.stdout)]


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def wait_for(condition, seconds: float = 15.0):
    """Wait until something is true and return it."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if found := condition():
            return found
        time.sleep(0.05)
    raise AssertionError(f"not within {seconds} s")


class Server:
    """A running `hemiface serve`."""

    def __init__(self, data: Path, log: Path) -> None:
        self.port, self.log, began = free_port(), log, time.monotonic()
        words = ["serve", "--data", str(data), "--port", str(self.port)]
        with log.open("w") as file:
            self.process = subprocess.Popen(
                [sys.executable, "-c", PROGRAM, *words],
                stdout=file,
                stderr=file,
                env=environment(),
            )
        self.first = wait_for(self.health, 30.0)
        self.start_s = time.monotonic() - began

    def get(self, path: str) -> bytes | None:
        try:
            url = f"http://127.0.0.1:{self.port}{path}"
            with urllib.request.urlopen(url, timeout=5) as answer:
                return answer.read()
        except OSError:
            return None

    def health(self) -> dict[str, str] | None:
        answer = self.get("/healthz")
        return json.loads(answer) if answer else None

    def all_processes(self) -> list[psutil.Process]:
        return psutil.Process(self.process.pid).children(recursive=True)

    def one(self, module: str) -> psutil.Process | None:
        """The supervisor's own child that runs a module."""
        children = alive(psutil.Process(self.process.pid).children())
        return next((child for child in children if module in child.cmdline()), None)


@contextmanager
def serving(data: Path, log: Path) -> Iterator[Server]:
    server = Server(data, log)
    try:
        yield server
    finally:
        if server.process.poll() is None:
            server.process.terminate()
            server.process.wait(30)


def alive(processes: list[psutil.Process]) -> list[psutil.Process]:
    return [one for one in processes if one.is_running() and one.status() != psutil.STATUS_ZOMBIE]
