"""A site of its own to measure: started as anybody starts it, on a free port."""

import os
import re
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.error import URLError
from urllib.request import urlopen


@dataclass(frozen=True)
class Site:
    """A running site."""

    url: str
    port: int
    data: Path
    start_s: float


@contextmanager
def running_site(data: Path) -> Iterator[Site]:
    """Start `hemiface serve` and stop it; `start_s` is how long the first page took."""
    port = _free_port()
    url = f"http://127.0.0.1:{port}"
    command = [
        Path(sys.executable).with_name("hemiface"),
        "serve",
        "--data",
        data,
        "--port",
        str(port),
    ]
    began = time.perf_counter()
    with subprocess.Popen(command, env=_environment(), stdout=subprocess.DEVNULL) as server:
        _wait_for(f"{url}/", server)
        start_s = time.perf_counter() - began
        try:
            yield Site(url, port, data, start_s)
        finally:
            server.send_signal(signal.SIGTERM)
            server.wait(30)


def run_in_site(site: Site, program: str) -> str:
    """Run a Python program with Django set up for the site's data; return what it printed."""
    environment = {
        **_environment(),
        "HEMIFACE_DATA": str(site.data),
        "DJANGO_SETTINGS_MODULE": "hemiface_clinic.settings",
    }
    text = f"import django; django.setup()\n{program}"
    done = subprocess.run(
        [sys.executable, "-c", text], env=environment, capture_output=True, text=True, check=True
    )
    return done.stdout


def wrk(site: Site, path: str, *, seconds: int, connections: int = 16) -> tuple[float, float, int]:
    """Load a page with wrk; return requests per second, the 99th percentile in ms, and failures."""
    command = ["wrk", "-t1", f"-c{connections}", f"-d{seconds}s", "--latency", f"{site.url}{path}"]
    said = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    rate = float(re.search(r"Requests/sec:\s+([\d.]+)", said)[1])  # type: ignore[index]
    number, unit = re.search(r"99%\s+([\d.]+)(us|ms|s)", said).groups()  # type: ignore[union-attr]
    failed = re.search(r"Non-2xx or 3xx responses: (\d+)", said)
    p99_ms = float(number) * {"us": 1e-3, "ms": 1.0, "s": 1e3}[unit]
    return rate, p99_ms, int(failed[1]) if failed else 0


def _environment() -> dict[str, str]:
    """Return the environment; this machine may say for which address it asks, as a proxy does."""
    return {**os.environ, "HEMIFACE_PROXIES": "127.0.0.1"}


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
    return port


def _wait_for(url: str, server: "subprocess.Popen[bytes]") -> None:
    while server.poll() is None:
        try:
            with urlopen(url) as answer:
                answer.read()
            return
        except URLError:
            time.sleep(0.01)
    raise RuntimeError("the site did not start")
