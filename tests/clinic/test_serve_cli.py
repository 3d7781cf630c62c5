"""The commands: what they print, and what they refuse."""

import json
import os
import pty
import shutil
import stat
import subprocess
import sys
import time
import zipfile

import pytest
from serve_site import ADD_DOCTOR, PASSWORD, PROGRAM, Result, environment, run, story

from hemiface_clinic.cli.serve import show_accounts
from hemiface_clinic.cli.users import ROLES
from hemiface_clinic.demo import Account
from hemiface_clinic.people.models import Role


@pytest.fixture(scope="module")
def clinic(tmp_path_factory):
    """A clinic with one doctor; tests copy it."""
    data = tmp_path_factory.mktemp("clinic") / "data"
    (done,) = story(data, ADD_DOCTOR, typed=PASSWORD)
    assert done.out == "Asha can log in as doctor@clinic.example.\n", done.err
    return data


@pytest.fixture
def data(clinic, tmp_path):
    return shutil.copytree(clinic, tmp_path / "data")


def test_roles_are_those_of_the_site():
    assert set(ROLES) == set(Role.values)


def test_commands_are_known_without_django():
    code = "import sys, hemiface_clinic.cli; assert 'django' not in sys.modules"
    subprocess.run([sys.executable, "-c", code], check=True)


def test_says_which_extra_to_install():
    code = f"import sys; sys.modules['django'] = None\n{PROGRAM}"
    words = [sys.executable, "-c", code, "user", "list"]
    done = subprocess.run(words, capture_output=True, text=True)
    assert done.returncode == 1
    assert "pip install 'hemiface[clinic]'" in done.stderr
    assert "Traceback" not in done.stderr


def test_a_folder_without_a_clinic_is_refused_and_left_alone(tmp_path):
    done = run("user", "list", "--data", str(tmp_path / "none"))
    assert done.returncode == 1
    assert done.stderr.startswith("Error: ")
    assert "Start with `hemiface serve`" in done.stderr
    assert not (tmp_path / "none").exists()


def test_lists_accounts(clinic):
    done = run("user", "list", HEMIFACE_DATA=str(clinic))
    assert "doctor@clinic.example" in done.stdout


def test_refuses_an_account_that_is_not_right(clinic):
    refusals = {
        ("doctor", "nurse"): "EMAIL must be an e-mail address",
        ("Doctor@clinic.example", "nurse"): "EMAIL must be new",
        ("nurse@clinic.example", "nurse"): "The password must be hard to guess; it is not: This",
    }
    words = ["user", "add", "--name", "N", "--password-stdin", "--role"]
    results = story(clinic, *([*words, role, email] for email, role in refusals), typed="short")
    for done, why in zip(results, refusals.values(), strict=True):
        assert done.code == 1
        assert done.err.startswith(f"Error: {why}")
        assert done.err.count("\n") == 1


def test_asks_twice_for_a_password_and_does_not_show_it(data):
    words = ["user", "add", "n@clinic.example", "--name", "N", "--role", "nurse"]
    pid, terminal = pty.fork()
    if pid == 0:
        words = [sys.executable, "-c", PROGRAM, *words, "--data", str(data)]
        os.execve(sys.executable, words, environment())
    shown = ""
    for question in ("Password:", "Repeat for confirmation:"):
        shown += _read_until(terminal, question)
        os.write(terminal, b"correct horse battery staple\n")
    shown += _read_until(terminal, "can log in as")
    assert os.waitpid(pid, 0)[1] == 0
    assert "correct horse" not in shown


def _read_until(terminal: int, text: str) -> str:
    shown, end = "", time.monotonic() + 20
    while text not in shown:
        assert time.monotonic() < end, shown
        shown += os.read(terminal, 1000).decode()
    time.sleep(0.2)  # until the echo is off
    return shown


def test_audit_fits_and_a_changed_row_is_found(data):
    change = (
        "from hemiface_clinic.audit.models import Event\n"
        "Event.objects.filter(seq=1).update(actor='nobody')"
    )
    verify = ["audit", "verify"]
    before, _, after = story(data, verify, change, verify)
    assert before == Result(0, "The audit is whole: 1 events fit.\n")
    assert (after.code, after.out) == (1, "")
    assert "event 1 does not fit its digest" in after.err


def test_exports_the_days_that_were_asked_for(data):
    export, days = ["audit", "export"], (["--to", "2020-01-01"], ["--from", "2020-01-01"])
    everything, nothing, recent = story(data, export, *([*export, *day] for day in days))
    assert _actions(everything) == ["user.add"]
    assert _actions(nothing) == []
    assert _actions(recent) == ["user.add", "audit.export", "audit.export"]


def _actions(done: Result) -> list[str]:
    return [json.loads(line)["action"] for line in done.out.splitlines()]


ASK = """
from hemiface_clinic.questions import actions, codes
typed = dict(name="Ben", email="ben@home.example", phone="+919000000000", subject="s", question="q")
actions.ask({**typed, "nonce": codes.new_nonce()})
"""
COUNT = """
from hemiface_clinic.questions.models import Question
print(Question.objects.count())
"""


def test_who_has_no_account_is_handed_everything_and_erased(data, tmp_path):
    them, file = "Ben@Home.example", tmp_path / "ben.zip"
    export, erase = (
        ["person", "export", them, "--to", str(file)],
        ["person", "erase", them, "--yes"],
    )
    _, handed, again, erased, left, gone = story(data, ASK, export, export, erase, COUNT, erase)
    assert handed.code == 0, handed.err
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    kept = json.loads(zipfile.ZipFile(file).read("everything.json"))
    assert [question["name"] for question in kept["questions"]] == ["Ben"]
    assert (again.code, "must be a new file" in again.err) == (1, True)
    assert "questions" in erased.out
    assert left.out == "0"
    assert (gone.code, "nothing is kept under" in gone.err) == (1, True)
    assert [path.name for path in tmp_path.glob("ben*")] == ["ben.zip"]


def test_new_keys_and_old_ones_dropped(data):
    prune = ["keys", "prune"]
    rotated, pruned, again = story(data, ["keys", "rotate"], prune, prune)
    assert "k2 is the new key" in rotated.out
    assert pruned.out.startswith("Dropped k1.\n")
    assert "none was dropped" in again.out
    assert list(json.loads((data / "keys" / "ring.json").read_text())["keys"]) == ["k2"]


def test_accounts_of_the_demonstration_are_shown_whole(capsys, monkeypatch):
    monkeypatch.setenv("COLUMNS", "80")
    codes = tuple(str(10_000_000 + number) for number in range(10))
    account = Account("Administrator", "admin@demo.example", "ab12-cd34-ef56-ab78", codes)
    show_accounts([account])
    shown = capsys.readouterr().out
    for word in (account.role, account.email, account.password, *codes):
        assert word in shown


def test_the_demonstration_wants_a_new_folder(clinic):
    done = run("demo", "--data", str(clinic))
    assert done.returncode == 1
    assert "must be a new folder for the demonstration" in done.stderr
