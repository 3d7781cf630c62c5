"""The data folder: closed to others, ours, and refused with a sentence where it cannot be."""

import os
import stat
import subprocess
import sys

import pytest

from hemiface.errors import ConventionError, OutputError
from hemiface_clinic.serve.folder import FOLDERS, prepare_folder


def mode(path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


def test_makes_everything_for_its_owner_only(tmp_path):
    data = tmp_path / "clinic"
    prepare_folder(data)
    assert {mode(folder) for folder in (data, *(data / name for name in FOLDERS))} == {0o700}
    assert {mode(key) for key in (data / "keys").iterdir()} == {0o600}
    assert (data / "clinic.toml").exists()


def test_changes_nothing_that_is_there(tmp_path):
    prepare_folder(tmp_path)
    before = {path: path.read_bytes() for path in tmp_path.rglob("*") if path.is_file()}
    prepare_folder(tmp_path)
    assert {path: path.read_bytes() for path in tmp_path.rglob("*") if path.is_file()} == before


def test_closes_what_was_open(tmp_path):
    prepare_folder(tmp_path)
    tmp_path.chmod(0o755)
    (tmp_path / "keys" / "ring.json").chmod(0o644)
    prepare_folder(tmp_path)
    assert (mode(tmp_path), mode(tmp_path / "keys" / "ring.json")) == (0o700, 0o600)


def test_refuses_a_folder_that_stays_open(tmp_path, monkeypatch):
    data = tmp_path / "clinic"
    prepare_folder(data)
    data.chmod(0o755)
    monkeypatch.setattr(type(data), "chmod", lambda *_: None)  # as on a disk without modes
    with pytest.raises(ConventionError, match="must be readable by its owner only"):
        prepare_folder(data)


def test_refuses_a_folder_of_somebody_else(tmp_path, monkeypatch):
    monkeypatch.setattr(os, "geteuid", lambda: tmp_path.stat().st_uid + 1)
    with pytest.raises(ConventionError, match="must belong to the account"):
        prepare_folder(tmp_path)


def test_refuses_a_folder_that_holds_something_else(tmp_path):
    (tmp_path / "letter.txt").write_text("mine")
    tmp_path.chmod(0o755)
    with pytest.raises(ConventionError, match="holds something else"):
        prepare_folder(tmp_path)
    assert mode(tmp_path) == 0o755


def test_refuses_new_keys_for_old_data(tmp_path):
    prepare_folder(tmp_path)
    (tmp_path / "clinic.db").write_bytes(b"")
    (tmp_path / "keys" / "ring.json").unlink()
    with pytest.raises(ConventionError, match="Copy the folder back"):
        prepare_folder(tmp_path)
    assert not (tmp_path / "keys" / "ring.json").exists()


@pytest.mark.parametrize("text", ["", "{}", '{"current": "k1", "keys": 3}'])
def test_refuses_a_broken_key_ring(tmp_path, text):
    prepare_folder(tmp_path)
    (tmp_path / "keys" / "ring.json").write_text(text)
    with pytest.raises(ConventionError, match="must be a key ring"):
        prepare_folder(tmp_path)


def test_refuses_a_card_that_is_not_right(tmp_path):
    prepare_folder(tmp_path)
    (tmp_path / "clinic.toml").write_text('name = "Clinic"')
    with pytest.raises(ConventionError, match=r"clinic\.toml must be mended"):
        prepare_folder(tmp_path)


def test_refuses_a_file_in_its_place(tmp_path):
    (tmp_path / "clinic").write_text("")
    with pytest.raises(OutputError, match="must be a folder that can be written"):
        prepare_folder(tmp_path / "clinic")


def test_refuses_a_disk_that_is_read_only(tmp_path):
    prepare_folder(tmp_path)
    if subprocess.run(["unshare", "-m", "true"], capture_output=True).returncode:
        pytest.skip("needs the right to mount")
    code = (
        "from pathlib import Path; from hemiface_clinic.serve.folder import prepare_folder\n"
        f"prepare_folder(Path({str(tmp_path)!r}))"
    )
    script = 'mount --bind "$1" "$1" && mount -o remount,ro,bind "$1" && exec "$2" -c "$3"'
    done = subprocess.run(
        ["unshare", "-m", "sh", "-c", script, "sh", str(tmp_path), sys.executable, code],
        capture_output=True,
        text=True,
    )
    assert "Read-only file system. Name another with --data." in done.stderr
