"""The drill: back up, lose everything, restore; and every backup that must be refused."""

import shutil
import stat
from collections.abc import Iterator
from pathlib import Path

import pytest
from serve_site import ADD_DOCTOR, PASSWORD, Result, run, story

ADD_PATIENT = """
from hemiface_clinic.people.actions import add_patient
from hemiface_clinic.people.models import User
print(add_patient("Asha Rao", "asha@home.example", "+919534200013", by=User.objects.get()).pk)
"""
ERASE_PATIENT = """
from hemiface_clinic.people.models import Patient, User
from hemiface_clinic.people.personal import erase, person_of
erase(person_of(Patient.objects.get()), by=User.objects.get())
"""
ADD_FILM = """
from django.conf import settings
(settings.MEDIA_ROOT / "film.sealed").write_bytes(bytes(range(256)) * 4000)
(settings.MEDIA_ROOT / "film.sealed.1.part").write_bytes(b"half")
"""
ASK = """
from hemiface_clinic.questions import actions, codes
typed = dict(name="Ben", email="ben@home.example", phone="+919000000000", subject="s", question="q")
actions.ask({**typed, "nonce": codes.new_nonce()})
"""
OPEN = """
from hemiface_clinic.jobs.models import Job
from hemiface_clinic.questions.models import Question, StatusLink
links = StatusLink.objects.filter(revoked_at=None)
print(Question.objects.count(), links.count(), Job.objects.filter(kind="letter").count())
"""
NAMES = """
from hemiface_clinic.people.models import Patient
print([patient.name for patient in Patient.objects.all()])
"""


VERIFY = ["audit", "verify"]


@pytest.fixture(scope="module")
def saved(tmp_path_factory) -> tuple[Path, Path]:
    """A clinic with a patient and a recording, and a backup of it in another place."""
    folder = tmp_path_factory.mktemp("clinic")
    data, elsewhere = folder / "data", folder / "elsewhere"
    backup = ["backup", "--to", str(elsewhere)]
    *_, done = story(data, ADD_DOCTOR, ADD_PATIENT, ADD_FILM, backup, typed=PASSWORD)
    assert "keep a copy of" in done.out, done.err
    return data, next(elsewhere.iterdir())


@pytest.fixture
def data(saved, tmp_path) -> Path:
    """A copy of the clinic."""
    return shutil.copytree(saved[0], tmp_path / "data")


@pytest.fixture
def wiped(saved, tmp_path) -> Path:
    """A folder with the keys and nothing else."""
    shutil.copytree(saved[0] / "keys", tmp_path / "new" / "keys")
    return tmp_path / "new"


def restore(backup: Path, *words: str) -> list[str]:
    return ["restore", str(backup), *words]


def contents(data: Path) -> dict[str, bytes]:
    return {
        path.relative_to(data).as_posix(): path.read_bytes()
        for path in data.rglob("*")
        if path.is_file() and not path.name.endswith((".lock", "-shm", "-wal"))
    }


def test_a_backup_is_private_and_shows_nothing(saved):
    data, backup = saved
    assert backup.name.startswith("hemiface-2")
    assert stat.S_IMODE(backup.stat().st_mode) == 0o600
    held = backup.read_bytes()
    for plain in (b"SQLite format", b"doctor@clinic.example", b"clinic.toml"):
        assert plain not in held
    assert not list(data.glob(".*"))


def test_everything_comes_back(saved, wiped):
    data, backup = saved
    done, names, verified = story(wiped, restore(backup), NAMES, VERIFY)
    assert done.code == 0, done.err
    assert "Events of the audit: 2. Files of recordings: 1." in done.out
    assert names.out == "['Asha Rao']"
    assert verified == Result(0, "The audit is whole: 3 events fit.\n")
    film = Path("media") / "film.sealed"
    assert (wiped / film).read_bytes() == (data / film).read_bytes()
    assert not (wiped / "media" / "film.sealed.1.part").exists()
    assert not list(wiped.glob(".*"))


def test_what_is_not_whole_or_not_asked_for_changes_nothing(saved, data, tmp_path):
    bad = list(_broken(saved[1].read_bytes(), tmp_path))
    before = contents(data)
    *refused, unasked = story(
        data, *(restore(path, "--replace") for path in bad), restore(saved[1])
    )
    assert contents(data) == before
    for path, done in zip(bad, refused, strict=True):
        assert done.code == 1
        assert done.err.startswith(f"Error: {path}")
    assert unasked.code == 1
    assert "Use --replace" in unasked.err


def _broken(held: bytes, folder: Path) -> Iterator[Path]:
    """A backup with one byte changed, one that was cut off, a letter, and nothing at all."""
    middle = len(held) // 2
    changed = held[:middle] + bytes([held[middle] ^ 1]) + held[middle + 1 :]
    for number, content in enumerate((changed, held[:-1000], b"a letter " * 99, b"")):
        path = folder / f"{number}.backup"
        path.write_bytes(content)
        yield path
    yield folder / "none.backup"


def test_who_was_erased_since_is_erased_again(saved, data):
    steps = (ERASE_PATIENT, restore(saved[1], "--replace"), NAMES, VERIFY)
    _, done, names, verified = story(data, *steps)
    assert done.code == 0, done.err
    assert "People erased since, and now erased again: 1." in done.out
    assert names.out == "[]"
    assert verified.code == 0
    (kept,) = (data / "backups").iterdir()
    assert str(kept) in done.out


def test_links_and_letters_of_that_time_are_worth_nothing(data):
    backup = ["backup", "--to", str(data.parent / "other")]
    story(data, ASK, backup)
    (file,) = (data.parent / "other").iterdir()
    restored, counts = story(data, restore(file, "--replace"), OPEN)
    assert restored.code == 0, restored.err
    assert "ask for a new link" in restored.out
    assert counts.out == "1 0 0"


def test_who_asked_and_was_erased_since_is_erased_again(data):
    backup = ["backup", "--to", str(data.parent / "other")]
    story(data, ASK, backup, ["person", "erase", "ben@home.example", "--yes"])
    (file,) = (data.parent / "other").iterdir()
    done, counts = story(data, restore(file, "--replace"), OPEN)
    assert "now erased again: 1." in done.out
    assert counts.out.startswith("0 ")


def test_a_backup_needs_its_keys(saved, tmp_path):
    done = run(*restore(saved[1]), "--data", str(tmp_path / "new"))
    assert done.returncode == 1
    assert "must hold the keys that sealed the backup" in done.stderr
    assert not (tmp_path / "new").exists()
