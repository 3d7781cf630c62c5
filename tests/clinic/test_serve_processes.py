"""The running site: it starts, answers, heals, and leaves nothing behind."""

import signal
from pathlib import Path

import pytest
from serve_site import alive, run, serving, wait_for

from hemiface_clinic.serve.supervisor import Child

WEB, WORKER = "hemiface_clinic.serve.web", "hemiface_clinic.serve.worker"


@pytest.fixture(scope="module")
def data(tmp_path_factory):
    return tmp_path_factory.mktemp("served") / "data"


def test_starts_heals_and_stops_whole(data, tmp_path):
    with serving(data, tmp_path / "log") as server:
        print(f"from `hemiface serve` to the first answer: {server.start_s:.1f} s")
        wait_for(lambda: server.health()["status"] == "ok")
        _heals(server, WORKER)
        _heals(server, WEB)
        _is_the_only_one(data)
        everything = server.all_processes()
        server.process.send_signal(signal.SIGTERM)
        assert server.process.wait(10) == 0
        assert alive(everything) == []
    said = server.log.read_text()
    assert said.count(f"Open http://127.0.0.1:{server.port}\n") == 1
    assert str(data) in said


def _heals(server, module):
    """One of the processes is killed, and starts again, and nothing of the old one is left."""
    killed = server.one(module)
    family = [killed, *killed.children(recursive=True)]
    killed.kill()
    wait_for(lambda: (now := server.one(module)) and now.pid != killed.pid)
    wait_for(server.health)
    assert alive(family) == []


def _is_the_only_one(data):
    done = run("serve", "--data", str(data), "--port", "8999")
    assert done.returncode == 1
    assert "another one is running on it" in done.stderr


def test_children_do_not_outlive_a_supervisor_that_was_killed(data, tmp_path):
    with serving(data, tmp_path / "log") as server:
        print(f"from `hemiface serve` to the first answer, again: {server.start_s:.1f} s")
        wait_for(lambda: server.one(WORKER))
        everything = server.all_processes()
        assert len(everything) == 4  # web and its two workers, and the worker of the queue
        server.process.kill()
        server.process.wait(5)
        wait_for(lambda: not alive(everything), 60)


def test_a_child_that_dies_at_once_waits_longer_each_time(caplog):
    child, now = Child("broken", ["no.such.module"]), 0.0
    for _ in range(7):
        child.tend(now)
        child._process.wait(10)
        child.tend(now)
        child.tend(now + child._delay_s / 2 - 0.01)
        assert child._process is None  # not before its time
        now += 100.0
        child._started_at = now
    delays = [record.args[2] for record in caplog.records]
    assert delays == [1, 2, 4, 8, 16, 30, 30]


def test_a_child_that_does_not_stop_is_ended():
    child = Child("deaf", ["timeit", "-n1", "-r1", "-s", "import signal, time",
                           "signal.signal(15, signal.SIG_IGN); time.sleep(60)"])  # fmt: skip
    child.tend(0.0)
    process = child._process
    wait_for(lambda: _ignores(process.pid, signal.SIGTERM))
    child.ask_to_stop()
    child.stop_by(0.0)
    assert process.returncode == -signal.SIGKILL


def _ignores(pid: int, number: int) -> bool:
    lines = Path(f"/proc/{pid}/status").read_text().splitlines()
    (mask,) = (int(line.split()[1], 16) for line in lines if line.startswith("SigIgn"))
    return bool(mask & 1 << (number - 1))
